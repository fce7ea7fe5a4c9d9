"""Every status with every kind of body, in each operation: the class, the outcome and the number of requests."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

import twilio_marketplace
from tests.client.answers import ERROR_BODIES, GOOD_BODY, GOOD_STATUS, REQUEST_ID, bodyless, good, http
from tests.client.calls import (
    IDS,
    IMPATIENT,
    METHODS,
    MODES,
    OPERATIONS,
    PATHS,
    Mode,
    Name,
    client_for,
    invoke,
    run,
)
from tests.client.checks import check_failure
from tests.client.fault_server import FaultServer, Wire, serving
from twilio_marketplace import CallOptions, NotModified, Problem, Retries, ServiceError, StatusError

TWICE: Final = Retries(attempts=2, first_delay=0.0001, longest_delay=0.0002, budget=10**6)
NAMED: Final = {
    400: "BadRequest", 401: "Unauthorized", 402: "PaymentRequired", 403: "Forbidden", 404: "NotFound",
    405: "MethodNotAllowed", 406: "NotAcceptable", 408: "RequestTimeout", 409: "Conflict", 410: "Gone",
    412: "PreconditionFailed", 413: "PayloadTooLarge", 415: "UnsupportedMediaType", 422: "UnprocessableContent",
    429: "TooManyRequests", 500: "InternalServerError", 501: "NotImplementedByServer", 502: "BadGateway",
    503: "ServiceUnavailable", 504: "GatewayTimeout",
}  # fmt: skip
BY_CLASS: Final = {2: "ResponseDecodeError", 3: "RedirectError", 4: "RequestRejected", 5: "ServerError"}


@pytest.fixture(autouse=True)
def _short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of refusals would each be watched for a tenth of a second; this server sends nothing after them."""
    for name in ("client", "async_client"):
        module = importlib.import_module(f"twilio_marketplace._runtime.client.{name}")
        monkeypatch.setattr(module, "LOOK_AFTER", 0.002)


@dataclass(frozen=True)
class Cell:
    """One status in one operation; its text is what a failure is called."""

    status: int
    kind: str
    name: Name

    @property
    def succeeds(self) -> bool:
        informs = self.status < 200 and self.status != 101
        return informs or self.status == GOOD_STATUS[self.name] or (self.status, self.name) == (304, "update")

    @property
    def error(self) -> str:
        if self.status == 101:
            return "ProtocolError"
        return NAMED.get(self.status) or BY_CLASS.get(self.status // 100, "StatusError")

    @property
    def outcome(self) -> str:
        if self.status == 429:
            return "not_processed"
        return "rejected" if self.status // 100 == 4 and self.status != 408 else "unknown"

    @property
    def attempts(self) -> int:
        repeatable = self.status in (101, 408) or (self.status // 100 == 5 and self.status not in (501, 505))
        return 2 if self.status == 429 or (repeatable and self.name == "fetch") else 1


def _answer(wire: Wire) -> None:
    request = wire.request()
    status, kind = request.headers["x-answer"].split()
    number = int(status)
    if number < 200:
        wire.send(
            http(number, None, headers={"Connection": "upgrade", "Upgrade": "x"} if number == 101 else {})
        )
        if number != 101:
            wire.send(good(request))
    elif number == GOOD_STATUS[request.operation]:
        wire.send(good(request))
    elif bodyless(number):
        wire.send(http(number, None))
    else:
        wire.send(http(number, *ERROR_BODIES[kind]))


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving(_answer) as running:
        yield running


def _check(cell: Cell, server: FaultServer, before: int, outcome: Any) -> None:
    """Compare one cell; whatever is not as it should be is an AssertionError."""
    assert len(server.requests) - before == cell.attempts
    if cell.succeeds:
        assert not isinstance(outcome, Exception), repr(outcome)
        assert isinstance(outcome, NotModified) == (cell.status == 304)
        return
    assert type(outcome) is getattr(twilio_marketplace, cell.error), repr(outcome)
    assert (outcome.outcome, outcome.attempts) == (cell.outcome, cell.attempts)
    assert [type(error) for error in outcome.earlier] == [type(outcome)] * (cell.attempts - 1)
    assert (outcome.operation, outcome.method) == (IDS[cell.name], METHODS[cell.name])
    assert outcome.url == server.url + PATHS[cell.name]
    if cell.error != "ProtocolError":
        assert (outcome.status, outcome.request_id) == (cell.status, REQUEST_ID)
        assert outcome.content == (b"" if bodyless(cell.status) else ERROR_BODIES[cell.kind][0])
    if isinstance(outcome, StatusError) and not bodyless(cell.status):
        _check_error_body(cell, outcome)


def _check_error_body(cell: Cell, error: StatusError) -> None:
    read = error.error
    if cell.kind == "usual":
        assert isinstance(read, ServiceError)
        assert (read.code, read.message, read.data["odd"]) == (20001, "usual words", [1])
        assert "20001: usual words" in str(error)
    elif cell.kind == "problem":
        assert isinstance(read, Problem)
        assert (read.code, read.title, read.data["errors"]) == (7, "problem words", [{"pointer": "#/a"}])
        assert "problem words" in str(error)
    else:
        assert read is None
        assert error.body is None
        assert error.code is None


def _cells(kind: str, name: Name) -> list[Cell]:
    return [Cell(status, kind, name) for status in (*range(100, 600), 600, 799, 999)]


def _options(cell: Cell) -> CallOptions:
    return CallOptions(headers={"X-Answer": f"{cell.status} {cell.kind}"})


def _run_sync(server: FaultServer, cells: list[Cell]) -> list[str]:
    wrong: list[str] = []
    with client_for("sync", server.url, retries=TWICE) as client:
        for cell in cells:
            before = len(server.requests)
            try:
                outcome = invoke(client, cell.name, _options(cell))
            except Exception as error:
                outcome = error
            wrong += _verdict(cell, server, before, outcome)
    return wrong


async def _run_async(server: FaultServer, cells: list[Cell]) -> list[str]:
    wrong: list[str] = []
    async with client_for("async", server.url, retries=TWICE) as client:
        for cell in cells:
            before = len(server.requests)
            try:
                outcome = await invoke(client, cell.name, _options(cell))
            except Exception as error:
                outcome = error
            wrong += _verdict(cell, server, before, outcome)
    return wrong


def _verdict(cell: Cell, server: FaultServer, before: int, outcome: Any) -> list[str]:
    try:
        _check(cell, server, before, outcome)
    except AssertionError as error:
        return [f"{cell}: {error}"]
    return []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("kind", ERROR_BODIES)
def test_each_status_is_told_apart(server: FaultServer, kind: str, name: Name, mode: Mode) -> None:
    cells = _cells(kind, name)
    wrong = _run_sync(server, cells) if mode == "sync" else asyncio.run(_run_async(server, cells))

    assert not wrong, "\n".join([f"{len(wrong)} of {len(cells)} cells", *wrong[:20]])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_interim_answer_without_a_final_one_does_not_hold_a_call(status: int, name: Name, mode: Mode) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(status, None))
        wire.hang()

    with serving(script) as running:
        ended = run(mode, name, running.url, retries=None, timeout=IMPATIENT)
        check_failure(ended, name, running.url, "ReadTimeoutError", "unknown", 1)
        assert len(running.requests) == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_endless_interim_answers_end_with_the_deadline(name: Name, mode: Mode) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        while True:
            wire.trickle(http(103, None), 0.001)

    with serving(script) as running:
        ended = run(mode, name, running.url, deadline=0.4)
        check_failure(ended, name, running.url, "DeadlineExceededError", "unknown", 1)
        assert len(running.requests) == 1


def test_bodies_of_the_grid_are_not_the_good_ones() -> None:
    assert not {body for body, _ in ERROR_BODIES.values()} & set(GOOD_BODY.values())
