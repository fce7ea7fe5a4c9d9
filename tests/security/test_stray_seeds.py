"""The grid of stray answers finds what it is there for: with one check of the client switched off, its cells are wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.client.stray_columns import COLUMNS, REUSING
from tests.client.stray_grid import Verdict, full, run
from tests.client.stray_right import Cell, Post
from tests.client.stray_rows import ROWS
from twilio_marketplace._runtime.client import async_client, call, client
from twilio_marketplace._runtime.http import connections, following, link
from twilio_marketplace._runtime.http.sockets import async_streams, async_wire, attempt_state, streams, wire

Sow = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Seed:
    """One check switched off, and where that has to show: rows and columns by name, blocking and asyncio both."""

    name: str
    sow: Sow
    rows: Sequence[str]
    columns: Sequence[str]
    post: Post = "report"

    def cells(self) -> list[Cell]:
        """The cells without a delay, which leave nothing to chance."""
        columns = [column for column in COLUMNS if column.name in self.columns]
        rows = [row for row in ROWS if row.name in self.rows]
        assert (len(columns), len(rows)) == (len(self.columns), len(self.rows))
        cells = full(columns, rows)
        return [cell for cell in cells if cell.post == self.post and not cell.journal and not cell.late]


def _no_look_before_the_first_byte(patch: pytest.MonkeyPatch) -> None:
    for layer in (
        streams.SocketLayer,
        streams.TlsLayer,
        async_streams.AsyncSocketLayer,
        async_streams.AsyncTlsLayer,
    ):
        patch.setattr(layer, "received", lambda _: None)


def _no_reading_to_the_end(patch: pytest.MonkeyPatch) -> None:
    def must_end(this: Any, _: object) -> bool:
        this.followed = following.Following.END
        return False

    patch.setattr(call.Call, "must_end", must_end)


def _silence_is_an_end(patch: pytest.MonkeyPatch) -> None:
    blocking, concurrent = client.following, async_client.async_following

    def taken(seen: following.Following) -> following.Following:
        return following.Following.END if seen is following.Following.NOTHING else seen

    async def async_following(*arguments: Any) -> following.Following:
        return taken(await concurrent(*arguments))

    patch.setattr(client, "following", lambda *arguments: taken(blocking(*arguments)))
    patch.setattr(async_client, "async_following", async_following)


def _reuse_by_default(patch: pytest.MonkeyPatch) -> None:
    for module in (client, async_client):
        patch.setattr(module, "OWN", link.SHARED)


def _trace_ignored(patch: pytest.MonkeyPatch) -> None:
    original = attempt_state.AttemptState.trace

    def trace(this: attempt_state.AttemptState, event: str, info: Any) -> None:
        original(this, event, info)
        if this.opened is not None:
            this.opened = True

    patch.setattr(attempt_state.AttemptState, "trace", trace)


def _no_watching_in_the_pause(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(call.Call, "hold", lambda *_: False)


def _close_is_not_said(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(link.Link, "says_close", lambda *_, **__: False)


def _one_connection_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(connections, "FRESH_TRIES", 1)


def _proxies_believed(patch: pytest.MonkeyPatch) -> None:
    for module in (wire, async_wire):
        patch.setattr(module, "is_forwarding", lambda *_: False)


def _http2_unknown(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(call, "is_multiplexed", lambda _: False)


def _every_refusal_doubted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(call.Call, "_doubt", lambda *_: "on principle")


OURS = ("plain", "TLS", "tunnel")
HONEST = ("429 then 202, ends properly", "404, ends properly")
SEEDS = (
    Seed(
        "no look before the first byte",
        _no_look_before_the_first_byte,
        ("429 before the request, once", "429 before the request, always"),
        ("TLS 1.2",),
    ),
    Seed("no reading to the end", _no_reading_to_the_end, ("429 first", "404 first"), (*OURS, "transport=")),
    Seed("silence is an end", _silence_is_an_end, ("404, ends never",), OURS),
    Seed("reuse by default", _reuse_by_default, ("103 first", "202 first"), (*OURS, "forward proxy")),
    Seed("trace ignored", _trace_ignored, HONEST, ("http_client=, shared", "transport=, forward proxy")),
    Seed("no watching in the pause", _no_watching_in_the_pause, ("429 first",), OURS, "update"),
    Seed("close is not said", _close_is_not_said, ("429 after",), ("transport=", "http_client=, TLS")),
    Seed("one connection only", _one_connection_only, ("429 before the request, once",), ("TLS 1.2",)),
    Seed("forward proxies believed", _proxies_believed, HONEST, ("forward proxy",)),
    Seed("HTTP/2 not known", _http2_unknown, HONEST, ("HTTP/2",)),
    Seed("every refusal doubted", _every_refusal_doubted, HONEST, (*OURS, "http_client=")),
)


def _wrong(cells: Sequence[Cell], folder: Path) -> list[Verdict]:
    return [verdict for verdict in run(cells, folder) if verdict.faults]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_each_cell_of_a_check_is_wrong_without_it(
    seed: Seed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = seed.cells()
    seed.sow(monkeypatch)

    found = {str(verdict.cell) for verdict in _wrong(cells, tmp_path)}
    assert found == {str(cell) for cell in cells}


def test_reuse_that_is_chosen_gives_up_what_the_grid_asks_for(tmp_path: Path) -> None:
    rows = [row for row in ROWS if row.name == "103 first"]
    cells = [cell for cell in full([REUSING], rows) if cell.bills and not cell.late]
    found = {str(verdict.cell): verdict.faults for verdict in _wrong(cells, tmp_path)}
    reason = "posted on a connection that had carried another request"
    assert found == {str(cell): [reason] for cell in cells}
