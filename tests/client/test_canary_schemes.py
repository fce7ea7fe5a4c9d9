"""The same search for secrets that travel in a query, a header, a cookie and as a bearer token, on a small API."""

from __future__ import annotations

import asyncio
import copy
import pickle
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from tests.behavior.packages import Package, package_of, spec
from tests.client import canaries
from tests.client.answers import http
from tests.client.calls import MODES, Mode, Told
from tests.client.canaries import BEARER, COOKIE, HEADER, QUERY, assert_all_clean, assert_clean
from tests.client.fault_server import Wire, serving
from tests.client.faults import FAULTS, Fault
from tests.client.test_canary import Records, records

__all__ = ["records"]
DOCUMENT = spec(
    """
    components:
      securitySchemes:
        q: {type: apiKey, in: query, name: api_key}
        h: {type: apiKey, in: header, name: X-Key}
        c: {type: apiKey, in: cookie, name: session}
        b: {type: http, scheme: bearer}
    paths:
      /things:
        post:
          operationId: make
          tags: [things]
          x-clientsmith-bills: true
          security: [{q: [], h: [], c: [], b: []}]
          parameters: [{name: page, in: query, schema: {type: integer}}]
          responses:
            '200': {description: ok, content: {application/json: {schema: {type: object}}}}
    """
)
PICKED = [fault for fault in FAULTS if fault.name in {
    "reset-unread", "reset-after-request", "drop-after-request", "hang", "trickled-body", "truncated-body", "garbage",
    "bad-length", "long-headers", "malformed-json", "bad-gzip", "long-body", "limited",
}]  # fmt: skip


@pytest.fixture(scope="module")
def package() -> Package:
    return package_of(DOCUMENT)


def _client(package: Package, mode: Mode, url: str, told: Told, **settings: Any) -> Any:
    made = package.client_class(asynchronous=mode == "async")
    named = {"q": QUERY, "h": HEADER, "api_key": COOKIE, "token": BEARER}
    options = {"base_url": url, "hooks": [told.hook], "journal": told.journal(mode), "timeout": 10}
    return made(**named, **(options | settings))


def _settings(mode: Mode, wiring: str) -> dict[str, Any]:
    if wiring == "client":
        return {"http_client": httpx.Client() if mode == "sync" else httpx.AsyncClient()}
    if wiring == "transport":
        return {"transport": httpx.HTTPTransport() if mode == "sync" else httpx.AsyncHTTPTransport()}
    return {}


def _run(package: Package, mode: Mode, url: str, told: Told, wiring: str, **settings: Any) -> Any:
    """A reply or an error; the client is searched on the way."""

    async def scenario() -> Any:
        client = _client(package, mode, url, told, **_settings(mode, wiring), **settings)
        assert assert_all_clean(client, "client") > 50
        try:
            reply = client.with_response(client.things.make, page=3)
            ended = reply if mode == "sync" else await reply
        except Exception as error:
            ended = error
        assert_all_clean(client, "client")
        client.close() if mode == "sync" else await client.aclose()
        return ended

    return asyncio.run(scenario())


@pytest.mark.parametrize("wiring", ["own", "client", "transport"])
@pytest.mark.parametrize("mode", MODES)
def test_reply_and_log_show_nothing(package: Package, mode: Mode, wiring: str, records: Records) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(200, b"{}", headers={"Set-Cookie": "a=b"}))

    told = Told()
    with serving(script) as server:
        reply = _run(package, mode, server.url, told, wiring)
        (request,) = server.requests

    assert parse_qs(request.target.partition("?")[2]) == {"page": ["3"], "api_key": [QUERY]}
    assert request.headers["x-key"] == HEADER
    assert request.headers["cookie"] == f"session={COOKIE}"
    assert request.headers["authorization"] == f"Bearer {BEARER}"
    assert "page=3" in reply.response.url
    assert assert_all_clean(reply, "reply") > 5
    assert_all_clean(told, "told")
    assert records.check() > 0


@pytest.mark.parametrize("mode", MODES)
def test_log_of_an_httpx_client_shows_no_key_in_the_query(
    package: Package, mode: Mode, records: Records
) -> None:
    """httpx logs the URL of every request that goes through one of its clients, at INFO."""

    def script(wire: Wire) -> None:
        wire.request()
        wire.send(http(200, b"{}"))

    with serving(script) as server:
        _run(package, mode, server.url, Told(), "client")

    assert "httpx" in {record.name for record in records.records}
    records.check()


@pytest.mark.parametrize("wiring", ["own", "client", "transport"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", PICKED, ids=lambda fault: fault.name)
def test_error_shows_nothing(
    package: Package, fault: Fault, mode: Mode, wiring: str, records: Records
) -> None:
    told = Told()
    settings = dict(fault.settings)
    if "limits" in settings:
        settings["limits"] = package.module.Limits(response_bytes=200_000)
    with serving(fault.script) as server:
        error = _run(package, mode, server.url, told, wiring, **settings)

    assert isinstance(error, package.module.ClientError), repr(error)
    ours = None if wiring == "own" else str(package.folder)
    canaries.assert_nothing_slips(error, fault.name, ours)
    assert_clean(pickle.dumps(error), "a pickled error")
    assert_all_clean(copy.copy(error), "a copied error")
    assert_all_clean(told, "told")
    assert records.check() > 0


@pytest.mark.parametrize("mode", MODES)
def test_journal_file_holds_nothing(package: Package, mode: Mode, tmp_path: Path) -> None:
    """Neither the file nor what SQLite writes beside it, nor what the journal says of its records."""
    runtime = package.submodule("_runtime")
    journal = (runtime.SqliteJournal if mode == "sync" else runtime.AsyncSqliteJournal)(
        tmp_path / "intents.db"
    )
    for fault in (fault for fault in PICKED if not fault.settings):
        with serving(fault.script) as server:
            _run(package, mode, server.url, Told(), "own", journal=journal)
    journal.close() if mode == "sync" else asyncio.run(journal.aclose())
    written = b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))

    assert b"/things?page=3" in written
    assert_clean(written, "the file of the journal")
    assert_clean(f"{journal!r} {journal}", "the journal")
    with runtime.SqliteJournal(tmp_path / "intents.db") as reader:
        assert assert_all_clean(list(reader.records()), "records") > 20
