"""Schemas as Python types, in requests and in responses."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.diagnostics.model import Severity
from tests.unit.api.apis import receiving, ref, sending
from tests.unit.api.conftest import Build, TypeOf


@pytest.mark.parametrize(
    ("schema", "request_type", "response_type"),
    [
        ({"type": "string"}, "str", "str"),
        ({"type": "integer"}, "int", "int"),
        ({"type": "number"}, "ExactNumber", "float"),
        ({"type": "number", "format": "decimal"}, "Decimal", "Decimal"),
        ({"type": "boolean"}, "bool", "bool"),
        ({"type": "null"}, "None", "None"),
        ({}, "Any", "Any"),
        (True, "Any", "Any"),
        ({"description": "anything"}, "Any", "Any"),
        ({"type": "strange"}, "Any", "Any"),
        ({"type": ["string", "null"]}, "str | None", "str | None"),
        ({"type": ["integer", "string"]}, "int | str", "int | str"),
        ({"type": ["integer", "number"]}, "ExactNumber", "float"),
        ({"type": "array"}, "list[Any]", "list[Any]"),
        ({"type": "array", "items": {"type": "string"}}, "list[str]", "list[str]"),
        ({"items": {"type": "string"}}, "list[str]", "list[str]"),
        ({"type": "array", "items": {"type": ["string", "null"]}}, "list[str | None]", "list[str | None]"),
        ({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "maxItems": 2}, "tuple[str, int]", "tuple[str, int]"),
        ({"type": "object"}, "dict[Any]", "dict[Any]"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "dict[int]", "dict[int]"),
        ({"additionalProperties": {"type": "integer"}}, "dict[int]", "dict[int]"),
        ({"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": False}, "dict[int]", "ReceiveResponse"),
        ({"type": "object", "patternProperties": {"^x": {}}}, "dict[Any]", "dict[Any]"),
        ({"type": "object", "patternProperties": {"^(?=x)": {"type": "integer"}}}, "dict[Any]", "dict[Any]"),
        ({"type": "object", "patternProperties": {"^_": False}, "additionalProperties": {"type": "integer"}}, "dict[int]", "ReceiveResponse"),
        ({"type": "object", "additionalProperties": {"type": ["integer", "null"]}}, "dict[int | None]", "dict[int | None]"),
        ({"type": "string", "format": "date-time"}, "datetime | str", "str"),
        ({"type": "string", "format": "date"}, "date | str", "str"),
        ({"type": "string", "format": "binary"}, "str", "str"),
        ({"type": "string", "format": "byte"}, "Base64", "str"),
        ({"type": "string", "contentEncoding": "base64"}, "Base64", "str"),
        ({"type": "string", "format": "uuid"}, "str", "str"),
    ],
)  # fmt: skip
def test_every_kind_of_schema_has_a_type(
    sent: TypeOf, received: TypeOf, schema: Any, request_type: str, response_type: str
) -> None:
    assert sent(schema) == request_type
    assert received(schema) == response_type


@pytest.mark.parametrize(
    ("schema", "request_type", "response_type"),
    [
        ({"enum": ["a", "b"]}, "Literal['a', 'b']", "Literal['a', 'b'] | str"),
        ({"enum": ["a", "a"]}, "Literal['a']", "Literal['a'] | str"),
        ({"enum": [1, "a"]}, "Literal[1, 'a']", "Literal[1, 'a'] | int | str"),
        ({"enum": [1, True]}, "Literal[1, True]", "Literal[1, True] | int | bool"),
        ({"enum": [True]}, "Literal[True]", "bool"),
        ({"enum": ["a", None]}, "Literal['a'] | None", "Literal['a'] | str | None"),
        ({"enum": [None]}, "None", "None"),
        ({"const": "a"}, "Literal['a']", "Literal['a'] | str"),
        ({"const": None}, "None", "None"),
        ({"enum": [1.5]}, "ExactNumber", "float"),
        ({"enum": [{"a": 1}]}, "Any", "Any"),
        ({"enum": []}, "Any", "Any"),
        ({"type": "string", "enum": []}, "str", "str"),
        ({"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]}, "Literal['b']", "Literal['b'] | str"),
    ],
)  # fmt: skip
def test_listed_values_are_closed_going_out_and_open_coming_in(
    sent: TypeOf, received: TypeOf, schema: Any, request_type: str, response_type: str
) -> None:
    assert sent(schema) == request_type
    assert received(schema) == response_type


@pytest.mark.parametrize(
    ("schema", "request_type"),
    [
        ({"type": "string", "minLength": 1, "maxLength": 3}, "str(min_length=1, max_length=3)"),
        ({"type": "string", "maxLength": 3.0}, "str(max_length=3)"),
        ({"type": "string", "maxLength": -1}, "str"),
        ({"type": "string", "maxLength": 2**64}, "str"),
        ({"type": "string", "pattern": r"^\d$"}, "str(pattern=^[0-9]$)"),
        ({"type": "string", "pattern": "(?=x)"}, "str"),
        ({"type": "string", "minimum": 1}, "str"),
        ({"type": "integer", "minimum": 0, "exclusiveMaximum": 10}, "int(minimum=0, exclusive_maximum=10)"),
        ({"type": "number", "format": "decimal", "exclusiveMinimum": 0}, "Decimal(exclusive_minimum=0)"),
        ({"type": "number", "multipleOf": 0.01}, "ExactNumber(multiple_of=0.01)"),
        ({"type": "number", "multipleOf": 0}, "ExactNumber"),
        ({"type": "integer", "maximum": 10**500}, "int"),
        ({"type": "integer", "minimum": True}, "int"),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 2}, "list[str](max_items=2)"),
        ({"type": ["string", "null"], "maxLength": 3}, "str(max_length=3) | None"),
        ({"type": "number", "allOf": [{"maximum": 9}, {"maximum": 5}, {"minimum": 1}]}, "ExactNumber(minimum=1, maximum=5)"),
    ],
)  # fmt: skip
def test_bounds_hold_for_what_is_sent(sent: TypeOf, received: TypeOf, schema: Any, request_type: str) -> None:
    assert sent(schema) == request_type
    assert "(" not in received(schema)


def test_the_boolean_bounds_of_3_0_turn_a_bound_into_an_exclusive_one(sent: TypeOf) -> None:
    schema = {
        "type": "integer",
        "minimum": 0,
        "exclusiveMinimum": True,
        "maximum": 9,
        "exclusiveMaximum": False,
    }
    assert sent(schema, "3.0.3") == "int(maximum=9, exclusive_minimum=0)"


def test_one_of_several_patterns_is_in_the_type_and_a_schema_is_carried_for_the_others(api: Build) -> None:
    made = api(
        sending(
            {},
            {"type": "array", "items": {"allOf": [{"type": "string", "pattern": "^a"}, {"pattern": "b$"}]}},
        )
    )
    assert (made.notes, len(made.made.request_schemas)) == ([], 1)


def test_an_array_that_ends_with_its_listed_items_is_a_tuple_of_each_length(api: Build, sent: TypeOf) -> None:
    schema = {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False}
    assert sent(schema) == "tuple[str, int] | tuple[str] | tuple[]"
    assert sent({**schema, "minItems": 1}) == "tuple[str, int] | tuple[str]"
    made = api(sending({"A": schema}, ref("A")))
    assert made.notes == []
    assert made.ids(Severity.WARNING) == []
    assert made.made.request_schemas == ()


def test_an_array_with_types_by_place_and_more_after_them_is_a_list_with_a_name(api: Build) -> None:
    schema = {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}
    made = api(sending({"A": schema, "B": {**schema, "items": {"type": "boolean"}}}, ref("A")))
    assert (made.alias("A"), made.alias("B")) == ("list[Any]", "list[str | int | bool]")
    assert made.notes == []


def test_a_tuple_of_very_many_lengths_is_a_list(api: Build, sent: TypeOf) -> None:
    schema = {"type": "array", "prefixItems": [{"type": "string"}] * 12, "items": False}
    assert sent(schema) == "SendRequestItem"
    made = api(sending({"A": schema}, ref("A")))
    assert [schema.key for schema in made.made.request_schemas] == ["A"]


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {"allOf": [{"enum": ["a"]}, {"enum": ["b"]}]},
    ],
)
def test_a_schema_that_nothing_satisfies_is_any_value_with_a_warning(api: Build, schema: Any) -> None:
    made = api(receiving({"A": {"type": "object", "properties": {"a": schema}}}, ref("A")))
    assert made.fields("A") == {"a": "Any?"}
    assert made.ids() == ["unsatisfiable-schema"]


# -- null ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "nullable": True},
        {"allOf": [ref("Text")], "nullable": True},
        {"$ref": "#/components/schemas/Text", "nullable": True},
        {"allOf": [{"type": "string"}, {"maxLength": 2}], "nullable": True},
    ],
)
def test_nullable_of_3_0_lets_null_in(received: TypeOf, schema: Any) -> None:
    assert received(schema, "3.0.3", Text={"type": "string"}) in ("str | None", "Text | None")


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [ref("Text"), {"type": "null"}]},
        {"oneOf": [{"type": "null"}, ref("Text")]},
        {"anyOf": [ref("Text"), {"enum": [None]}]},
        ref("MaybeText"),
        ref("MaybeMaybe"),
    ],
)
def test_null_beside_a_schema_makes_it_optional(received: TypeOf, schema: Any) -> None:
    kind = received(
        schema,
        Text={"type": "string"},
        MaybeText={"anyOf": [ref("Text"), {"type": "null"}]},
        MaybeMaybe={"anyOf": [ref("MaybeText"), {"type": "null"}]},
    )
    assert kind == "Text | None"


def test_null_deep_inside_unions_is_let_in_everywhere_above(api: Build) -> None:
    schemas = {
        "A": {"anyOf": [ref("B"), {"type": "integer"}]},
        "B": {"anyOf": [ref("C"), {"type": "string"}]},
        "C": {"anyOf": [{"type": "boolean"}, {"type": ["number", "null"]}]},
        "Holder": {"type": "object", "properties": {"a": ref("A"), "b": ref("B"), "d": {"type": "array", "items": ref("A")}}},
    }  # fmt: skip
    made = api(receiving(schemas, ref("Holder")))
    assert made.fields("Holder") == {"a": "A | None?", "b": "B | None?", "d": "list[A | None]?"}
    assert [field.nullable for field in made.cls("Holder").fields] == [True, True, False]
    assert made.alias("A") == "B | int"


def test_a_union_without_null_lets_no_null_in(api: Build) -> None:
    schemas = {
        "A": {"anyOf": [ref("B"), {"type": "integer"}]},
        "B": {"anyOf": [{"type": "string"}, {"type": "boolean"}]},
    }
    made = api(receiving({**schemas, "H": {"type": "object", "properties": {"a": ref("A")}}}, ref("H")))
    assert made.fields("H") == {"a": "A?"}


# -- objects ---------------------------------------------------------------------------------------------------------


def test_required_properties_come_first_in_their_own_order(api: Build) -> None:
    schema = {
        "type": "object",
        "required": ["z", "b", "nowhere"],
        "properties": {name: {"type": "string"} for name in "cazb"},
    }
    assert list(api(receiving({"A": schema}, ref("A"))).fields("A").items()) == [
        ("z", "str"), ("b", "str"), ("nowhere", "Any"), ("a", "str?"), ("c", "str?"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "is_open"),
    [
        ({}, False),
        ({"additionalProperties": True}, True),
        ({"additionalProperties": {}}, True),
        ({"additionalProperties": {"type": "string"}}, True),
        ({"additionalProperties": False}, False),
        ({"unevaluatedProperties": False}, False),
        ({"patternProperties": {"^x": {"type": "string"}}}, True),
    ],
)
def test_requests_take_unknown_properties_only_where_the_schema_says_so(
    api: Build, more: Any, is_open: bool
) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, **more}
    assert api(sending({"A": schema}, ref("A"))).cls("A").open is is_open
    assert api(receiving({"A": schema}, ref("A"))).cls("A").open


def test_read_only_and_write_only_properties_belong_to_one_direction(api: Build) -> None:
    schema = {
        "type": "object",
        "required": ["id", "secret"],
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "secret": {"type": "string", "writeOnly": True},
            "link": {"allOf": [ref("Link")]},
        },
    }
    schemas = {"A": schema, "Link": {"type": "string", "readOnly": True}}
    assert api(sending(schemas, ref("A"))).fields("A") == {"secret": "str"}
    assert api(receiving(schemas, ref("A"))).fields("A") == {"id": "str", "link": "Link?"}


def test_properties_whose_names_collide_get_numbers_and_plain_names_stay(api: Build) -> None:
    names = ["a-b", "a.b", "a_b", "class", "2x", "", "schema", "self"]
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    made = api(receiving({"A": schema}, ref("A")))
    assert {field.wire: field.name for field in made.cls("A").fields} == {
        "a-b": "a_b_2", "a.b": "a_b_3", "a_b": "a_b", "class": "class_", "2x": "value_2_x", "schema": "schema_",
        "self": "self_",
    }  # fmt: skip
    assert made.ids() == ["name-collision", "name-collision", "property-without-name"]


def test_property_names_with_slashes_and_tildes_are_no_pointers(api: Build) -> None:
    inner = {
        "type": "object",
        "properties": {"b": {"type": "object", "properties": {"right": {"type": "string"}}}},
    }
    odd = {"type": "object", "properties": {"wrong": {"type": "string"}}}
    schema = {
        "type": "object",
        "properties": {"a": inner, "a/properties/b": odd, "a~1properties~1b": {"type": "integer"}},
    }
    made = api(receiving({"A": schema}, ref("A")))
    found = made.fields("A")
    assert made.fields(made.fields(found["a"].rstrip("?"))["b"].rstrip("?")) == {"right": "str?"}
    assert made.fields(found["a/properties/b"].rstrip("?")) == {"wrong": "str?"}


def test_descriptions_and_deprecation_come_from_the_property_or_from_what_it_refers_to(api: Build) -> None:
    schema = {
        "type": "object",
        "description": "Whole.",
        "deprecated": True,
        "properties": {
            "own": {"allOf": [ref("Text")], "description": "Own.", "deprecated": True},
            "referred": ref("Text"),
            "none": {"type": "string"},
        },
    }
    made = api(receiving({"A": schema, "Text": {"type": "string", "description": "Text."}}, ref("A"))).cls(
        "A"
    )
    assert made.description == "Whole."
    assert {field.wire: (field.description, field.deprecated) for field in made.fields} == {
        "own": ("Own.", True), "referred": ("Text.", False), "none": ("", False),
    }  # fmt: skip


# -- conjunctions ----------------------------------------------------------------------------------------------------


def test_all_of_unites_properties_and_requirements(api: Build) -> None:
    schemas = {
        "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
        "A": {"allOf": [ref("Base"), {"properties": {"x": {"type": "integer"}}, "required": ["x"]}]},
    }
    assert api(receiving(schemas, ref("A"))).fields("A") == {"id": "str", "x": "int"}


def test_a_wrapper_that_adds_nothing_is_what_it_wraps(received: TypeOf) -> None:
    for keyword in ("allOf", "anyOf", "oneOf"):
        assert received({keyword: [ref("A")], "description": "d"}, A={"type": "string"}) == "A"


def test_a_reference_beside_other_keywords_is_a_conjunction_from_3_1_on(received: TypeOf) -> None:
    schema = {**ref("A"), "properties": {"b": {"type": "string"}}}
    target = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert received(schema, "3.1.0", A=target) == "ReceiveResponse"
    assert received(schema, "3.0.3", A=target) == "A"


def test_a_property_that_two_schemas_describe_has_to_satisfy_both(api: Build) -> None:
    schemas = {
        "A": {
            "type": "object",
            "properties": {"p": {"type": "object", "properties": {"a": {"type": "string"}}}},
        },
        "B": {
            "type": "object",
            "properties": {"p": {"type": "object", "properties": {"b": {"type": "string"}}}},
        },
        "C": {"allOf": [ref("A"), ref("B")]},
    }
    made = api(receiving(schemas, ref("C")))
    assert made.fields("C") == {"p": "CP?"}
    assert made.fields("CP") == {"a": "str?", "b": "str?"}


def test_schemas_that_refer_to_each_other_are_merged_once(api: Build) -> None:
    schemas = {
        "A": {"type": "object", "properties": {"p": ref("A"), "a": {"type": "string"}}},
        "B": {"type": "object", "properties": {"p": ref("B"), "b": {"type": "string"}}},
        "C": {"allOf": [ref("A"), ref("B")]},
    }
    made = api(receiving(schemas, ref("C")))
    assert made.fields("C") == {"a": "str?", "b": "str?", "p": "C?"}
    assert sorted(made.schemas) == ["A", "B", "C"]


def test_recursive_schemas_refer_to_themselves_by_name(api: Build) -> None:
    tree = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": ref("Tree")}, "up": ref("Tree")},
    }
    made = api(receiving({"Tree": tree}, ref("Tree")))
    assert made.fields("Tree") == {"children": "list[Tree]?", "up": "Tree?"}
