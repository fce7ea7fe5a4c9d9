"""application/x-www-form-urlencoded: fields by content type, by style and by kind of value; JSON where it is declared."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import package_of, spec

DOCUMENT = spec("""
paths:
  /f:
    post:
      operationId: send
      tags: [things]
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties:
                text: {type: string}
                amount: {type: number, format: decimal}
                flag: {type: boolean}
                list: {type: array, items: {type: string}}
                object: {type: object, properties: {a: {type: string}, b: {type: integer}}}
                json_object: {$ref: '#/components/schemas/Info'}
                json_list: {type: array, items: {$ref: '#/components/schemas/Info'}}
                json_text: {type: string}
                joined: {type: array, items: {type: string}}
                piped: {type: array, items: {type: string}}
                deep: {type: object, properties: {x: {type: string}, y: {type: object, properties: {z: {type: integer}}}}}
                exploded: {type: object, properties: {p: {type: string}, q: {type: string}}}
                reserved: {type: string}
                Camel-Case: {type: string}
                maybe: {type: [string, 'null']}
            encoding:
              json_object: {contentType: application/json}
              json_list: {contentType: application/json; charset=utf-8}
              json_text: {contentType: application/json}
              joined: {style: form, explode: false}
              piped: {style: pipeDelimited, explode: false}
              deep: {style: deepObject, explode: true}
              exploded: {style: form, explode: true}
              reserved: {allowReserved: true}
      responses: {'204': {description: ok}}
  /required:
    post:
      operationId: must
      tags: [things]
      requestBody:
        required: true
        content: {application/x-www-form-urlencoded: {schema: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Info: {type: object, properties: {name: {type: string}, price: {type: number, format: decimal}, tags: {type: array, items: {type: string}}}}
""")


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"text": "a b&c=d+é%\n"}, [("text", "a b&c=d+é%\n")]),
        ({"text": ""}, [("text", "")]),
        ({"amount": Decimal("12.3550")}, [("amount", "12.3550")]),
        ({"flag": True}, [("flag", "true")]),
        ({"list": ["a", "b c"]}, [("list", "a"), ("list", "b c")]),
        ({"list": []}, []),
        ({"object": {"a": "x&y", "b": 2}}, [("object", '{"a":"x&y","b":2}')]),
        ({"json_text": 'a"b'}, [("json_text", '"a\\"b"')]),
        ({"joined": ["a", "b c"]}, [("joined", "a,b c")]),
        ({"piped": ["a", "b"]}, [("piped", "a|b")]),
        ({"deep": {"x": "1", "y": {"z": 2}}}, [("deep[x]", "1"), ("deep[y][z]", "2")]),
        ({"exploded": {"p": "1", "q": "2"}}, [("p", "1"), ("q", "2")]),
        ({"reserved": "a/b?c:d&e=f"}, [("reserved", "a/b?c:d&e=f")]),
        ({"camel_case": "x"}, [("Camel-Case", "x")]),
        ({"maybe": "", "text": "x"}, [("maybe", ""), ("text", "x")]),
    ],
    ids=repr,
)
def test_each_field_is_written_as_declared(given: dict[str, Any], sent: list[tuple[str, str]]) -> None:
    exchange = call(DOCUMENT, "things.send", **given)

    assert exchange.form == sent
    assert exchange.request.headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("field", ["json_object", "json_list"])
def test_json_in_a_field_loses_nothing(field: str) -> None:
    info = {"name": "A & B = €", "price": Decimal("1.10"), "tags": ["x", "y"]}

    ((key, text),) = call(DOCUMENT, "things.send", **{field: [info] if field == "json_list" else info}).form

    read = json.loads(text, parse_float=Decimal)
    assert key == field
    assert (read[0] if field == "json_list" else read) == info
    assert "1.10" in text


def test_models_and_dicts_give_the_same_form() -> None:
    package = package_of(DOCUMENT)
    info = {"name": "n", "price": Decimal("0.10")}
    model = package.models.Info(**info)

    assert (
        call(package, "things.send", json_object=info).content
        == call(package, "things.send", json_object=model).content
    )


def test_an_optional_form_without_fields_is_no_body() -> None:
    exchange = call(DOCUMENT, "things.send")

    assert exchange.content == b""
    assert "content-type" not in exchange.request.headers


def test_a_required_field_is_required() -> None:
    package = package_of(DOCUMENT)

    assert call(package, "things.must", a="1").content == b"a=1"
    with pytest.raises(TypeError):
        call(package, "things.must", b="1")


@pytest.mark.parametrize(
    "bad",
    [
        {"text": 1},
        {"json_object": {"nmae": "typo"}},
        {"json_object": "text"},
        {"json_list": {}},
        {"amount": 0.1},
    ],
)
def test_fields_are_checked(bad: dict[str, Any]) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **bad)
