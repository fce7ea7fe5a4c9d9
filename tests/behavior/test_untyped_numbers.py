"""Numbers without a type are floats where a float is that number, and are written in JSON as the digits that were read."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal
from typing import Any, cast

import pytest
from pydantic import BaseModel

from clientsmith.config.model import Config
from tests.behavior.calls import Answer, call, json_answer, text_answer
from tests.behavior.packages import Package, both_ways, package_from, package_of, spec

DOCUMENT = both_ways("""
    Root:
      type: object
      properties:
        any: {}
        list: {type: array}
        map: {type: object}
        ratio: {type: number}
        exact: {type: number, format: decimal}
        inner: {$ref: '#/components/schemas/Inner'}
        amounts: {type: object, properties: {name: {type: string}}, additionalProperties: {type: number, format: decimal}}
        patterned: {type: object, properties: {name: {type: string}}, patternProperties: {'^a': {$ref: '#/components/schemas/Amounts'}}}
    Inner: {type: object, properties: {name: {type: string}}}
    Amounts: {type: array, items: {type: object, properties: {amount: {type: number, format: decimal}}}}
""")  # fmt: skip
PLACES = ['{{"any":{0}}}', '{{"any":[{{"a":{0}}}]}}', '{{"list":[{0}]}}', '{{"map":{{"a":{0}}}}}', '{{"inner":{{"more":{0}}}}}', '{{"extra":[{0}]}}']  # fmt: skip
EXACT = "12345678901234567890.5"


@pytest.fixture(scope="module")
def decimals() -> Package:
    return package_from({"openapi.yaml": DOCUMENT}, Config(numbers="decimal"))


def numbers(value: Any) -> list[Any]:
    """The numbers in a result, each as it was read."""
    if isinstance(value, BaseModel):
        return numbers(value.model_dump(exclude_unset=True))
    if isinstance(value, dict | list):
        inside = cast("Any", value.values() if isinstance(value, dict) else value)
        return [one for inner in inside for one in numbers(inner)]
    return [value] if isinstance(value, int | float | Decimal) else []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("token", ["0.1", "1.10", "-0.0", "100.00", "0.000000001", "1234567.5"])
def test_a_float_is_read_if_it_is_that_number(token: str, place: str) -> None:
    (number,) = numbers(call(DOCUMENT, "things.send", answer=text_answer(place.format(token))).result)

    assert isinstance(number, float)
    assert number == float(token)
    assert repr(number) == repr(float(token))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("token", "value"),
    [
        (EXACT, Decimal(EXACT)),
        ("0.1000000000000000055511151231257827", Decimal("0.1000000000000000055511151231257827")),
        ("1e-400", Decimal("1e-400")),
        ("9007199254740993", 9007199254740993),
        ("5", 5),
    ],
)
def test_what_no_float_is_keeps_its_digits(token: str, value: object, place: str) -> None:
    (number,) = numbers(call(DOCUMENT, "things.send", answer=text_answer(place.format(token))).result)

    assert (type(number), number) == (type(value), value)


@pytest.mark.parametrize("place", [*PLACES, '{{"exact":{0}}}', '{{"amounts":{{"b":{0}}}}}'])
@pytest.mark.parametrize("token", ["0.1", "1.10", "44.020", "-0.0", EXACT, "1e22"])
def test_results_are_written_and_sent_back_with_the_digits_that_were_read(token: str, place: str) -> None:
    written = place.format("10000000000000000000000" if token == "1e22" else token)
    result = call(DOCUMENT, "things.send", answer=text_answer(place.format(token))).result

    assert result.model_dump_json(exclude_unset=True) == written
    for copied in (copy.deepcopy(result), pickle.loads(pickle.dumps(result)), result.model_copy(deep=True)):
        assert copied.model_dump_json(exclude_unset=True) == written
    if "extra" not in place:
        members = {name: getattr(result, name) for name in result.model_fields_set}
        sent = call(DOCUMENT, "things.send", **members, answer=json_answer({}))
        assert sent.content.decode() == written


def test_a_result_can_be_written_by_the_standard_library() -> None:
    result = call(
        DOCUMENT, "things.send", answer=text_answer('{"any":1.10,"ratio":2.5,"extra":[0.1]}')
    ).result

    assert json.loads(json.dumps(result.model_dump(exclude_unset=True))) == {
        "any": 1.1,
        "ratio": 2.5,
        "extra": [0.1],
    }


@pytest.mark.parametrize("indent", [0, 2, 4])
def test_indented_json_looks_as_pydantic_writes_it(indent: int) -> None:
    text = '{"any":{"a":[],"b":{},"c":[1,{"d":"x, [\\"{:é"}],"e":5},"list":[[null,true]]}'
    result = call(DOCUMENT, "things.send", answer=text_answer(text)).result
    wanted = result.model_dump_json(exclude_unset=True, indent=indent)

    exact = call(DOCUMENT, "things.send", answer=text_answer(text.replace("5", EXACT))).result

    assert exact.model_dump_json(exclude_unset=True, indent=indent) == wanted.replace("5", EXACT)
    assert "\\u00e9" in exact.model_dump_json(exclude_unset=True, ensure_ascii=True)


def test_options_choose_what_is_written() -> None:
    result = call(DOCUMENT, "things.send", answer=text_answer('{"any":1,"exact":1.50,"ratio":2}')).result

    assert result.model_dump_json(include={"exact", "any"}) == '{"any":1,"exact":1.50}'
    assert result.model_dump_json(exclude_none=True, exclude={"any"}) == '{"exact":1.50,"ratio":2.0}'


def test_a_request_model_is_written_with_numbers_too() -> None:
    model = package_of(DOCUMENT).models.RootInput(exact=Decimal("1.50"), ratio=Decimal("2.50"))

    assert model.model_dump_json(exclude_unset=True) == '{"exact":1.50,"ratio":2.50}'


def test_members_without_a_name_that_the_document_wants_exact_are_decimals() -> None:
    text = '{"amounts":{"name":"n","b":12.3550},"patterned":{"a":[{"amount":1.50}]}}'
    result = call(DOCUMENT, "things.send", answer=text_answer(text)).result

    assert result.amounts.model_extra == {"b": Decimal("12.3550")}
    assert numbers(result) == [Decimal("12.3550"), Decimal("1.50")]
    assert all(isinstance(number, Decimal) for number in numbers(result))
    assert result.model_dump_json(exclude_unset=True) == text


@pytest.mark.parametrize("place", [*PLACES, '{{"ratio":{0}}}', '{{"exact":{0}}}'])
@pytest.mark.parametrize("token", ["0.1", "1.10", EXACT])
def test_the_config_keeps_decimals_everywhere(token: str, place: str, decimals: Package) -> None:
    text = place.format(token)
    result = call(decimals, "things.send", answer=text_answer(text)).result

    assert [(type(number), str(number)) for number in numbers(result)] == [(Decimal, token)]
    assert result.model_dump_json(exclude_unset=True) == text


ANSWERS = spec("""
    security: []
    paths:
      /any: {get: {operationId: any, tags: [things], responses: {'200': {description: ok, content: {application/json: {}}}}}}
      /list: {get: {operationId: list, tags: [things], responses: {'200': {description: ok, content: {application/json: {schema: {type: array}}}}}}}
      /undescribed: {get: {operationId: undescribed, tags: [things], responses: {'404': {description: none}}}}
      /tagged:
        get:
          operationId: tagged
          tags: [things]
          responses:
            '200':
              description: ok
              content:
                application/json:
                  schema: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind}}
    components:
      schemas:
        A: {type: object, required: [kind], properties: {kind: {type: string}, any: {}}}
        B: {type: object, required: [kind, must], properties: {kind: {type: string}, must: {type: string}}}
""")  # fmt: skip


@pytest.mark.parametrize(
    ("method", "text"),
    [
        ("any", "1.10"),
        ("list", "[[1.10]]"),
        ("undescribed", '{"a":1.10}'),
        ("tagged", '{"kind":"A","any":1.10}'),
        ("tagged", '{"kind":"B","more":{"a":1.10}}'),
    ],
)
def test_every_kind_of_answer_is_read_alike(method: str, text: str) -> None:
    exact = package_from({"openapi.yaml": ANSWERS}, Config(numbers="decimal"))
    for package, kind in ((package_of(ANSWERS), float), (exact, Decimal)):
        (number,) = numbers(call(package, f"things.{method}", answer=text_answer(text)).result)
        assert isinstance(number, kind)
        assert number == kind("1.10")


def test_the_body_of_an_error_is_read_alike() -> None:
    answer = Answer(418, b'{"message":"m","cost":1.10}', "application/json")
    exact = package_from({"openapi.yaml": ANSWERS}, Config(numbers="decimal"))
    for package, kind in ((package_of(ANSWERS), float), (exact, Decimal)):
        with pytest.raises(package.errors.StatusError) as raised:
            call(package, "things.any", answer=answer)
        assert raised.value.body == raised.value.error.data == {"message": "m", "cost": kind("1.10")}
        assert isinstance(raised.value.body["cost"], kind)
        assert raised.value.response.json()["cost"] == Decimal("1.10")
