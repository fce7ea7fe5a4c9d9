"""A Decimal for a string of `format: decimal`: sent as its plain digits, in every place of a request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.behavior.calls import call, json_answer
from tests.behavior.packages import both_ways, package_of, spec
from tests.behavior.test_objects_for_text import operation_at, text_at

PLACES = ("path", "query", "header", "cookie", "json", "form", "multipart")
AMOUNT = "{type: string, format: decimal}"
DONE = "      responses: {'204': {description: ok}}\n"
DOCUMENT = spec("paths:\n" + "".join(operation_at(place, "amount", AMOUNT) + DONE for place in PLACES))
NO_DECIMAL = "pass a Decimal or text instead"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12.50", "12.50"),
        ("1E+5", "100000"),
        ("-0.0000001", "-0.0000001"),
        ("9007199254740993", "9007199254740993"),
    ],
)
@pytest.mark.parametrize("place", PLACES)
def test_a_decimal_goes_out_by_its_digits(place: str, value: str, text: str) -> None:
    assert text_at(place, call(DOCUMENT, f"s.{place}_amount", v=Decimal(value))) == text


@pytest.mark.parametrize(
    "value", [True, 3, 12.5, Decimal("NaN"), Decimal("-Infinity"), float("nan"), b"1"], ids=repr
)
@pytest.mark.parametrize("place", ["path", "query", "header", "json", "form"])
def test_no_other_number_is_text(place: str, value: Any) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError) as caught:
        call(package, f"s.{place}_amount", v=value)
    assert caught.value.outcome == "not_sent"


NESTED = both_ways("""
    Root:
      type: object
      required: [amount]
      properties:
        amount: {type: string, format: decimal}
        maybe: {type: [string, 'null'], format: decimal}
        listed: {type: array, items: {$ref: '#/components/schemas/Amount'}}
        map: {type: object, additionalProperties: {$ref: '#/components/schemas/Amount'}}
        bounded: {type: string, format: decimal, pattern: '^[0-9]+[.][0-9]{2}$', maxLength: 6}
        number: {type: number, format: decimal}
        either: {anyOf: [{type: number}, {type: string, format: decimal}]}
        other: {oneOf: [{type: string, format: decimal}, {type: integer}]}
        reversed: {anyOf: [{type: string, format: decimal}, {type: number}]}
        exact: {anyOf: [{$ref: '#/components/schemas/Amount'}, {type: number, format: decimal}, {type: 'null'}]}
        nested: {anyOf: [{$ref: '#/components/schemas/Maybe'}, {type: number, format: decimal}]}
        code: {type: string}
        uuid: {type: string, format: uuid}
        count: {type: string, format: int64}
        of: {oneOf: [{$ref: '#/components/schemas/Fee'}, {$ref: '#/components/schemas/Free'}]}
    Amount: {type: string, format: decimal}
    Maybe: {type: [string, 'null'], format: decimal}
    Fee: {type: object, required: [fee], additionalProperties: false, properties: {fee: {type: string, format: decimal}}}
    Free: {type: object, required: [free], additionalProperties: false, properties: {free: {type: boolean}}}
""")
A, B = Decimal("1.50"), Decimal("2E+1")


def test_a_decimal_inside_of_lists_maps_unions_and_dicts() -> None:
    given = {
        "amount": A,
        "maybe": B,
        "listed": [A, "3"],
        "map": {"a": B},
        "bounded": A,
        "number": A,
        "of": {"fee": A},
    }

    exchange = call(NESTED, "things.send", **given, answer=json_answer({"amount": "1.50"}))

    assert exchange.content.decode() == (
        '{"amount":"1.50","bounded":"1.50","listed":["1.50","3"],"map":{"a":"20"},"maybe":"20","number":1.50,'
        '"of":{"fee":"1.50"}}'
    )
    assert exchange.result.amount == "1.50"


def test_a_model_takes_one_too() -> None:
    package = package_of(NESTED)

    fee = package.models.FeeInput(fee=A)
    assert call(package, "things.send", amount="1", of=fee, answer=json_answer({"amount": "1"})).json[
        "of"
    ] == {"fee": "1.50"}


@pytest.mark.parametrize("name", ["either", "reversed", "exact", "nested"])
def test_a_decimal_stays_a_number_where_a_union_takes_numbers(name: str) -> None:
    exchange = call(NESTED, "things.send", amount="1", **{name: A}, answer=json_answer({"amount": "1"}))

    assert f'"{name}":1.50' in exchange.content.decode()


def test_a_decimal_is_the_text_beside_integers() -> None:
    assert (
        call(NESTED, "things.send", amount="1", other=A, answer=json_answer({"amount": "1"})).json["other"]
        == "1.50"
    )
    assert (
        call(NESTED, "things.send", amount="1", other=3, answer=json_answer({"amount": "1"})).json["other"]
        == 3
    )


@pytest.mark.parametrize("name", ["code", "uuid", "count"])
def test_a_decimal_is_no_text_of_another_format(name: str) -> None:
    package = package_of(NESTED)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", amount="1", **{name: A})


@pytest.mark.parametrize("value", [Decimal("1.5"), Decimal("1000.00")])
def test_bounds_hold_for_the_text_of_a_decimal(value: Decimal) -> None:
    package = package_of(NESTED)

    with pytest.raises(package.errors.RequestValidationError, match="bounded"):
        call(package, "things.send", amount="1", bounded=value)
