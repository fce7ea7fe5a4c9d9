"""What each fault looks like to the generated client, sync and async, and to the standard library's own client."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

import twilio_marketplace as api
from clientsmith.serve.faults.kinds import KINDS
from clientsmith.serve.server import ThreadedServer
from tests.serve.served import INSTALLATION, ITEM, LISTING, fetch, serving

TIMEOUT = 0.2
NOT_SENT, NOT_PROCESSED, UNKNOWN = api.Outcome.NOT_SENT, api.Outcome.NOT_PROCESSED, api.Outcome.UNKNOWN


@dataclass(frozen=True)
class Seen:
    """How a fetch ends: our error (any of these, where the kernel decides) and its outcome, or None for a result;
    and what http.client raises, or the status it reads."""

    ours: tuple[type[api.ClientError], ...] | None
    outcome: api.Outcome | None
    theirs: type[Exception] | tuple[type[Exception], ...] | int


BROKEN = Seen((api.ReadError,), UNKNOWN, ConnectionResetError)
SILENT = Seen((api.ReadTimeoutError,), UNKNOWN, TimeoutError)
UNDECODABLE = Seen((api.ResponseDecodeError,), UNKNOWN, 200)
UNHARMED = Seen(None, None, 200)


def no_http(theirs: type[Exception] | int) -> Seen:
    return Seen((api.ProtocolError,), UNKNOWN, theirs)


SEEN = {
    "refuse": Seen((api.ConnectError,), NOT_SENT, ConnectionRefusedError),
    # Whether the reset arrives before, while or after the request is written is a race; nobody can tell it apart.
    "reset-on-connect": Seen(
        (api.ConnectError, api.WriteError, api.ReadError, api.ProtocolError),
        None,
        (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected),
    ),
    "hang-on-connect": SILENT,
    "reset-in-request": BROKEN,
    "hang-in-request": SILENT,
    "reset-before-headers": BROKEN,
    "reset-in-headers": BROKEN,
    "reset-after-headers": BROKEN,
    "reset-in-body": BROKEN,
    "reset-after-body": UNHARMED,
    "close-before-headers": no_http(http.client.RemoteDisconnected),
    "close-in-headers": no_http(
        200
    ),  # http.client takes the end of the connection for the end of the headers
    "close-after-body": UNHARMED,
    "hang-before-headers": SILENT,
    "hang-in-headers": SILENT,
    "hang-after-headers": SILENT,
    "hang-in-body": SILENT,
    "delay:0.05": UNHARMED,
    "delay-body:0.05": UNHARMED,
    "trickle-headers:0.01,50": UNHARMED,
    "trickle-body:0.01,300": UNHARMED,
    "truncate": no_http(http.client.IncompleteRead),
    "overlong": UNHARMED,
    "bad-chunk": no_http(http.client.IncompleteRead),
    "unfinished-chunks": no_http(http.client.IncompleteRead),
    "garbage": no_http(http.client.BadStatusLine),
    "huge-header": no_http(http.client.HTTPException),
    "empty-body": UNDECODABLE,
    "malformed-json": UNDECODABLE,
    "invalid-utf8": UNDECODABLE,
    "wrong-content-type": UNDECODABLE,
    "wrong-encoding": UNDECODABLE,
    "wrong-schema": UNDECODABLE,
    "partial@reportUsage": UNHARMED,  # it is about usage reports; see below
    "too-many-requests": Seen((api.TooManyRequests,), NOT_PROCESSED, 429),
    "server-error:503": Seen((api.ServiceUnavailable,), UNKNOWN, 503),
    "redirect:307": Seen((api.RedirectError,), UNKNOWN, 307),
}


@pytest.fixture(scope="module")
def one_server() -> Iterator[ThreadedServer]:
    with serving() as server:
        yield server


@pytest.fixture
def server(one_server: ThreadedServer) -> Iterator[ThreadedServer]:
    yield one_server
    one_server.reset()


def client(server: ThreadedServer, retries: api.Retries | None = None) -> api.MarketplaceClient:
    return api.MarketplaceClient(
        "SK", "secret", base_url=server.url, timeout=TIMEOUT, deadline=5, retries=retries
    )


def fetch_blocking(
    server: ThreadedServer, calls: int = 1, retries: api.Retries | None = None
) -> list[object]:
    with client(server, retries) as ours:
        return [ours.listings.fetch(LISTING) for _ in range(calls)]


def fetch_async(server: ThreadedServer, calls: int = 1, retries: api.Retries | None = None) -> list[object]:
    async def run() -> list[object]:
        async with api.AsyncMarketplaceClient(
            "SK", "secret", base_url=server.url, timeout=TIMEOUT, deadline=5, retries=retries
        ) as ours:
            return [await ours.listings.fetch(LISTING) for _ in range(calls)]

    return asyncio.run(run())


def report(server: ThreadedServer) -> api.PartialSuccess:
    with client(server) as ours:
        return ours.usages.report(INSTALLATION, billable_items=[{"sid": ITEM, "quantity": Decimal("12.355")}])


def test_every_fault_is_in_the_table() -> None:
    assert [text.partition(":")[0].partition("@")[0] for text in SEEN] == list(KINDS)


@pytest.mark.parametrize("fault", SEEN)
@pytest.mark.parametrize("call", [fetch_blocking, fetch_async])
def test_our_client_says_what_became_of_the_request(server: ThreadedServer, fault: str, call: object) -> None:
    server.add_fault(fault)
    expected = SEEN[fault]
    if expected.ours is None:
        # A second call shows that the client gets over what the first one left behind: it may find the connection
        # closed when it sends, and then tries again.
        results = call(server, 2, api.Retries(first_delay=0.01))  # type: ignore[operator]
        assert [result.sid for result in results] == [LISTING, LISTING]
        return
    with pytest.raises(expected.ours) as caught:
        call(server)  # type: ignore[operator]
    assert caught.value.attempts == 1
    if expected.outcome is not None:
        assert caught.value.outcome is expected.outcome


@pytest.mark.parametrize("fault", SEEN)
def test_another_client_sees_the_same(server: ThreadedServer, fault: str) -> None:
    server.add_fault(fault)
    expected = SEEN[fault].theirs
    if isinstance(expected, int):
        assert fetch(server, timeout=TIMEOUT)[0] == expected
        return
    with pytest.raises(expected):
        fetch(server, timeout=TIMEOUT)


@pytest.mark.parametrize("fault", [text for text, seen in SEEN.items() if seen.ours and seen.outcome])
def test_a_billing_call_is_made_once_and_its_outcome_told(server: ThreadedServer, fault: str) -> None:
    server.add_fault(fault)
    with pytest.raises(api.ClientError) as caught:
        report(server)
    assert (caught.value.attempts, caught.value.outcome) == (1, SEEN[fault].outcome)


def test_partial_success_shows_what_was_not_billed(server: ThreadedServer) -> None:
    assert report(server).result.billable_items[0].submitted is True
    server.add_fault("partial")
    answered = report(server)
    assert answered.result.billable_items[0].submitted is False
    assert answered.result.total_submitted == 0
    assert not answered.all_submitted
    assert [item.sent.quantity for item in answered.rejected] == [Decimal("12.355")]


def test_a_storm_of_429_is_waited_out(server: ThreadedServer) -> None:
    server.add_fault("too-many-requests:0@fetchListing#1-3")
    with client(server, api.Retries()) as ours:
        assert ours.listings.fetch(LISTING).sid == LISTING
    assert [entry["status"] for entry in log(server)] == [429, 429, 429, 200]
    assert [entry["fault"] for entry in log(server)] == ["too-many-requests"] * 3 + [None]


def test_a_burst_of_500_ends_a_billing_call_at_once_and_a_fetch_survives_it(server: ThreadedServer) -> None:
    server.add_fault("server-error:500#1-3")
    with client(server, api.Retries(first_delay=0.01)) as ours:
        with pytest.raises(api.InternalServerError) as caught:
            ours.usages.report(INSTALLATION, billable_items=[{"sid": ITEM, "quantity": Decimal(1)}])
        assert caught.value.attempts == 1
        assert ours.listings.fetch(LISTING).sid == LISTING
    assert len(log(server)) == 4


def test_a_fault_hits_its_operation_and_its_call_only(server: ThreadedServer) -> None:
    server.add_fault("close-before-headers@fetchListing#2")
    fetch_blocking(server)
    report(server)
    with pytest.raises(api.ProtocolError):
        fetch_blocking(server)
    fetch_blocking(server)


def test_a_request_asks_for_a_fault_of_its_own(server: ThreadedServer) -> None:
    assert fetch(server, headers={"X-Clientsmith-Fault": "server-error:502"})[0] == 502
    assert fetch(server, headers={"Prefer": "fault=server-error:504"})[0] == 504
    with pytest.raises(http.client.IncompleteRead):
        fetch(server, headers={"x-clientsmith-fault": "truncate:3"})
    with pytest.raises(ConnectionResetError):
        fetch(server, headers={"x-clientsmith-fault": "reset-in-request"})
    assert fetch(server)[0] == 200


def test_a_request_that_asks_for_an_unknown_fault_is_told_the_known_ones(server: ThreadedServer) -> None:
    status, _, body = fetch(server, headers={"X-Clientsmith-Fault": "trunkate"})
    assert status == 400
    assert b"did you mean truncate" in body


def test_a_request_is_told_that_its_fault_cannot_be_carried_out(server: ThreadedServer) -> None:
    status, _, body = fetch(server, headers={"X-Clientsmith-Fault": "partial"})
    assert status == 501
    assert b"x-clientsmith-partial-success" in body


def test_delays_and_trickles_take_their_time(server: ThreadedServer) -> None:
    for fault in ("delay:0.1", "delay-body:0.1", "trickle-headers:0.05,150", "trickle-body:0.05,600"):
        started = time.monotonic()
        assert fetch(server, headers={"X-Clientsmith-Fault": fault})[0] == 200
        assert time.monotonic() - started >= 0.1, fault


def test_connections_are_accepted_again_after_a_refusal(server: ThreadedServer) -> None:
    server.add_fault("refuse:0.05")
    with pytest.raises(ConnectionRefusedError):
        fetch(server)
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            assert fetch(server)[0] == 200
            return
        except ConnectionRefusedError:
            time.sleep(0.01)
    pytest.fail("the server never listened again")


def test_the_control_interface_is_reached_through_hanging_connections(server: ThreadedServer) -> None:
    server.add_fault("hang-on-connect")
    with pytest.raises(TimeoutError):
        fetch(server, timeout=TIMEOUT)
    assert fetch(server, "DELETE", "/__clientsmith/faults", headers={"X-Clientsmith": "1"})[0] == 204
    assert fetch(server)[0] == 200


def log(server: ThreadedServer) -> list[dict[str, object]]:
    return server.service.log.as_json()
