"""A secret that a client was given is in nothing that the client says: no repr, error, traceback, pickle, log or hook."""

from __future__ import annotations

import asyncio
import copy
import gc
import logging
import pickle
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import twilio_marketplace
from tests.client import canaries
from tests.client.answers import good
from tests.client.calls import (
    ARGUMENTS,
    KEY,
    LISTING,
    MODES,
    OPERATIONS,
    SECRET,
    SOON,
    Mode,
    Name,
    Told,
    invoke,
    run,
)
from tests.client.canaries import GIVEN, assert_all_clean, assert_clean, assert_nothing_slips
from tests.client.fault_server import Wire, nobody, serving
from tests.client.faults import FAULTS, Fault
from twilio_marketplace import AsyncMarketplaceClient, CallOptions, ClientError, MarketplaceClient

PACKAGE = canaries.module_folder(twilio_marketplace)
OPTIONS = CallOptions(headers={"X-Given": GIVEN})


def _good(wire: Wire) -> None:
    wire.send(good(wire.request()))


class Records(logging.Handler):
    """Keeps every record that any logger makes."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def check(self) -> int:
        """Search the messages, the arguments they are made of, and all else that a record carries."""
        for record in self.records:
            assert_clean(record.getMessage(), f"a record of {record.name}")
            attributes = {name: value for name, value in vars(record).items() if name != "exc_info"}
            assert_all_clean(attributes, f"a record of {record.name}")
            if record.exc_info and record.exc_info[1]:
                assert_nothing_slips(record.exc_info[1], f"an exception logged by {record.name}", PACKAGE)
        return len(self.records)


@pytest.fixture
def records() -> Iterator[Records]:
    """Every logger at DEBUG."""
    root, handler = logging.getLogger(), Records()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


def _client(mode: Mode, url: str, **settings: Any) -> Any:
    made = MarketplaceClient if mode == "sync" else AsyncMarketplaceClient
    options = {"base_url": url, "retries": SOON} | settings
    return made(KEY, SECRET, **options)


def _shut(mode: Mode, client: Any) -> None:
    client.close() if mode == "sync" else asyncio.run(client.aclose())


@pytest.mark.parametrize("mode", MODES)
def test_client_shows_nothing_before_and_after_calls(mode: Mode, records: Records) -> None:
    async def use(client: Any) -> None:
        _check_client(client)
        for name in OPERATIONS:
            reply = client.with_response
            method = client.usages.report if name == "report" else getattr(client.listings, name)
            subject, keywords = ARGUMENTS[name]
            got = reply(method, subject, options=OPTIONS, **keywords)
            replies.append(got if mode == "sync" else await got)
        _check_client(client)
        client.close() if mode == "sync" else await client.aclose()

    replies: list[Any] = []
    with serving(_good) as server:
        told = Told()
        client = _client(mode, server.url, journal=told.journal(mode), hooks=[told.hook])
        asyncio.run(use(client))
        assert any(SECRET not in str(request.headers) for request in server.requests)
        assert all(canaries.BASIC in request.headers["authorization"] for request in server.requests)

    assert assert_all_clean(replies, "replies") > 100
    assert assert_all_clean(told, "told") > 20
    assert len(replies) == 3
    assert records.check() >= 3


def _check_client(client: Any) -> None:
    for subject in (client, client.listings, client.usages):
        assert_clean(f"{subject!r} {subject} {subject:}", type(subject).__name__)
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            _check_copy(attempt, subject)
    assert assert_all_clean(client, "client") > 50


def _check_copy(attempt: Callable[[Any], Any], subject: Any) -> None:
    """A client cannot be copied; a resource may be, if the copy shows nothing."""
    try:
        made = attempt(subject)
    except TypeError as error:
        assert_nothing_slips(error, f"{attempt.__name__} of {type(subject).__name__}")
    else:
        assert not isinstance(subject, (MarketplaceClient, AsyncMarketplaceClient))
        assert_all_clean(made, f"{attempt.__name__} of {type(subject).__name__}")


@pytest.mark.parametrize("mode", MODES)
def test_client_is_not_copied(mode: Mode) -> None:
    client = _client(mode, "http://127.0.0.1:9")
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(client)
        with pytest.raises(TypeError):
            attempt(client._core._credentials)
    _shut(mode, client)


def _failing(mode: Mode, fault: Fault, name: Name, wiring: str = "own") -> tuple[ClientError, Told]:
    with serving(fault.script) as server:
        ended = run(mode, name, server.url, wiring=wiring, options=OPTIONS, **fault.settings)
    return ended.failure, ended.told


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_error_of_each_fault_shows_nothing(fault: Fault, mode: Mode, records: Records) -> None:
    error, told = _failing(mode, fault, "report")

    assert_nothing_slips(error, fault.name)
    _check_copies(error)
    assert_all_clean(told, "hooks and journal")
    assert records.check() > 0


@pytest.mark.parametrize("wiring", ["client", "transport"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", FAULTS[::4], ids=lambda fault: fault.name)
def test_error_over_httpx_shows_nothing_in_our_frames(
    fault: Fault, mode: Mode, wiring: str, records: Records
) -> None:
    error, told = _failing(mode, fault, "fetch", wiring)

    assert_nothing_slips(error, fault.name, PACKAGE)
    _check_copies(error)
    assert_all_clean(told, "hooks and journal")
    assert records.check() > 0


def _check_copies(error: ClientError) -> None:
    data = pickle.dumps(error)
    assert_clean(data, "a pickled error")
    again = pickle.loads(data)
    assert (str(again), again.outcome, again.attempts) == (str(error), error.outcome, error.attempts)
    assert_all_clean(copy.copy(error), "a copied error")
    assert_all_clean(copy.deepcopy(error), "a deeply copied error")


@pytest.mark.parametrize("mode", MODES)
def test_refused_connection_shows_nothing(mode: Mode, records: Records) -> None:
    with nobody() as url:
        for wiring in ("own", "client", "transport"):
            ended = run(mode, "report", url, wiring=wiring, options=OPTIONS)
            assert_nothing_slips(ended.failure, wiring, None if wiring == "own" else PACKAGE)
    assert records.check() > 0


async def _refusals(mode: Mode, *options: CallOptions) -> list[ClientError]:
    """What comes of arguments that are refused, of these options, and of a closed client."""
    errors: list[ClientError] = []

    async def attempt(make: Callable[[], Any]) -> None:
        with pytest.raises(ClientError) as caught:
            _ = make() if mode == "sync" else await make()
        errors.append(caught.value)

    client = _client(mode, "http://127.0.0.1:9", headers={"X-Client": GIVEN})
    await attempt(lambda: client.listings.fetch("../x"))
    await attempt(lambda: client.usages.report(LISTING, billable_items=[]))
    for given in options:
        await attempt(lambda given=given: client.listings.fetch(LISTING, options=given))
    client.close() if mode == "sync" else await client.aclose()
    await attempt(lambda: client.listings.fetch(LISTING, options=OPTIONS))
    return errors


REFUSED = [
    CallOptions(headers={"Authorization": GIVEN + "\r\nX: y"}),
    CallOptions(headers={"Host": GIVEN}),
    CallOptions(headers={"X-Given": GIVEN, "Bad name": "x"}),
]


@pytest.mark.parametrize("mode", MODES)
def test_refused_arguments_and_closed_clients_show_nothing(mode: Mode) -> None:
    errors = asyncio.run(_refusals(mode, *REFUSED))

    assert len(errors) == 6
    for error in errors:
        assert_all_clean(error, type(error).__name__)
        frames = canaries.frames_of(error, PACKAGE)
        assert SECRET not in frames
        assert canaries.BASIC not in frames


@pytest.mark.parametrize("mode", MODES)
def test_frames_of_refused_arguments_show_no_header_that_the_caller_set(mode: Mode) -> None:
    """An Authorization of the caller's own is as secret as that of the credentials."""
    for error in asyncio.run(_refusals(mode, *REFUSED)):
        assert_clean(canaries.frames_of(error, PACKAGE), f"the traceback of {error}")


@pytest.mark.parametrize("made", [MarketplaceClient, AsyncMarketplaceClient])
@pytest.mark.parametrize(
    "settings",
    [
        {"api_secret": SECRET + "\N{SNOWMAN}\ud800"},
        {"api_key": SECRET + ":", "api_secret": "x"},
        {"api_key": None, "api_secret": SECRET},
        {"base_url": f"https://{KEY}:canary-one@example.com/{SECRET}"},
        {"base_url": f"https://example.com?key={SECRET}"},
        {"headers": {"X-Given": GIVEN + "\n"}},
        {"headers": {"Authorization" + chr(0): GIVEN}},
    ],
)
def test_settings_that_are_refused_are_not_shown(made: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        made(**({"api_key": KEY, "api_secret": SECRET, "base_url": "http://127.0.0.1:9"} | settings))

    # The frames of a constructor hold its arguments, in the caller's code too; all else has to be clean.
    assert_all_clean(caught.value, "the error of a constructor")
    assert_clean("".join(traceback.format_exception(caught.value)), "its traceback")


@pytest.mark.parametrize("mode", MODES)
def test_client_that_nobody_closed_warns_of_nothing_secret(mode: Mode) -> None:
    with serving(_good) as server, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        client = _client(mode, server.url)
        if mode == "sync":
            invoke(client, "fetch", OPTIONS)
        else:
            asyncio.run(invoke(client, "fetch", OPTIONS))
        del client
        gc.collect()
    for warning in caught:
        assert_clean(f"{warning.message} {warning.source!r}", "a warning")


def test_search_finds_each_secret_in_each_form() -> None:
    """The search itself can fail."""
    for secret in canaries.ALL:
        for text in (secret, httpx.QueryParams({"k": secret}).__str__(), f"{secret!r}"):
            assert canaries.found_in(f"before {text} after")
            assert canaries.found_in(f"before {text} after".encode())
    assert canaries.found_in(httpx.BasicAuth("someone-else", SECRET)._auth_header)
    with pytest.raises(AssertionError, match="shows"):
        assert_all_clean({"a": [httpx.Headers({"authorization": f"Basic {canaries.BASIC}"})]}, "x")
    try:
        secret = SECRET
        raise ValueError(len(secret))
    except ValueError as error:
        with pytest.raises(AssertionError, match="traceback"):
            assert_nothing_slips(error, "x")
