"""Shapes that documents of many makers have and that no other file here is about."""

from __future__ import annotations

import pytest

from tests.behavior.calls import NOTHING, call, json_answer, plain
from tests.behavior.packages import both_ways, package_of, spec

PETS = """
    Root: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
    Cat: {type: object, required: [kind], properties: {kind: %s, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: %s, lives: {type: string}}}
"""


@pytest.mark.parametrize(
    ("cat", "dog", "value"),
    [
        ("{const: cat}", "{const: dog}", {"kind": "dog", "lives": "one"}),
        ("{type: string, enum: [cat]}", "{type: string, enum: [dog, hound]}", {"kind": "hound", "lives": "1"}),
        ("{const: 1}", "{const: 2}", {"kind": 2, "lives": "one"}),
        ("{type: string}", "{type: string}", {"kind": "Dog", "lives": "one"}),
        ("{enum: [Cat, Dog]}", "{enum: [Cat, Dog]}", {"kind": "Dog", "lives": "one"}),
    ],
)  # fmt: skip
def test_a_variant_says_its_own_mark_where_there_is_no_mapping(
    cat: str, dog: str, value: dict[str, object]
) -> None:
    package = package_of(both_ways(PETS % (cat, dog)))

    exchange = call(package, "things.send", body=value, answer=json_answer(value))

    assert exchange.json == value
    assert plain(exchange.result) == value
    assert type(exchange.result) is package.models.Dog


PROFILES = """
    paths:
      /x:
        get:
          operationId: fetch
          tags: [things]
          responses:
            '200':
              description: ok
              content:
                application/json: {schema: {$ref: '#/components/schemas/Short'}}
                application/json;profile=full: {schema: {$ref: '#/components/schemas/Full'}}
    components:
      schemas:
        Short: {type: object, required: [id], properties: {id: {type: integer}}}
        Full: {type: object, required: [name], properties: {name: {type: string}}}
"""


@pytest.mark.parametrize("value", [{"id": 1}, {"name": "a"}])
def test_media_types_that_differ_in_parameters_are_read_either_way(value: dict[str, object]) -> None:
    exchange = call(package_of(spec(PROFILES)), "things.fetch", answer=json_answer(value))

    assert plain(exchange.result) == value


UPLOAD = """
    paths:
      /x:
        post:
          operationId: send
          tags: [things]
          requestBody:
            required: true
            content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Body_send'}}}
          responses: {'204': {description: ok}}
    components:
      schemas:
        Body_send:
          type: object
          required: [file]
          properties:
            file: {type: string, contentMediaType: application/octet-stream, title: File}
            scans: {type: array, items: {type: string, contentMediaType: image/png}}
            badge: {type: string, contentMediaType: image/png, contentEncoding: base64}
            page: {type: string, contentMediaType: text/html}
"""


def test_strings_of_a_binary_media_type_are_files() -> None:
    content = b"\x00\xff"

    exchange = call(
        package_of(spec(UPLOAD)),
        "things.send",
        file=content, scans=[("a.png", content)], badge="AP8=", page="<p>",
        answer=NOTHING,
    )  # fmt: skip

    parts = [part for part in exchange.content.split(b"\r\n--") if b"form-data" in part]
    files = [part for part in parts if b"filename=" in part]
    assert len(parts) == 4 and len(files) == 2
    assert all(content in part for part in files)
