"""Labelled pairs of descriptions, one change each: every label is met exactly, in both directions and both versions."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from clientsmith.diff.rules import rules
from clientsmith.diff.wire.compare import compare
from tests.cases.diff.descriptions import of_document, of_operation, of_schema, opened

FILES = Path(__file__).with_name("pairs")
AT = {"messages": "operation", "documents": "document"}


class LabelledPair(NamedTuple):
    """An old and a new description, and the changes that are expected: rule, level in requests, in responses."""

    name: str
    versions: tuple[str, str]
    at: str
    old: Any
    new: Any
    schemas: Any
    label: tuple[str, ...]


def _label(stated: str | list[str]) -> tuple[str, ...]:
    listed = [stated] if isinstance(stated, str) else stated
    return tuple(sorted(one for one in listed if one != "equal"))


def _versions(entry: Any) -> list[tuple[str, str]]:
    if "versions" in entry:
        return [tuple(entry["versions"])]
    return [(one, one) for one in ([entry["only"]] if "only" in entry else ["3.0", "3.1"])]


def _pairs() -> list[LabelledPair]:
    found: list[LabelledPair] = []
    for file in sorted(FILES.glob("*.yaml")):
        for number, entry in enumerate(yaml.safe_load(file.read_text(encoding="utf-8")), 1):
            at = entry.get("at", AT.get(file.stem, "schema"))
            sides = entry["old"], entry["new"]
            labels = _label(entry.get("is", "equal")), _label(entry.get("back", "equal"))
            assert entry["why"], f"{file.name} {number} gives no reason"
            for version in _versions(entry):
                for way, label in zip(("->", "<-"), labels, strict=True):
                    step = 1 if way == "->" else -1
                    name = f"{file.stem}-{number}-{version[0]}-{version[1]}{way}"
                    both = sides[::step], version[::step]
                    found.append(LabelledPair(name, both[1], at, *both[0], entry.get("schemas", {}), label))
    return found


PAIRS = _pairs()


def description(pair: LabelledPair, side: int) -> dict[str, Any]:
    """One side of a pair as a whole description."""
    part, version = (pair.old, pair.new)[side], pair.versions[side]
    if pair.at == "schema":
        return of_schema(version, part, pair.schemas)
    return of_operation(version, part) if pair.at == "operation" else of_document(version, part)


@pytest.mark.parametrize("pair", [pytest.param(one, id=one.name) for one in PAIRS])
def test_each_label_is_met_exactly(pair: LabelledPair) -> None:
    found = compare(opened(description(pair, 0)), opened(description(pair, 1)))
    shown = [f"{one.rule} {one.request.word} {one.response.word}" for one in found]
    assert sorted(shown) == list(pair.label), [one.text for one in found]


def test_there_are_enough_pairs_over_every_rule() -> None:
    by_rule = Counter(label.split()[0] for pair in PAIRS for label in pair.label)
    equal = sum(not pair.label for pair in PAIRS)
    table = [f"{rule:32}{count:4}" for rule, count in sorted(by_rule.items())]
    sys.stdout.write("\n".join([*table, f"{'equal':32}{equal:4}", ""]))
    assert set(by_rule) == {rule.id for rule in rules().values() if rule.request or rule.response}
    assert len(PAIRS) >= 300
    assert equal >= 60
