"""`record` never loses a call in silence: what was not passed on, not answered or not kept is counted and told."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from clientsmith.record.examiner import Examiner
from clientsmith.record.proxy_server import ProxyLimits
from clientsmith.record.recorder import Recorder, Totals
from clientsmith.traffic.content_coding import UnreadableBodyError, decoded
from clientsmith.traffic.exchange_check import ExchangeChecker
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.redaction.exchanges import Redactor
from clientsmith.traffic.redaction.opaque import readable_request, readable_response
from clientsmith.traffic.redaction.secret_names import secret_names
from clientsmith.traffic.tapes.har_tape import HarTape
from tests.patience import PATIENCE
from tests.record.recorders import RecorderThread, raw_exchange
from tests.unit.record.raw_server import RawServer, answer
from tests.unit.traffic.recording import SPEC, resolved

PLAIN = "/plain"
JSON = "Content-Type: application/json"
OBJECT = answer(b"{}", JSON)
GET = b"GET /plain HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
LIMITS = ProxyLimits(body_bytes=10_000, connections=2, idle_seconds=5, request_seconds=0.3)


def entries(tape: Path) -> int:
    return len(json.loads(tape.read_bytes())["log"]["entries"])


def hung_up(port: int, data: bytes) -> None:
    """Send, and break the connection off with a reset."""
    with socket.create_connection(("127.0.0.1", port)) as caller:
        caller.sendall(data)
        time.sleep(0.05)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def sent(data: bytes) -> Callable[[RecorderThread], object]:
    return lambda recorder: raw_exchange(recorder.port, data, half_close=True)


def left(data: bytes) -> Callable[[RecorderThread], object]:
    return lambda recorder: hung_up(recorder.port, data)


NOT_PASSED_ON: dict[str, tuple[Callable[[RecorderThread], object], str]] = {
    "a target for the server itself": (sent(GET.replace(b"GET /plain", b"OPTIONS *")), "not passed on"),
    "CONNECT": (sent(b"CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n"), "not passed on"),
    "a WebSocket": (
        sent(GET.replace(b"Connection: close", b"Connection: upgrade\r\nUpgrade: websocket")), "WebSocket"),
    "what is no request": (sent(b"nonsense\r\n\r\n"), "not passed on: illegal request line"),
    "a length and a coding": (
        sent(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), "both there"),
    "a body that is too long": (sent(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n"), "10000 bytes"),
    "half a head": (sent(b"GET /plain HTT"), "not passed on"),
    "half a body": (sent(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab"), "not passed on"),
    "half a body, then a reset": (left(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab"), "broke off"),
    "half a body, then nothing": (
        lambda recorder: raw_exchange(recorder.port, b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab"),
        "too long to arrive",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("act", "said"), NOT_PASSED_ON.values(), ids=NOT_PASSED_ON)
def test_a_call_that_is_not_passed_on_is_counted(
    tmp_path: Path, act: Callable[[RecorderThread], object], said: str
) -> None:
    with (
        RawServer(OBJECT) as upstream,
        RecorderThread(upstream.url, tmp_path / "t.har", spec=SPEC, limits=LIMITS) as recorder,
    ):
        act(recorder)
        for _ in range(100):
            if recorder.passed:
                break
            time.sleep(0.02)
    assert recorder.recorder.totals == Totals(exchanges=1, failures=1)
    assert said in str(recorder.passed[0].failure)
    assert upstream.requests == []


def test_a_connection_that_carries_nothing_is_no_call() -> None:
    with RawServer(OBJECT) as upstream, RecorderThread(upstream.url, spec=SPEC) as recorder:
        raw_exchange(recorder.port, half_close=True)
        hung_up(recorder.port, b"")
        assert raw_exchange(recorder.port, GET)
    assert recorder.recorder.totals == Totals(exchanges=1)


BROKEN = {
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab",
    "half a head": b"HTTP/1.1 200 OK\r\nConte",
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab",
    "nothing": b"",
    "no HTTP": b"hello\r\n\r\n",
    "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_an_answer_that_breaks_off_is_a_502_and_counted(tmp_path: Path, reply: bytes) -> None:
    tape = tmp_path / "t.har"
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(reply)

        threading.Thread(target=serve, daemon=True).start()
        port = listening.getsockname()[1]
        with RecorderThread(f"http://127.0.0.1:{port}", tape, spec=SPEC) as recorder:
            assert b" 502 " in raw_exchange(recorder.port, GET)
    assert recorder.recorder.totals == Totals(exchanges=1, failures=1)
    assert entries(tape) == 0


def test_an_answer_that_ends_with_the_connection_is_kept(tmp_path: Path) -> None:
    reply = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}"
    tape = tmp_path / "t.har"

    class Closing(RawServer):
        def _kept(self, request: bytes) -> bytes:
            self._respond = lambda _: None if len(self.requests) > 1 else reply
            return super()._kept(request)

    with Closing(reply) as upstream, RecorderThread(upstream.url, tape, spec=SPEC) as recorder:
        threading.Timer(0.3, lambda: upstream.__exit__(None, None, None)).start()
        assert raw_exchange(recorder.port, GET).endswith(b"{}")
    assert recorder.recorder.totals == Totals(exchanges=1, taped=1)


def test_a_coding_of_the_answer_wins_over_its_length(tmp_path: Path) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n" + JSON.encode()
    tape = tmp_path / "t.har"
    with (
        RawServer(reply + b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n") as upstream,
        RecorderThread(upstream.url, tape, spec=SPEC) as recorder,
    ):
        received = raw_exchange(recorder.port, GET)
    assert received.endswith(b"{}") and b"Content-Length: 2\r\n" in received
    (entry,) = json.loads(tape.read_bytes())["log"]["entries"]
    assert [one["name"] for one in entry["response"]["headers"]] == ["Content-Type"]


@pytest.mark.parametrize("size", [10, 5_000_000])
def test_a_caller_that_is_gone_before_it_has_the_answer_is_counted(tmp_path: Path, size: int) -> None:
    body = b'{"a":"' + b"x" * size + b'"}'
    gone = threading.Event()

    def respond(_: bytes) -> bytes:
        gone.wait(PATIENCE)
        return answer(body, JSON)

    with (
        RawServer(respond) as upstream,
        RecorderThread(upstream.url, tmp_path / "t.har", spec=SPEC) as recorder,
    ):
        hung_up(recorder.port, GET)
        gone.set()
        for _ in range(200):
            if len(recorder.passed) > 1:
                break
            time.sleep(0.02)
    assert recorder.recorder.totals == Totals(exchanges=1, taped=1, failures=1)
    assert [one.number for one in recorder.passed] == [1, 1]
    assert "the answer was not passed on" in str(recorder.passed[1].failure)


def test_a_call_that_the_end_cuts_off_is_counted() -> None:
    async def run() -> tuple[Totals, list[str | None]]:
        document, told = resolved(), list[str | None]()

        async def never(_: HttpRequest) -> HttpResponse:
            await asyncio.sleep(3600)
            raise AssertionError

        redactor = Redactor(document, secret_names(document))
        examiner = Examiner(ExchangeChecker(document), redactor, None)
        recorder = Recorder(examiner, never, lambda passed: told.append(passed.failure), lambda: None)
        task = asyncio.create_task(recorder.respond(HttpRequest("GET", "/plain")))
        await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await recorder.aclose()
        return recorder.totals, told

    totals, told = asyncio.run(run())
    assert totals == Totals(exchanges=1, failures=1)
    assert told == ["the recorder stopped before the service had answered"]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), ValueError("a bug"), UnicodeError("x")]
)
def test_an_exchange_that_cannot_be_written_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def append(*_: object) -> None:
        raise error

    monkeypatch.setattr(HarTape, "append", append)
    with (
        RawServer(OBJECT) as upstream,
        RecorderThread(upstream.url, tmp_path / "t.har", spec=SPEC) as recorder,
    ):
        for _ in range(2):
            assert b" 200 " in raw_exchange(recorder.port, GET)
    totals = recorder.recorder.totals
    assert (totals.exchanges, totals.taped, totals.failures) == (2, 0, 2)
    assert all("recorded" in str(one.failure) for one in recorder.passed)


OPAQUE = {
    "an unknown coding": (b"\x0b\x02\x80x\x03", ("Content-Encoding: br", JSON)),
    "half a gzip body": (gzip.compress(b'{"a": 1}', mtime=0)[:-9], ("Content-Encoding: gzip", JSON)),
    "more codings than anybody uses": (b"x", ("Content-Encoding: " + "gzip, " * 9 + "gzip", JSON)),
    "a codec that is no character set": (b"a-b", ("Content-Type: text/plain; charset=punycode",)),
    "a character set that nobody knows": (b"ab", ("Content-Type: text/plain; charset=x-unknown",)),
    "bytes that are not in their character set": (b"\xff\xfe\xff", ("Content-Type: text/plain; charset=utf-8",)),
    "a part in no character set": (
        b"--b\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/x; charset=idna\r\n\r\nx\r\n--b--",
        ("Content-Type: multipart/form-data; boundary=b",),
    ),
    "more values than are searched": (b"[" * 2_100_000, (JSON,)),
    "more text than is searched": (b"<a/>" * (4 * 1024 * 1024 + 1), ("Content-Type: text/xml",)),
}  # fmt: skip


@pytest.mark.parametrize(("body", "headers"), OPAQUE.values(), ids=OPAQUE)
def test_an_answer_that_cannot_be_read_is_left_out_and_counted(
    tmp_path: Path, body: bytes, headers: tuple[str, ...]
) -> None:
    tape = tmp_path / "t.har"
    with (
        RawServer(answer(body, *headers)) as upstream,
        RecorderThread(upstream.url, tape, spec=SPEC) as recorder,
    ):
        assert raw_exchange(recorder.port, GET).endswith(body)
    assert recorder.recorder.totals == Totals(exchanges=1, failures=1, opaque=1)
    assert "neither checked nor recorded" in str(recorder.passed[0].failure)
    assert entries(tape) == 0


@pytest.mark.parametrize(("body", "headers"), list(OPAQUE.values())[:6], ids=list(OPAQUE)[:6])
def test_it_is_kept_as_it_came_if_that_is_asked_for(
    tmp_path: Path, body: bytes, headers: tuple[str, ...]
) -> None:
    tape = tmp_path / "t.har"
    with (
        RawServer(answer(body, *headers)) as upstream,
        RecorderThread(upstream.url, tape, spec=SPEC, keep_opaque=True) as recorder,
    ):
        assert raw_exchange(recorder.port, GET).endswith(body)
    totals = recorder.recorder.totals
    assert (totals.taped, totals.failures, totals.opaque) == (1, 0, 1)
    assert any("kept without a search" in note for note in recorder.passed[0].notes)
    (entry,) = json.loads(tape.read_bytes())["log"]["entries"]
    kept = {one["name"]: one["value"] for one in entry["response"]["headers"]}
    assert kept["Content-Type"] == dict(one.split(": ") for one in headers)["Content-Type"]


def test_a_request_that_cannot_be_read_counts_as_well() -> None:
    coded = HttpRequest("POST", "/", (("Content-Encoding", "br"),), b"x")
    bomb = gzip.compress(b"\0" * 17_000_000, mtime=0)
    for request in (coded, HttpRequest("POST", "/", (("Content-Encoding", "gzip"),), bomb)):
        with pytest.raises(UnreadableBodyError):
            readable_request(request)
    assert decoded(bomb, "gzip") == b"\0" * 17_000_000
    whole = HttpResponse(200, (("Content-Type", "text/plain; charset=ISO-8859-1"),), b"\xe9")
    assert readable_response(whole) == whole


def test_a_clean_run_counts_nothing(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    with (
        RawServer(OBJECT) as upstream,
        RecorderThread(upstream.url, tape, spec=SPEC) as recorder,
        httpx.Client(trust_env=False, timeout=PATIENCE) as client,
    ):
        assert [client.get(recorder.url + PLAIN).status_code for _ in range(3)] == [200] * 3
    assert recorder.recorder.totals == Totals(exchanges=3, taped=3)
