"""Strings that stand for bytes: encoded in base64 when bytes are passed, refused where the document says no such thing."""

from __future__ import annotations

import inspect
import io
from pathlib import Path
from typing import Any

import pytest

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.calls import call, json_answer, text_answer
from tests.behavior.packages import both_ways, package_of, spec

DOCUMENT = spec("""
paths:
  /json:
    post:
      operationId: json
      tags: [s]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Mail'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Mail'}}}}}
  /form:
    post:
      operationId: form
      tags: [s]
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Fields'}}}}
      responses: {'204': {description: ok}}
  /parts:
    post:
      operationId: parts
      tags: [s]
      requestBody: {required: true, content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Parts'}}}}
      responses: {'204': {description: ok}}
  /all/{p}:
    get:
      operationId: places
      tags: [s]
      parameters:
        - {name: p, in: path, required: true, schema: {type: string, format: byte}}
        - {name: q, in: query, schema: {type: array, items: {type: string, contentEncoding: base64}}}
        - {name: h, in: header, schema: {type: string, format: byte}}
        - {name: c, in: cookie, schema: {type: string, format: byte}}
        - {name: plain, in: query, schema: {type: string}}
        - {name: raw, in: query, schema: {type: string, format: binary}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Picture: {type: string, contentEncoding: base64, contentMediaType: image/gif}
    Mail:
      type: object
      required: [content]
      properties:
        content: {type: string, format: byte}
        pictures: {type: array, items: {$ref: '#/components/schemas/Picture'}}
        either: {oneOf: [{type: integer}, {type: string, format: byte}]}
        none: {type: [string, 'null'], format: byte}
        url: {type: string, contentEncoding: base64url}
        text: {type: string}
        file: {type: string, format: binary}
        any: {}
    Fields: {type: object, properties: {content: {type: string, format: byte}, text: {type: string}, file: {type: string, format: binary}}}
    Parts: {type: object, properties: {content: {type: string, format: byte}, file: {type: string, format: binary}, info: {type: object, properties: {x: {}}}}}
""")


def test_bytes_are_encoded_and_text_counts_as_encoded() -> None:
    exchange = call(
        DOCUMENT, "s.json", content=b"GIF89a\xff\xfe", pictures=[bytearray(b"\x00"), "R0lG", memoryview(b"a")],
        either=b"1", none=b"", answer=json_answer({"content": "R0lG"}),
    )  # fmt: skip

    assert exchange.json == {
        "content": "R0lGODlh//4=", "pictures": ["AA==", "R0lG", "YQ=="], "either": "MQ==", "none": "",
    }  # fmt: skip


def test_an_answer_stays_text_and_gives_its_bytes_on_request() -> None:
    package = package_of(DOCUMENT)
    result = call(package, "s.json", content=b"", answer=json_answer({"content": "R0lGODlh//4="})).result

    assert result.content == "R0lGODlh//4="
    assert package.module.base64_bytes(result.content) == b"GIF89a\xff\xfe"
    with pytest.raises(ValueError, match="base64"):
        package.module.base64_bytes("no base64!")


def test_models_and_dicts_take_bytes_too() -> None:
    package = package_of(DOCUMENT)
    made = package.models.MailInput(content=b"GIF", pictures=[b"a"])

    assert (made.content, made.pictures) == ("R0lG", ["YQ=="])
    found = call(
        package, "s.json", content=made.content, pictures=made.pictures, answer=json_answer({"content": ""})
    )
    assert found.json == {"content": "R0lG", "pictures": ["YQ=="]}


def test_bytes_in_every_place() -> None:
    exchange = call(DOCUMENT, "s.places", b"\xff\xfe", q=[b"a?", "YQ=="], h=b"hi", c=b"\xfb")

    assert exchange.raw_path == "/all/%2F%2F4%3D"
    assert exchange.raw_query == "q=YT8%3D&q=YQ%3D%3D"
    assert exchange.request.headers["h"] == "aGk="
    assert exchange.request.headers["cookie"] == "c=+w=="
    assert call(DOCUMENT, "s.form", content=b"\xfb").content == b"content=%2Bw%3D%3D"
    parts = call(DOCUMENT, "s.parts", content=b"GIF", file=b"GIF").content
    assert b'name="content"\r\n\r\nR0lG\r\n' in parts and b'filename="file"\r\n' in parts
    assert b"\r\n\r\nGIF\r\n" in parts


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("s.json", {"content": "", "text": b"text"}),
        ("s.json", {"content": "", "file": b"text"}),
        ("s.json", {"content": "", "file": io.BytesIO(b"text")}),
        ("s.json", {"content": "", "url": b"text"}),
        ("s.json", {"content": "", "any": b"text"}),
        ("s.json", {"content": "", "any": [{"a": bytearray(b"text")}]}),
        ("s.json", {"content": 5}),
        ("s.form", {"text": b"text"}),
        ("s.form", {"file": b"text"}),
        ("s.parts", {"info": {"x": b"text"}}),
        ("s.places", {"p": "x", "plain": b"text"}),
        ("s.places", {"p": "x", "raw": b"text"}),
        ("s.places", {"p": "x", "plain": bytearray(b"text")}),
    ],
)
def test_bytes_for_any_other_string_are_refused(method: str, given: dict[str, Any]) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, method, **given)


def test_a_package_has_the_helper_only_if_a_string_is_in_base64() -> None:
    answer = "application/json: {schema: {type: array, items: {type: string, format: byte}}}"
    with_it = f"paths: {{/x: {{get: {{tags: [s], responses: {{'200': {{description: ok, content: {{{answer}}}}}}}}}}}}}"

    assert package_of(spec(with_it)).module.base64_bytes("YQ==") == b"a"
    assert not hasattr(package_of(spec(with_it.replace("byte", "hex"))).module, "base64_bytes")


WHOLE_BODIES = spec("""
paths:
  /cover:
    put:
      operationId: cover
      tags: [s]
      requestBody: {required: true, content: {image/jpeg: {schema: {type: string, format: byte, example: AA==}}}}
      responses: {'204': {description: ok}}
  /any-image:
    put:
      operationId: any
      tags: [s]
      requestBody:
        required: true
        content: {'image/*': {schema: {type: string, contentMediaType: image/png, contentEncoding: base64}}}
      responses: {'204': {description: ok}}
  /note:
    put:
      operationId: note
      tags: [s]
      requestBody: {required: true, content: {text/plain: {schema: {type: string, format: byte}}}}
      responses: {'204': {description: ok}}
  /raw:
    put:
      operationId: raw
      tags: [s]
      requestBody: {required: true, content: {image/jpeg: {schema: {type: string, format: binary}}}}
      responses: {'200': {description: ok, content: {image/jpeg: {schema: {type: string, format: byte}}}}}
""")


@pytest.mark.parametrize("given", [b"GIF", bytearray(b"GIF"), "R0lG"])
@pytest.mark.parametrize(
    ("method", "sent_as"), [("s.cover", "image/jpeg"), ("s.any", "image/png"), ("s.note", "text/plain")]
)
def test_a_whole_body_in_base64_is_encoded(method: str, sent_as: str, given: object) -> None:
    exchange = call(WHOLE_BODIES, method, body=given)

    assert (exchange.content, exchange.request.headers["content-type"]) == (b"R0lG", sent_as)


def test_a_whole_body_in_base64_takes_nothing_else_and_one_of_bytes_stays_bytes() -> None:
    package = package_of(WHOLE_BODIES)

    with pytest.raises(package.errors.RequestValidationError, match="base64"):
        call(package, "s.cover", body=5)
    exchange = call(package, "s.raw", body=b"GIF", answer=text_answer("R0lG", content_type="image/jpeg"))
    assert (exchange.content, exchange.result) == (b"GIF", b"R0lG")


def test_server_and_conformance_suite_read_the_same_bodies(tmp_path: Path) -> None:
    document = tmp_path / "openapi.yaml"
    document.write_text(WHOLE_BODIES, encoding="utf-8")
    folder = package_of(WHOLE_BODIES).folder

    suite = Suite.open(str(document), str(folder), [], Diagnostics(), Settings(examples=2))
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "response", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []


BYTE, GIF = "{type: string, format: byte}", b"GIF"
BRANCHES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("properties: {s: {type: string, format: byte, enum: [R0lG, AAAA]}}", {"s": GIF}, {"s": "R0lG"}),
    ("properties: {s: {type: string, contentEncoding: base64, const: R0lG}}", {"s": GIF}, {"s": "R0lG"}),
    ("properties: {s: {type: [string, 'null'], format: byte, enum: [R0lG, null]}}", {"s": GIF}, {"s": "R0lG"}),
    ("properties: {s: {allOf: [{type: string, format: byte}, {enum: [R0lG]}]}}", {"s": GIF}, {"s": "R0lG"}),
    ("properties: {s: {type: array, items: {type: string, format: byte, enum: [R0lG]}}}", {"s": [GIF]}, {"s": ["R0lG"]}),
    ("additionalProperties: {type: string, format: byte, enum: [R0lG]}", {"s": GIF}, {"s": "R0lG"}),
    (f"properties: {{k: {{}}}}, if: {{required: [k]}}, then: {{properties: {{s: {BYTE}}}}}", {"k": "a", "s": GIF}, {"k": "a", "s": "R0lG"}),
    (f"properties: {{k: {{}}}}, if: {{required: [k]}}, then: {{}}, else: {{properties: {{s: {BYTE}}}}}", {"s": GIF}, {"s": "R0lG"}),
    ("properties: {k: {}}, if: {required: [k]}, then: {$ref: '#/components/schemas/Then'}", {"k": 1, "s": GIF}, {"k": 1, "s": "R0lG"}),
    ("properties: {k: {}, s: {type: string}}, if: {required: [k]}, then: {properties: {s: {contentEncoding: base64}}}", {"k": 1, "s": GIF}, {"k": 1, "s": "R0lG"}),
    (f"properties: {{k: {{}}}}, dependentSchemas: {{k: {{properties: {{s: {{type: array, items: {BYTE}}}}}}}}}", {"k": 1, "s": [GIF]}, {"k": 1, "s": ["R0lG"]}),
    (f"properties: {{k: {{}}, s: {{type: array, items: {{type: string}}}}}}, dependentSchemas: {{k: {{properties: {{s: {{items: {BYTE}}}}}}}}}", {"k": 1, "s": [GIF]}, {"k": 1, "s": ["R0lG"]}),
    (f"properties: {{k: {{}}}}, dependentSchemas: {{k: {{properties: {{s: {{properties: {{in: {BYTE}}}}}}}}}}}", {"k": 1, "s": {"in": GIF}}, {"k": 1, "s": {"in": "R0lG"}}),
    ("properties: {s: {type: string}, t: {}}, anyOf: [{properties: {s: {contentEncoding: base64}}, required: [s]}, {required: [t]}]", {"s": GIF}, {"s": "R0lG"}),
    ("properties: {s: {type: string, anyOf: [{format: byte}, {maxLength: 3}]}}", {"s": GIF}, {"s": "R0lG"}),
    ("properties: {s: {type: string, if: {maxLength: 5}, then: {format: byte}}}", {"s": GIF}, {"s": "R0lG"}),
    ("properties: {s: {contentEncoding: base64}}", {"s": GIF}, {"s": "R0lG"}),
    (f"properties: {{a: {{}}}}, patternProperties: {{'^s': {BYTE}}}", {"a": 1, "s": GIF}, {"a": 1, "s": "R0lG"}),
    (f"properties: {{a: {{}}}}, additionalProperties: {BYTE}", {"a": 1, "s": GIF}, {"a": 1, "s": "R0lG"}),
]  # fmt: skip


def described(schema: str, media_type: str = "application/json") -> str:
    content = f"content: {{{media_type}: {{schema: {{type: object, {schema}}}}}}}"
    operation = f"{{operationId: send, tags: [s], requestBody: {{required: true, {content}}}, responses: {{'204': {{description: ok}}}}}}"
    return spec(
        f"paths: {{/x: {{post: {operation}}}}}\ncomponents: {{schemas: {{Then: {{properties: {{s: {BYTE}}}}}}}}}\n"
    )


def sent(document: str, values: dict[str, Any]) -> Any:
    package = package_of(document)
    method = inspect.signature(package.client_class()().s.send)
    return call(package, "s.send", **({"body": values} if "body" in method.parameters else values))


@pytest.mark.parametrize(("schema", "values", "expected"), BRANCHES)
def test_bytes_are_encoded_wherever_some_branch_says_base64(
    schema: str, values: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert sent(described(schema), values).json == expected

    parts = sent(described(schema, "multipart/form-data"), values).content
    assert b"R0lG" in parts and b"GIF" not in parts and b"filename" not in parts


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ("properties: {s: {type: string, format: byte, enum: [R0lG]}}", {"s": b"GIX"}),
        ("properties: {s: {type: string, format: byte, enum: [R0lG]}}", {"s": "other"}),
        ("properties: {s: {type: string, contentEncoding: base64, maxLength: 3}}", {"s": GIF}),
        ("properties: {s: {type: string, format: byte, pattern: '^S'}}", {"s": GIF}),
        (f"properties: {{k: {{}}}}, dependentSchemas: {{k: {{properties: {{s: {BYTE}}}, minProperties: 3}}}}", {"k": 1, "s": GIF}),
        ("properties: {k: {}}, if: {required: [k]}, then: {properties: {s: {type: string}}}", {"k": 1, "s": GIF}),
        (f"properties: {{a: {{type: string}}}}, additionalProperties: {BYTE}", {"a": GIF}),
        (f"patternProperties: {{'^s': {BYTE}}}, additionalProperties: {{type: integer}}", {"t": GIF}),
    ],
)  # fmt: skip
def test_the_text_of_bytes_has_to_fit_the_schema(schema: str, values: dict[str, Any]) -> None:
    document = described(schema)
    with pytest.raises(package_of(document).errors.RequestValidationError):
        sent(document, values)


def test_a_package_without_branches_that_say_base64_carries_no_places() -> None:
    package = package_of(described(f"properties: {{s: {BYTE}, t: {{type: array, items: {BYTE}}}}}"))
    assert not any(
        b"Base64At(" in content for name, content in package.files.items() if "_runtime" not in name
    )


@pytest.mark.parametrize(
    "schema",
    [
        "{allOf: [{type: string}, {contentEncoding: base64}]}",
        "{type: string, allOf: [{contentEncoding: base64}]}",
        "{type: string, allOf: [{minLength: 1}, {contentEncoding: base64, description: bytes}]}",
    ],
)
def test_an_encoding_in_all_of_holds(schema: str) -> None:
    root = f"    Root: {{type: object, required: [v], properties: {{v: {schema}}}}}\n"
    exchange = call(both_ways(root), "things.send", v=b"GIF", answer=json_answer({"v": "R0lG"}))
    assert exchange.json == {"v": "R0lG"} and exchange.result.v == "R0lG"
