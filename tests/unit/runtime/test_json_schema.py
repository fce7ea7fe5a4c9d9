"""The validator of responses, held against an independent one (jsonschema-rs) and against numbers made to hurt."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith.runtime.json_schema.json_schema import Checker
from clientsmith.runtime.json_schema.violations import Violation
from clientsmith.runtime.values.json_codec import parse

NAMES = st.sampled_from(["a", "b", "ab", "c1"])
PATTERNS = st.sampled_from(["^a", "b$", "[0-9]", "^$", "a|c", "^.{2}$"])
INTEGERS = st.integers(-3, 6) | st.sampled_from([10**20, -(10**20), 10**400])
DECIMALS = st.sampled_from(
    ["0.1", "0.3", "1.0", "2.50", "1E+2", "1E-3", "12.355", "-0.5", "12345678901234567.123456789", "-0.0"]
).map(Decimal)
NUMBERS = INTEGERS | DECIMALS
TEXTS = st.sampled_from(["", "a", "ab", "b", "c1", "\N{GRINNING FACE}", "\xe9\xe9", "1"])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
_VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
VALUES = (
    _VALUES
    | st.lists(_VALUES, min_size=1, max_size=4)
    | st.dictionaries(NAMES, _VALUES, min_size=1, max_size=4)
)
TYPES = st.sampled_from(["null", "boolean", "object", "array", "number", "integer", "string"])
COUNTS = st.integers(0, 3)
DIVISORS = st.sampled_from([1, 2, 3, Decimal("0.1"), Decimal("0.005"), Decimal("2.5"), Decimal("1E-9")])
LEAVES = {
    "type": TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True),
    "enum": st.lists(VALUES, min_size=1, max_size=3),
    "const": VALUES,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), NUMBERS),
    "multipleOf": DIVISORS,
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties"), COUNTS),
    **dict.fromkeys(("maxProperties", "minContains", "maxContains"), COUNTS),
    "pattern": PATTERNS,
    "uniqueItems": st.booleans(),
    "required": st.lists(NAMES, max_size=2, unique=True),
    "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2),
    "$ref": st.sampled_from(["X", "Y"]),
}


def _with_applicators(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    listed = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    in_place = {
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), listed),
        **dict.fromkeys(("not", "if", "then", "else"), inner),
        "$ref": LEAVES["$ref"],
    }
    of_objects = {
        **dict.fromkeys(("properties", "dependentSchemas"), named),
        **dict.fromkeys(("additionalProperties", "propertyNames", "unevaluatedProperties"), inner),
        "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
        "required": LEAVES["required"],
    }
    of_arrays = {
        **dict.fromkeys(("items", "contains", "unevaluatedItems"), inner),
        **dict.fromkeys(("minContains", "maxContains"), COUNTS),
        "prefixItems": listed,
    }
    every = {**LEAVES, **in_place, **of_objects, **of_arrays}
    # Keywords of one kind bear on each other, so most schemas have several of them.
    objects = st.fixed_dictionaries({}, optional=of_objects)
    arrays = st.fixed_dictionaries({}, optional=of_arrays)
    return _some(every, most=4) | objects | arrays | _some(in_place | of_objects | of_arrays, most=6)


def _some(keywords: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[dict[str, Any]]:
    chosen = st.lists(st.sampled_from(sorted(keywords)), min_size=1, max_size=most, unique=True)
    return chosen.flatmap(
        lambda names: st.fixed_dictionaries({name: keywords[name] for name in sorted(names)})
    )


_FLAT = st.booleans() | _some(LEAVES, most=2)
SCHEMAS = _with_applicators(_FLAT | _with_applicators(_FLAT))
SAFE = {key: value for key, value in LEAVES.items() if key != "$ref"}
TARGETS = st.recursive(
    st.booleans() | _some(SAFE, most=2), lambda inner: _some({**SAFE, "items": inner}, most=3), max_leaves=3
)


def violations(schema: Any, value: Any, **others: Any) -> list[Violation]:
    return list(Checker({"root": schema, **others}.get).violations("root", value))


def _for_oracle(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: f"#/$defs/{inner}"
            if key == "$ref"
            else inner
            if key in ("enum", "const")
            else _for_oracle(inner)
            for key, inner in schema.items()
        }
    return [_for_oracle(inner) for inner in schema] if isinstance(schema, list) else schema


def oracle(schema: Any, value: Any, **others: Any) -> bool:
    """Whether jsonschema-rs accepts a value."""
    defs = {key: _for_oracle(one) for key, one in {"root": schema, **others}.items()}
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "#/$defs/root", "$defs": defs}
    return bool(jsonschema_rs.validator_for(whole, validate_formats=False).is_valid(value))


@settings(max_examples=1000, deadline=None, derandomize=True, database=None)
@given(SCHEMAS, TARGETS, TARGETS, VALUES)
def test_verdicts_are_those_of_an_independent_validator(schema: Any, x: Any, y: Any, value: Any) -> None:
    assert (not violations(schema, value, X=x, Y=y)) == oracle(schema, value, X=x, Y=y)


NUMBERS_MADE_TO_HURT = [
    b"1E+999999999", b"-1.5E+999999999", b"1E-999999999", b"0E+999999999", b"9" * 4300, b"0." + b"1" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("token", NUMBERS_MADE_TO_HURT, ids=lambda token: token[:15].decode())
def test_a_number_of_any_size_is_checked_at_once(token: bytes) -> None:
    value = parse(token)
    started = time.thread_time()
    for schema in (
        {"type": "integer"},
        {"minimum": 5, "exclusiveMaximum": 10**400},
        {"multipleOf": 7},
        {"multipleOf": Decimal("0.005")},
        {"enum": [1, Decimal("2.5"), 10**400, "a"]},
    ):
        violations(schema, value)
    violations({"uniqueItems": True}, [value, 1, 10**400, value])
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    ("value", "divisor", "whole"),
    [
        ("12.355", "0.005", True),
        ("12.3551", "0.005", False),
        ("12345678901234567.123456789", "0.000000001", True),
        ("1E+999999999", "7", False),
        ("7E+999999999", "7", True),
        ("1E+999999999", "1E+999999998", True),
        ("1E-999999999", "1", False),
        ("0E-5", "7", True),
        ("-4.5", "1.5", True),
    ],
)
def test_multiples_are_decided_digit_by_digit(value: str, divisor: str, whole: bool) -> None:
    assert (not violations({"multipleOf": Decimal(divisor)}, Decimal(value))) is whole


def test_a_fraction_with_more_digits_than_an_integer_may_have_is_not_divided() -> None:
    assert violations({"multipleOf": 7}, Decimal("0." + "1" * 5000)) == []


def test_equal_numbers_are_equal_however_they_are_written_and_booleans_are_no_numbers() -> None:
    assert violations({"enum": [1, 10**400]}, Decimal("1.00")) == []
    assert violations({"const": 10**400}, Decimal("1E+400")) == []
    assert [found.keyword for found in violations({"enum": [1, {"a": [0]}]}, True)] == ["enum"]
    assert [found.keyword for found in violations({"uniqueItems": True}, [1, Decimal("1.0")])] == [
        "uniqueItems"
    ]
    assert violations({"uniqueItems": True}, [1, True, "1", [1], {"a": 1}]) == []


def test_numbers_of_one_hash_are_told_apart_at_once() -> None:
    started = time.thread_time()
    assert violations({"uniqueItems": True}, [count * (2**61 - 1) for count in range(30_000)]) == []
    assert time.thread_time() - started < 3


def test_a_pattern_takes_linear_time_and_half_a_surrogate_pair_is_no_violation() -> None:
    started = time.thread_time()
    assert violations({"pattern": "^(a+)+$"}, "a" * 100_000 + "b")
    assert time.thread_time() - started < 1
    assert not violations({"pattern": "^a$"}, "\ud800")


def test_lengths_count_characters_and_not_code_units() -> None:
    assert violations({"minLength": 1, "maxLength": 1}, "\N{GRINNING FACE}") == []


NODE = {
    "type": "object",
    "allOf": [{"properties": {"child": {"$ref": "Node"}}}, {"properties": {"child": {"$ref": "Node"}}}],
    "oneOf": [
        {"properties": {"child": {"$ref": "Node"}}, "required": ["child"]},
        {"not": {"required": ["child"]}},
    ],
}


def nested(depth: int, innermost: Any) -> Any:
    value = innermost
    for _ in range(depth):
        value = {"child": value}
    return value


def test_a_recursive_schema_with_branches_takes_no_exponential_time() -> None:
    started = time.thread_time()
    assert violations({"$ref": "Node"}, nested(100, {}), Node=NODE) == []
    found = violations({"$ref": "Node"}, nested(100, 5), Node=NODE)
    assert time.thread_time() - started < 2
    assert found[0].path == ("child",) * 100


def test_a_violation_below_two_ways_is_named_once() -> None:
    both = {"allOf": [{"$ref": "Thing"}, {"$ref": "Thing"}]}
    assert len(violations(both, {"a": 1}, Thing={"properties": {"a": {"type": "string"}}})) == 1


def test_a_schema_that_leads_back_to_itself_says_nothing() -> None:
    assert violations({"allOf": [{"$ref": "root"}]}, 5) == []
    assert violations({"not": {"$ref": "root"}}, 5) == []
    assert violations({"anyOf": [{"$ref": "root"}, {"type": "string"}]}, 5) == []
    assert violations({"allOf": [{"$ref": "root"}, {"type": "string"}]}, 5)


def test_what_cannot_be_told_is_no_violation_wherever_it_stands() -> None:
    unsure = {"unchecked": True}
    for schema in (
        unsure,
        {"not": unsure},
        {"not": {"allOf": [unsure, {"type": "integer"}]}},
        {"oneOf": [unsure, {"type": "integer"}]},
        {"oneOf": [unsure, unsure]},
        {"anyOf": [unsure, {"type": "string"}]},
        {"if": unsure, "then": False, "else": False},
    ):
        assert violations(schema, 5) == [], schema
    assert violations({"not": {"pattern": "("}}, "a") == []
    assert violations({"contains": unsure, "minContains": 1, "maxContains": 1}, [1, 2]) == []
    assert violations({"allOf": [unsure], "unevaluatedProperties": False}, {"a": 1}) == []
    assert violations({"patternProperties": {"(": {}}, "additionalProperties": False}, {"a": 1}) == []


def test_what_is_sure_stays_a_violation_beside_what_cannot_be_told() -> None:
    assert violations({"unchecked": True, "type": "string"}, 5)
    assert violations({"not": {"anyOf": [{"unchecked": True}, {"type": "integer"}]}}, 5)
    assert violations({"contains": {"unchecked": True, "type": "string"}}, [1, 2])


def test_an_alternative_that_is_meant_is_named_with_what_it_asks() -> None:
    cat = {"properties": {"kind": {"const": "cat"}, "lives": {"maximum": 9}}, "required": ["kind"]}
    dog = {"properties": {"kind": {"const": "dog"}, "lives": {"maximum": 1}}, "required": ["kind"]}
    assert [str(found) for found in violations({"oneOf": [cat, dog]}, {"kind": "cat", "lives": 10})] == [
        "/lives is greater than 9"
    ]
    assert [
        str(found)
        for found in violations({"anyOf": [{"type": "string", "maxLength": 1}, {"type": "null"}]}, "ab")
    ] == ["the body has more than 1 characters"]
    assert [str(found) for found in violations({"anyOf": [cat, dog]}, {"kind": "cow"})] == [
        "the body fits none of 2 alternatives"
    ]


def test_pointers_are_escaped_short_and_printable() -> None:
    [found] = violations({"additionalProperties": False}, {"a/b~c\n" + "x" * 100: 1})
    assert found.pointer.startswith("/a~1b~0c\\n") and len(found.pointer) < 80 and found.pointer.isprintable()
    found = violations({"$ref": "Node"}, nested(100, 5), Node=NODE)[0]
    assert len(found.pointer) < 200


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    SCHEMAS,
    TARGETS,
    TARGETS,
    st.text(min_size=6),
    st.sampled_from([lambda text: text, lambda text: [text, text]]),
)
def test_no_reason_holds_a_value_of_what_was_checked(
    schema: Any, x: Any, y: Any, text: str, made: Any
) -> None:
    secret = f"secret-{text}"
    for found in violations(schema, made(secret), X=x, Y=y):
        assert "secret" not in str(found)


def test_a_schema_that_the_package_lacks_is_named() -> None:
    assert [str(found) for found in violations({"$ref": "Lost"}, 5)] == [
        "the body cannot be checked: the package lacks its schema"
    ]
