"""The schemas that a package holds responses against: whose they are, what is in them, and what a document means."""

from __future__ import annotations

import json
import logging
import re
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.behavior.calls import Answer, call, json_answer
from tests.behavior.packages import Package, alone, generate, load, package_from, package_of, spec

MARKETPLACE = Path(__file__).resolve().parents[2] / "spec" / "marketplace.yaml"
DOCUMENT = spec("""
paths:
  /thing:
    get:
      operationId: thing
      tags: [r]
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id, secret]
      properties:
        id: {type: string, pattern: '^T[0-9]{3}$', maxLength: 4, description: not needed, example: T000}
        when: {type: string, format: date-time}
        secret: {type: string, writeOnly: true}
        exotic: {type: string, pattern: '^(?!x)'}
""")


def run(mode: str, method: str, answer: Answer, package: Package | str) -> Any:
    """The result of a call through both clients, which are made in that mode."""
    return call(package, method, answer=answer, settings={"validation": mode}).result


def test_lenient_clients_never_load_the_schemas() -> None:
    package = alone(package_from({"openapi.yaml": DOCUMENT}))
    parts = (
        "_response_schemas",
        "_runtime.json_schema.json_schema",
        "_runtime.json_schema.json_assertions",
        "_runtime.json_schema.json_evaluated",
    )

    def loaded() -> set[str]:
        return {part for part in parts if f"{package.module.__name__}.{part}" in sys.modules}

    call(package, "r.thing", answer=json_answer({"id": "T123"}))
    assert loaded() == set()
    call(package, "r.thing", answer=json_answer({"id": "T123"}), settings={"validation": "warn"})
    assert loaded() == set(parts[:3])


def test_a_package_checks_with_its_own_schemas_under_any_name() -> None:
    package = package_of(DOCUMENT)
    other = package_of(DOCUMENT.replace("maxLength: 4", "maxLength: 8").replace("{3}", "{3,7}"))
    twin = Package(load(package.folder, "twin_of_the_package"), package.folder, package.files, ())
    value = json_answer({"id": "T12345"})
    assert run("strict", "r.thing", value, other).id == "T12345"
    for strict in (package, twin):
        with pytest.raises(strict.errors.ResponseDecodeError):
            run("strict", "r.thing", value, strict)


def test_the_schemas_hold_nothing_but_what_checking_needs() -> None:
    schemas = package_of(DOCUMENT).submodule("_response_schemas").SCHEMAS
    assert json.loads(schemas["Thing"])["properties"]["id"] == {
        "type": "string", "pattern": "^T[0-9]{3}$", "maxLength": 4,
    }  # fmt: skip
    assert json.loads(schemas["Thing"])["properties"]["when"] == {"type": "string"}
    assert "secret" not in json.loads(schemas["Thing"])["required"]


def test_a_pattern_that_cannot_be_checked_is_a_note_and_not_checked() -> None:
    package = package_of(DOCUMENT)
    places = [found.place.pointer for found in package.diagnostics if found.id == "keyword-not-checked"]
    assert places == ["/components/schemas/Thing/properties/exotic/pattern"]
    assert json.loads(package.submodule("_response_schemas").SCHEMAS["Thing"])["properties"]["exotic"] == {
        "type": "string", "unchecked": True,
    }  # fmt: skip


def test_a_package_without_json_responses_has_no_schemas() -> None:
    text = spec("paths: {/x: {get: {operationId: x, tags: [r], responses: {'204': {description: nothing}}}}}")
    package = package_of(text)
    assert "_response_schemas.py" not in package.files
    assert call(package, "r.x", answer=Answer(204)).result is None
    with pytest.raises(TypeError, match="validation"):
        package.client_class()(validation="strict")


def test_the_order_of_keys_in_the_document_changes_nothing() -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    generated, _, _ = generate(
        {"openapi.yaml": yaml.safe_dump(turned(yaml.safe_load(DOCUMENT)), sort_keys=False)}
    )
    assert generated is not None
    assert dict(generated.tree)["_response_schemas.py"] == package_of(DOCUMENT).files["_response_schemas.py"]


OLD = spec(
    """
paths:
  /x:
    get:
      operationId: x
      tags: [r]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Old'}}}}}
components:
  schemas:
    Old:
      type: object
      properties:
        color: {type: string, nullable: true, enum: [red, null]}
        name: {type: string, nullable: true, minLength: 2}
        share: {type: number, minimum: 0, exclusiveMinimum: true}
        other: {$ref: '#/components/schemas/Other', maxProperties: 0}
    Other: {type: object, nullable: true, maxProperties: 1}
""",
    version="3.0.3",
)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"color": None, "name": None, "other": None, "share": 0.1}, None),
        ({"other": {"a": 1}}, None),  # what stands beside a reference has no meaning in OpenAPI 3.0
        ({"other": {"a": 1, "b": 2}}, "/other has more than 1 members"),
        ({"share": 0}, "/share is not greater than 0"),
        ({"name": "a"}, "/name has fewer than 2 characters"),
        ({"color": "blue"}, "/color is none of 2 values"),
    ],
)
def test_openapi_3_0_is_read_by_its_own_rules(value: dict[str, Any], reason: str | None) -> None:
    if reason is None:
        run("strict", "r.x", json_answer(value), OLD)
    else:
        with pytest.raises(package_of(OLD).errors.ResponseDecodeError, match=reason):
            run("strict", "r.x", json_answer(value), OLD)


def test_write_only_members_are_never_missed() -> None:
    text = spec("""
    paths: {/x: {get: {operationId: x, tags: [r], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}}}}}}
    components:
      schemas:
        Root:
          type: object
          required: [name, password]
          properties: {name: {type: string}, password: {type: string, writeOnly: true}, key: {type: string, writeOnly: true}}
          oneOf: [{required: [password]}, {required: [key]}]
    """)
    run("strict", "r.x", json_answer({"name": "a"}), text)
    with pytest.raises(package_of(text).errors.ResponseDecodeError, match="lacks 'name'"):
        run("strict", "r.x", json_answer({}), text)


def test_names_in_other_files_and_media_types_of_their_own_are_told_apart() -> None:
    root = spec("""
    paths:
      /x:
        get:
          operationId: x
          tags: [r]
          responses:
            '200':
              description: ok
              content:
                application/json; v=1: {schema: {$ref: '#/components/schemas/Thing'}}
                application/json; v=2: {schema: {$ref: 'other.yaml#/Thing'}}
                application/vnd.x+json: {schema: {type: object, maxProperties: 1}}
    components: {schemas: {Thing: {type: object, required: [a], properties: {a: {type: integer, maximum: 1}}}}}
    """)
    package = package_from({"openapi.yaml": root, "other.yaml": "Thing: {type: object, required: [b]}"})
    run("strict", "r.x", json_answer({"a": 1}), package)
    run("strict", "r.x", json_answer({"b": 1}), package)
    with pytest.raises(package.errors.ResponseDecodeError, match=r"fits none of 2|greater than 1"):
        run("strict", "r.x", json_answer({"a": 2}), package)
    with pytest.raises(package.errors.ResponseDecodeError, match="more than 1 members"):
        run("strict", "r.x", json_answer({"a": 1, "b": 1}, content_type="application/vnd.x+json"), package)


def test_every_response_example_of_the_marketplace_passes_strict(caplog: pytest.LogCaptureFixture) -> None:
    text = MARKETPLACE.read_text()
    package = package_from({"openapi.yaml": text})
    runtime = package.submodule("_runtime")
    decode = package.submodule("_runtime.messages.response").decode
    check = package.submodule("_client")._CONFIGURATION.schemas.check(strict=True)
    checked = 0
    for operation, status, media_type, value in _examples(yaml.safe_load(text)):
        described = _operation(package, operation)
        number = int(re.sub("XX|default", "418", status))
        headers = httpx.Headers({"content-type": media_type})
        response = runtime.ApiResponse(
            number, headers, json.dumps(value).encode(), described.method, "https://x"
        )
        try:
            decode(described, response, check=check)
        except runtime.StatusError:
            assert number >= 400
        checked += 1
    assert checked >= 10
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def _examples(document: Any) -> list[tuple[str, str, str, Any]]:
    def deref(node: Any) -> Any:
        while "$ref" in node:
            found = document
            for step in node["$ref"][2:].split("/"):
                found = found[step]
            node = found
        return node

    return [
        (operation["operationId"], status, media_type, deref(example)["value"])
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
        for status, response in operation["responses"].items()
        for media_type, media in deref(response).get("content", {}).items()
        for example in media.get("examples", {}).values()
        if "json" in media_type
    ]


def _operation(package: Package, key: str) -> Any:
    kind = package.submodule("_runtime").Operation
    modules = [
        package.submodule(f"resources.{path.stem}")
        for path in (package.folder / "resources").glob("[!_]*.py")
    ]
    found = [
        item
        for module in modules
        for item in vars(module).values()
        if isinstance(item, kind) and item.id == key
    ]
    return found[0]
