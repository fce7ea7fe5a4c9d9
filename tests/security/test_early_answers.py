"""Answers before their time: interim ones are no answer, a final one before the body is through proves what its connection proves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.client.calls import INSTALLATION, ITEM, LISTING, MODES, Mode, method_of
from tests.client.stray_columns import COLUMNS
from tests.client.stray_rows import STRAYS
from tests.client.stray_server import CALL, Exchange, Script, Servers, Site, pause, servers
from tests.client.stray_wires import Answer
from twilio_marketplace import CallOptions, ClientError

BY_NAME = {column.name: column for column in COLUMNS}
LARGE = "x" * 5_000_000
"""More than the buffers of two sockets hold, so that the server decides when a request is through."""


@pytest.fixture(scope="module")
def running() -> Iterator[Servers]:
    with servers() as made:
        yield made


def _arguments(name: str, large: bool) -> tuple[tuple[Any, ...], dict[str, Any]]:
    more = {"note": LARGE} if large and name != "fetch" else None
    options = CallOptions(headers={CALL: "7"}, extra_body=more)
    if name == "report":
        return (INSTALLATION,), {"billable_items": [{"sid": ITEM, "quantity": 7}], "options": options}
    body = {"pricing": {"body": "Free"}} if name == "update" else {}
    return (LISTING,), {**body, "options": options}


def outcome_of(
    running: Servers,
    script: Script,
    names: list[str],
    mode: Mode,
    column: str = "plain",
    *,
    large: bool = False,
) -> tuple[str, Site]:
    """How the last of these calls ended, each made on the same client, and what its server saw."""
    way = BY_NAME[column]
    site = running.opened(Site(way.serves, script, 0.0, heads=large)).result()

    async def calls() -> Any:
        client = way.client(mode, site.url, running.trusting())
        try:
            for name in names:
                positional, named = _arguments(name, large)
                result = method_of(client, name)(*positional, **named)
                result = await result if mode == "async" else result
            return "succeeded"
        except ClientError as error:
            return str(error.outcome)
        finally:
            await client.aclose() if mode == "async" else client.close()
            if client.lent is not None:
                await client.lent.aclose() if mode == "async" else client.lent.close()

    outcome = asyncio.run(calls())
    running.settled(site).result()
    assert not site.broken
    return outcome, site


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("column", ["plain", "TLS", "transport=", "http_client="])
@pytest.mark.parametrize("names", [["report"], ["update"], ["fetch", "update"]], ids="-".join)
def test_interim_answers_that_trickle_are_no_answer(
    running: Servers, names: list[str], column: str, mode: Mode
) -> None:
    async def script(exchange: Exchange) -> None:
        answer = exchange.accept()
        for status in (100, 102, 103, 103, 199):
            exchange.send(Answer(status))
            await pause(0.001)
        exchange.send(answer)
        if exchange.asked.last:
            exchange.wire.close()

    outcome, site = outcome_of(running, script, names, mode, column)
    assert (outcome, site.accepted["7"]) == ("succeeded", len(names))


def _hasty(status: int) -> Script:
    """Declines a post as soon as its head is there, then reads the rest, as servers do that let their answer arrive."""

    async def script(exchange: Exchange) -> None:
        if exchange.asked.method == "POST":
            exchange.send(Answer(status, b'{"code":1}'))
            await pause(0.02)
            await exchange.read()
        else:
            exchange.send(exchange.accept())
        if exchange.asked.last:
            exchange.wire.close()

    return script


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("status", "column"), [(413, "plain"), (401, "TLS"), (413, "transport=")])
def test_final_answer_before_the_body_is_through_is_believed_on_a_fresh_connection(
    running: Servers, status: int, column: str, mode: Mode
) -> None:
    outcome, site = outcome_of(running, _hasty(status), ["report"], mode, column, large=True)
    assert (outcome, site.arrived["7"], site.accepted["7"]) == ("rejected", 1, 0)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("status", "column"), [(413, "plain"), (401, "plain"), (413, "TLS")])
def test_final_answer_before_the_body_is_through_proves_nothing_on_a_kept_connection(
    running: Servers, status: int, column: str, mode: Mode
) -> None:
    outcome, site = outcome_of(running, _hasty(status), ["fetch", "update"], mode, column, large=True)
    assert (outcome, site.connections, site.arrived["7"]) == ("unknown", 1, 2)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("stray", ["404", "429"])
def test_stray_answer_during_an_upload_is_not_that_of_the_upload(
    running: Servers, stray: str, mode: Mode
) -> None:
    """It is behind the answer of the call before, and arrives while a large body is still on its way."""

    async def script(exchange: Exchange) -> None:
        if exchange.asked.method == "POST":
            exchange.wire.write([(STRAYS[stray], "over")], None)
            await pause(0.02)
            await exchange.read()
        exchange.send(exchange.accept())

    outcome, site = outcome_of(running, script, ["fetch", "update"], mode, large=True)
    assert (outcome, site.accepted["7"]) == ("unknown", 2)
