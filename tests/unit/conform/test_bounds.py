"""Documents that values could be drawn for without end: refused at their place, or drawn from in a tamer form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.conform.inputs.bounds import Depths, check_branches, tamed
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.budget import TOO_COSTLY
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.reader import SchemaReader
from tests.security.dear_documents import document, ladder, ref, resolved


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_schemas_that_lead_to_each_other_in_too_many_ways_are_refused_at_their_place(
    keyword: str, tmp_path: Path
) -> None:
    diagnostics = Diagnostics()
    check_branches(resolved(document(ref("D0"), ladder(keyword, 30)), tmp_path), diagnostics)
    [found] = diagnostics
    assert found.id == TOO_COSTLY
    assert found.place.span is not None
    few = Diagnostics()
    check_branches(resolved(document(ref("D0"), ladder(keyword, 6)), tmp_path), few)
    assert not list(few)


@pytest.mark.parametrize("count", [1000, 10**9])
def test_arrays_of_arrays_that_multiply_are_refused(count: int, tmp_path: Path) -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(3):
        schema = {"type": "array", "items": schema, "minItems": count}
    diagnostics = Diagnostics()
    check_branches(resolved(document(schema), tmp_path), diagnostics)
    assert [found.id for found in diagnostics] == [TOO_COSTLY]


def test_required_members_that_double_with_each_level_are_refused(tmp_path: Path) -> None:
    def rung(number: int) -> dict[str, Any]:
        inner = {"a": ref(f"D{number + 1}"), "b": ref(f"D{number + 1}")}
        return {"type": "object", "required": ["a", "b"], "properties": inner}

    rungs = {f"D{number}": rung(number) for number in range(30)}
    diagnostics = Diagnostics()
    check_branches(resolved(document(ref("D0"), {**rungs, "D30": {"type": "string"}}), tmp_path), diagnostics)
    assert [found.id for found in diagnostics] == [TOO_COSTLY]


@pytest.mark.parametrize(
    "pattern",
    ["^(a|a)*$", "^((a+)b)*$", "((a+))*", r"^(\w+\s?)*x$", "(a?){30}a{30}", "(a|b){2,}", "a" * 2000],
)
def test_a_pattern_that_may_backtrack_is_drawn_by_samples(pattern: str) -> None:
    found = tamed({"type": "string", "pattern": pattern})
    assert "pattern" not in found
    assert found["enum"]


@pytest.mark.parametrize(
    "pattern", ["^[a-z]+$", "^([0-9a-f]{4}-){3}[0-9]+$", "(ab)+", "[(a+)*]x", "^(a|b)$", r"\(a+\)*"]
)
def test_other_patterns_are_drawn_as_they_are(pattern: str) -> None:
    plain: dict[str, Any] = {"type": "string", "pattern": pattern, "minLength": 3}
    assert tamed(plain) == plain


def test_counts_without_proportion_are_cut() -> None:
    assert tamed({"minItems": 10**9, "minLength": 10**30, "maxItems": 5}) == {
        "minItems": 1_000,
        "minLength": 100_000,
        "maxItems": 5,
    }


def test_every_property_is_set_as_deep_as_a_value_stays_small(tmp_path: Path) -> None:
    wide = {"type": "object", "properties": {f"p{number}": ref("Root") for number in range(30)}}
    found = resolved(document(wide), tmp_path)
    assert Depths(Branches(SchemaReader(found))).of(found.node("/components/schemas/Root"), 6) == 3
    narrow = {"type": "object", "properties": {"a": ref("Root"), "b": {"type": "string"}}}
    found = resolved(document(narrow), tmp_path)
    assert Depths(Branches(SchemaReader(found))).of(found.node("/components/schemas/Root"), 6) == 6
