"""Calls end to end on a mock transport: results, errors by status, transport faults, options, and client settings."""

from __future__ import annotations

import asyncio
import pickle
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clientsmith.runtime as runtime
from clientsmith.runtime import (
    CallOptions,
    ClientClosedError,
    ClientError,
    ConfigurationError,
    Media,
    NotModified,
    Operation,
    Outcome,
    Problem,
    RedirectError,
    Response,
    ResponseDecodeError,
    ServiceError,
    StatusError,
    SyncClient,
    TransportError,
    machinery,
    public,
)
from clientsmith.runtime.results.status_errors import class_for
from tests.unit.runtime.small_api import (
    ADD_ON,
    CONFIGURATION,
    ITEM,
    SID,
    AsyncSmallClient,
    Client,
    Error,
    Listing,
    Server,
    operation_with,
    wire,
)

ITEMS = [{"sid": ITEM, "quantity": Decimal("12.355")}]


def answer(status: int, **more: Any) -> Client:
    return Server(httpx.Response(status, **more)).client()


def test_a_fetch_gives_a_model_that_keeps_unknown_keys() -> None:
    server = Server(httpx.Response(200, json={"sid": SID, "new": {"a": 1}, "module_info": {"tag": "t"}}))
    listing = server.client().listings.fetch(SID)
    assert listing.module_info is not None and listing.module_info.tag == "t"
    assert listing.model_dump(by_alias=True, exclude_unset=True)["new"] == {"a": 1}
    assert str(server.request.url) == f"https://api.example.com/v1/Listing/{SID}"
    assert server.request.headers["accept"] == "application/json"
    assert server.request.headers["user-agent"] == "small/1.0"


def test_money_is_read_from_its_token() -> None:
    content = (
        b'{"total_submitted":12345678901234567.1234567890,"billable_items":[{"quantity":44.020,"x":1.10}]}'
    )
    result = answer(202, content=content).usages.report(ADD_ON, billable_items=ITEMS)
    assert str(result.total_submitted) == "12345678901234567.1234567890"
    assert str(result.billable_items[0].quantity) == "44.020"
    assert result.billable_items[0].model_extra == {"x": 1.1}


def test_not_modified_is_no_error_where_it_is_declared() -> None:
    assert answer(304).listings.update(SID, module_info={"name": "x"}) == NotModified()
    with pytest.raises(RedirectError):
        answer(304).listings.fetch(SID)


@pytest.mark.parametrize(
    "more",
    [
        {"content": b""},
        {"text": "<html>"},
        {"html": "<html>"},
        {"content": b"{", "headers": {"content-type": "application/json"}},
        {"json": []},
        {"json": None},
        {"json": {"total_submitted": "x"}},
        {"content": b"not gzip", "headers": {"content-encoding": "identity"}},
    ],
)
def test_a_success_that_cannot_be_read_has_an_unknown_outcome(more: Any) -> None:
    with pytest.raises(ResponseDecodeError) as caught:
        answer(202, **more).usages.report(ADD_ON, billable_items=ITEMS)
    assert caught.value.outcome is Outcome.UNKNOWN and caught.value.status == 202


def test_broken_compression_has_an_unknown_outcome() -> None:
    stream = httpx.ByteStream(b"not gzip")
    with pytest.raises(ResponseDecodeError, match="decompressed"):
        answer(202, stream=stream, headers={"content-encoding": "gzip"}).usages.report(
            ADD_ON, billable_items=ITEMS
        )


def test_an_undescribed_success_is_no_silent_result() -> None:
    with pytest.raises(ResponseDecodeError, match="not described"):
        answer(201, json={"sid": SID}).listings.fetch(SID)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_success_will_do_where_no_body_is_ever_due(status: int) -> None:
    operation: Operation[None] = Operation(
        id="drop", method="DELETE", path="/x", parameters=(), responses=(Response("204"),), security=()
    )
    with answer(status, content=b"whatever") as client:
        assert client.listings._call(operation, ()) is None


@pytest.mark.parametrize("status", [s for s in range(200, 600) if s not in (200, 202, 304)])
def test_every_other_status_ends_in_a_typed_error(status: int) -> None:
    for content in (b"", b"<html>", b'{"code":1,"message":"m"}'):
        with pytest.raises((StatusError, ResponseDecodeError)) as caught:
            answer(status, content=content).usages.report(ADD_ON, billable_items=ITEMS)
        error = caught.value
        assert error.status == status and error.content == content and error.method == "POST"
        if isinstance(error, StatusError):
            assert type(error) is class_for(status)
        expected = Outcome.UNKNOWN
        if status in (429, 503):  # 503 is declared as never processed
            expected = Outcome.NOT_PROCESSED
        elif 400 <= status < 500 and status != 408:
            expected = Outcome.REJECTED
        assert error.outcome is expected


def test_error_bodies_are_told_apart_by_keys() -> None:
    usual = {"code": 20404, "message": "gone", "more_info": "https://x", "status": 404, "params": {"a": 1}}
    with pytest.raises(runtime.NotFound) as caught:
        answer(404, json=usual, headers={"Twilio-Request-Id": "RQ1"}).listings.fetch(SID)
    error = caught.value
    assert isinstance(error.error, ServiceError) and error.code == 20404 and error.error.data == usual
    assert isinstance(error.body, Error) and error.request_id == "RQ1"
    for part in ("fetchListing", "404 Not Found", "20404: gone", "RQ1", SID, "outcome: rejected"):
        assert part in str(error)
    problem = {"type": "about:blank", "title": "Bad", "status": 400, "detail": "why", "code": 1, "errors": []}
    with pytest.raises(runtime.BadRequest, match="1: Bad - why") as found:
        answer(400, json=problem).listings.fetch(SID)
    assert isinstance(found.value.error, Problem) and found.value.error.data == problem


@given(
    st.integers(200, 599),
    st.binary(max_size=60),
    st.sampled_from(["", "application/json", "text/html; charset=x", "/;;="]),
)
@settings(derandomize=True, database=None, max_examples=150)
def test_any_bytes_end_in_a_result_or_a_typed_error(status: int, content: bytes, content_type: str) -> None:
    client = answer(status, content=content, headers={"content-type": content_type})
    try:
        result = client.listings.update(SID, module_info={"name": "x"})
    except ClientError:
        return
    assert isinstance(result, (Listing, NotModified))


FAULTS = [
    (httpx.ConnectError, runtime.ConnectError, Outcome.NOT_SENT),
    (httpx.ConnectTimeout, runtime.ConnectTimeoutError, Outcome.NOT_SENT),
    (httpx.PoolTimeout, runtime.PoolTimeoutError, Outcome.NOT_SENT),
    (httpx.WriteError, runtime.WriteError, Outcome.UNKNOWN),
    (httpx.WriteTimeout, runtime.WriteTimeoutError, Outcome.UNKNOWN),
    (httpx.ReadError, runtime.ReadError, Outcome.UNKNOWN),
    (httpx.ReadTimeout, runtime.ReadTimeoutError, Outcome.UNKNOWN),
    (httpx.CloseError, TransportError, Outcome.UNKNOWN),
    (httpx.ProxyError, runtime.ConnectError, Outcome.NOT_SENT),
    (httpx.UnsupportedProtocol, runtime.ProtocolError, Outcome.NOT_SENT),
    (httpx.LocalProtocolError, runtime.ProtocolError, Outcome.NOT_SENT),
    (httpx.RemoteProtocolError, runtime.ProtocolError, Outcome.UNKNOWN),
]


@pytest.mark.parametrize(("theirs", "ours", "outcome"), FAULTS)
def test_transport_faults_say_what_they_prove(theirs: Any, ours: Any, outcome: Outcome) -> None:
    server = Server(theirs("boom"))
    with pytest.raises(TransportError) as caught:
        server.client().usages.report(ADD_ON, billable_items=ITEMS)
    assert type(caught.value) is ours and caught.value.outcome is outcome
    assert caught.value.operation == "reportUsage" and len(server.requests) == 1

    async def again() -> None:
        await server.async_client().usages.report(ADD_ON, billable_items=ITEMS)

    with pytest.raises(ours):
        asyncio.run(again())


def test_errors_survive_pickling() -> None:
    with pytest.raises(StatusError) as caught:
        answer(404, json={"code": 1, "message": "m"}).listings.fetch(SID)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value) and str(again) == str(caught.value)
    assert again.status == 404 and again.outcome is Outcome.REJECTED and again.error == caught.value.error


def test_redirects_are_not_followed() -> None:
    server = Server(httpx.Response(307, headers={"location": "https://evil.example"}))
    http = httpx.Client(transport=server.transport, follow_redirects=True)
    with pytest.raises(RedirectError):
        Client("k", "s", http_client=http).listings.fetch(SID)
    assert len(server.requests) == 1


def test_netrc_does_not_apply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.example.com login evil password evil\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = Server(httpx.Response(204))
    anonymous = SyncClient(
        configuration=runtime.Configuration("t", "https://api.example.com", "t/1"),
        credentials={},
        http_client=httpx.Client(transport=server.transport),
    )
    runtime.Resource(anonymous)._call(operation_with(), ())
    assert "authorization" not in server.request.headers


def test_raw_responses_are_reachable() -> None:
    server = Server(lambda _: httpx.Response(200, json={"sid": SID}, headers={"X-Request-Id": "r1"}))
    client = server.client()
    reply = client.with_response(client.listings.fetch, SID)
    assert reply.result.sid == SID and reply.response.status == 200 and reply.response.request_id == "r1"
    assert reply.response.json() == {"sid": SID} and reply.response.method == "GET"
    with pytest.raises(ClientError, match="made no call"):
        client.with_response(lambda: None)

    async def again() -> None:
        async with server.async_client() as client:
            replies = await asyncio.gather(
                *(client.with_response(client.listings.fetch, SID) for _ in range(3))
            )
            assert len({id(reply.response) for reply in replies}) == 3

    asyncio.run(again())


def test_threads_capture_their_own_response() -> None:
    server = Server(lambda request: httpx.Response(200, json={"sid": str(request.url)[-34:]}))
    client, seen = server.client(), dict[str, Any]()

    def run(sid: str) -> None:
        seen[sid] = client.with_response(client.listings.fetch, sid).response.json()["sid"]

    sids = [f"XB{number:032x}" for number in range(8)]
    threads = [threading.Thread(target=run, args=(sid,)) for sid in sids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {sid: sid for sid in sids}


def test_options_of_a_call() -> None:
    server = Server(lambda _: httpx.Response(200, json={}))
    client = server.client(headers={"X-A": "client", "X-B": "client"})
    client.listings.fetch(SID)
    assert server.request.extensions["timeout"] == {
        "connect": 30.0,
        "read": 30.0,
        "write": 30.0,
        "pool": 30.0,
    }
    options = CallOptions(
        timeout=5, headers={"x-a": "call", "Authorization": "Bearer t"}, extra_query={"q": "1"}
    )
    client.listings.fetch(SID, options=options)
    request = server.request
    assert request.headers["x-a"] == "call" and request.headers["x-b"] == "client"
    assert request.headers.get_list("authorization") == ["Bearer t"]
    assert request.url.query == b"q=1" and request.extensions["timeout"]["read"] == 5
    client.listings.fetch(SID, options=CallOptions(timeout=None, deadline=None))
    assert server.request.extensions["timeout"]["read"] is None


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), True, "5"])
def test_bad_timeouts_are_refused(timeout: Any) -> None:
    with pytest.raises(ConfigurationError, match="timeout"):
        Client("k", "s", timeout=timeout)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "https://user:canary@api.example.com",
        "https://api.example.com/?a=canary",
        "https://api.example.com/#canary",
        "/v1",
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        "https://a/../b",
        "",
        "https://[",
        "https://a:99999",
    ],
)
def test_bad_base_urls_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"base_url|plain http") as caught:
        Client("k", "s", base_url=url)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("http://localhost:8080", "http://localhost:8080/p"),
        ("http://127.1.2.3", "http://127.1.2.3/p"),
        ("http://[::1]:1", "http://[::1]:1/p"),
        ("https://a.example/prefix/v2/", "https://a.example/prefix/v2/p"),
    ],
)
def test_base_urls(base: str, expected: str) -> None:
    server = Server(httpx.Response(204))
    runtime.Resource(server.client(base_url=base))._call(operation_with(server="https://other.example/x"), ())
    assert str(server.request.url) == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [("https://o.example/x/", "https://o.example/x/p"), ("/x", "https://api.example.com/x/p")],
)
def test_an_operation_may_name_its_own_server(own: str, expected: str) -> None:
    server = Server(httpx.Response(204))
    runtime.Resource(server.client())._call(operation_with(server=own), ())
    assert str(server.request.url) == expected


def test_a_missing_base_url_is_asked_for() -> None:
    with pytest.raises(ConfigurationError, match="pass base_url"):
        SyncClient(configuration=runtime.Configuration("t", None, "t/1"), credentials={})


def test_a_closed_client_says_so() -> None:
    injected = httpx.Client(transport=Server(httpx.Response(200, json={})).transport)
    with Client("k", "s", http_client=injected) as client:
        client.listings.fetch(SID)
    assert not injected.is_closed
    with pytest.raises(ClientClosedError):
        client.listings.fetch(SID)
    injected.close()
    with pytest.raises(ClientClosedError):
        Client("k", "s", http_client=injected).listings.fetch(SID)

    async def again() -> None:
        async with AsyncSmallClient("k", "s") as own:
            pass
        with pytest.raises(ClientClosedError):
            await own.listings.fetch(SID)

    asyncio.run(again())


def test_clients_that_do_not_fit_are_refused() -> None:
    transport = Server(httpx.Response(204)).transport
    for kind, wrong in ((Client, httpx.AsyncClient()), (AsyncSmallClient, httpx.Client())):
        with pytest.raises(ConfigurationError, match="http_client must be"):
            kind("k", "s", http_client=wrong)
    with pytest.raises(ConfigurationError, match="not both"):
        Client("k", "s", http_client=httpx.Client(), transport=transport)


@given(st.text(min_size=1, max_size=5), st.decimals(min_value=1, allow_nan=False, allow_infinity=False))
@settings(derandomize=True, database=None, max_examples=40, deadline=None)
def test_sync_and_async_send_the_same_bytes(text: str, amount: Decimal) -> None:
    server = Server(lambda _: httpx.Response(500))
    calls: list[Any] = []

    async def again() -> None:
        async with server.async_client() as client:
            for call in (
                client.listings.update(SID, module_info={"name": text}),
                client.usages.report(ADD_ON, billable_items=[{"sid": ITEM, "quantity": amount}]),
            ):
                try:
                    await call
                except ClientError as error:
                    calls.append(type(error))

    with server.client() as client:
        for call in (
            lambda: client.listings.update(SID, module_info={"name": text}),
            lambda: client.usages.report(ADD_ON, billable_items=[{"sid": ITEM, "quantity": amount}]),
        ):
            try:
                call()
            except ClientError as error:
                calls.append(type(error))
    asyncio.run(again())
    half = len(server.requests) // 2
    assert calls[:2] == calls[2:]
    assert [wire(r) for r in server.requests[:half]] == [wire(r) for r in server.requests[half:]]


def test_default_is_read_as_a_result_only_where_no_success_is_declared() -> None:
    media = (Media("application/json", "json", Listing),)
    only: Operation[Listing] = Operation("probe", "GET", "/p", responses=(Response("default", media),))
    client = Server(lambda _: httpx.Response(201, json={"sid": "x"})).client()
    assert runtime.Resource(client)._call(only, ()).sid == "x"


@pytest.mark.parametrize(
    ("declared", "content_type", "found"),
    [
        ("application/*", "application/json", True),
        ("*/*", "text/csv", True),
        ("application/json", "application/vnd.api+json; charset=utf-8", True),
        ("application/json", "text/plain", True),
        ("application/json", "", True),
        ("application/json", "text/html", False),
        ("application/xml", "application/json", False),
    ],
)
def test_media_types_are_matched(declared: str, content_type: str, found: bool) -> None:
    operation: Operation[Any] = Operation(
        "probe", "GET", "/p", responses=(Response("2XX", (Media(declared, "json", dict[str, int]),)),)
    )
    headers = {"content-type": content_type} if content_type else {}
    client = Server(httpx.Response(200, content=b'{"a":1}', headers=headers)).client()
    resource = runtime.Resource(client)
    if found:
        assert resource._call(operation, ()) == {"a": 1}
    else:
        with pytest.raises(ResponseDecodeError, match="content type"):
            resource._call(operation, ())


def test_text_and_binary_responses() -> None:
    def result(codec: Any, **more: Any) -> Any:
        operation: Operation[Any] = Operation(
            "probe", "GET", "/p", responses=(Response("200", (Media("*/*", codec, str),)),)
        )
        return runtime.Resource(answer(200, **more))._call(operation, ())

    assert result("binary", content=b"\xff\x00") == b"\xff\x00"
    assert (
        result("text", content="ü".encode("latin-1"), headers={"content-type": "text/plain; charset=latin-1"})
        == "ü"
    )
    with pytest.raises(ResponseDecodeError, match="its charset 'base64' is not known"):
        result("text", content=b"a", headers={"content-type": "text/plain; charset=base64"})


def test_names_are_public_or_of_generated_code_and_never_both() -> None:
    listed = [{name for name in vars(listing) if name[0].isalpha()} for listing in (machinery, public)]
    assert not listed[0] & listed[1]
    assert all(hasattr(runtime, name) for name in listed[0] | listed[1])
    assert CONFIGURATION.title == "Small"
