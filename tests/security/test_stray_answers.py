"""A server, or a hop before it, that sends one answer too many: nothing is carried out twice, and nothing untrue is said of it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.client.calls import INSTALLATION, ITEM, LISTING, MODES, Mode, decoded
from tests.client.stray_columns import COLUMNS, Column
from tests.client.stray_grid import covering, full, run
from tests.client.stray_rows import ROWS
from tests.client.stray_server import CALL, Site, servers
from twilio_marketplace import CallOptions, ClientError, IntentRefusedError, SqliteJournal
from twilio_marketplace._runtime.client import async_client as concurrent
from twilio_marketplace._runtime.client import client as blocking

_SOME = ("plain", "TLS", "transport=")


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look longer for what follows a refusal, so that no outcome depends on how soon a busy machine answers."""
    for module in (blocking, concurrent):
        monkeypatch.setattr(module, "LOOK_AFTER", 1.5)
        monkeypatch.setattr(module, "END_WITHIN", 2.5)


@pytest.mark.parametrize("mode", MODES)
def test_no_post_is_carried_out_twice_and_each_outcome_is_right(mode: Mode, tmp_path: Path) -> None:
    cells = [cell for cell in covering() if cell.mode == mode]
    verdicts = run(cells, tmp_path)

    assert len(verdicts) == len(cells)
    wrong = [str(verdict) for verdict in verdicts if verdict.faults]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(cells)} cells", *wrong])


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_success_that_may_be_that_of_another_call_is_a_warning(
    column: Column, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [row for row in ROWS if row.name == "103 first"]
    cells = [cell for cell in full([column], rows) if not cell.late and not cell.journal]
    verdicts = run(cells, tmp_path)

    assert (
        all(seen.outcome == "succeeded" for verdict in verdicts for seen in verdict.seen)
        or column.multiplexed
    )
    doubted = [record for record in caplog.records if "connection" in record.getMessage()]
    assert all(record.levelname == "WARNING" for record in doubted)
    unproven = [cell for cell in cells if cell.bills and not cell.proven]
    assert [getattr(record, "operation", "") for record in doubted] == ["reportUsage"] * len(unproven)


@pytest.mark.parametrize(
    "column", [column for column in COLUMNS if column.name in _SOME], ids=lambda column: column.name
)
def test_calls_that_share_a_client_get_their_own_answers(column: Column) -> None:
    """Sixteen tasks fetch and report on one client, and the server sends one answer too many after each of its own."""
    script = next(row.script for row in ROWS if row.name == "429 after")

    async def report(client: Any, number: int) -> Any:
        options = CallOptions(headers={CALL: str(number)})
        try:
            if number % 3 == 1:
                return await client.listings.fetch(LISTING, options=options)
            items = [{"sid": ITEM, "quantity": number}]
            usage = await client.usages.report(INSTALLATION, billable_items=items, options=options)
            return int(decoded(usage).total_submitted)
        except ClientError as error:
            return str(error)

    async def task(client: Any, numbers: Iterable[int]) -> dict[int, Any]:
        return {number: await report(client, number) for number in numbers}

    async def scenario(url: str, trusting: ssl.SSLContext) -> list[dict[int, Any]]:
        async with column.client("async", url, trusting) as client:
            return await asyncio.gather(*(task(client, range(start, start + 6)) for start in range(1, 97, 6)))

    with servers() as running:
        site = running.opened(Site(column.serves, script, 0.0005)).result()
        answers = asyncio.run(scenario(site.url, running.trusting()))
        running.settled(site).result()
    wrong = {call: got for each in answers for call, got in each.items() if call % 3 != 1 and got != call}
    assert wrong == {}
    reports = {call: times for call, times in site.accepted.items() if int(call) % 3 != 1}
    assert len(reports) == 64
    assert set(reports.values()) == {1}


@pytest.mark.parametrize(
    "column", [column for column in COLUMNS if column.name in _SOME], ids=lambda column: column.name
)
@pytest.mark.parametrize("name", ["404 first", "429 first", "unsized first"])
def test_journal_lets_nothing_be_sent_again_that_was_carried_out(
    name: str, column: Column, tmp_path: Path
) -> None:
    script = next(row.script for row in ROWS if row.name == name)
    with servers() as running, SqliteJournal(tmp_path / "journal") as journal:
        site = running.opened(Site(column.serves, script, 0.001)).result()
        with column.client("sync", site.url, running.trusting(), journal=journal) as client:
            for number in (1, 2):
                options = CallOptions(headers={CALL: str(number)}, intent_id="march")
                with pytest.raises(ClientError) as caught:
                    client.usages.report(
                        INSTALLATION, billable_items=[{"sid": ITEM, "quantity": 1}], options=options
                    )
                assert isinstance(caught.value, IntentRefusedError) == (number == 2)
        running.settled(site).result()
    assert site.accepted == {"1": 1}


def test_cells_that_are_run_cover_the_product() -> None:
    cells, every = list(covering()), list(full())
    assert len(set(cells)) == len(cells)
    assert set(cells) <= set(every)
    for pairs in (
        lambda cell: (
            cell.row.name,
            cell.column.name,
            cell.mode if cell.bills and cell.column.pooled else cell.post,
        ),
        lambda cell: (cell.row.name, cell.late),
        lambda cell: (cell.row.name, cell.mode, cell.post),
        lambda cell: (cell.column.name, cell.mode, cell.post),
        lambda cell: (cell.column.name, cell.bills, cell.late),
        lambda cell: (cell.mode, cell.post, cell.late),
        lambda cell: (cell.row.name, cell.journal),
        lambda cell: (cell.column.name, cell.mode, cell.journal),
        lambda cell: (cell.late, cell.journal),
    ):
        assert set(map(pairs, cells)) == set(map(pairs, every))
