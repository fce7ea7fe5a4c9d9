"""The grid: each fault in each operation, blocking and asyncio, ends in the error that names it and bills at most once."""

from __future__ import annotations

import pytest

from tests.client.answers import good, http
from tests.client.calls import MODES, OPERATIONS, SOON, Ended, Mode, Name, decoded, run
from tests.client.checks import check_answer, check_failure, check_told
from tests.client.fault_server import FaultServer, Wire, nobody, serving
from tests.client.faults import BROKEN, FAULTS, LIMITED, Fault, redirects
from twilio_marketplace import NotModified

_WIRINGS = ("client", "transport")
_ESSENTIAL = [
    fault
    for fault in FAULTS
    if fault.name
    in {"reset-unread", "reset-after-request", "drop-after-request", "hang", "trickled-body", "truncated-body",
        "garbage", "malformed-json", "bad-gzip", "gzip-bomb", "long-body", "limited", "limited-seconds"}
]  # fmt: skip
_QUICK = [fault for fault in (*BROKEN, *LIMITED) if not fault.settings]


def _check_arrived(server: FaultServer, fault: Fault, name: str, attempts: int) -> None:
    """As many connections and requests as attempts, and not one request more than once processed."""
    server.settle()
    whole = fault.arrives == "whole" or (fault.name == "reset-in-body" and name == "fetch")
    assert server.connections <= attempts
    assert len(server.requests) == (attempts if whole else 0)
    assert len(server.incomplete) == (attempts if fault.arrives == "part" and not whole else 0)
    assert len({request.raw for request in server.requests}) <= 1
    if fault.again != "always":
        assert server.posts <= 1


def _check(ended: Ended, server: FaultServer, fault: Fault, name: str, most: int) -> None:
    attempts = fault.attempts(name, most)
    failure = check_failure(ended, name, server.url, fault.error, fault.outcome, attempts)
    check_answer(failure, fault.status_for(name))
    _check_arrived(server, fault, name, attempts)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_named_and_nothing_is_sent_twice(fault: Fault, name: Name, mode: Mode) -> None:
    with serving(fault.script) as server:
        ended = run(mode, name, server.url, **fault.settings)
        _check(ended, server, fault, name, SOON.attempts)
    check_told(ended, name, fault.outcome, fault.attempts(name, SOON.attempts))


@pytest.mark.parametrize("wiring", _WIRINGS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("fault", _ESSENTIAL, ids=lambda fault: fault.name)
def test_fault_through_a_connection_of_the_callers(fault: Fault, name: Name, mode: Mode, wiring: str) -> None:
    with serving(fault.script) as server:
        ended = run(mode, name, server.url, wiring=wiring, **fault.settings)
        _check(ended, server, fault, name, SOON.attempts)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("fault", _QUICK, ids=lambda fault: fault.name)
def test_without_retries_each_fault_is_one_attempt(fault: Fault, name: Name, mode: Mode) -> None:
    with serving(fault.script) as server:
        ended = run(mode, name, server.url, **fault.settings, retries=None)
        _check(ended, server, fault, name, 1)


@pytest.mark.parametrize("wiring", ["own", *_WIRINGS])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_refused_connection_is_not_sent_and_tried_again(name: Name, mode: Mode, wiring: str) -> None:
    with nobody() as url:
        ended = run(mode, name, url, wiring=wiring)

    check_failure(ended, name, url, "ConnectError", "not_sent", SOON.attempts)
    check_told(ended, name, "not_sent", SOON.attempts)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_redirect_is_an_error_and_its_target_hears_nothing(name: Name, mode: Mode) -> None:
    def trap(wire: Wire) -> None:
        wire.request()
        wire.send(http(200, b"{}"))

    with serving(trap) as target:
        for fault in redirects(target.url):
            with serving(fault.script) as server:
                ended = run(mode, name, server.url)
                _check(ended, server, fault, name, SOON.attempts)
        assert target.connections == 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("status", [202, 204])
def test_success_without_a_body_where_one_is_due_is_likely_applied(
    status: int, name: Name, mode: Mode
) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(status, None if status == 204 else b""))

    with serving(script) as server:
        ended = run(mode, name, server.url)
        assert len(server.requests) == 1

    failure = check_failure(ended, name, server.url, "ResponseDecodeError", "unknown", 1)
    check_answer(failure, status, b"")
    check_told(ended, name, "unknown", 1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_not_modified_is_a_result_where_it_is_described(name: Name, mode: Mode) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(304, None))

    with serving(script) as server:
        ended = run(mode, name, server.url)
        assert len(server.requests) == 1

    if name == "update":
        assert ended.error is None
        assert isinstance(ended.result, NotModified)
        check_told(ended, name, "succeeded", 1)
    else:
        check_failure(ended, name, server.url, "RedirectError", "unknown", 1)


@pytest.mark.parametrize("wiring", ["own", *_WIRINGS])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_good_answer_is_the_result(name: Name, mode: Mode, wiring: str) -> None:
    def script(wire: Wire) -> None:
        wire.send(good(wire.request()))

    with serving(script) as server:
        ended = run(mode, name, server.url, wiring=wiring)
        assert len(server.requests) == 1

    assert ended.error is None
    assert type(decoded(ended.result)).__name__.startswith("UsageResult" if name == "report" else "Listing")
    check_told(ended, name, "succeeded", 1)
