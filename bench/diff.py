"""Measures the comparison of two descriptions in CPU: beside reading both, by size, over a cycle, and beside peers.

The two largest descriptions of a folder are compared with themselves and with copies that have known changes. Exit
codes: 0 every target is met, 1 one is missed.
"""

from __future__ import annotations

import argparse
import copy
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from clientsmith.api.builder import build
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.levels import compare_levels
from clientsmith.diff.wire.compare import compare
from clientsmith.document.load import Policies, open_document
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.json_values.codec import Value, write
from diff_known import CHANGES, with_known_changes
from diff_peers import Peers

WIRE, BOTH, FLAT, CYCLE = 3.0, 1.3, 1.5, 1.5
_SIZES = (100, 400, 1600)
_SUFFIXES = (".json", ".yaml", ".yml")
_RESPONSES = {"200": {"description": "ok"}}
T = TypeVar("T")


@dataclass(slots=True)
class Targets:
    """The ratios, each with its target."""

    rows: list[tuple[str, float, float]] = field(default_factory=list[tuple[str, float, float]])
    wrong: list[str] = field(default_factory=list[str])

    def add(self, name: str, value: float, most: float) -> None:
        """A ratio that may be that large."""
        self.rows.append((name, value, most))
        verdict = "met" if value <= most else "MISSED"
        print(f"  {name:58}{value:8.2f}    target <= {most:<5g}{verdict}", flush=True)

    def expect(self, what: str, is_so: bool) -> None:
        """Something that has to be so."""
        print(f"  {what:58}{'':8}    {'met' if is_so else 'MISSED'}", flush=True)
        self.wrong += [] if is_so else [what]

    @property
    def are_met(self) -> bool:
        """Whether all are."""
        return not self.wrong and all(value <= most for _, value, most in self.rows)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The CPU seconds of some work, and what it returns."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def opened(path: Path) -> ResolvedDocument:
    """A description, validated and resolved."""
    document = open_document(path, Diagnostics(), Policies(allow_invalid=True))
    if document is None:
        sys.exit(f"{path} cannot be read")
    return document


def largest(folder: Path) -> list[Path]:
    """The two largest descriptions of a folder."""
    found = sorted(
        (one for one in folder.rglob("*") if one.suffix in _SUFFIXES), key=lambda one: -one.stat().st_size
    )
    return found[:2]


def measure(path: Path, scratch: Path, targets: Targets, peers: Peers) -> None:
    """One description against itself and against a copy with known changes."""
    print(f"\n{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    reading, sides = timed(lambda: (opened(path), opened(path)))
    itself, none = timed(lambda: compare(*sides))
    changed, places = with_known_changes(sides[0].root.tree)
    copied = scratch / f"{path.stem}.changed.json"
    copied.write_text(write(changed), encoding="utf-8")
    new = opened(copied)
    wire, found = timed(lambda: compare(sides[0], new))
    models, _ = timed(lambda: [build(one, Config(), Diagnostics()) for one in (sides[0], new)])
    both, _ = timed(lambda: compare_levels(sides[0], new, Config(), "both", Diagnostics()))
    print(
        f"  CPU: reading both {reading:.2f} s, wire {itself:.2f} s against itself and {wire:.2f} s against the copy,"
    )
    print(f"       two API models {models:.2f} s, both levels {both:.2f} s")
    targets.add("wire level against itself, of reading both", itself / reading, WIRE)
    targets.add("wire level against the copy, of reading both", wire / reading, WIRE)
    targets.add("both levels, of two API models", both / models, BOTH)
    targets.expect("nothing found against itself", not none)
    once = all(sum(place in _pointers(one) for one in found) == 1 for place in places)
    targets.expect(
        f"{CHANGES} known changes: {len(found)} found, each once",
        len(found) == len(places) == CHANGES and once,
    )
    original = scratch / f"{path.stem}.json"
    original.write_text(write(cast("Value", sides[0].root.tree)), encoding="utf-8")
    peers.compare(original, copied)


def _pointers(change: Any) -> list[str]:
    """The places of a change, and of all that is around them."""
    texts = [place.pointer or "" for place in (change.old, change.new) if place is not None]
    return ["/".join(text.split("/")[:end]) for text in texts for end in range(1, len(text.split("/")) + 1)]


def _scaled(number: int) -> dict[str, Any]:
    """A description with that many operations, each with schemas of its own."""
    names = [f"Thing{index}" for index in range(number)]
    properties = {f"p{index}": {"type": "string", "maxLength": 9} for index in range(10)}
    schemas = {
        name: {
            "type": "object",
            "required": ["p1"],
            "properties": {
                **properties,
                "next": {"$ref": f"#/components/schemas/{names[index - index % 10]}"},
            },
        }
        for index, name in enumerate(names)
    }
    paths = {
        f"/{name}": {
            "put": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
                },
                "responses": _RESPONSES,
            }
        }
        for name in names
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _cycle(number: int, *, is_closed: bool, bound: int) -> dict[str, Any]:
    """Schemas that lead to the next one each, the last one to the first if the cycle is closed."""
    schemas: dict[str, Any] = {}
    for index in range(number):
        leads_on = is_closed or index < number - 1
        target = {"$ref": f"#/components/schemas/S{(index + 1) % number}"} if leads_on else {"type": "string"}
        back = (index + 57) % number if is_closed else min(index + 57, number - 1)
        schemas[f"S{index}"] = {
            "type": "object",
            "properties": {
                "next": target,
                "far": {"$ref": f"#/components/schemas/S{back}"},
                "size": {"type": "string", "maxLength": 5},
            },
        }
    schemas[f"S{number - 1}"]["properties"]["far"] = schemas[f"S{number - 1}"]["properties"]["next"]
    schemas[f"S{number // 2}"]["properties"]["size"]["maxLength"] = bound
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    paths = {"/s": {"put": {"requestBody": body, "responses": _RESPONSES}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _pair(
    scratch: Path, old: dict[str, Any], new: dict[str, Any]
) -> tuple[ResolvedDocument, ResolvedDocument]:
    files = scratch / "old.json", scratch / "new.json"
    for file, tree in zip(files, (old, new), strict=True):
        file.write_text(json.dumps(tree), encoding="utf-8")
    return opened(files[0]), opened(files[1])


def measure_sizes(scratch: Path, targets: Targets) -> None:
    """The time per operation from small to large."""
    costs: list[float] = []
    for number in _SIZES:
        old = _scaled(number)
        new = copy.deepcopy(old)
        for one in new["components"]["schemas"].values():
            one["properties"]["p2"] = {"type": "string", "maxLength": 8}
        sides = _pair(scratch, old, new)
        runs = [timed(partial(compare, *sides)) for _ in range(3)]
        costs.append(min(seconds for seconds, _ in runs) / number * 1e6)
    print(
        "\nCPU by operation: "
        + ", ".join(f"{cost:.0f} us of {number}" for cost, number in zip(costs, _SIZES, strict=True))
    )
    targets.add("the largest per operation, of the smallest", costs[-1] / costs[0], FLAT)


def measure_cycle(scratch: Path, targets: Targets) -> None:
    """A hundred schemas in a cycle, with one cause of a change."""
    taken: list[float] = []
    counts: list[int] = []
    for is_closed in (False, True):
        sides = _pair(scratch, *(_cycle(100, is_closed=is_closed, bound=bound) for bound in (5, 4)))
        runs = [timed(partial(compare, *sides)) for _ in range(5)]
        taken.append(min(seconds for seconds, _ in runs))
        counts.append(len(runs[0][1]))
    print(f"\n100 schemas: {taken[0] * 1000:.1f} ms without a cycle, {taken[1] * 1000:.1f} ms with one")
    targets.add("100 schemas in a cycle, of those without", taken[1] / taken[0], CYCLE)
    targets.expect("one change for one cause", counts == [1, 1])


def main() -> int:
    """Measure and print; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("spec"), help="folder with the descriptions")
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-bench-diff"), help="where peers are installed"
    )
    options = parser.parse_args()
    gc.disable()  # as the command does
    peers, targets = Peers(options.peers), Targets()
    print(peers.about)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        measure_sizes(scratch, targets)
        measure_cycle(scratch, targets)
        for path in largest(options.corpus):
            measure(path, scratch, targets, peers)
    return 0 if targets.are_met else 1


if __name__ == "__main__":
    sys.exit(main())
