"""The pools keep connections, give them out one at a time, and know when the first byte left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

import httpcore
import httpx
import pytest

from clientsmith.runtime import AsyncPooledTransport, ConfigurationError, PooledTransport
from clientsmith.runtime.http import environment
from clientsmith.runtime.http.connections import origin_of
from clientsmith.runtime.http.sockets import async_wire, wire
from clientsmith.runtime.http.sockets.attempt_state import AttemptState
from tests.patience import PATIENCE
from tests.unit.runtime.small_api import ADD_ON, ITEM, Client
from tests.unit.runtime.sockets import OK, Seen, plain, serving

TIMEOUTS = dict.fromkeys(("connect", "read", "write", "pool"), 2.0)


def request(url: str, attempt_state: AttemptState | None = None, **timeouts: float) -> httpx.Request:
    extensions = (attempt_state or AttemptState()).extensions({**TIMEOUTS, **timeouts})
    return httpx.Request("GET", f"{url}/x", extensions=extensions)


def exchange(
    on: PooledTransport, url: str, attempt_state: AttemptState | None = None, **timeouts: float
) -> bytes:
    response = on.handle_request(request(url, attempt_state, **timeouts))
    try:
        return response.read()
    finally:
        response.close()


async def async_exchange(
    on: AsyncPooledTransport, url: str, attempt_state: AttemptState | None = None, **timeouts: float
) -> bytes:
    response = await on.handle_async_request(request(url, attempt_state, **timeouts))
    try:
        return await response.aread()
    finally:
        await response.aclose()


def exchanges(
    seen: Seen,
    attempt_states: list[AttemptState],
    *,
    asynchronous: bool,
    before: Callable[[int], None] = lambda _: None,
) -> None:
    """One exchange after the other on one pool."""
    if not asynchronous:
        pool = PooledTransport()
        for place, attempt_state in enumerate(attempt_states):
            before(place)
            assert exchange(pool, seen.url, attempt_state) == b"ok"
        pool.close()
        return

    async def run() -> None:
        async_pool = AsyncPooledTransport()
        for place, attempt_state in enumerate(attempt_states):
            before(place)
            assert await async_exchange(async_pool, seen.url, attempt_state) == b"ok"
        await async_pool.aclose()

    asyncio.run(run())


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


@both
def test_calls_one_after_the_other_share_a_connection(asynchronous: bool) -> None:
    with serving() as seen:
        exchanges(seen, [AttemptState() for _ in range(5)], asynchronous=asynchronous)
    assert [len(connection) for connection in seen.connections] == [5]


@both
def test_a_fresh_connection_is_new_or_has_just_answered(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, skipped = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: real() + skipped[0])

    def skip(_: int) -> None:
        skipped[0] += 1.5

    with serving() as seen:
        for fresh, before, expected in (
            (False, skip, [4]),
            (True, lambda _: None, [4]),
            (True, skip, [1, 1, 1, 1]),
        ):
            seen.connections.clear()
            exchanges(
                seen, [AttemptState(fresh=fresh) for _ in range(4)], asynchronous=asynchronous, before=before
            )
            assert [len(connection) for connection in seen.connections] == expected


def test_a_pool_can_give_every_call_that_cannot_be_repeated_a_new_connection() -> None:
    with serving() as seen:
        pool = PooledTransport(reuse_within=0)
        for _ in range(3):
            assert exchange(pool, seen.url, AttemptState(fresh=True)) == b"ok"
        pool.close()

        async def run() -> None:
            pool = AsyncPooledTransport(reuse_within=0)
            for _ in range(3):
                assert await async_exchange(pool, seen.url, AttemptState(fresh=True)) == b"ok"
            await pool.aclose()

        asyncio.run(run())
    assert [len(connection) for connection in seen.connections] == [1] * 6


@both
def test_a_connection_that_the_server_closed_is_not_used_again(asynchronous: bool) -> None:
    def once(_: bytes, connection: socket.socket) -> bool:
        connection.sendall(OK)
        return False

    with serving(once) as seen:
        exchanges(
            seen,
            [AttemptState() for _ in range(4)],
            asynchronous=asynchronous,
            before=lambda _: time.sleep(0.03),
        )
    assert [len(connection) for connection in seen.connections] == [1, 1, 1, 1]


def test_threads_get_at_most_as_many_connections_as_allowed() -> None:
    def slow(sent: bytes, connection: socket.socket) -> bool:
        time.sleep(0.01)
        return plain(sent, connection)

    with serving(slow) as seen:
        pool = PooledTransport(connections=3)
        with ThreadPoolExecutor(12) as threads:
            answers = list(threads.map(lambda _: exchange(pool, seen.url), range(60)))
        pool.close()
    assert answers == [b"ok"] * 60 and len(seen.requests) == 60 and len(seen.connections) <= 3


def test_tasks_get_at_most_as_many_connections_as_allowed() -> None:
    async def run(url: str) -> None:
        pool = AsyncPooledTransport(connections=3)
        answers = await asyncio.gather(*(async_exchange(pool, url) for _ in range(60)))
        assert answers == [b"ok"] * 60
        await pool.aclose()

    with serving() as seen:
        asyncio.run(run(seen.url))
    assert len(seen.requests) == 60 and len(seen.connections) <= 3


def test_waiting_for_a_connection_ends_with_its_timeout_and_nothing_is_sent() -> None:
    with serving() as seen:
        pool = PooledTransport(connections=1)
        held, attempt_state = pool.handle_request(request(seen.url)), AttemptState()
        with pytest.raises(httpx.PoolTimeout):
            exchange(pool, seen.url, attempt_state, pool=0.02)
        assert attempt_state.sent is False and len(seen.requests) == 1
        held.close()
        pool.close()

        async def run() -> None:
            pool = AsyncPooledTransport(connections=1)
            held, attempt_state = await pool.handle_async_request(request(seen.url)), AttemptState()
            with pytest.raises(httpx.PoolTimeout):
                await async_exchange(pool, seen.url, attempt_state, pool=0.02)
            assert attempt_state.sent is False and len(seen.requests) == 2
            await held.aclose()
            assert await async_exchange(pool, seen.url) == b"ok"
            await pool.aclose()

        asyncio.run(run())


@both
def test_the_flight_tells_whether_a_byte_has_left(asynchronous: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        refused = f"http://127.0.0.1:{listener.getsockname()[1]}"
    attempt_state = AttemptState()
    with pytest.raises(httpx.ConnectError):
        exchanges(Seen(int(refused.rpartition(":")[2])), [attempt_state], asynchronous=asynchronous)
    assert attempt_state.sent is False
    with serving(lambda *_: False) as seen:
        attempt_state = AttemptState()
        with pytest.raises(httpx.RemoteProtocolError):
            exchanges(seen, [attempt_state], asynchronous=asynchronous)
    assert attempt_state.sent is True


def test_a_deadline_cuts_the_head_of_an_answer_that_trickles() -> None:
    stop = threading.Event()

    def trickle(_: bytes, connection: socket.socket) -> bool:
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 4000:
            if stop.wait(0.005):
                break
            connection.sendall(bytes([byte]))
        return False

    with serving(trickle) as seen:
        pool, attempt_state = PooledTransport(), AttemptState(time.monotonic() + 0.15)
        started = time.monotonic()
        with pytest.raises(httpx.ReadTimeout):
            exchange(pool, seen.url, attempt_state)
        assert 0.1 < time.monotonic() - started < 15 and attempt_state.sent is True and attempt_state.expired
        stop.set()
        pool.close()


def test_nothing_is_sent_once_the_deadline_has_passed() -> None:
    with serving() as seen:
        pool, attempt_state = PooledTransport(), AttemptState(time.monotonic() - 1)
        with pytest.raises(httpx.TimeoutException):
            exchange(pool, seen.url, attempt_state)
        assert attempt_state.sent is False and not seen.requests
        pool.close()


def test_a_pool_serves_one_event_loop_after_the_other() -> None:
    pool = AsyncPooledTransport()
    with serving() as seen:
        for _ in range(3):
            assert asyncio.run(async_exchange(pool, seen.url)) == b"ok"
    assert len(seen.connections) == 3


def test_closing_ends_idle_connections_at_once_and_busy_ones_after_their_call() -> None:
    with serving() as seen:
        pool = PooledTransport()
        exchange(pool, seen.url)
        held = pool.handle_request(request(seen.url))
        pool.close()
        assert held.read() == b"ok"
        held.close()
        assert pool._idle.clear() == []

        async def run() -> None:
            pool = AsyncPooledTransport()
            held = await pool.handle_async_request(request(seen.url))
            await pool.aclose()
            assert await held.aread() == b"ok"
            await held.aclose()
            assert pool._idle.clear() == []

        asyncio.run(run())


def test_idle_connections_beyond_their_time_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as seen:
        pool = PooledTransport()
        held = [pool.handle_request(request(seen.url)) for _ in range(4)]
        for response in held[:3]:
            response.read()
        later = time.monotonic() + 60
        monkeypatch.setattr(time, "monotonic", lambda: later)
        held[3].read()
        assert len(pool._idle.clear()) == 1


@pytest.mark.parametrize("kind", [PooledTransport, AsyncPooledTransport])
def test_a_pool_without_room_is_refused(kind: Any) -> None:
    with pytest.raises(ConfigurationError, match="connections"):
        kind(connections=0)


def test_other_schemes_are_refused() -> None:
    with pytest.raises(httpx.UnsupportedProtocol):
        exchange(PooledTransport(), "ftp://127.0.0.1")
    with pytest.raises(httpx.UnsupportedProtocol):
        asyncio.run(async_exchange(AsyncPooledTransport(), "ftp://127.0.0.1"))


class _BreaksOff:
    """What httpcore's connection through a SOCKS proxy does: it opens a socket, fails, and forgets the socket."""

    connections: tuple[()] = ()

    def __init__(self, backend: Any, port: int) -> None:
        self.backend = backend
        self.port = port

    def handle_request(self, request: object) -> None:
        self.opened = self.backend.connect_tcp("127.0.0.1", self.port)
        raise httpcore.ProxyError("no")

    async def handle_async_request(self, request: object) -> None:
        self.opened = await self.backend.connect_tcp("127.0.0.1", self.port)
        raise httpcore.ProxyError("no")

    def close(self) -> None: ...
    async def aclose(self) -> None: ...


@both
def test_a_connection_that_breaks_off_behind_a_proxy_is_closed(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as seen:
        made: list[_BreaksOff] = []

        def proxied(proxy: object, context: object, backend: Any, keepalive: float) -> _BreaksOff:
            made.append(_BreaksOff(backend, seen.port))
            return made[-1]

        monkeypatch.setattr(wire, "proxied", proxied)
        monkeypatch.setattr(async_wire, "async_proxied", proxied)
        monkeypatch.setattr(environment, "find_spec", lambda name: name)
        settings: dict[str, Any] = {"proxy": "socks5://127.0.0.1:9"}

        def run() -> None:
            if asynchronous:
                asyncio.run(async_exchange(AsyncPooledTransport(**settings), "http://127.0.0.1:9"))
            else:
                exchange(PooledTransport(**settings), "http://127.0.0.1:9")

        with pytest.raises(httpx.ProxyError):
            run()
        assert made[0].opened._layer.socket.fileno() == -1


class _Asks(_BreaksOff):
    """Reads from the proxy without a timeout, as httpcore does for SOCKS."""

    def handle_request(self, request: Any) -> None:
        stream = self.backend.connect_tcp("127.0.0.1", self.port, request.extensions["timeout"]["connect"])
        stream.write(b"x\r\n\r\n")
        stream.read(1)

    async def handle_async_request(self, request: Any) -> None:
        timeout = request.extensions["timeout"]["connect"]
        stream = await self.backend.connect_tcp("127.0.0.1", self.port, timeout)
        await stream.write(b"x\r\n\r\n")
        await stream.read(1)


@both
def test_a_proxy_that_says_nothing_is_waited_for_as_long_as_connecting_may_take(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mute(request: bytes, connection: socket.socket) -> bool:
        connection.settimeout(3)
        return bool(connection.recv(1))

    with serving(mute) as seen:

        def proxied(proxy: object, context: object, backend: Any, keepalive: float) -> _Asks:
            return _Asks(backend, seen.port)

        monkeypatch.setattr(wire, "proxied", proxied)
        monkeypatch.setattr(async_wire, "async_proxied", proxied)
        monkeypatch.setattr(environment, "find_spec", lambda name: name)
        settings: dict[str, Any] = {"proxy": "socks5://127.0.0.1:9"}

        def run() -> None:
            if asynchronous:
                pool = AsyncPooledTransport(**settings)
                asyncio.run(async_exchange(pool, "http://127.0.0.1:9", connect=0.1))
            else:
                exchange(PooledTransport(**settings), "http://127.0.0.1:9", connect=0.1)

        with pytest.raises(httpx.ReadTimeout):
            run()


@pytest.mark.parametrize("is_closed", [False, True], ids=["used again", "closed"])
def test_connections_of_an_event_loop_that_is_gone_are_closed(is_closed: bool) -> None:
    with serving() as seen:
        pool = AsyncPooledTransport()
        asyncio.run(async_exchange(pool, seen.url))
        connection = pool._idle.take(origin_of(httpx.URL(seen.url)))
        assert connection is not None
        pool._idle.put(origin_of(httpx.URL(seen.url)), connection)
        asyncio.run(pool.aclose() if is_closed else async_exchange(pool, seen.url))
        layer: Any = connection._carried._socket
        assert layer.socket.fileno() == -1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_child_closes_the_idle_connections_of_its_parent_at_once() -> None:
    with serving() as seen:
        pool = PooledTransport()
        exchange(pool, seen.url)
        connection = pool._idle.take(origin_of(httpx.URL(seen.url)))
        assert connection is not None
        pool._idle.put(origin_of(httpx.URL(seen.url)), connection)
        layer: Any = connection._carried._socket
        child = os.fork()
        if child == 0:
            os._exit(int(layer.socket.fileno() != -1))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        exchange(pool, seen.url)
        pool.close()
    assert [len(requests) for requests in seen.connections] == [2]


def test_an_interrupt_at_any_step_loses_no_room_for_connections() -> None:
    """At the beginning of every line in turn, which is more often than a signal can strike."""
    files = tuple(
        f"runtime{os.sep}{name.replace('/', os.sep)}.py"
        for name in (
            "client/client",
            "client/call",
            "http/pool",
            "http/sockets/wire",
            "http/sockets/carried",
            "http/sockets/streams",
        )
    )
    items = [{"sid": ITEM, "quantity": 1}]
    step = last = 0

    def follow(frame: FrameType, event: str, _: object) -> Any:
        nonlocal last
        if event == "call":
            return follow if frame.f_code.co_filename.endswith(files) else None
        last += event == "line"
        if event == "line" and last == step:
            raise KeyboardInterrupt
        return follow

    def billed(_: bytes, connection: socket.socket) -> bool:
        body = b'{"total_submitted":1,"billable_items":[]}'
        head = b"HTTP/1.1 202 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        connection.sendall(head % len(body) + body)
        return False

    before = sys.gettrace()
    with serving(billed) as seen:
        transport = PooledTransport(connections=2)
        client = Client("k", "s", base_url=seen.url, transport=transport)
        client.usages.report(ADD_ON, billable_items=items)
        while last >= step:
            step, last = step + 1, 0
            with contextlib.suppress(KeyboardInterrupt):
                sys.settrace(follow)
                try:
                    client.usages.report(ADD_ON, billable_items=items)
                finally:
                    sys.settrace(before)
            assert transport._slots.qsize() == 2, step
    assert step > 200


OLD_ANYIO = """
import asyncio, sys, anyio
new = anyio.Semaphore
anyio.Semaphore = lambda initial_value, *, max_value=None: new(initial_value, max_value=max_value)
for name in ("readable", "writable"):
    setattr(anyio, f"wait_socket_{name}", getattr(anyio, f"wait_{name}"))
    delattr(anyio, f"wait_{name}")
from clientsmith.runtime import AsyncPooledTransport
from tests.unit.runtime.test_pool import async_exchange
print(asyncio.run(async_exchange(AsyncPooledTransport(), sys.argv[1])))
"""


def test_an_anyio_that_is_as_old_as_httpx_takes_will_do() -> None:
    """httpx 0.28 names no version; up to 4.6 functions had other names and semaphores fewer arguments."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with serving() as seen:
        done = subprocess.run(
            [sys.executable, "-c", OLD_ANYIO, seen.url],
            capture_output=True, text=True, timeout=PATIENCE, env=environment,
        )  # fmt: skip
    assert (done.stdout, done.stderr) == ("b'ok'\n", "")
