"""A blocking call that is interrupted stays interrupted, and what became of the request is on record."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from tests.client.calls import OPERATIONS, Name, Told, client_for, invoke
from tests.client.fault_server import Wire, full, serving
from tests.client.phases import PHASES, SLOW_RETRIES, Phase, Reached, check_told, in_pause


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
@pytest.mark.parametrize(("phase", "outcome"), [*PHASES, (in_pause, "not_processed")])
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

    check_told(told, name, outcome, 1, KeyboardInterrupt)
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

    check_told(told, name, "not_sent", 1, KeyboardInterrupt)
