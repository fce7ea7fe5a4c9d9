"""Which schemas hold for a member, by the patterns that its name matches (JSON Schema Core 10.3.2.1 to 10.3.2.3)."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.jsonschema.patterned import member_kinds
from tests.unit.jsonschema.floor import loaded

INTEGER, STRING, BOOLEAN = {"type": "integer"}, {"type": "string"}, {"type": "boolean"}


def kinds(*conjuncts: dict[str, Any], with_forbidden: bool = False) -> dict[tuple[str, ...], list[Any]]:
    """The schemas by pattern of a conjunction."""
    reader, root = loaded().reader("3.1.0", {"Root": {"allOf": list(conjuncts)}})
    return {
        kind.patterns: [schema.value for schema in kind.schemas]
        for kind in member_kinds(reader, reader.parts(root), with_forbidden=with_forbidden)
    }


KINDS: list[tuple[Any, Any]] = [
    ([{"patternProperties": {"^x": INTEGER}}], {(): [], ("^x",): [INTEGER]}),
    ([{"patternProperties": {"^x": INTEGER}, "additionalProperties": True}], {(): [], ("^x",): [INTEGER]}),
    ([{"patternProperties": {"^x": INTEGER}, "additionalProperties": STRING}], {(): [STRING], ("^x",): [INTEGER]}),
    ([{"patternProperties": {"^x": {}}, "additionalProperties": STRING}], {(): [STRING], ("^x",): []}),
    # What is beside a pattern in another schema does not know the pattern (10.3.2.3).
    (
        [{"patternProperties": {"^x": INTEGER}}, {"additionalProperties": {"minimum": 1}}],
        {(): [{"minimum": 1}], ("^x",): [INTEGER, {"minimum": 1}]},
    ),
    (
        [{"patternProperties": {"^x": INTEGER}}, {"patternProperties": {"^x": {"minimum": 1}}}],
        {(): [], ("^x",): [INTEGER, {"minimum": 1}]},
    ),
    # `unevaluatedProperties` asks only for those that nothing beside it has looked at (11.3).
    ([{"patternProperties": {"^x": INTEGER}, "unevaluatedProperties": STRING}], {(): [STRING], ("^x",): [INTEGER]}),
    (
        [{"patternProperties": {"^x": INTEGER}, "additionalProperties": BOOLEAN, "unevaluatedProperties": STRING}],
        {(): [BOOLEAN], ("^x",): [INTEGER]},
    ),
    # Both patterns hold for a name that matches both.
    (
        [{"patternProperties": {"^x": INTEGER, "y$": {"minimum": 1}}}],
        {(): [], ("^x",): [INTEGER], ("y$",): [{"minimum": 1}], ("^x", "y$"): [INTEGER, {"minimum": 1}]},
    ),
    ([{"patternProperties": {"^x": INTEGER, "^y": STRING}}], {(): [], ("^x",): [INTEGER], ("^y",): [STRING]}),
    ([{"patternProperties": {"^x": INTEGER, "^_": False}}], {(): [], ("^_",): [False], ("^x",): [INTEGER]}),
]  # fmt: skip


@pytest.mark.parametrize(("conjuncts", "wanted"), KINDS)
def test_a_member_has_the_schemas_of_the_patterns_in_its_name(conjuncts: Any, wanted: Any) -> None:
    assert kinds(*conjuncts) == wanted


ALIKE: list[Any] = [
    [{"type": "object"}],
    [{"additionalProperties": INTEGER}],
    [{"patternProperties": {}}],
    [{"patternProperties": {"^x": {}}}],
    [{"patternProperties": {"^x": INTEGER}, "additionalProperties": False}],
    [{"patternProperties": {"^x": INTEGER}, "unevaluatedProperties": False}],
    [{"patternProperties": {"^_": False}, "additionalProperties": INTEGER}],
    [{"patternProperties": {"^(?=x)": INTEGER}}],
]


@pytest.mark.parametrize("conjuncts", ALIKE)
def test_members_of_one_kind_are_not_told_apart(conjuncts: Any) -> None:
    assert kinds(*conjuncts) == {}


FORBIDDEN: list[tuple[Any, Any]] = [
    ({"patternProperties": {"^x": INTEGER}, "additionalProperties": False}, {(): [False], ("^x",): [INTEGER]}),
    ({"patternProperties": {"^x": {}}, "unevaluatedProperties": False}, {(): [False], ("^x",): []}),
    ({"patternProperties": {"^_": False}, "additionalProperties": INTEGER}, {(): [INTEGER], ("^_",): [False]}),
    ({"patternProperties": {"^x": INTEGER}, "additionalProperties": INTEGER}, {(): [INTEGER], ("^x",): [INTEGER]}),
    ({"patternProperties": {"^x": {}}}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "wanted"), FORBIDDEN)
def test_forbidden_members_are_a_kind_of_their_own_on_request(schema: Any, wanted: Any) -> None:
    assert kinds(schema, with_forbidden=True) == wanted


def test_names_of_several_patterns_are_not_looked_for_among_many() -> None:
    patterns = {f"^x{number}": {"type": "integer", "minimum": number} for number in range(200)}

    assert len(kinds({"patternProperties": patterns})) == 201
