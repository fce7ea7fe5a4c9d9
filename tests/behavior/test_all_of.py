"""allOf: wrappers, merged objects, conjunctions of what is no object."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import both_ways, package_of

WRAPPED = both_ways(
    """
    Root:
      type: object
      required: [owner]
      properties:
        owner: {allOf: [{$ref: '#/components/schemas/Person'}], description: the owner}
        keeper: {allOf: [{$ref: '#/components/schemas/Person'}], nullable: true}
        colour: {allOf: [{$ref: '#/components/schemas/Colour'}], default: red}
    Person: {type: object, properties: {name: {type: string}}}
    Colour: {type: string, enum: [red, blue]}
""",
    version="3.0.3",
)


@pytest.mark.parametrize(
    "value",
    [{"owner": {"name": "o"}, "keeper": None, "colour": "blue"}, {"owner": {}, "keeper": {"name": "k"}}],
)
def test_a_single_wrapper_is_what_it_wraps(value: dict[str, Any]) -> None:
    package = package_of(WRAPPED)

    exchange = call(package, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value
    assert type(exchange.result.owner) is package.models.Person


@pytest.mark.parametrize(
    "value", [{"owner": None}, {"owner": {}, "colour": None}, {"owner": {}, "colour": "green"}]
)
def test_a_wrapper_lets_null_in_only_where_it_says_so(value: dict[str, Any]) -> None:
    package = package_of(WRAPPED)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **value)


MERGED = both_ways("""
    Root:
      allOf:
        - {$ref: '#/components/schemas/Named'}
        - {$ref: '#/components/schemas/Dated'}
        - {type: object, required: [size, day], properties: {size: {type: integer, minimum: 1}, name: {maxLength: 3}}}
      required: [name]
      properties: {own: {type: string}}
    Named: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}
    Dated: {allOf: [{$ref: '#/components/schemas/Named'}], properties: {day: {type: string, format: date}}}
""")


def test_properties_and_requirements_of_all_parts_unite() -> None:
    package = package_of(MERGED)
    value = {"id": "i", "name": "abc", "day": "2024-01-31", "size": 1, "own": "o"}

    exchange = call(package, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value
    required = {name for name, field in package.models.Root.model_fields.items() if field.is_required()}
    assert required == {"id", "name", "size", "day"}


@pytest.mark.parametrize("change", [{"name": "abcd"}, {"name": 5}, {"size": 0}, {"id": None}], ids=repr)
def test_bounds_of_all_parts_hold(change: dict[str, Any]) -> None:
    package = package_of(MERGED)
    value = {"id": "i", "name": "abc", "day": "2024-01-31", "size": 1, **change}

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **value)


SCALARS = both_ways("""
    Root:
      type: object
      properties:
        code: {allOf: [{$ref: '#/components/schemas/Text'}, {maxLength: 3}]}
        count: {allOf: [{type: number}, {type: integer, minimum: 2}]}
        list: {allOf: [{type: array, items: {type: string}}, {minItems: 1}]}
        choice: {allOf: [{$ref: '#/components/schemas/Choice'}, {enum: [b, c]}]}
        either: {allOf: [{$ref: '#/components/schemas/Either'}], description: wrapped union}
        deep: {allOf: [{allOf: [{allOf: [{$ref: '#/components/schemas/Text'}]}]}]}
    Text: {type: string, minLength: 1}
    Choice: {type: string, enum: [a, b]}
    Either: {oneOf: [{type: string}, {type: integer}]}
""")


@pytest.mark.parametrize(
    "value",
    [
        {"code": "abc"},
        {"count": 2},
        {"list": ["x"]},
        {"choice": "b"},
        {"either": 5},
        {"either": "5"},
        {"deep": "d"},
    ],
    ids=repr,
)
def test_a_conjunction_over_what_is_no_object(value: dict[str, Any]) -> None:
    exchange = call(SCALARS, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value


@pytest.mark.parametrize(
    "value",
    [
        {"code": "abcd"},
        {"code": ""},
        {"count": 1},
        {"count": 2.5},
        {"choice": "a"},
        {"choice": "c"},
        {"deep": ""},
    ],
    ids=repr,
)
def test_a_conjunction_over_what_is_no_object_is_checked(value: dict[str, Any]) -> None:
    package = package_of(SCALARS)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **value)


ODD = both_ways("""
    Root:
      type: object
      properties:
        only_docs: {allOf: [{description: nothing said}, {$ref: '#/components/schemas/Text'}]}
        contradiction: {allOf: [{type: string}, {type: integer}]}
        map: {allOf: [{$ref: '#/components/schemas/Map'}, {additionalProperties: {type: integer}}]}
        self: {allOf: [{$ref: '#/components/schemas/Root'}]}
    Text: {type: string}
    Map: {type: object, additionalProperties: {type: integer}}
""")


@pytest.mark.parametrize(
    "value", [{"only_docs": "x"}, {"map": {"a": 1}}, {"self": {"self": {"only_docs": "y"}}}], ids=repr
)
def test_odd_conjunctions_still_carry_values(value: dict[str, Any]) -> None:
    package = package_of(ODD)
    fields = {("self_" if key == "self" else key): item for key, item in value.items()}

    exchange = call(package, "things.send", **fields, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value
    assert "unsatisfiable-schema" in package.ids


SUBTYPES = both_ways("""
    Root: {type: object, properties: {rule: {$ref: '#/components/schemas/Rule'}}}
    Rule:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {speed: '#/components/schemas/Speed'}}
    Speed:
      allOf: [{$ref: '#/components/schemas/Rule'}, {type: object, properties: {limit: {type: integer}}}]
""")


def test_the_properties_of_a_subtype_are_taken_where_its_base_is_due() -> None:
    package, value = package_of(SUBTYPES), {"rule": {"kind": "speed", "limit": 5}}

    exchange = call(package, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value


MARKS = both_ways("""
    Root:
      type: object
      required: [id, name]
      properties:
        name: {type: string}
        id: {allOf: [{$ref: '#/components/schemas/Id'}, {readOnly: true}]}
        deep: {allOf: [{allOf: [{description: from the server}, {readOnly: true}]}, {type: string}]}
        far: {$ref: '#/components/schemas/Made'}
        secret: {allOf: [{$ref: '#/components/schemas/Id'}, {writeOnly: true}]}
        some: {oneOf: [{$ref: '#/components/schemas/Id'}, {type: integer, readOnly: true}]}
    Id: {type: string}
    Made: {allOf: [{$ref: '#/components/schemas/Id'}, {readOnly: true}]}
""")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_the_direction_of_a_member_may_be_said_anywhere_in_its_conjunction(version: str) -> None:
    """JSON Schema Validation 9.4: one occurrence that applies is enough; in a choice it need not apply."""
    package = package_of(MARKS.replace("3.1.0", version))
    answer = json_answer({"id": "1", "name": "n", "deep": "d", "far": "f"})

    exchange = call(
        package, "things.send", name="n", secret="s", some=1, answer=answer, settings={"validation": "strict"}
    )
    assert exchange.json == {"name": "n", "secret": "s", "some": 1}
    assert plain(exchange.result) == {"id": "1", "name": "n", "deep": "d", "far": "f"}
    with pytest.raises(TypeError, match="unexpected keyword"):
        call(package, "things.send", name="n", id="1")
