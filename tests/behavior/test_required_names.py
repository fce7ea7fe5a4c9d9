"""Names that a schema requires without declaring them: they can be sent, and read where they are received."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.diagnostics.model import Severity
from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import both_ways, package_of, spec

UNDECLARED = both_ways("""
    Root:
      type: object
      required: [name, datatype]
      properties:
        name: {type: string}
        inner: {$ref: '#/components/schemas/Inner'}
    Inner:
      allOf:
      - {$ref: '#/components/schemas/Base'}
      - {required: [kind, base, 'the rest']}
    Base: {type: object, properties: {base: {type: integer}}}
""")


@pytest.mark.parametrize("datatype", ["text", 7, None, ["a", 1], {"deep": {"er": True}}], ids=repr)
def test_an_argument_of_any_type_in_the_method(datatype: Any) -> None:
    value = {"name": "x", "datatype": datatype}

    exchange = call(UNDECLARED, "things.send", **value, answer=json_answer(value))

    assert exchange.json == value
    assert exchange.result.datatype == datatype
    assert plain(exchange.result) == value


def test_through_all_of_in_dicts_and_in_models() -> None:
    inner = {"kind": "k", "base": 1, "the rest": [2]}
    models = package_of(UNDECLARED).models
    as_model = models.InnerInput(kind="k", base=1, the_rest=[2])

    for given in (inner, as_model):
        answer = json_answer({"name": "x", "datatype": 1, "inner": inner})
        exchange = call(UNDECLARED, "things.send", name="x", datatype=1, inner=given, answer=answer)
        assert exchange.json["inner"] == inner
        assert exchange.result.inner.the_rest == [2]


@pytest.mark.parametrize("missing", ["kind", "base", "the rest"])
def test_it_is_required_all_the_same(missing: str) -> None:
    inner = {"kind": "k", "base": 1, "the rest": 2}
    del inner[missing]

    with pytest.raises(package_of(UNDECLARED).errors.RequestValidationError, match=missing):
        call(UNDECLARED, "things.send", name="x", datatype=1, inner=inner)


PATTERNED = both_ways("""
    Root:
      type: object
      required: [a, x_count, more]
      properties: {a: {type: string}}
      patternProperties: {'^x_': {type: integer}}
      additionalProperties: {type: boolean}
""")


def test_a_pattern_and_the_schema_of_all_others_give_the_type() -> None:
    value = {"a": "s", "x_count": 3, "more": True}

    assert call(PATTERNED, "things.send", body=value, answer=json_answer(value)).json == value
    for wrong in ({"x_count": "three"}, {"more": 1}):
        with pytest.raises(package_of(PATTERNED).errors.RequestValidationError):
            call(PATTERNED, "things.send", body=value | wrong)


def test_names_that_only_a_choice_requires_can_be_sent() -> None:
    text = both_ways("""
    Root:
      type: object
      properties: {a: {type: string}}
      anyOf: [{required: [by_id]}, {required: [by_name]}]
""")

    assert call(text, "things.send", by_name="n", answer=json_answer({})).json == {"by_name": "n"}
    assert call(text, "things.send", a="s", by_id=1, answer=json_answer({})).json == {"a": "s", "by_id": 1}


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/x-www-form-urlencoded", b"name=x&datatype=7"),
        ("multipart/form-data", b'name="datatype"'),
    ],
)
def test_in_forms(media_type: str, expected: bytes) -> None:
    schema = "{type: object, required: [name, datatype], properties: {name: {type: string}}}"
    text = spec(
        "paths:\n  /x:\n    post:\n      operationId: send\n      tags: [things]\n"
        f"      requestBody: {{required: true, content: {{{media_type}: {{schema: {schema}}}}}}}\n"
        "      responses: {'204': {description: ok}}\n"
    )

    assert expected in call(text, "things.send", name="x", datatype=7).content


@pytest.mark.parametrize("keyword", ["additionalProperties", "unevaluatedProperties"])
def test_what_the_schema_forbids_too_is_noted_with_both_places(keyword: str) -> None:
    text = both_ways(f"""
    Root:
      type: object
      required: [a, b]
      properties:
        a: {{type: string}}
      {keyword}: false
""")
    package = package_of(text)

    (found,) = [one for one in package.diagnostics if one.id == "required-but-forbidden"]
    assert found.severity is Severity.WARNING
    assert found.place.pointer == f"/components/schemas/Root/{keyword}"
    assert found.related[0].place.pointer == "/components/schemas/Root/required/1"
    with pytest.raises(package.errors.RequestValidationError, match="lacks 'b'"):
        call(package, "things.send", a="x")


def test_a_map_stays_a_map() -> None:
    text = both_ways("    Root: {type: object, required: [a], additionalProperties: {type: integer}}\n")
    value = {"a": 1, "b": 2}

    exchange = call(text, "things.send", body=value, answer=json_answer(value))

    assert (exchange.json, exchange.result) == (value, value)
