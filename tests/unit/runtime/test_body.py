"""Request bodies: JSON, form fields with JSON content, multipart with files, text and binary."""

from __future__ import annotations

import io
from decimal import Decimal
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith.runtime import (
    UNSET,
    BinaryBody,
    CallOptions,
    Encoding,
    FormBody,
    JsonBody,
    MultipartBody,
    OpenRequestModel,
    RequestModel,
    RequestValidationError,
    TextBody,
)
from clientsmith.runtime.messages.body import Body
from tests.unit.runtime.small_api import ADD_ON, ITEM, REPORT, SID, UPDATE, Listing, one_call, operation_with

FORM = "application/x-www-form-urlencoded"


def send(body: Body, value: Any, **options: Any) -> httpx.Request:
    return one_call(operation_with(body=body), (), value, CallOptions(**options))


def pairs(request: httpx.Request) -> list[tuple[str, str]]:
    return parse_qsl(request.content.decode(), keep_blank_values=True)


def test_form_fields_hold_json_text_and_only_what_was_set() -> None:
    request = one_call(UPDATE, (SID,), {"ModuleInfo": {"name": "a & b", "tagline": "ü"}, "Pricing": UNSET})
    assert pairs(request) == [("ModuleInfo", '{"name":"a & b","tagline":"ü"}')]
    assert request.headers["content-type"] == FORM


def test_a_form_without_fields_sends_no_body() -> None:
    request = one_call(UPDATE, (SID,), {"ModuleInfo": UNSET, "Pricing": UNSET})
    assert request.content == b"" and "content-type" not in request.headers


def test_null_sections_are_refused() -> None:
    with pytest.raises(RequestValidationError, match="ModuleInfo cannot be null; leave it out instead"):
        one_call(UPDATE, (SID,), {"ModuleInfo": None})


def test_a_fetched_section_is_sent_back_whole() -> None:
    listing = Listing.model_validate({"module_info": {"name": "n", "tag": "t", "new": Decimal("1.0")}})
    request = one_call(UPDATE, (SID,), {"ModuleInfo": listing.module_info})
    assert pairs(request) == [("ModuleInfo", '{"name":"n","tag":"t","new":1.0}')]


def test_money_is_a_number_token() -> None:
    items = [{"sid": ITEM, "quantity": Decimal("12.3550")}, {"sid": ITEM, "quantity": 3}]
    request = one_call(REPORT, (ADD_ON,), {"billable_items": items})
    expected = f'{{"billable_items":[{{"sid":"{ITEM}","quantity":12.3550}},{{"sid":"{ITEM}","quantity":3}}]}}'
    assert request.content.decode() == expected
    assert request.headers["content-type"] == "application/json"


@pytest.mark.parametrize("quantity", [0, -1, 12.355, True, float("nan"), Decimal("Infinity"), None, "x"])
def test_bad_money_is_refused(quantity: Any) -> None:
    with pytest.raises(RequestValidationError, match="billable_items"):
        one_call(REPORT, (ADD_ON,), {"billable_items": [{"sid": ITEM, "quantity": quantity}]})


def test_misspelt_and_missing_fields_are_refused() -> None:
    with pytest.raises(RequestValidationError, match="billableItems"):
        one_call(REPORT, (ADD_ON,), {"billableItems": []})
    with pytest.raises(RequestValidationError, match="request body"):
        one_call(REPORT, (ADD_ON,), UNSET)


@given(st.decimals(min_value=Decimal("0.0001"), allow_nan=False, allow_infinity=False))
@settings(derandomize=True, database=None, max_examples=50)
def test_any_amount_goes_out_exactly(amount: Decimal) -> None:
    request = one_call(REPORT, (ADD_ON,), {"billable_items": [{"sid": ITEM, "quantity": amount}]})
    token = request.content.decode().split('"quantity":')[1].split("}")[0]
    assert Decimal(token) == amount and not token.startswith('"')


class Tags(OpenRequestModel):
    tags: list[str] | None = None
    meta: dict[str, Any] | None = None


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ((), "tags=a&tags=b+c&meta=%7B%22k%22%3A1%7D"),
        ((Encoding("tags", style="form", explode=False),), "tags=a,b+c&meta=%7B%22k%22%3A1%7D"),
        ((Encoding("meta", style="deepObject", explode=True),), "tags=a&tags=b+c&meta%5Bk%5D=1"),
        (
            (Encoding("tags", content_type="application/json"),),
            "tags=%5B%22a%22%2C%22b+c%22%5D&meta=%7B%22k%22%3A1%7D",
        ),
        ((Encoding("meta", style="form", explode=True),), "tags=a&tags=b+c&k=1"),
    ],
)
def test_form_encodings(encoding: tuple[Encoding, ...], expected: str) -> None:
    request = send(FormBody(FORM, Tags, encodings=encoding), {"tags": ["a", "b c"], "meta": {"k": 1}})
    assert request.content.decode() == expected


def test_extra_body_is_merged_and_never_overrides() -> None:
    json = JsonBody("application/json", Tags)
    assert (
        send(json, {"tags": ["a"]}, extra_body={"new": Decimal("1.10")}).content
        == b'{"tags":["a"],"new":1.10}'
    )
    assert send(json, UNSET, extra_body={"new": 1}).content == b'{"new":1}'
    assert send(FormBody(FORM, Tags), {"tags": ["a"]}, extra_body={"n": "ü"}).content == b"tags=a&n=%C3%BC"
    with pytest.raises(RequestValidationError, match="already part"):
        send(json, {"tags": ["a"]}, extra_body={"tags": []})
    with pytest.raises(RequestValidationError, match="no request body"):
        one_call(operation_with(), (), options=CallOptions(extra_body={"a": 1}))


class Upload(RequestModel):
    file: bytes
    more: list[bytes] | None = None
    title: str | None = None
    meta: dict[str, Any] | None = None


def parts(request: httpx.Request) -> list[tuple[str | None, str | None, str, bytes]]:
    head = b"Content-Type: " + request.headers["content-type"].encode() + b"\r\n\r\n"
    message = BytesParser().parsebytes(head + request.content)
    found = []
    for part in message.get_payload():
        name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]
        payload = part.get_payload(decode=True)  # type: ignore[union-attr]
        found.append((name, part.get_filename(), part.get_content_type(), payload))  # type: ignore[union-attr]
    return found  # type: ignore[return-value]


def test_multipart_takes_bytes_tuples_and_open_files() -> None:
    body = MultipartBody(
        "multipart/form-data", Upload, encodings=(Encoding("file", content_type="image/png"),)
    )
    stream = io.BytesIO(b"stream\r\n")
    value = {"file": ("a b.png", b"\x89PNG"), "more": [b"raw", ("x.csv", b"1,2", "text/csv")], "title": "ü"}
    request = send(body, {**value, "meta": {"n": Decimal("1.10")}})
    assert parts(request) == [
        ("file", "a b.png", "image/png", b"\x89PNG"),
        ("more", "more", "application/octet-stream", b"raw"),
        ("more", "x.csv", "text/csv", b"1,2"),
        ("title", None, "text/plain", "ü".encode()),
        ("meta", None, "application/json", b'{"n":1.10}'),
    ]
    with pytest.raises(RequestValidationError, match="file: Field required"):
        send(body, {"title": "x", "file": UNSET})
    assert b"stream" in _once(body, {"file": stream}).content


def _once(body: Body, value: Any) -> httpx.Request:
    from tests.unit.runtime.small_api import Resource, Server

    server = Server(lambda _: httpx.Response(204))
    Resource(server.client())._call(operation_with(body=body), (), value)
    return server.request


def test_multipart_refuses_text_files_and_header_injection() -> None:
    body = MultipartBody("multipart/form-data", Upload)
    with pytest.raises(RequestValidationError, match="binary mode"):
        send(body, {"file": io.StringIO("x")})
    with pytest.raises(RequestValidationError, match="content type"):
        send(body, {"file": ("a", b"b", "text/plain\r\nX: 1")})
    assert b'filename="a%0D%0A%22b"' in send(body, {"file": ('a\r\n"b', b"c")}).content


def test_text_and_binary() -> None:
    assert send(TextBody("text/plain", str), "ü").content == "ü".encode()
    assert send(BinaryBody("application/pdf", bytes), b"%PDF").content == b"%PDF"
    request = send(BinaryBody("*/*", bytes), ("x.png", b"png", "image/png"))
    assert (request.content, request.headers["content-type"]) == (b"png", "image/png")


@pytest.mark.parametrize("kind", [JsonBody, FormBody, MultipartBody])
def test_lone_surrogates_are_refused(kind: type[Body]) -> None:
    with pytest.raises(RequestValidationError):
        send(kind("a/b", dict[str, Any]), {"a": "\ud800"})


def test_an_explicit_empty_object_is_sent() -> None:
    assert send(JsonBody("application/json", dict[str, Any]), {}).content == b"{}"
