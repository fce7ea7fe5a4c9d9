"""Arrays, formats and numbers: what is sent is exact, what is received is read whatever its format."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest

from tests.behavior.calls import call, json_answer, plain, text_answer
from tests.behavior.packages import both_ways, package_of

ARRAYS = both_ways("""
    Root:
      type: object
      properties:
        plain: {type: array, items: {type: integer}}
        untyped: {type: array}
        nested: {type: array, items: {type: array, items: {type: string}}}
        tuple: {type: array, prefixItems: [{type: string}, {type: integer}], items: false}
        open_tuple: {type: array, prefixItems: [{type: string}], items: {type: integer}}
        empty: {type: array, items: false}
        any: {type: array, items: true}
        union: {type: array, items: {oneOf: [{type: string}, {$ref: '#/components/schemas/Inner'}]}}
        unique: {type: array, uniqueItems: true, items: {type: string}}
        only_items: {items: {type: string}}
        contains: {type: array, contains: {type: string}}
    Inner: {type: object, required: [x], properties: {x: {type: integer}}}
""")


@pytest.mark.parametrize(
    "value",
    [
        {"plain": []}, {"plain": [1, 2]}, {"untyped": [1, "a", None, {"b": []}]}, {"nested": [["a"], []]}, {"tuple": ["a", 1]},
        {"open_tuple": ["a", 1, 2]}, {"empty": []}, {"any": [None, {}]}, {"union": ["a", {"x": 1}]}, {"unique": ["a", "b"]},
        {"only_items": ["a"]}, {"contains": [1, "a"]},
    ],
    ids=repr,
)  # fmt: skip
def test_arrays_travel_both_ways(value: dict[str, Any]) -> None:
    exchange = call(ARRAYS, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value


@pytest.mark.parametrize(
    "value",
    [
        {"plain": ["1"]},
        {"plain": [None]},
        {"plain": {"0": 1}},
        {"plain": "12"},
        {"nested": ["a"]},
        {"union": [1]},
        {"union": [{"y": 1}]},
    ],
    ids=repr,
)
def test_items_are_checked(value: dict[str, Any]) -> None:
    package = package_of(ARRAYS)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **value)


def test_a_tuple_is_as_good_as_a_list() -> None:
    assert call(ARRAYS, "things.send", plain=(1, 2), answer=json_answer({})).json == {"plain": [1, 2]}


MONEY = both_ways("""
    Root:
      type: object
      properties:
        amount: {type: number, format: decimal, minimum: 0}
        amounts: {type: array, items: {type: number, format: decimal}}
        by_name: {type: object, additionalProperties: {$ref: '#/components/schemas/Amount'}}
        maybe: {type: [number, 'null'], format: decimal}
        either: {oneOf: [{type: string}, {$ref: '#/components/schemas/Amount'}]}
        float: {type: number}
        whole: {type: integer, format: int64}
        anything: {}
    Amount: {type: number, format: decimal}
""")
DIGITS = (
    "12.355",
    "44.020",
    "0.1",
    "12345678901234567.123456789",
    "1",
    "0",
    "100.00",
    "0.000000001",
    "9999999999999999999999.99",
)


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize(
    "shape",
    [
        '{{"amount":{0}}}',
        '{{"amounts":[{0},{0}]}}',
        '{{"by_name":{{"a":{0}}}}}',
        '{{"maybe":{0}}}',
        '{{"either":{0}}}',
        '{{"anything":[{0}]}}',
    ],
)
def test_money_keeps_every_digit_through_a_round_trip(digits: str, shape: str) -> None:
    package = package_of(MONEY)
    text = shape.format(digits)

    received = call(package, "things.send", answer=text_answer(text)).result
    sent = call(package, "things.send", **plain(received), answer=json_answer({}))

    assert sent.content.decode() == text


def test_money_is_decimal() -> None:
    result = call(
        MONEY, "things.send", answer=text_answer('{"amount":1.10,"amounts":[2],"by_name":{"a":0.30}}')
    ).result

    assert (repr(result.amount), repr(result.amounts), repr(result.by_name)) == (
        "Decimal('1.10')", "[Decimal('2')]", "{'a': Decimal('0.30')}"
    )  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [0.1, float("nan"), Decimal("NaN"), Decimal("Infinity"), True, "abc", "7.10", -1, Decimal("-0.01")],
    ids=repr,
)
def test_inexact_or_forbidden_money_is_refused(value: Any) -> None:
    package = package_of(MONEY)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", amount=value)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("amount", 5, "5"),
        ("amount", Decimal("5.50"), "5.50"),
        ("float", 0.5, "0.5"),
        ("float", 3, "3"),
        ("whole", 2**62, str(2**62)),
        ("whole", 10**30, "1" + "0" * 30),
    ],
)
def test_numbers_are_written_as_they_are(field: str, value: Any, text: str) -> None:
    exchange = call(MONEY, "things.send", **{field: value}, answer=json_answer({}))

    assert exchange.content.decode() == f'{{"{field}":{text}}}'


@pytest.mark.parametrize(
    "text", ["0.30000000000000004", "12345678901234567890.5", "1e300", "1E-7", "-0.0", "2.50"]
)
def test_any_fraction_reads_back_equal(text: str) -> None:
    received = call(MONEY, "things.send", answer=text_answer(f'{{"float":{text}}}')).result

    sent = call(MONEY, "things.send", float=received.float_, answer=json_answer({}))

    assert json.loads(sent.content, parse_float=float)["float"] == float(text)


FORMATS = both_ways("""
    Root:
      type: object
      properties:
        when: {type: string, format: date-time}
        day: {type: string, format: date}
        time: {type: string, format: time}
        span: {type: string, format: duration}
        id: {type: string, format: uuid}
        mail: {type: string, format: email}
        link: {type: string, format: uri}
        host: {type: string, format: ipv4}
        data: {type: string, format: byte}
        raw: {type: string, contentEncoding: base64}
        pattern: {type: string, format: regex}
        odd: {type: string, format: no-such-format}
        word: {type: string, pattern: '^[A-Z]+$', minLength: 2, maxLength: 3}
        small: {type: integer, format: int32, minimum: 1, maximum: 5, multipleOf: 2}
        list: {type: array, minItems: 2, maxItems: 3, items: {type: string, format: uuid}}
""")
GOOD = {
    "when": "2024-01-31T10:00:00Z", "day": "2024-01-31", "time": "10:00:00", "span": "P1D", "id": "6a0f2a1e-5b7b-4c1e-9d7e-3f1a2b3c4d5e",
    "mail": "a@b.c", "link": "https://example.com/a b", "host": "127.0.0.1", "data": "aGk=", "raw": "aGk=", "pattern": "a+", "odd": "x",
    "word": "AB", "small": 4, "list": ["6a0f2a1e-5b7b-4c1e-9d7e-3f1a2b3c4d5e", "6a0f2a1e-5b7b-4c1e-9d7e-3f1a2b3c4d5f"],
}  # fmt: skip
BAD = {
    "when": "yesterday", "day": "31.1.2024", "time": "noon", "span": "long", "id": "none", "mail": "anEmail", "link": "a Url", "host": "?",
    "data": "%%", "raw": "é", "pattern": "(", "odd": "", "word": "lower case", "small": 99, "list": [],
}  # fmt: skip


@pytest.mark.parametrize("values", [GOOD, BAD, dict.fromkeys(BAD, "")], ids=["good", "bad", "empty"])
def test_a_response_never_fails_on_a_format_or_a_bound(values: dict[str, Any]) -> None:
    values = {key: value for key, value in values.items() if key not in ("small", "list") or value != ""}

    assert plain(call(FORMATS, "things.send", answer=json_answer(values)).result) == values


def test_formats_are_sent_as_they_are_given() -> None:
    assert call(FORMATS, "things.send", **GOOD, answer=json_answer({})).json == GOOD


def test_dates_and_times_may_be_python_ones() -> None:
    when = datetime.datetime(2024, 1, 31, 10, 0, 0, tzinfo=datetime.UTC)

    exchange = call(FORMATS, "things.send", when=when, day=datetime.date(2024, 1, 31), answer=json_answer({}))

    assert exchange.json == {"when": "2024-01-31T10:00:00+00:00", "day": "2024-01-31"}


@pytest.mark.parametrize("name", ["word", "small", "list"])
def test_bounds_hold_for_what_is_sent(name: str) -> None:
    package = package_of(FORMATS)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **{name: BAD[name]})
