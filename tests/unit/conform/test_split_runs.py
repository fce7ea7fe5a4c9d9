"""What makes a split run say the same as a whole one: draws, tasks, outcomes that add up, and data that survives a file."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clientsmith.conform.inputs.drawing.draws import Draws
from clientsmith.conform.model import Cell, Drawn, Part, Report, UnitResult
from clientsmith.conform.run.processes.tasks import tasks_of
from clientsmith.conform.run.processes.workers import Begun, Died, Done, run_tasks
from clientsmith.conform.run.shard import Shard
from clientsmith.conform.run.tally import Tally
from clientsmith.conform.run.unit_outcome import UnitOutcome, summed
from clientsmith.conform.run.written import NotWrittenError, tree_of, value_of
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import open_document
from clientsmith.json_values.codec import Value
from clientsmith.traffic.check import MessageChecker
from tests.patience import PATIENCE
from tests.unit.conform.sample_report import report

DOCUMENT = """\
openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
components: {schemas: {Text: {type: object, required: [a], properties: {a: {type: string}, b: {type: number}}}}}
"""


@pytest.fixture
def checker(tmp_path: Path) -> MessageChecker:
    (tmp_path / "api.yaml").write_text(DOCUMENT)
    resolved = open_document(str(tmp_path / "api.yaml"), Diagnostics())
    assert resolved is not None
    return MessageChecker(resolved, None, ())


def drawn(checker: MessageChecker, shared: Path | None = None) -> tuple[Value, ...]:
    draws = Draws(checker, number=0, examples=60, folder=shared)
    schema = checker.resolved.node().get("components").get("schemas").get("Text")  # type: ignore[union-attr]
    return draws.valid(schema, "request")


def test_draws_do_not_depend_on_what_is_loaded(checker: MessageChecker, tmp_path: Path) -> None:
    before = drawn(checker)
    file = tmp_path / "loaded.py"
    file.write_text(
        "\n".join(f"C{number} = 'constant number {number}', {number * 7919}" for number in range(300))
    )
    spec = importlib.util.spec_from_file_location("loaded_by_a_test", file)
    assert spec is not None and spec.loader is not None
    sys.modules["loaded_by_a_test"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        assert drawn(checker) == before and len(before) > 60
    finally:
        del sys.modules["loaded_by_a_test"]


def test_what_was_drawn_is_read_by_the_others_as_it_was(checker: MessageChecker, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    alone = drawn(checker)
    assert [repr(drawn(checker, tmp_path / "shared")) for _ in range(2)] == [repr(alone)] * 2


@pytest.mark.parametrize("operations", [1, 7, 32, 33, 500])
@pytest.mark.parametrize("of", [1, 2, 3, 50])
def test_shares_have_every_unit_once_and_whole_tasks(operations: int, of: int) -> None:
    parts: tuple[Part, ...] = ("surface", "request", "both-ends")
    units = [(part, number) for part in parts for number in range(operations)]
    whole = tasks_of(units, lambda unit: unit[0], None)
    assert [unit for task in whole for unit in task] == units and len(whole) <= 32 * len(parts)
    assert all(len({part for part, _ in task}) == 1 for task in whole)
    shares = [tasks_of(units, lambda unit: unit[0], Shard(number, of)) for number in range(1, of + 1)]
    assert sorted(task for share in shares for task in share) == sorted(whole)
    sizes = [sum(map(len, share)) for share in shares]
    assert max(sizes) - min(sizes) <= max(map(len, whole)) * len(parts)


def outcome(number: int, samples: tuple[str, ...]) -> UnitOutcome:
    result = UnitResult("request", f"request:{number}", "getX", number, 0.5)
    tally = Tally(
        cells={
            Cell("getX", "200", "request", "sync"): number,
            Cell(f"op{number}", "200", "request", "sync"): 1,
        },
        parameters={("getX", "query", "q"): Drawn(1, number, samples)},
        phases={"examples": 2},
    )
    return UnitOutcome(1, number, result, tally)


def test_outcomes_add_up_in_the_order_of_the_suite() -> None:
    blank = replace(
        report(), units=(), parameters={}, phases={}, cells={Cell("getX", "200", "request", "sync"): 0}
    )
    outcomes = [outcome(1, ("a", "b")), outcome(2, ("c", "d")), outcome(3, ("e",))]
    whole = summed(blank, outcomes)
    assert whole.cells == {
        Cell("getX", "200", "request", "sync"): 6, Cell("op1", "200", "request", "sync"): 1,
        Cell("op2", "200", "request", "sync"): 1, Cell("op3", "200", "request", "sync"): 1,
    }  # fmt: skip
    assert whole.parameters == {("getX", "query", "q"): Drawn(3, 6, ("a", "b", "c"))}
    assert whole.phases == {"examples": 6} and whole.checks == 6
    other = summed(blank, reversed(outcomes))
    assert other == whole and list(other.cells) == list(whole.cells)


def test_a_report_survives_a_file() -> None:
    first = replace(report(), title="half a pair: \ud800")
    assert value_of(Report, json.loads(json.dumps(tree_of(first)))) == first


@pytest.mark.parametrize("member", ["seconds", "cells", "units", "operations", "exchanges", "budget"])
def test_a_report_that_was_changed_is_not_read(member: str) -> None:
    tree = tree_of(report())
    for changed in (
        tree | {member: "text"},
        tree | {member: [["x"]]},
        {k: v for k, v in tree.items() if k != member},
    ):
        with pytest.raises(NotWrittenError):
            value_of(Report, changed)


def events(jobs: int, *tasks: tuple[str, ...]) -> Iterator[str]:
    for event in run_tasks(tasks, jobs, do):
        match event:
            case Begun(work):
                yield f"begun {work}"
            case Done(work, outcome):
                yield f"done {work} {outcome}"
            case Died(work, how):
                yield f"died {work}: {how}"


_done: list[str] = []


class Thing:
    """What a weak reference may lead to."""


def do(work: str) -> str:
    """Its outcome is all that this process has done."""
    _done.append(work)
    if work.startswith("exit"):
        os._exit(4)
    if work.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if work.startswith("raise"):
        raise SystemExit
    if work.startswith("end"):
        thing = Thing()
        reference = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGTERM))
        del thing
        time.sleep(PATIENCE)
        assert reference() is None
    if work.startswith("slow"):
        time.sleep(0.5)
    return "".join(_done)


def test_each_task_begins_where_no_other_has_been() -> None:
    assert [*events(1, ("a", "b"), ("c",))] == [
        "begun a",
        "done a a",
        "begun b",
        "done b ab",
        "begun c",
        "done c c",
    ]
    assert _done == []


def test_the_work_of_tasks_is_done_side_by_side() -> None:
    began = [*events(2, ("slow1",), ("slow2",), ("c",))]
    assert began[:2] == ["begun slow1", "begun slow2"]
    assert sorted(began[2:]) == ["begun c", "done c c", "done slow1 slow1", "done slow2 slow2"]


@pytest.mark.parametrize(
    ("bad", "how"),
    [("exit", "ended with exit code 4"), ("raise", "ended with exit code 0"), ("end", "ended with exit code 143"),
     ("kill", "was killed by SIGKILL (is memory short? --jobs 1 takes less)")],
)  # fmt: skip
@pytest.mark.parametrize("jobs", [1, 3])
def test_what_dies_is_reported_and_the_rest_is_done(
    bad: str, how: str, jobs: int, capfd: pytest.CaptureFixture[str]
) -> None:
    found = [*events(jobs, ("a", bad, "b"), ("c",))]
    assert f"died {bad}: {how}" in found and {"done a a", "done b b", "done c c"} < {*found}
    assert sum(one.startswith("begun") for one in found) == 4
    assert "Traceback" not in capfd.readouterr().err
