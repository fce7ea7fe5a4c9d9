"""An asyncio call that is cancelled stays cancelled, and what became of the request is on record."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.client.answers import good
from tests.client.calls import OPERATIONS, Name, Told, client_for, invoke
from tests.client.fault_server import FaultServer, Wire, full, serving
from tests.client.phases import PHASES, SLOW_RETRIES, Phase, after_request, check_told, in_pause
from tests.patience import PATIENCE
from twilio_marketplace import Limits


async def _cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel, and see that this is what comes out, soon."""
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=PATIENCE)
    assert done
    assert task.cancelled()


async def _cancel_when_reached(phase: Phase, name: Name, told: Told, wait: float = 0) -> FaultServer:
    reached = asyncio.Event()
    loop = asyncio.get_running_loop()
    with serving(lambda wire: phase(wire, lambda: loop.call_soon_threadsafe(reached.set))) as server:
        async with client_for("async", server.url, told, retries=SLOW_RETRIES) as client:
            task = asyncio.ensure_future(invoke(client, name))
            await asyncio.wait_for(reached.wait(), PATIENCE)
            await asyncio.sleep(wait)
            await _cancelled(task)
    return server


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize(("phase", "outcome"), PHASES)
def test_cancelled_after_bytes_left_is_recorded_as_unknown(phase: Phase, outcome: str, name: Name) -> None:
    told = Told()
    server = asyncio.run(_cancel_when_reached(phase, name, told))

    assert len(server.requests) == server.connections == 1
    check_told(told, name, outcome, 1, asyncio.CancelledError)
    assert told.ends[0].outcome == outcome
    assert isinstance(told.ends[0].error, asyncio.CancelledError)


@pytest.mark.parametrize("name", OPERATIONS)
def test_cancelled_in_a_pause_keeps_what_the_last_attempt_said(name: Name) -> None:
    told = Told()
    server = asyncio.run(_cancel_when_reached(in_pause, name, told, wait=0.1))

    assert len(server.requests) == 1
    check_told(told, name, "not_processed", 1, asyncio.CancelledError)


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

    check_told(told, name, "not_sent", 1, asyncio.CancelledError)
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


class SlowToRecord:
    """A journal that takes its time over outcomes."""

    def __init__(self) -> None:
        self.writing = asyncio.Event()
        self.written: list[str] = []

    async def before_send(self, intent: object) -> None:
        """Nothing to wait for."""

    async def after_outcome(self, intent: object, outcome: Any) -> None:
        self.writing.set()
        await asyncio.sleep(0.1)
        self.written.append(str(outcome.outcome))


async def _cancel_while_recording(url: str, *, before: Callable[[], bool] | None) -> list[str]:
    """Cancel a report while its outcome is being written, once cancelled already or just answered."""
    journal = SlowToRecord()
    async with client_for("async", url, journal=journal) as client:
        task = asyncio.ensure_future(invoke(client, "report"))
        if before is not None:
            await asyncio.to_thread(before)
            task.cancel()
        await asyncio.wait_for(journal.writing.wait(), PATIENCE)
        task.cancel()
        await asyncio.wait([task], timeout=PATIENCE)
        assert task.cancelled() or before is None
    return journal.written


def test_cancelled_while_the_outcome_is_being_written_does_not_lose_it() -> None:
    with serving(lambda wire: wire.send(good(wire.request()))) as server:
        assert asyncio.run(_cancel_while_recording(server.url, before=None)) == ["succeeded"]


def test_second_cancellation_does_not_lose_the_record() -> None:
    reached = threading.Event()
    with serving(lambda wire: after_request(wire, reached.set)) as server:
        written = asyncio.run(_cancel_while_recording(server.url, before=lambda: reached.wait(PATIENCE)))
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
