"""A call that is cancelled or interrupted stays cancelled or interrupted, and what became of the request is on record."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.client.answers import USUAL, good, http
from tests.client.calls import OPERATIONS, Name, Told, client_for, invoke
from tests.client.fault_server import FaultServer, Wire, full, serving
from twilio_marketplace import Limits, Retries

SLOW_RETRIES = Retries(attempts=5, first_delay=20.0, longest_delay=20.0)
Reached = Callable[[], None]
Phase = Callable[[Wire, Reached], None]


def _after_request(wire: Wire, reached: Reached) -> None:
    wire.request()
    reached()
    wire.hang()


def _in_headers(wire: Wire, reached: Reached) -> None:
    wire.send(good(wire.request())[:25])
    reached()
    wire.hang()


def _in_body(wire: Wire, reached: Reached) -> None:
    wire.send(good(wire.request())[:-5])
    reached()
    wire.hang()


def _in_pause(wire: Wire, reached: Reached) -> None:
    wire.request()
    wire.send(http(429, USUAL, headers={"Retry-After": "20"}))
    reached()
    wire.hang()


PHASES = [(_after_request, "unknown"), (_in_headers, "unknown"), (_in_body, "unknown")]


async def _cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel, and see that this is what comes out, soon."""
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=2)
    assert done
    assert task.cancelled()


def _check_told(told: Told, name: str, outcome: str, attempts: int, error: type[BaseException]) -> None:
    assert len(told.starts) == len(told.ends) == attempts
    if name == "report":
        assert [kind for kind, _, _ in told.events] == ["before", "after"]
        (recorded,) = told.outcomes
        assert (recorded.outcome, recorded.attempts) == (outcome, attempts)
        assert isinstance(recorded.error, error)
    else:
        assert told.events == []


async def _cancel_when_reached(phase: Phase, name: Name, told: Told, wait: float = 0) -> FaultServer:
    reached = asyncio.Event()
    loop = asyncio.get_running_loop()
    with serving(lambda wire: phase(wire, lambda: loop.call_soon_threadsafe(reached.set))) as server:
        async with client_for("async", server.url, told, retries=SLOW_RETRIES) as client:
            task = asyncio.ensure_future(invoke(client, name))
            await asyncio.wait_for(reached.wait(), 5)
            await asyncio.sleep(wait)
            await _cancelled(task)
    return server


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize(("phase", "outcome"), PHASES)
def test_cancelled_after_bytes_left_is_recorded_as_unknown(phase: Phase, outcome: str, name: Name) -> None:
    told = Told()
    server = asyncio.run(_cancel_when_reached(phase, name, told))

    assert len(server.requests) == server.connections == 1
    _check_told(told, name, outcome, 1, asyncio.CancelledError)
    assert told.ends[0].outcome == outcome
    assert isinstance(told.ends[0].error, asyncio.CancelledError)


@pytest.mark.parametrize("name", OPERATIONS)
def test_cancelled_in_a_pause_keeps_what_the_last_attempt_said(name: Name) -> None:
    told = Told()
    server = asyncio.run(_cancel_when_reached(_in_pause, name, told, wait=0.1))

    assert len(server.requests) == 1
    _check_told(told, name, "not_processed", 1, asyncio.CancelledError)


@pytest.mark.parametrize("name", OPERATIONS)
def test_cancelled_while_connecting_is_recorded_as_not_sent(name: Name) -> None:
    told = Told()

    async def scenario(url: str) -> None:
        async with client_for("async", url, told) as client:
            task = asyncio.ensure_future(invoke(client, name))
            await asyncio.sleep(0.1)
            await _cancelled(task)

    with full() as url:
        asyncio.run(scenario(url))

    _check_told(told, name, "not_sent", 1, asyncio.CancelledError)
    assert told.ends[0].outcome == "not_sent"


@pytest.mark.parametrize("name", OPERATIONS)
def test_cancelled_before_its_first_step_sends_nothing(name: Name) -> None:
    told = Told()

    async def scenario(url: str) -> None:
        async with client_for("async", url, told) as client:
            await _cancelled(asyncio.ensure_future(invoke(client, name)))

    with serving(lambda wire: wire.hang()) as server:
        asyncio.run(scenario(server.url))
        assert server.connections == 0
    assert told.outcomes == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_cancelled_while_waiting_for_a_connection_is_not_sent(name: Name) -> None:
    told = Told()
    reached = threading.Event()

    def script(wire: Wire) -> None:
        wire.request()
        reached.set()
        wire.hang()

    async def scenario(url: str) -> None:
        limits = Limits(connections=1)
        async with client_for("async", url, told, limits=limits) as client:
            first = asyncio.ensure_future(invoke(client, "fetch"))
            await asyncio.to_thread(reached.wait, 5)
            second = asyncio.ensure_future(invoke(client, name))
            await asyncio.sleep(0.05)
            await _cancelled(second)
            assert told.ends[-1].outcome == "not_sent"
            await _cancelled(first)

    with serving(script) as server:
        asyncio.run(scenario(server.url))
        assert len(server.requests) == server.connections == 1
    if name == "report":
        assert [outcome.outcome for outcome in told.outcomes] == ["not_sent"]


def test_cancelled_while_the_journal_writes_sends_nothing() -> None:
    class Slow:
        async def before_send(self, intent: object) -> None:
            await asyncio.sleep(30)

        async def after_outcome(self, intent: object, outcome: Any) -> None:
            assert outcome.outcome == "not_sent"

    async def scenario(url: str) -> None:
        async with client_for("async", url, journal=Slow()) as client:
            task = asyncio.ensure_future(invoke(client, "report"))
            await asyncio.sleep(0.05)
            await _cancelled(task)

    with serving(lambda wire: wire.hang()) as server:
        asyncio.run(scenario(server.url))
        assert server.connections == 0


def test_second_cancellation_does_not_lose_the_record() -> None:
    written: list[str] = []

    class Slow:
        async def before_send(self, intent: object) -> None:
            """Nothing to wait for."""

        async def after_outcome(self, intent: object, outcome: Any) -> None:
            await asyncio.sleep(0.1)
            written.append(str(outcome.outcome))

    async def scenario(url: str) -> None:
        async with client_for("async", url, journal=Slow()) as client:
            task = asyncio.ensure_future(invoke(client, "report"))
            await asyncio.to_thread(reached.wait, 5)
            task.cancel()
            await asyncio.sleep(0.03)
            task.cancel()
            await asyncio.wait([task], timeout=2)
            assert task.cancelled()

    reached = threading.Event()
    with serving(lambda wire: _after_request(wire, reached.set)) as server:
        asyncio.run(scenario(server.url))
    assert written == ["unknown"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_client_goes_on_after_a_cancelled_call_and_mixes_up_no_answers(name: Name) -> None:
    def script(wire: Wire) -> None:
        request = wire.request()
        if len(wire.server.requests) == 1:
            wire.send(good(request, body=b'{"sid":"old')[:-3])
            reached.set()
            wire.hang()
        else:
            wire.send(good(request))

    async def scenario(url: str) -> Any:
        async with client_for("async", url) as client:
            task = asyncio.ensure_future(invoke(client, name))
            await asyncio.to_thread(reached.wait, 5)
            await _cancelled(task)
            return await invoke(client, name)

    reached = threading.Event()
    with serving(script) as server:
        result = asyncio.run(scenario(server.url))
        assert server.connections == 2
    assert "old" not in repr(result)


@pytest.fixture
def interrupt() -> Iterator[Reached]:
    """Raises KeyboardInterrupt in the main thread, in the middle of whatever it waits for."""

    def handle(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, handle)
    main = threading.main_thread().ident
    assert main is not None
    yield lambda: signal.pthread_kill(main, signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize(("phase", "outcome"), [*PHASES, (_in_pause, "not_processed")])
def test_interrupted_call_stays_interrupted_and_is_recorded(
    interrupt: Reached, phase: Phase, outcome: str, name: Name
) -> None:
    told = Told()

    def script(wire: Wire) -> None:
        phase(wire, lambda: (wire.server.closing.wait(0.05), interrupt())[-1])

    with serving(script) as server:
        with (
            client_for("sync", server.url, told, retries=SLOW_RETRIES) as client,
            pytest.raises(KeyboardInterrupt),
        ):
            invoke(client, name)
        assert len(server.requests) == 1

    _check_told(told, name, outcome, 1, KeyboardInterrupt)
    assert told.ends[0].outcome == outcome


@pytest.mark.parametrize("name", OPERATIONS)
def test_interrupted_while_connecting_is_not_sent(interrupt: Reached, name: Name) -> None:
    told = Told()
    timer = threading.Timer(0.1, interrupt)
    with full() as url, client_for("sync", url, told) as client:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            invoke(client, name)
    timer.join()

    _check_told(told, name, "not_sent", 1, KeyboardInterrupt)
