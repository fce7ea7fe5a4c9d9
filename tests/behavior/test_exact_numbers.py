"""A number goes out as the token that was meant, is checked as that token, and is read as config and document say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from clientsmith.config.model import Config
from tests.behavior.calls import Exchange, call, json_answer, plain, text_answer
from tests.behavior.packages import both_ways, package_from, package_of, spec

BODY = both_ways("""
    Root:
      type: object
      properties:
        plain: {type: number}
        double: {type: number, format: double}
        maybe: {type: [number, 'null']}
        either: {oneOf: [{type: boolean}, {type: number}]}
        listed: {type: array, items: {$ref: '#/components/schemas/Ratio'}}
        named: {type: object, additionalProperties: {type: number, minimum: -1000000000000000000000000000000}}
        free: {}
        exact: {type: number, format: decimal}
        text: {type: string, format: decimal}
    Ratio: {type: number}
""")
PARAMETERS = spec("""
    paths:
      /x/{path}:
        post:
          operationId: send
          tags: [things]
          parameters:
            - {name: path, in: path, required: true, schema: {type: number}}
            - {name: query, in: query, schema: {type: number}}
            - {name: many, in: query, explode: false, schema: {type: array, items: {type: number}}}
            - {name: deep, in: query, style: deepObject, schema: {type: object, additionalProperties: {type: number}}}
            - {name: json, in: query, content: {application/json: {schema: {type: number}}}}
            - {name: X-Header, in: header, schema: {type: number}}
            - {name: cookie, in: cookie, schema: {type: number}}
          responses: {'204': {description: ok}}
      /form:
        post:
          operationId: fill
          tags: [things]
          requestBody:
            content:
              application/x-www-form-urlencoded:
                schema: {type: object, properties: {a: {type: number}, b: {type: array, items: {type: number}}}}
          responses: {'204': {description: ok}}
      /parts:
        post:
          operationId: upload
          tags: [things]
          requestBody:
            content:
              multipart/form-data:
                schema: {type: object, properties: {a: {type: number}, b: {type: object, additionalProperties: {type: number}}}}
          responses: {'204': {description: ok}}
""")
TOKENS: list[tuple[Any, str]] = [
    (Decimal("12.50"), "12.50"),
    (Decimal("1E+5"), "100000"),
    (Decimal("1E-7"), "0.0000001"),
    (Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
    (Decimal("1E+400"), "1" + 400 * "0"),
    (9007199254740993, "9007199254740993"),
    (10**400, "1" + 400 * "0"),
    (-3, "-3"),
    (0.1, "0.1"),
    (3.0, "3.0"),
    (1e5, "100000.0"),
]
NO_NUMBERS = ["12.5", "", True, float("nan"), float("-inf"), Decimal("NaN"), Decimal("sNaN"), b"1", [1.5], 1j]


@pytest.mark.parametrize(("value", "token"), TOKENS)
@pytest.mark.parametrize("shape", ["plain", "double", "maybe", "either", "free"])
def test_a_number_in_json_is_its_token(shape: str, value: Any, token: str) -> None:
    exchange = call(BODY, "things.send", **{shape: value}, answer=json_answer({}))

    assert exchange.content.decode() == f'{{"{shape}":{token}}}'


@pytest.mark.parametrize(("value", "token"), TOKENS)
def test_numbers_inside_lists_and_maps_are_their_tokens(value: Any, token: str) -> None:
    exchange = call(
        BODY, "things.send", listed=[value, value], named={"a": value}, free=[{"b": value}], answer=json_answer({})
    )  # fmt: skip

    assert exchange.content.decode() == (
        f'{{"free":[{{"b":{token}}}],"listed":[{token},{token}],"named":{{"a":{token}}}}}'
    )


@pytest.mark.parametrize(("value", "token"), [*TOKENS, (1e22, "1e%2B22")])
def test_a_number_in_a_parameter_is_its_token(value: Any, token: str) -> None:
    exchange = call(
        PARAMETERS, "things.send", value,
        query=value, many=[value, value], deep={"k": value}, json=value, x_header=value, cookie=value,
    )  # fmt: skip

    assert exchange.raw_path == f"/x/{token}"
    assert exchange.raw_query == f"deep%5Bk%5D={token}&json={token}&many={token},{token}&query={token}"
    assert exchange.request.headers["X-Header"] == token.replace("%2B", "+")
    assert exchange.request.headers["Cookie"] == f"cookie={token.replace('%2B', '+')}"


@pytest.mark.parametrize(("value", "token"), TOKENS)
def test_a_number_in_a_form_is_its_token(value: Any, token: str) -> None:
    fields = call(PARAMETERS, "things.fill", a=value, b=[value, value])
    parts = call(PARAMETERS, "things.upload", a=value, b={"k": value})

    assert fields.content.decode() == f"a={token}&b={token}&b={token}"
    assert f"\r\n\r\n{token}\r\n" in parts.content.decode()
    assert f'\r\n\r\n{{"k":{token}}}\r\n' in parts.content.decode()


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize(
    "arguments",
    [
        lambda value: ("send", {"plain": value}),
        lambda value: ("send", {"exact": value}),
        lambda value: ("send", {"maybe": value}),
        lambda value: ("send", {"listed": [value]}),
        lambda value: ("send", {"named": {"a": value}}),
    ],
)
def test_what_is_not_a_finite_number_is_refused(arguments: Any, value: Any) -> None:
    package = package_of(BODY)
    method, keywords = arguments(value)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, f"things.{method}", **keywords)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize("name", ["query", "json", "x_header", "cookie", "path"])
def test_what_is_not_a_finite_number_is_refused_as_a_parameter(name: str, value: Any) -> None:
    package = package_of(PARAMETERS)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **{"path": 1, name: value})


def test_text_in_a_union_with_numbers_stays_text() -> None:
    exchange = call(
        both_ways("    Root: {type: object, properties: {u: {oneOf: [{type: string}, {type: number}]}}}"),
        "things.send", u="12.5", answer=json_answer({}),
    )  # fmt: skip

    assert exchange.content == b'{"u":"12.5"}'


def test_an_amount_as_text_keeps_its_digits_both_ways() -> None:
    exchange = call(BODY, "things.send", text="12.50", answer=text_answer('{"text":"12.500"}'))

    assert (exchange.content, exchange.result.text) == (b'{"text":"12.50"}', "12.500")


def test_models_take_every_number_and_keep_it() -> None:
    models = package_of(BODY).models

    made = models.RootInput(plain=Decimal("1.10"), listed=[3, 0.5])

    assert (repr(made.plain), made.listed) == ("Decimal('1.10')", [3, 0.5])
    assert call(BODY, "things.send", **plain(made), answer=json_answer({})).content == (
        b'{"listed":[3,0.5],"plain":1.10}'
    )


MULTIPLES = both_ways("""
    Root:
      type: object
      properties:
        cents: {type: number, multipleOf: 0.01}
        exact: {type: number, format: decimal, multipleOf: 0.01}
        thirds: {type: array, items: {type: number, multipleOf: 0.3}}
        whole: {type: integer, multipleOf: 2.5}
        tiny: {type: number, multipleOf: 1.0e-9, exclusiveMinimum: 0.1, maximum: 100000000000000000000000000000000}
""")


@pytest.mark.parametrize(
    "values",
    [
        {"cents": 8468327.79},
        {"cents": Decimal("8468327.79")},
        {"cents": 9007199254740993},
        {"cents": Decimal("1E+300")},
        {"cents": Decimal("123456789012345678901234567890123456789.01")},
        {"exact": Decimal("8468327.79")},
        {"exact": Decimal("123456789012345678901234567890123456789.01")},
        {"thirds": [0.3, 0.9, 3, 10**30 * 3, Decimal("-1.2")]},
        {"whole": 5},
        {"whole": 5 * 10**30},
        {"tiny": 0.100000001},
        {"tiny": 10**32},
    ],
    ids=repr,
)
def test_a_multiple_is_sent(values: dict[str, Any]) -> None:
    sent = call(MULTIPLES, "things.send", **values, answer=json_answer({}), settings={"validation": "strict"})

    answered = call(
        MULTIPLES, "things.send",
        answer=text_answer(sent.content.decode()), settings={"validation": "strict"},
    )  # fmt: skip
    assert answered.result is not None


@pytest.mark.parametrize(
    ("values", "token"),
    [
        ({"cents": Decimal("0.0100000001")}, '{"cents":0.0100000001}'),
        ({"cents": 0.0100000001}, '{"cents":0.0100000001}'),
        ({"cents": Decimal("123456789012345678901234567890.011")}, '{"cents":123456789012345678901234567890.011}'),
        ({"exact": Decimal("123456789012345678901234567890.011")}, '{"exact":123456789012345678901234567890.011}'),
        ({"thirds": [10**30]}, '{"thirds":[1000000000000000000000000000000]}'),
        ({"whole": 7}, '{"whole":7}'),
        ({"tiny": 0.1}, '{"tiny":0.1}'),
        ({"tiny": Decimal("0.10000000001")}, '{"tiny":0.10000000001}'),
        ({"tiny": 10**32 + 1}, '{"tiny":100000000000000000000000000000001}'),
    ],
    ids=repr,
)  # fmt: skip
def test_what_breaks_a_bound_is_refused_and_found_in_answers(values: dict[str, Any], token: str) -> None:
    package = package_of(MULTIPLES)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **values)
    with pytest.raises(package.errors.InvalidResponseError):
        call(package, "things.send", answer=text_answer(token), settings={"validation": "strict"})
    assert call(package, "things.send", answer=text_answer(token)).result is not None


READING = both_ways("""
    Root:
      type: object
      properties:
        number: {type: number}
        listed: {type: array, items: {type: number}}
        some: {type: number, enum: [1.5, 2.5]}
        exact: {type: number, format: decimal}
        count: {type: integer}
""")


def _read(config: Config, text: str) -> Exchange:
    package = package_from({"openapi.yaml": READING}, config)
    return call(package, "things.send", answer=text_answer(text))


@pytest.mark.parametrize(
    ("token", "as_float", "as_decimal"),
    [
        ("12.10", 12.1, Decimal("12.10")),
        ("3", 3.0, Decimal(3)),
        ("9007199254740993", 9007199254740993, Decimal(9007199254740993)),
        ("0.1234567890123456789", 0.12345678901234568, Decimal("0.1234567890123456789")),
    ],
)
def test_a_number_is_read_as_the_config_says(token: str, as_float: Any, as_decimal: Decimal) -> None:
    body = f'{{"number":{token},"listed":[{token}],"some":{token},"exact":{token},"count":4}}'

    floats, decimals = _read(Config(), body).result, _read(Config(numbers="decimal"), body).result

    assert [repr(value) for value in (floats.number, *floats.listed, floats.some)] == 3 * [repr(as_float)]
    for value in (floats.exact, decimals.number, *decimals.listed, decimals.some, decimals.exact):
        assert repr(value) == repr(as_decimal)
    assert repr(decimals.count) == "4"


def test_what_was_read_as_decimals_goes_out_with_the_same_digits() -> None:
    package = package_from({"openapi.yaml": READING}, Config(numbers="decimal"))
    body = '{"exact":1.0,"listed":[2.50,3],"number":0.1234567890123456789}'
    received = call(package, "things.send", answer=text_answer(body)).result

    sent = call(package, "things.send", **plain(received), answer=json_answer({}))

    assert sent.content.decode() == body


@pytest.mark.parametrize("config", [Config(), Config(numbers="decimal")])
@pytest.mark.parametrize("token", ['"12.5"', "true"])
def test_text_and_bools_are_not_read_as_numbers(config: Config, token: str) -> None:
    package = package_from({"openapi.yaml": READING}, config)

    with pytest.raises(package.errors.ResponseDecodeError):
        call(package, "things.send", answer=text_answer(f'{{"number":{token}}}'))


HUGE = spec("""
    paths:
      /x:
        post:
          operationId: send
          tags: [things]
          parameters:
            - {name: flag, in: query, schema: {type: integer, enum: [9223372036854775808, 1]}}
            - {name: flags, in: query, schema: {type: array, items: {const: -9223372036854775809}}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Huge'}}}}
          responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Huge'}}}}}
    components:
      schemas:
        Huge:
          type: object
          properties:
            only: {type: integer, const: 18000000000000000000}
            mixed: {enum: [auto, 7, 18446744073709551616, true]}
            maybe: {type: [integer, 'null'], enum: [null, 18446744073709551616, 18446744073709551617]}
            named: {type: object, additionalProperties: {$ref: '#/components/schemas/Flag'}}
            bounded: {type: integer, minimum: -99999999999999999999, maximum: 99999999999999999999, default: 36893488147419103232}
        Flag: {type: integer, enum: [9223372036854775807, 9223372036854775808]}
""")  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        {"only": 18000000000000000000}, {"mixed": 18446744073709551616}, {"mixed": 7}, {"mixed": "auto"},
        {"mixed": True}, {"maybe": None}, {"maybe": 18446744073709551617}, {"bounded": 99999999999999999999},
        {"named": {"a": 9223372036854775807, "b": 9223372036854775808}},
    ],
    ids=repr,
)  # fmt: skip
def test_listed_integers_beyond_64_bits_travel_both_ways(value: dict[str, Any]) -> None:
    exchange = call(HUGE, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value


@pytest.mark.parametrize(
    "value",
    [
        {"only": 18000000000000000001}, {"mixed": 18446744073709551617}, {"mixed": 1}, {"maybe": 0},
        {"named": {"a": 9223372036854775809}}, {"bounded": 100000000000000000000}, {"flag": 2},
        {"flag": 9223372036854775809}, {"flag": True}, {"flags": [-9223372036854775808]},
        {"only": Decimal(18000000000000000000)},
    ],
    ids=repr,
)  # fmt: skip
def test_other_integers_than_the_listed_ones_are_refused(value: dict[str, Any]) -> None:
    package = package_of(HUGE)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **value)


def test_listed_integers_beyond_64_bits_are_parameters() -> None:
    exchange = call(
        HUGE, "things.send", flag=9223372036854775808, flags=[-9223372036854775809], answer=json_answer({})
    )

    assert exchange.raw_query == "flag=9223372036854775808&flags=-9223372036854775809"


def test_an_integer_that_is_not_listed_yet_can_be_read() -> None:
    result = call(HUGE, "things.send", answer=text_answer('{"only":36893488147419103232,"mixed":8}')).result

    assert (result.only, result.mixed) == (36893488147419103232, 8)


def test_very_many_listed_integers_beyond_64_bits_are_checked() -> None:
    listed = ", ".join(str(2**64 + number) for number in range(100))
    package = package_of(both_ways(f"    Root: {{type: object, properties: {{a: {{enum: [{listed}]}}}}}}"))

    assert not package.ids
    assert call(package, "things.send", a=2**64, answer=json_answer({})).json == {"a": 2**64}
    with pytest.raises(package.errors.RequestValidationError, match="is none of 100 values"):
        call(package, "things.send", a=2**64 + 100)
