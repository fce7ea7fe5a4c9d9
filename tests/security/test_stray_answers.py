"""A server, or a hop before it, that sends one answer too many: nothing is carried out twice, and nothing untrue is said of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.client.calls import MODES, Mode
from tests.client.stray_columns import COLUMNS, Column
from tests.client.stray_grid import covering, full, run
from tests.client.stray_rows import ROWS


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


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
