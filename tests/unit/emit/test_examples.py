from __future__ import annotations

import re

import pytest

from clientsmith.api.model.types import (
    ANY,
    NONE,
    STR,
    ConstrainedType,
    Constraints,
    ListType,
    LiteralType,
    MapType,
    NamedType,
    ScalarType,
    TypeExpr,
    UnionType,
)
from clientsmith.emit.reference.example_limits import text_within
from clientsmith.emit.reference.examples import ExampleText
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.type_text import Catalog
from clientsmith.jsonschema.pattern_syntax import to_rust
from tests.unit.emit.sample_api import ODD

CATALOG = Catalog.of(ODD.schemas)
DECIMAL, INT = ScalarType("Decimal"), ScalarType("int")


@pytest.mark.parametrize(
    ("expression", "example", "text"),
    [
        (STR, "x", '"x"'),
        (DECIMAL, 12.355, 'Decimal("12.355")'),
        (DECIMAL, 3, "3"),
        (INT, 1.5, "1"),
        (INT, True, "1"),
        (ScalarType("bool"), None, "True"),
        (LiteralType(("a", "b")), "b", '"b"'),
        (LiteralType(("a", "b")), "c", '"a"'),
        (ScalarType("datetime"), "2024-02-03T04:05:06Z",
         "datetime.datetime(2024, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)"),
        (ScalarType("date"), "never", "datetime.date(2024, 1, 1)"),
        (ConstrainedType(STR, Constraints(pattern="^XB[0-9a-f]{4}$")), "bad", '"XB0000"'),
        (ConstrainedType(STR, Constraints(min_length=5)), None, '"...xx"'),
        (ConstrainedType(DECIMAL, Constraints(exclusive_minimum="0", maximum="0.5")), None, 'Decimal("0.5")'),
        (ConstrainedType(INT, Constraints(minimum="10", multiple_of="7")), None, "14"),
        (ConstrainedType(ListType(STR), Constraints(min_items=2)), None, '["...", "..."]'),
        (UnionType((NONE, INT)), None, "1"),
        (MapType(INT), {"b": 1, "a": 2}, '{"a": 2, "b": 1}'),
        (ANY, {"a": [1, None, "x"]}, '{"a": [1, None, "x"]}'),
        (NamedType("Node"), None, 'models.Leaf.model_validate({"kind": "leaf"})'),
        (NamedType("Node"), {"kind": "branch", "children": []}, '{"kind": "branch", "children": []}'),
        (NamedType("Node"), {"kind": "root"}, 'models.Leaf.model_validate({"kind": "root"})'),
        (NamedType("Leaf"), {"kind": "leaf", "value": 3, "new": 1}, '{"kind": "leaf", "value": 3}'),
        (NamedType("Tree"), [{"kind": "leaf"}], '[{"kind": "leaf"}]'),
    ],
)  # fmt: skip
def test_an_example_fits_its_type_or_is_made_up(
    expression: TypeExpr, example: object, text: str | None
) -> None:
    assert ExampleText(Imports(), CATALOG, "odd_things").of(expression, example) == text


@pytest.mark.parametrize(
    "pattern",
    [
        "^XB[0-9a-fA-F]{32}$",
        r"\d{3}-\w+",
        "(?:a|b)c?",
        "^(foo|bar)$",
        r"^\+[1-9]\d{1,14}$",
        "a{2,5}",
        r"[\w.]+@x\.y",
        ".*",
        "[^a]",
        r"\p{L}{2}",
        r"^[\w-]+$",
        r"^[^\s/]+$",
        r"^\S+@\S+\.\S+$",
        r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
        r"^#[0-9a-fA-F]{6}$",
        r"^(\d{3}-)?\d{4}$",
        r"\bword\b",
        r"^[\]\-]$",
        r"^\x41\u0042$",
        r"^(?:[01]\d|2[0-3]):[0-5]\d$",
    ],
)
def test_patterns_in_everyday_use_are_matched(pattern: str) -> None:
    text = text_within(Constraints(pattern=to_rust(pattern)))

    assert text is not None
    assert re.search(pattern.replace(r"\p{L}", "[a-z]"), text)


def test_a_pattern_is_matched_by_a_text_of_the_length_asked_for() -> None:
    limits = Constraints(pattern="^[a-z]+(?:-[a-z]+)?$", min_length=12, max_length=12)

    assert text_within(limits) == "a" * 12


@pytest.mark.parametrize("pattern", ["(?=a)b", "(" * 50, "a{9999999}", "[", "\\", "(?P<x>a)", "("])
def test_other_patterns_are_given_up(pattern: str) -> None:
    assert text_within(Constraints(pattern=pattern)) is None


def test_an_attempt_that_fails_leaves_no_import_behind() -> None:
    imports = Imports()
    union = UnionType((ScalarType("date"), STR))

    assert ExampleText(imports, CATALOG, "odd_things").of(union, "some day") == '"some day"'
    assert imports.render() == ""
