"""null: the forms of 3.0 and of 3.1, and the difference between null and nothing, in both directions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import both_ways, package_of

OLD = both_ways(
    """
    Root:
      type: object
      required: [must]
      properties:
        must: {type: string, nullable: true}
        text: {type: string, nullable: true, maxLength: 5}
        ref: {nullable: true, allOf: [{$ref: '#/components/schemas/Inner'}]}
        named: {$ref: '#/components/schemas/MaybeInner'}
        choice: {type: string, enum: [a, b, null], nullable: true}
        list: {type: array, nullable: true, items: {type: integer, nullable: true}}
        either: {nullable: true, oneOf: [{type: string}, {type: integer}]}
        map: {type: object, nullable: true, additionalProperties: {type: string, nullable: true}}
        never: {type: string}
    Inner: {type: object, properties: {x: {type: integer}}}
    MaybeInner: {type: object, nullable: true, properties: {y: {type: integer}}}
""",
    version="3.0.3",
)
NEW = both_ways("""
    Root:
      type: object
      required: [must]
      properties:
        must: {type: [string, 'null']}
        text: {type: [string, 'null'], maxLength: 5}
        ref: {oneOf: [{$ref: '#/components/schemas/Inner'}, {type: 'null'}]}
        named: {anyOf: [{type: 'null'}, {$ref: '#/components/schemas/MaybeInner'}]}
        choice: {enum: [a, b, null]}
        list: {type: [array, 'null'], items: {type: [integer, 'null']}}
        either: {type: [string, integer, 'null']}
        map: {type: [object, 'null'], additionalProperties: {anyOf: [{type: string}, {type: 'null'}]}}
        never: {type: string}
    Inner: {type: object, properties: {x: {type: integer}}}
    MaybeInner: {type: [object, 'null'], properties: {y: {type: integer}}}
""")
FIELDS = ("text", "ref", "named", "choice", "list", "either", "map")
FULL = {
    "must": "m", "text": "t", "ref": {"x": 1}, "named": {"y": 2}, "choice": "a", "list": [1, None],
    "either": 5, "map": {"k": None, "l": "v"}, "never": "n",
}  # fmt: skip

each_form = pytest.mark.parametrize("document", [OLD, NEW], ids=["3.0", "3.1"])


@each_form
@pytest.mark.parametrize("field", FIELDS)
def test_null_where_it_is_allowed_travels_both_ways(document: str, field: str) -> None:
    value = {"must": None, field: None}

    exchange = call(document, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value


@each_form
def test_every_value_travels_both_ways(document: str) -> None:
    package = package_of(document)

    exchange = call(package, "things.send", **FULL, answer=json_answer(FULL))

    assert exchange.json == FULL
    assert plain(exchange.result) == FULL
    assert type(exchange.result.ref) is package.models.Inner
    assert type(exchange.result.named) is package.models.MaybeInner


@each_form
def test_nothing_is_not_null(document: str) -> None:
    exchange = call(document, "things.send", must="m", answer=json_answer({"must": "m"}))

    assert exchange.json == {"must": "m"}
    assert plain(exchange.result) == {"must": "m"}
    assert exchange.result.text is None


@each_form
@pytest.mark.parametrize(
    "bad", [{"never": None}, {"text": "toolong"}, {"choice": "c"}, {"list": ["x"]}], ids=repr
)
def test_what_is_not_allowed_is_refused(document: str, bad: dict[str, Any]) -> None:
    package = package_of(document)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **{"must": "m", **bad})


@each_form
def test_a_null_that_the_server_was_not_to_send_is_still_read(document: str) -> None:
    value = {"must": "m", "never": None}

    result = call(document, "things.send", must="m", answer=json_answer(value)).result

    assert plain(result) == value


ROOT_FORMS = {
    "null or object": "{oneOf: [{type: object, properties: {a: {type: string}}}, {type: 'null'}]}",
    "nullable alias": "{type: [array, 'null'], items: {type: string}}",
    "null alone": "{type: 'null'}",
    "null enum": "{enum: [null]}",
    "anything": "{}",
}


@pytest.mark.parametrize("schema", ROOT_FORMS.values(), ids=ROOT_FORMS)
def test_a_whole_body_may_be_null(schema: str) -> None:
    document = both_ways(f"    Root: {schema}\n")

    exchange = call(document, "things.send", body=None, answer=json_answer(None))

    assert exchange.content == b"null"
    assert exchange.result is None
