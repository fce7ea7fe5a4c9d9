"""References where OpenAPI has none, and references to nothing: followed, or the operation is not supported; never lost."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from clientsmith.cli.main import main
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.document.load import Policies
from clientsmith.serve.service import Service
from clientsmith.traffic.message import HttpRequest
from tests.behavior.calls import call, json_answer
from tests.behavior.packages import generate, package_from, spec

LENIENT = Config(allow_invalid=True)
SKIPPING = Config(unsupported="skip")
BOTH = Config(allow_invalid=True, unsupported="skip")

OPERATIONS = """
parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
one:
  operationId: change
  tags: [things]
  parameters: [{$ref: '#/parameters/0'}, {$ref: 'root.yaml#/components/parameters/Page'}]
  requestBody:
    required: true
    content: {application/json: {schema: {type: object, required: [name], properties: {name: {$ref: 'deep/name.yaml'}}}}}
  responses:
    '200': {description: ok, content: {application/json: {schema: {$ref: 'root.yaml#/components/schemas/Thing'}}}}
"""
ROOT = """
paths:
  /a/{id}: {put: {$ref: 'operations.yaml#/one'}}
components:
  parameters: {Page: {name: page, in: query, schema: {type: integer}}}
  schemas: {Thing: {type: object, required: [id], properties: {id: {type: string}}}}
"""
NAME = "{type: string, maxLength: 3}\n"


def _files(root: str, version: str = "3.1.0", **more: str) -> dict[str, str]:
    others = {"operations.yaml": OPERATIONS, "deep/name.yaml": NAME}
    return {
        "root.yaml": spec(root, version=version),
        **others,
        **{f"{key}.yaml": one for key, one in more.items()},
    }


@pytest.mark.parametrize(
    ("version", "config"), [("3.0.3", LENIENT), ("3.1.0", Config()), ("3.2.0", Config())]
)
def test_an_operation_in_another_file_has_its_parameters_body_and_result(
    version: str, config: Config
) -> None:
    package = package_from(_files(ROOT, version), config)

    exchange = call(package, "things.change", 7, page=2, name="abc", answer=json_answer({"id": "x"}))

    assert (exchange.request.method, exchange.raw_path, exchange.query) == ("PUT", "/a/7", [("page", "2")])
    assert (exchange.json, exchange.result.id) == ({"name": "abc"}, "x")
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.change", 7, name="abcd")


OTHERS = {
    "all responses": (
        ROOT.replace("{$ref: 'operations.yaml#/one'}", "{operationId: change, tags: [things], responses: {$ref: 'more.yaml#/all'}}"),
        "all: {'200': {description: ok, content: {application/json: {schema: {$ref: 'root.yaml#/components/schemas/Thing'}}}}}\n",
    ),
    "some responses": (
        ROOT.replace("{$ref: 'operations.yaml#/one'}", "{operationId: change, tags: [things], responses: {'404': {description: no}, $ref: 'more.yaml#/all'}}"),
        "all: {'200': {description: ok, content: {application/json: {schema: {$ref: 'root.yaml#/components/schemas/Thing'}}}}}\n",
    ),
    "all paths": (
        "paths: {$ref: 'more.yaml'}\n" + ROOT[ROOT.index("components") :],
        "/a/{id}: {put: {$ref: 'operations.yaml#/one'}}\n",
    ),
    "all components": (
        ROOT[: ROOT.index("components")] + "components: {$ref: 'more.yaml#/components'}\n",
        ROOT[ROOT.index("components") :],
    ),
    "all schemas": (
        ROOT.replace("{Thing: {type: object, required: [id], properties: {id: {type: string}}}}", "{$ref: 'more.yaml'}"),
        "Thing: {type: object, required: [id], properties: {id: {type: string}}}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", OTHERS)
def test_other_objects_that_are_elsewhere_as_a_whole(place: str) -> None:
    root, more = OTHERS[place]
    package = package_from(_files(root, more=more), LENIENT)
    arguments: tuple[Any, dict[str, Any]] = ("7", {}) if "responses" in place else (7, {"name": "abc"})

    exchange = call(package, "things.change", arguments[0], answer=json_answer({"id": "x"}), **arguments[1])

    assert exchange.result.id == "x"
    assert "components" not in place or hasattr(package.models, "Thing")


def test_security_schemes_that_are_elsewhere_as_a_whole() -> None:
    root = (
        "security: [{key: []}]\npaths: {/a: {get: {operationId: get, tags: [things], responses: {'204': {description: ok}}}}}\n"
        "components: {securitySchemes: {$ref: 'more.yaml'}}\n"
    )
    package = package_from(_files(root, more="key: {type: apiKey, in: header, name: X-Key}\n"), LENIENT)

    exchange = call(package, "things.get", settings={"api_key": "k"})

    assert exchange.request.headers["X-Key"] == "k"


def test_operations_beside_the_reference_of_a_path_item() -> None:
    root = "paths:\n  /a:\n    $ref: 'more.yaml'\n    post: {operationId: own, tags: [things], responses: {'204': {description: ok}}}\n"
    more = (
        "get: {operationId: theirs, tags: [things], responses: {'204': {description: ok}}}\n"
        "post: {operationId: hidden, tags: [things], responses: {'204': {description: ok}}}\n"
    )
    package = package_from(_files(root, more=more))

    assert call(package, "things.own").request.method == "POST"
    assert call(package, "things.theirs").request.method == "GET"


GOOD = "{operationId: good, tags: [things], responses: {'204': {description: ok}}}"
_LOOP = "components: {parameters: {P: {$ref: '#/components/parameters/Q'}, Q: {$ref: '#/components/parameters/P'}}}\n"
_SCHEMA = "{content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}"
NOT_FOLLOWED = {
    "an operation": ("{$ref: '#/nowhere'}", "", "/paths/~1bad/get"),
    "an operation that is a list": ("{$ref: '#/x-list'}", "x-list: []\n", "/paths/~1bad/get"),
    "a parameter": ("{parameters: [{$ref: '#/nowhere'}]}", "", "/paths/~1bad/get/parameters/0"),
    "a loop": (
        "{parameters: [{$ref: '#/components/parameters/P'}]}", _LOOP, "/components/parameters/P",
    ),
    "a list": ("{parameters: {$ref: '#/x-list'}}", "x-list: []\n", "/paths/~1bad/get/parameters"),
    "a body": ("{requestBody: {$ref: 'missing.yaml'}}", "", "/paths/~1bad/get/requestBody"),
    "media types": (
        "{requestBody: {content: {$ref: '#/x-map'}}}", "x-map: {}\n", "/paths/~1bad/get/requestBody/content",
    ),
    "a media type": (
        "{requestBody: {content: {application/json: {$ref: '#/nowhere'}}}}", "",
        "/paths/~1bad/get/requestBody/content/application~1json",
    ),
    "an encoding": (
        "{requestBody: {content: {multipart/form-data: {schema: {type: object}, encoding: {a: {$ref: '#/x-map'}}}}}}",
        "x-map: {}\n", "/paths/~1bad/get/requestBody/content/multipart~1form-data/encoding/a",
    ),
    "properties": (
        f"{{requestBody: {_SCHEMA}}}",
        "components: {schemas: {A: {items: {$ref: '#/components/schemas/B'}}, B: {properties: {$ref: '#/x-map'}}}}\n",
        "/components/schemas/B/properties",
    ),
    "no text": ("{parameters: [{$ref: 5}]}", "", "/paths/~1bad/get/parameters/0"),
}  # fmt: skip


def _with_bad(operation: str, more: str) -> dict[str, str]:
    return {"root.yaml": spec(f"paths:\n  /good: {{get: {GOOD}}}\n  /bad: {{get: {operation}}}\n{more}")}


@pytest.mark.parametrize("kind", NOT_FOLLOWED)
def test_what_cannot_be_followed_makes_its_operation_unsupported(kind: str) -> None:
    operation, more, pointer = NOT_FOLLOWED[kind]
    files = _with_bad(operation, more)

    _, found, _ = generate(files, LENIENT)
    package = package_from(files, BOTH)

    places = [one.place.pointer for one in found if one.severity is Severity.ERROR]
    assert places == [pointer]
    assert call(package, "things.good").raw_path == "/good"
    assert [one.place.pointer for one in package.diagnostics if one.id == "operation-skipped"] == [pointer]
    surface = json.loads(package.files["_manifest.json"])["surface"]
    assert (list(surface["operations"]), surface["left_out"]) == (["GET /good"], [pointer])


def test_parameters_beside_the_reference_of_a_path_item_are_not_lost_in_silence() -> None:
    item = "$ref: '#/x-item', parameters: [{name: a, in: query, schema: {type: string}}]"
    files = {
        "root.yaml": spec(f"paths:\n  /good: {{get: {GOOD}}}\n  /bad: {{{item}}}\nx-item: {{put: {GOOD}}}\n")
    }

    _, found, _ = generate(files, LENIENT)

    (error,) = [one for one in found if one.severity is Severity.ERROR]
    assert (error.id, error.place.pointer) == ("operation-unsupported", "/paths/~1bad/parameters")


SCHEMAS = """
paths:
  /good: {get: {operationId: good, tags: [things], responses: {'204': {description: ok}}}}
  /deep:
    get:
      operationId: deep
      tags: [things]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
  /loop:
    post:
      operationId: loop
      tags: [things]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/L'}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    A: {type: object, properties: {b: {type: array, items: {$ref: '#/components/schemas/B'}}}}
    B: {type: object, properties: {c: {$ref: '#/components/schemas/Missing'}}}
    L: {$ref: '#/components/schemas/M'}
    M: {$ref: '#/components/schemas/L'}
"""


def test_a_schema_that_leads_to_nothing_costs_the_operations_that_reach_it() -> None:
    files = {"root.yaml": spec(SCHEMAS)}

    refused, found, _ = generate(files)
    package = package_from(files, SKIPPING)

    assert refused is None
    assert {one.id for one in found if one.severity is Severity.ERROR} == {
        "dangling-reference",
        "reference-loop",
    }
    surface = json.loads(package.files["_manifest.json"])["surface"]
    assert list(surface["operations"]) == ["GET /good"]
    assert len([one for one in package.diagnostics if one.id == "operation-skipped"]) == 2


@pytest.mark.parametrize("config", [LENIENT, BOTH])
def test_in_an_invalid_document_such_a_schema_is_any_value(config: Config) -> None:
    package = package_from({"root.yaml": spec(SCHEMAS)}, config)
    answer = json_answer({"b": [{"c": [1, {}]}]})

    assert call(package, "things.deep", answer=answer).result.b[0].c == [1, {}]
    assert call(package, "things.loop", body={"any": 1}).json == {"any": 1}
    assert {"dangling-reference", "reference-loop"} <= package.ids


def test_a_security_scheme_that_leads_to_nothing_costs_what_needs_it() -> None:
    files = {
        "root.yaml": spec(
            "paths:\n  /good: {get: {operationId: good, tags: [things], security: [{bad: []}, {fine: []}], responses: {'204': {description: ok}}}}\n"
            "  /bad: {get: {operationId: bad, tags: [things], security: [{bad: []}], responses: {'204': {description: ok}}}}\n"
            "components: {securitySchemes: {bad: {$ref: '#/nowhere'}, fine: {type: http, scheme: bearer}}}\n"
        )
    }
    package = package_from(files, BOTH)

    surface = json.loads(package.files["_manifest.json"])["surface"]
    assert (list(surface["operations"]), surface["left_out"]) == (
        ["GET /good"],
        ["/components/securitySchemes/bad"],
    )
    sent = call(package, "things.good", settings={"token": "t"}).request
    assert sent.headers["Authorization"] == "Bearer t"


@pytest.mark.parametrize(
    ("policies", "statuses"),
    [(Policies(skip_unsupported=True), (204, 404, 404)), (Policies(allow_invalid=True), (204, 200, 204))],
)
def test_the_server_takes_the_same_flags(
    policies: Policies, statuses: tuple[int, ...], tmp_path: Path
) -> None:
    (tmp_path / "root.yaml").write_text(spec(SCHEMAS))
    assert Service.open(str(tmp_path / "root.yaml"), (), Diagnostics()) is None
    diagnostics = Diagnostics()
    service = Service.open(str(tmp_path / "root.yaml"), (), diagnostics, policies=policies)
    assert service is not None

    body = (("content-type", "application/json"),), b"{}"
    requests = (HttpRequest("GET", "/good"), HttpRequest("GET", "/deep"), HttpRequest("POST", "/loop", *body))

    assert tuple(service.respond(one).response.status for one in requests) == statuses
    skipped = [one.severity for one in diagnostics if one.id == "operation-skipped"]
    assert skipped == [Severity.WARNING] * statuses.count(404)


def test_conform_tests_what_is_left_and_what_is_elsewhere(tmp_path: Path) -> None:
    bad = "  /bad: {get: {$ref: '#/nowhere'}}\n"
    for name, text in _files(ROOT.replace("components:", f"{bad}components:", 1)).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    document = [str(tmp_path / "root.yaml"), "--skip-unsupported"]
    assert main(["generate", *document, "--out", str(tmp_path / "out"), "-q"]) == 0
    parts = [f"--part={part}" for part in ("surface", "request", "both-ends")]
    said = io.StringIO()

    with contextlib.redirect_stdout(said):
        code = main(["conform", *document, "--package", str(tmp_path / "out"), "--examples", "2", *parts])

    assert code == 0, said.getvalue()
    assert "left out of the package: /paths/~1bad/get" in said.getvalue()


@pytest.mark.parametrize("command", ["serve", "record", "lint", "check", "conform"])
def test_every_command_that_reads_a_document_has_both_flags(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])

    said = capsys.readouterr().out
    assert "--allow-invalid" in said and "--skip-unsupported" in said
