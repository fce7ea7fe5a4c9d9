"""The grid of stray answers: every cell is a few calls against a server that sends one answer too many, or seems to.

As a command it runs the cells that the tests run, with `--full` the whole product (`make stray-grid`), and prints the table.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import logging
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.client.calls import INSTALLATION, ITEM, LISTING, MODES, decoded, method_of
from tests.client.stray_columns import COLUMNS, Column
from tests.client.stray_right import DELAYS, Cell, Post, Seen, wrong
from tests.client.stray_rows import ROWS, Row
from tests.client.stray_server import CALL, Servers, Site, servers
from tests.client.stray_wires import Answer
from twilio_marketplace import AsyncSqliteJournal, CallOptions, ClientError, SqliteJournal

POSTS: Final[tuple[Post, ...]] = ("report", "update")
_AT_ONCE: Final = 8
"""Cells that run at the same time; more would only make the machine busy, and every stray answer late."""
_WAITING: Final = 48
"""The same for cells that wait, in which nothing happens."""
_numbers: Final = itertools.count(1)


@dataclass
class Verdict:
    """What came of the posts of one cell, and what is wrong with it."""

    cell: Cell
    seen: list[Seen] = field(default_factory=list[Seen])
    faults: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        return f"{self.cell}: {'; '.join(self.faults) or 'right'}"

    @property
    def accepted(self) -> int:
        return max(seen.accepted for seen in self.seen)


def _possible(row: Row, column: Column) -> bool:
    """A record of its own needs TLS; on a shared client others come first, so nothing comes before them."""
    if "own record" in row.name and column.serves == "plain":
        return False
    return not (column.shared and row.kind == "early")


def full(columns: Sequence[Column] = COLUMNS, rows: Sequence[Row] = ROWS) -> Iterator[Cell]:
    """The whole product."""
    for row, column, mode, post, journal in itertools.product(rows, columns, MODES, POSTS, (False, True)):
        if _possible(row, column) and (post == "report" or not journal):
            for late in DELAYS if row.late else (0.0,):
                yield Cell(row, column, mode, post, journal, late)


def covering(columns: Sequence[Column] = COLUMNS, rows: Sequence[Row] = ROWS) -> Iterator[Cell]:
    """Each row in each column: billing, by blocking and asyncio clients over our pool and by them in turns over the rest,
    and a POST without the mark by them in turns.

    Delay and journal take turns so that each delay meets each row, column, mode and operation, and so does the journal.
    """
    for (place, row), (across, column) in itertools.product(enumerate(rows), enumerate(columns)):
        if not _possible(row, column):
            continue
        for turn, (mode, post) in enumerate(itertools.product(MODES, POSTS)):
            shift = place + across
            mine = (shift + turn // 2) % 2 == (post == "update")
            if mine or (post == "report" and column.pooled):
                late = DELAYS[(shift + turn) % len(DELAYS)] if row.late else 0.0
                journal = post == "report" and (place // 2 + across + turn // 2) % 2 == 0
                yield Cell(row, column, mode, post, journal, late)


def run(cells: Sequence[Cell], folder: Path) -> list[Verdict]:
    """Play the cells, those that wait together, and judge each."""
    with servers() as running:
        playing = _Playing(running, folder / "grid.journal")
        verdicts = playing.all_blocking([cell for cell in cells if cell.mode == "sync"])
        concurrent = [cell for cell in cells if cell.mode == "async"]
        return verdicts + asyncio.run(playing.all_concurrent(concurrent))


class _Playing:
    def __init__(self, running: Servers, journal: Path) -> None:
        self._servers = running
        self._path = journal
        self._trusting = {column.name: running.trusting() for column in COLUMNS}
        self._journal = SqliteJournal(journal)

    def _site(self, cell: Cell) -> Site:
        greeting: Answer | None = cell.row.greeting
        return Site(cell.column.serves, cell.row.script, cell.late, greeting, cell.row.greets)

    def _client(self, cell: Cell, site: Site, journal: Any) -> Any:
        trusting = self._trusting.get(cell.column.name) or self._servers.trusting()
        kept = journal if cell.journal else None
        return cell.column.client(cell.mode, site.url, trusting, tries=cell.row.tries, journal=kept)

    def _blocking(self, cell: Cell) -> Verdict:
        site = self._servers.opened(self._site(cell)).result()
        calls: list[tuple[str, Any]] = []
        with self._client(cell, site, self._journal) as client:
            if cell.column.shared:
                client.lent.get(site.url + "/of/others")
            for name, arguments in _calls(cell):
                try:
                    result = method_of(client, name)(*arguments[0], **arguments[1])
                except ClientError as error:
                    result = error
                calls.append((arguments[1]["options"].headers[CALL], result))
            if client.lent is not None:
                client.lent.close()
        return self._judged(cell, self._servers.settled(site).result(), calls)

    def all_blocking(self, cells: Sequence[Cell]) -> list[Verdict]:
        with ThreadPoolExecutor(_AT_ONCE) as busy, ThreadPoolExecutor(_WAITING) as waiting:
            rooms = {False: busy, True: waiting}
            running = [rooms[cell.waits].submit(self._blocking, cell) for cell in cells]
            return [future.result() for future in running]

    async def all_concurrent(self, cells: Sequence[Cell]) -> list[Verdict]:
        journal = AsyncSqliteJournal(self._path)
        rooms = {False: asyncio.Semaphore(_AT_ONCE), True: asyncio.Semaphore(_WAITING)}

        async def one(cell: Cell) -> Verdict:
            async with rooms[cell.waits]:
                return await self._concurrent(cell, journal)

        return await asyncio.gather(*map(one, cells))

    async def _concurrent(self, cell: Cell, journal: AsyncSqliteJournal) -> Verdict:
        site = await asyncio.wrap_future(self._servers.opened(self._site(cell)))
        calls: list[tuple[str, Any]] = []
        async with self._client(cell, site, journal) as client:
            if cell.column.shared:
                await client.lent.get(site.url + "/of/others")
            for name, arguments in _calls(cell):
                try:
                    result = await method_of(client, name)(*arguments[0], **arguments[1])
                except ClientError as error:
                    result = error
                calls.append((arguments[1]["options"].headers[CALL], result))
            if client.lent is not None:
                await client.lent.aclose()
        return self._judged(cell, await asyncio.wrap_future(self._servers.settled(site)), calls)

    def _judged(self, cell: Cell, site: Site, calls: Sequence[tuple[str, Any]]) -> Verdict:
        assert not site.broken, site.broken
        verdict = Verdict(cell)
        for call, result in calls[-cell.row.posts :]:
            kept = None
            if cell.journal:
                record = self._journal.get(f"call-{call}")
                kept = str(record.outcome) if record else "nothing"
            outcome = str(result.outcome) if isinstance(result, ClientError) else "succeeded"
            own = _own(cell.post, call, result)
            seen = Seen(outcome, site.accepted[call], own, site.followed[call], kept)
            verdict.seen.append(seen)
            fault = wrong(cell, seen)
            if fault:
                verdict.faults.append(fault)
        return verdict


def _calls(cell: Cell) -> Iterator[tuple[str, tuple[tuple[Any, ...], dict[str, Any]]]]:
    """The calls of a cell: one that leaves a connection behind unless the row is about fresh ones, then the posts."""
    names = [] if cell.row.kind == "early" or cell.column.shared else ["fetch"]
    for name in [*names, *[cell.post] * cell.row.posts]:
        number = next(_numbers)
        intent = f"call-{number}" if cell.journal and name == "report" else None
        options = CallOptions(headers={CALL: str(number)}, intent_id=intent)
        if name == "report":
            items = [{"sid": ITEM, "quantity": number}]
            yield name, ((INSTALLATION,), {"billable_items": items, "options": options})
        elif name == "update":
            yield name, ((LISTING,), {"pricing": {"body": str(number)}, "options": options})
        else:
            yield name, ((LISTING,), {"options": options})


def _own(post: Post, call: str, result: Any) -> bool:
    """Whether a result is what the server answered to this very call."""
    answer = decoded(result)
    if post == "report":
        return getattr(answer, "total_submitted", None) == int(call)
    return bool(getattr(answer, "sid", None) == f"XB{int(call):032x}")


def table(verdicts: Sequence[Verdict]) -> str:
    """Rows by columns in Markdown: the most accepted posts of one call, and how many of the cells are wrong."""
    cells: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        cells[verdict.cell.row.name, verdict.cell.column.name].append(verdict)
    rows = list(dict.fromkeys(verdict.cell.row.name for verdict in verdicts))
    columns = list(dict.fromkeys(verdict.cell.column.name for verdict in verdicts))
    lines = [
        f"| most accepted posts, wrong/cells | {' | '.join(columns)} |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for row in rows:
        found = [_entry(cells.get((row, column), [])) for column in columns]
        lines.append(f"| {row} | {' | '.join(found)} |")
    return "\n".join(lines)


def _entry(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return "-"
    bad = sum(bool(verdict.faults) for verdict in verdicts)
    return f"{max(verdict.accepted for verdict in verdicts)}, {bad}/{len(verdicts)}"


def main() -> int:
    """Run and print; 1 if a cell is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every cell of the product")
    parser.add_argument("--column", action="append", help="only this one; may be repeated")
    given = parser.parse_args()
    logging.disable()  # a billing call with an unknown outcome is a warning, and here there are hundreds
    columns = [column for column in COLUMNS if not given.column or column.name in given.column]
    cells = list((full if given.full else covering)(columns))
    started, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        verdicts = run(cells, Path(folder))
    bad = [verdict for verdict in verdicts if verdict.faults]
    calls = sum(len(verdict.seen) for verdict in verdicts)
    taken = f"{time.perf_counter() - started:.1f} s, {time.process_time() - cpu:.1f} s of CPU"
    summary = f"{len(verdicts)} cells, {calls} posts judged, {len(bad)} cells wrong; {taken}"
    lines = [table(verdicts), "", summary, *map(str, bad)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
