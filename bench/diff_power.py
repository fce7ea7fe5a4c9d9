"""The power of `clientsmith diff`: one change at a time in a document, and what the comparison says of it.

Operators that break something have to be reported as breaking, at the right place, or the change is proven to break
nothing; operators that only write the same in another way must not be reported. Exit codes: 0 so it is, 1 not.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.model import Change, Level
from clientsmith.diff.surviving import surviving_place
from clientsmith.diff.wire.compare import compare
from clientsmith.document.model import Pointer, parse_pointer, render_pointer
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import load
from diff_breaking_messages import MESSAGE_OPERATORS
from diff_breaking_schemas import SCHEMA_OPERATORS
from diff_operators import Operator, Setting
from diff_places import Place, Reached, Tree, Use, opened, replaced, value_at

OPERATORS = (*SCHEMA_OPERATORS, *MESSAGE_OPERATORS)
ROOT = Path(__file__).parents[1]
LARGEST = 1_000_000
DOCUMENT = Place((), "document", frozenset({Use("request")}))


@dataclass(slots=True)
class Sample:
    name: str
    tree: Tree
    places: list[Place]
    document: ResolvedDocument


def fixtures() -> Iterator[Path]:
    """The descriptions of the repository itself."""
    yield ROOT / "spec" / "marketplace.yaml"
    for folder in ("tests/conformance", "tests/account", "tests/cases"):
        yield from sorted((ROOT / folder).rglob("*.yaml"))


def _refers_elsewhere(tree: Tree) -> bool:
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and not reference.startswith("#"):
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False


def samples(paths: Iterable[Path]) -> list[Sample]:
    found: list[Sample] = []
    for path in paths:
        if path.stat().st_size >= LARGEST:
            continue
        document = load(path, Diagnostics())
        if document is None or not isinstance(document.tree, dict) or "openapi" not in document.tree:
            continue
        tree = document.tree
        if _refers_elsewhere(tree) or not str(tree["openapi"]).startswith("3."):
            continue
        side = opened(tree)
        if side is not None and not isinstance(tree.get("paths", {}), list):
            found.append(Sample(str(path), tree, [DOCUMENT, *Reached(tree).places()], side))
    return found


def right(change: Change, at: Pointer, old: ResolvedDocument, new: ResolvedDocument, holder: Pointer) -> bool:
    def fits(shown: str | None) -> bool:
        pointer = parse_pointer(shown or "")
        if pointer is None:
            return False
        common = min(len(pointer), len(at))
        is_near = pointer[:-1] == holder and len(at) == len(holder) + 1
        return len(pointer) >= len(holder) and (pointer[:common] == at[:common] or is_near)

    if change.new is not None:
        return fits(change.new.pointer)
    survives = parse_pointer(surviving_place(change, old, new).pointer or "") or ()
    return change.old is not None and fits(change.old.pointer) and at[: len(survives)] == survives


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--number", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    paths = list(fixtures())
    if options.corpus:
        paths = sorted(one for one in options.corpus.rglob("*") if one.suffix in (".yaml", ".yml", ".json"))
    began = time.process_time()
    drawn = samples(paths)
    print(len(drawn), "documents", round(time.process_time() - began, 1), "s")
    for operator in OPERATORS:
        if options.only and options.only not in operator.name:
            continue
        chance = random.Random(f"{options.seed} {operator.name}")
        spots = [(one, place) for one in drawn for place in one.places if operator.fits(place)]
        chance.shuffle(spots)
        number = missed = elsewhere = more = 0
        t = time.process_time()
        for sample, place in spots:
            if number >= options.number:
                break
            setting = Setting(sample.tree, place, chance)
            value = value_at(sample.tree, place.pointer)
            edit = operator.change(value, setting)
            if edit is None:
                continue
            number += 1
            new = opened(replaced(sample.tree, place.pointer, edit.value))
            if new is None:
                print("   UNOPENED", operator.name, sample.name, render_pointer(place.pointer))
                continue
            changes = compare(sample.document, new)
            breaking = [one for one in changes if one.level is Level.BREAKING]
            at = (*place.pointer, *edit.below)
            where = f"   {operator.name} {sample.name} {render_pointer(at)}"
            if not breaking:
                missed += 1
                print(
                    "   MISSED",
                    where,
                    json.dumps(value, default=str)[:300],
                    [(one.rule, one.at) for one in changes][:3],
                )
            elif not any(right(one, at, sample.document, new, place.pointer) for one in breaking):
                elsewhere += 1
                print(
                    "   ELSEWHERE",
                    where,
                    [
                        (one.rule, one.old and one.old.pointer, one.new and one.new.pointer)
                        for one in breaking
                    ][:3],
                )
            if len(changes) > 1:
                more += 1
                print(
                    "   MORE",
                    where,
                    [(one.rule, one.old and one.old.pointer, one.new and one.new.pointer) for one in changes][
                        :4
                    ],
                )
        print(
            f"{operator.name:36} {len(spots):6} {number:4} missed {missed} elsewhere {elsewhere} more {more} {time.process_time() - t:.1f}s",
            flush=True,
        )
    print(round(time.process_time() - began, 1), "s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
