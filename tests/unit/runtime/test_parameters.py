"""Every OpenAPI style writes what RFC 6570 says, and what is written reads back as what was given."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith.runtime import UNSET, CallOptions, Parameter, RequestValidationError
from tests.unit.runtime.small_api import one_call, operation_with

COLORS = ["blue", "black"]
RGB = {"R": 100, "G": 200}


def target(parameter: Parameter, value: Any, path: str = "/p") -> str:
    return one_call(operation_with(parameter, path=path), (value,)).url.raw_path.decode()


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        ("simple", False, "blue", "blue"),
        ("simple", False, COLORS, "blue,black"),
        ("simple", True, COLORS, "blue,black"),
        ("simple", False, RGB, "R,100,G,200"),
        ("simple", True, RGB, "R=100,G=200"),
        ("label", False, "blue", ".blue"),
        ("label", False, COLORS, ".blue,black"),
        ("label", True, COLORS, ".blue.black"),
        ("label", False, RGB, ".R,100,G,200"),
        ("label", True, RGB, ".R=100.G=200"),
        ("matrix", False, "blue", ";color=blue"),
        ("matrix", False, COLORS, ";color=blue,black"),
        ("matrix", True, COLORS, ";color=blue;color=black"),
        ("matrix", False, RGB, ";color=R,100,G,200"),
        ("matrix", True, RGB, ";R=100;G=200"),
        ("simple", False, True, "true"),
        ("simple", False, Decimal("12.3550"), "12.3550"),
        ("simple", False, "../foo?x=1", "..%2Ffoo%3Fx%3D1"),
        ("simple", False, "a%2Fb ü", "a%252Fb%20%C3%BC"),
    ],
)
def test_path_styles(style: Any, explode: bool, value: Any, expected: str) -> None:
    parameter = Parameter("color", "path", Any, required=True, style=style, explode=explode)
    assert target(parameter, value, "/p/{color}") == f"/p/{expected}"


@pytest.mark.parametrize("value", ["", ".", "..", [], {}, None])
def test_path_values_that_change_the_path_are_refused(value: Any) -> None:
    parameter = Parameter("color", "path", Any, required=True, style="simple", explode=False)
    with pytest.raises(RequestValidationError):
        target(parameter, value, "/p/{color}/q")


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        ("form", True, "a b&c", "?color=a%20b%26c"),
        ("form", True, "", "?color="),
        ("form", True, COLORS, "?color=blue&color=black"),
        ("form", False, COLORS, "?color=blue,black"),
        ("form", True, RGB, "?R=100&G=200"),
        ("form", False, RGB, "?color=R,100,G,200"),
        ("form", True, [], ""),
        ("form", False, [], ""),
        ("form", True, None, ""),
        ("spaceDelimited", False, COLORS, "?color=blue%20black"),
        ("spaceDelimited", True, COLORS, "?color=blue&color=black"),
        ("pipeDelimited", False, COLORS, "?color=blue%7Cblack"),
        ("pipeDelimited", False, RGB, "?color=R%7C100%7CG%7C200"),
        ("deepObject", True, RGB, "?color%5BR%5D=100&color%5BG%5D=200"),
        ("deepObject", True, {"a": {"b": [1]}}, "?color%5Ba%5D%5Bb%5D%5B0%5D=1"),
        ("deepObject", True, "blue", "?color=blue"),
        ("deepObject", True, COLORS, "?color%5B0%5D=blue&color%5B1%5D=black"),
    ],
)
def test_query_styles(style: Any, explode: bool, value: Any, expected: str) -> None:
    parameter = Parameter("color", "query", Any, style=style, explode=explode)
    assert target(parameter, value) == f"/p{expected}"


def test_reserved_characters_are_kept_where_allowed() -> None:
    parameter = Parameter("u", "query", str, allow_reserved=True)
    assert target(parameter, "http://x/?a=b&c#d") == "/p?u=http://x/?a=b%26c%23d"


def test_json_content_in_every_location() -> None:
    value = {"a": [Decimal("1.10"), "ü"]}
    encoded = "%7B%22a%22%3A%5B1.10%2C%22%C3%BC%22%5D%7D"
    path = Parameter("q", "path", Any, required=True, media_type="application/json")
    assert target(path, value, "/p/{q}") == f"/p/{encoded}"
    assert target(Parameter("q", "query", Any, media_type="application/json"), value) == f"/p?q={encoded}"
    header = Parameter("X-Q", "header", Any, media_type="application/json")
    assert one_call(operation_with(header), (value,)).headers["x-q"] == '{"a":[1.10,"\\u00fc"]}'


def test_headers_and_cookies() -> None:
    operation = operation_with(
        Parameter("X-List", "header", list[int], style="simple", explode=False),
        Parameter("X-Map", "header", dict[str, int], style="simple", explode=True),
        Parameter("sort", "cookie", list[str], style="form", explode=False),
        Parameter("id", "cookie", str, style="form"),
        Parameter("X-None", "header", str, style="simple"),
    )
    request = one_call(operation, ([1, 2], {"a": 1}, ["x", "y;z"], "v 1", UNSET))
    assert request.headers["x-list"] == "1,2"
    assert request.headers["x-map"] == "a=1"
    assert request.headers["cookie"] == "sort=x,y%3Bz; id=v%201"
    assert "x-none" not in request.headers


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\n", "\0", " a", "€"])
def test_header_injection_is_refused(value: str) -> None:
    operation = operation_with(Parameter("X-A", "header", str, style="simple"))
    with pytest.raises(RequestValidationError, match="X-A"):
        one_call(operation, (value,))
    with pytest.raises(RequestValidationError):
        one_call(operation, (UNSET,), options=CallOptions(headers={"X-B": value}))


@pytest.mark.parametrize("name", ["X B", "X:B", "", "X\r\nB", "Host", "Content-Length", "transfer-encoding"])
def test_bad_header_names_are_refused(name: str) -> None:
    with pytest.raises(RequestValidationError):
        one_call(operation_with(), (), options=CallOptions(headers={name: "v"}))


def test_a_missing_required_parameter_is_refused() -> None:
    with pytest.raises(RequestValidationError, match="query parameter 'q' was refused: is required"):
        one_call(operation_with(Parameter("q", "query", str, required=True)), (UNSET,))


def test_extra_query_is_added() -> None:
    request = one_call(
        operation_with(path="/p?a=1"), (), options=CallOptions(extra_query={"b": [1, True], "c d": "ü"})
    )
    assert request.url.raw_path == b"/p?a=1&b=1&b=true&c%20d=%C3%BC"


TEXT = st.text(st.characters(codec="utf-8"))


@given(
    st.lists(TEXT, min_size=1), st.booleans(), st.sampled_from(["form", "spaceDelimited", "pipeDelimited"])
)
@settings(derandomize=True, database=None, max_examples=60)
def test_query_arrays_read_back(items: list[str], explode: bool, style: Any) -> None:
    parameter = Parameter("q", "query", list[str], style=style, explode=explode)
    mark = {"form": "", "spaceDelimited": " ", "pipeDelimited": "|"}[style]
    if mark and not explode and any(mark in item for item in items):
        with pytest.raises(RequestValidationError, match="cannot tell from a delimiter"):
            target(parameter, items)
        return
    query = target(parameter, items).partition("?")[2]
    if explode:
        assert [value for _, value in parse_qsl(query, keep_blank_values=True)] == items
    else:
        delimiter = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}[style]
        assert [unquote(part) for part in query.partition("=")[2].split(delimiter)] == items


@given(TEXT.filter(lambda text: text not in ("", ".", "..")))
@settings(derandomize=True, database=None, max_examples=60)
def test_path_values_read_back(text: str) -> None:
    raw = target(Parameter("q", "path", str, required=True, style="simple", explode=False), text, "/p/{q}/r")
    assert raw.count("/") == 3 and unquote(raw.split("/")[2]) == text


@given(st.dictionaries(TEXT.filter(lambda text: not {*"[]"} & {*text}), TEXT, min_size=1))
@settings(derandomize=True, database=None, max_examples=60)
def test_deep_objects_read_back(members: dict[str, str]) -> None:
    raw = target(Parameter("q", "query", dict[str, str], style="deepObject"), members)
    pairs = dict(parse_qsl(raw.partition("?")[2], keep_blank_values=True))
    assert pairs == {f"q[{key}]": value for key, value in members.items()}
