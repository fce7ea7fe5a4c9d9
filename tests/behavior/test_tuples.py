"""Arrays with a type for each place: tuples if the length is fixed or one of a few, else lists checked by position."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import both_ways, package_of, spec

ARRAYS = both_ways("""
    Root:
      type: object
      properties:
        closed: {type: array, prefixItems: [{type: string}, {type: integer}], items: false}
        exact: {type: array, prefixItems: [{type: string}, {type: integer}], minItems: 2, maxItems: 2}
        sealed: {type: array, prefixItems: [{type: string}, {type: integer}], items: false, minItems: 2}
        padded: {type: array, prefixItems: [{type: string}], items: {type: boolean}, minItems: 3, maxItems: 3}
        empty: {type: array, items: false}
        open: {type: array, prefixItems: [{type: string}, {type: integer}]}
        rest: {type: array, prefixItems: [{type: string}, {$ref: '#/components/schemas/Pair'}], items: {type: boolean}, minItems: 1}
        nested: {type: array, items: {type: array, prefixItems: [{type: number, format: decimal}, {$ref: '#/components/schemas/Point'}], minItems: 2, maxItems: 2}}
        maybe: {type: [array, 'null'], prefixItems: [{type: string, maxLength: 2}], minItems: 1, maxItems: 1}
        mixed: {type: [array, string], prefixItems: [{type: string}, {type: integer}]}
        both: {allOf: [{type: array, prefixItems: [{type: string}]}, {prefixItems: [{maxLength: 2}, {type: integer}], items: false, minItems: 2}]}
    Pair: {type: array, prefixItems: [{type: integer}, {type: integer}], items: false, minItems: 2}
    Point: {type: object, required: [x], properties: {x: {type: integer}}}
""")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("closed", [[], ["a"], ["a", 1]]),
        ("exact", [["a", 1]]),
        ("sealed", [["a", 1]]),
        ("padded", [["a", True, False]]),
        ("empty", [[]]),
        ("open", [[], ["a"], ["a", 1], ["a", 1, {"x": [None]}, 2.5]]),
        ("rest", [["a"], ["a", [1, 2]], ["a", [1, 2], True, False]]),
        ("nested", [[], [[1, {"x": 1}], [2, {"x": 2}]]]),
        ("maybe", [["ab"], None]),
        ("mixed", ["text", ["a"], ["a", 1, "b"]]),
        ("both", [["ab", 1]]),
    ],
)
def test_valid_arrays_are_sent_and_read(name: str, values: list[Any]) -> None:
    for value in values:
        given = {name: value}
        read = call(ARRAYS, "things.send", answer=json_answer(given)).result
        assert listed(plain(read)) == given
        assert call(ARRAYS, "things.send", answer=json_answer({}), **given).json == given


def listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    return [listed(item) for item in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("closed", [[1], ["a", "b"], ["a", 1, 2], ["a", True]]),
        ("exact", [[], ["a"], [1, "a"], ["a", 1, 2]]),
        ("sealed", [["a"], ["a", 1, 2]]),
        ("padded", [["a", True], ["a", True, 1], [True, True, True]]),
        ("empty", [[None]]),
        ("open", [[1], ["a", "b"], ["a", None, 1], "text"]),
        ("rest", [[], ["a", [1]], ["a", [1, 2], 3], ["a", True]]),
        ("nested", [[[1]], [["1.x", {"x": 1}]], [[1, {"x": "a"}]]]),
        ("maybe", [["abc"], []]),
        ("mixed", [[1], ["a", "b"], 5]),
        ("both", [["abc", 1], ["ab"], ["ab", 1, 2]]),
    ],
)
def test_arrays_that_break_a_place_or_the_length_are_refused(name: str, values: list[Any]) -> None:
    package = package_of(ARRAYS)
    for value in values:
        with pytest.raises(package.errors.RequestValidationError):
            call(package, "things.send", **{name: value})


def test_tuples_are_taken_for_arrays_and_given_for_those_of_fixed_length() -> None:
    exchange = call(
        ARRAYS,
        "things.send",
        exact=("a", 1),
        open=("a", 1, None),
        answer=json_answer({"exact": ["a", 1], "open": ["a", 1, 2]}),
    )

    assert exchange.json == {"exact": ["a", 1], "open": ["a", 1, None]}
    assert (exchange.result.exact, exchange.result.open) == (("a", 1), ["a", 1, 2])


def test_items_are_read_as_the_models_of_their_place() -> None:
    package = package_of(ARRAYS)
    answer = {"nested": [[1.50, {"x": 1}]], "rest": ["a", [1, 2], True]}

    result = call(package, "things.send", answer=json_answer(answer)).result

    assert type(result.nested[0][1]) is package.models.Point
    assert result.rest == ["a", (1, 2), True]


@pytest.mark.parametrize(
    "answer", [{"exact": ["a"]}, {"exact": ["a", "b"]}, {"open": [1]}, {"closed": ["a", 1, 2]}], ids=repr
)
def test_an_answer_with_another_type_in_a_place_or_of_another_length_is_an_error(answer: Any) -> None:
    package = package_of(ARRAYS)

    with pytest.raises(package.errors.ResponseDecodeError):
        call(package, "things.send", answer=json_answer(answer))


def test_the_types_say_what_is_at_each_place() -> None:
    package = package_of(ARRAYS)
    source = package.files["models.py"].decode()

    assert "    exact: tuple[str, int] | None = None\n" in source
    assert "tuple[str, int] | tuple[str] | tuple[()]" in source
    assert "Annotated[list[str | Pair | bool], ByPosition(str, Pair, bool)]" in source
    assert not {"keyword-not-enforced", "unsatisfiable-schema"} & package.ids


PARAMETERS = spec("""
security: []
paths:
  /p/{range}:
    get:
      operationId: get
      tags: [things]
      parameters:
        - {name: range, in: path, required: true, schema: {type: array, prefixItems: [{type: integer}, {type: string}], minItems: 2, maxItems: 2}}
        - {name: box, in: query, explode: false, schema: {type: array, prefixItems: [{type: integer}, {type: integer}], items: {type: string}}}
      responses: {'204': {description: ok}}
  /f:
    post:
      operationId: form
      tags: [things]
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {pair: {type: array, prefixItems: [{type: string}, {type: integer}], items: false, minItems: 2}}}}}}
      responses: {'204': {description: ok}}
""")


def test_tuples_are_parameters_and_fields_of_forms() -> None:
    exchange = call(PARAMETERS, "things.get", (1, "a"), box=[1, 2, "c"])

    assert (exchange.raw_path, exchange.raw_query) == ("/p/1,a", "box=1,2,c")
    assert call(PARAMETERS, "things.form", pair=("a", 1)).form == [("pair", "a"), ("pair", "1")]


@pytest.mark.parametrize(
    ("range_", "box"), [(("a", 1), [1]), ((1,), [1]), ((1, "a"), ["x"]), ((1, "a"), [1, 2, 3])]
)
def test_parameters_are_checked_by_position(range_: Any, box: Any) -> None:
    package = package_of(PARAMETERS)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.get", range_, box=box)


UNEVALUATED = both_ways("""
    Root:
      type: object
      properties:
        pair: {type: array, prefixItems: [{type: string}, {type: integer}], unevaluatedItems: false, minItems: 2}
        joined: {allOf: [{type: array, prefixItems: [{type: string}, {type: integer}]}], unevaluatedItems: false, minItems: 2}
        short: {type: array, prefixItems: [{type: string}], unevaluatedItems: false}
        any: {type: array, prefixItems: [{type: string}], contains: {type: integer}, unevaluatedItems: false}
""")  # fmt: skip


@pytest.mark.parametrize("name", ["pair", "joined"])
def test_unevaluated_items_close_a_tuple(name: str) -> None:
    package = package_of(UNEVALUATED)
    value = {name: ["a", 1]}

    assert call(package, "things.send", answer=json_answer({}), **value).json == value
    read = call(package, "things.send", answer=json_answer(value)).result
    assert getattr(read, name) == ("a", 1)
    for wrong in (["a"], ["a", 1, 2], [1, "a"]):
        with pytest.raises(package.errors.RequestValidationError):
            call(package, "things.send", **{name: wrong})


def test_unevaluated_items_after_one_place_allow_none_or_one() -> None:
    package = package_of(UNEVALUATED)

    for value in ([], ["a"]):
        assert call(package, "things.send", answer=json_answer({}), short=value).json == {"short": value}
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", short=["a", "b"])


def test_what_contains_finds_is_evaluated() -> None:
    assert call(UNEVALUATED, "things.send", answer=json_answer({}), any=["a", 1, 2]).json == {
        "any": ["a", 1, 2]
    }
