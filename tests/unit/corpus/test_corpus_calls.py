"""What `make corpus` finds in a package: nothing in one as it was generated, and each fault that is put into it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus_calls import Calls, open_suite, run
from tests.behavior.packages import Package, package_of, spec

DOCUMENT = spec("""
    paths:
      /things/{id}:
        put:
          operationId: putThing
          tags: [things]
          parameters:
            - {name: id, in: path, required: true, schema: {type: string}}
            - {name: tags, in: query, schema: {type: array, items: {type: string}}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
          responses:
            '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
            '404': {description: none, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
      /impossible:
        post:
          operationId: doWhatCannotBe
          tags: [things]
          requestBody:
            required: true
            content:
              application/json: {schema: {type: object, required: [a], properties: {a: {type: integer, minimum: 2, maximum: 1}}}}
          responses: {'204': {description: done}}
    components:
      schemas:
        Thing:
          type: object
          required: [name]
          properties:
            name: {type: string}
            parts: {type: array, items: {$ref: '#/components/schemas/Part'}}
            of: {oneOf: [{$ref: '#/components/schemas/Part'}, {type: integer}]}
        Part: {type: object, properties: {size: {type: integer}}}
        Problem: {type: object, properties: {detail: {type: string}}}
        Unused: {type: object, properties: {nothing: {type: string}}}
        Key:
          properties: {use: {type: string}}
          oneOf: [{$ref: '#/components/schemas/Rsa'}, {$ref: '#/components/schemas/Ec'}]
          discriminator: {propertyName: kty, mapping: {RSA: '#/components/schemas/Rsa', EC: '#/components/schemas/Ec'}}
        Rsa: {type: object, required: [kty], properties: {kty: {type: string, enum: [RSA]}, n: {type: string}}}
        Ec: {type: object, required: [kty], properties: {kty: {type: string, enum: [EC]}, x: {type: string}}}
        Owned: {allOf: [{type: object, properties: {by: {$ref: '#/components/schemas/Rsa'}}}, {type: object, properties: {by: {type: object}}}]}
        Loop: {oneOf: [{$ref: '#/components/schemas/Loop'}, {$ref: '#/components/schemas/Rsa'}]}
        Holder: {type: object, required: [loop], properties: {loop: {$ref: '#/components/schemas/Loop'}, owned: {$ref: '#/components/schemas/Owned'}, key: {$ref: '#/components/schemas/Key'}}}
""")


def called(package: Package, folder: Path, seconds: float = 60.0) -> Calls:
    path = folder / "openapi.yaml"
    path.write_text(DOCUMENT)
    return run(open_suite(path, package.folder, allow_invalid=False), seconds)


def faulty(folder: Path, name: str, old: str, new: str) -> Package:
    """A copy of the package in which one text of one file is another."""
    whole = package_of(DOCUMENT)
    copy = folder / "package"
    shutil.copytree(whole.folder, copy)
    text = (copy / name).read_text()
    assert old in text
    (copy / name).write_text(text.replace(old, new))
    return Package(whole.module, copy, {}, ())


def test_nothing_is_found_in_a_package_as_it_was_generated(tmp_path: Path) -> None:
    calls = called(package_of(DOCUMENT), tmp_path)
    assert (calls.findings, calls.operations, calls.answers) == ([], 2, 3)
    assert (calls.not_called, calls.not_answered) == (["POST /impossible"], ["POST /impossible 204"])
    assert calls.checks > 100


def test_no_operation_is_begun_without_time_for_it(tmp_path: Path) -> None:
    assert called(package_of(DOCUMENT), tmp_path, seconds=0.0).operations == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "kinds"),
    [
        pytest.param(
            "models.py", "class Unused(ResponseModel):", "class Unused(ResponseModel):\n    more: Missing", {"model"},
            id="a class that cannot be made, of no operation",
        ),
        pytest.param(
            "resources/things.py", '"PUT"', '"POST"', {"wrong-operation"}, id="a method that does not exist",
        ),
        pytest.param(
            "models.py", "    detail: str | None", "    detail: int | None", {"model", "error-not-typed"},
            id="an error that is not read",
        ),
        pytest.param(
            "models.py", 'Literal["EC"] | str', "int", {"model"}, id="members of a union that take no value of it",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_found(name: str, old: str, new: str, kinds: set[str], tmp_path: Path) -> None:
    calls = called(faulty(tmp_path, name, old, new), tmp_path)
    assert kinds <= {one.kind for one in calls.findings}
