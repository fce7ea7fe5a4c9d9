"""Several objects that are written member by member into one query, Cookie header or form: whose a pair is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.traffic.check import MessageChecker
from tests.behavior.calls import call
from tests.behavior.packages import Package, package_of, spec
from tests.unit.openapi.both_sides import as_received
from tests.unit.traffic.recording import resolved

NAMED = "type: object, properties: {from: {type: string}, to: {type: string}}"
MAP = "type: object, additionalProperties: {type: string}"
MIXED = "type: object, properties: {size: {type: string}}, additionalProperties: true"
BESIDE = spec(f"""
    security: [{{key: []}}]
    components:
      securitySchemes: {{key: {{type: apiKey, in: query, name: api_key}}}}
    paths:
      /named:
        get:
          operationId: named
          tags: [s]
          parameters:
            - {{name: span, in: query, schema: {{{NAMED}}}}}
            - {{name: labels, in: query, schema: {{{MAP}}}}}
            - {{name: page, in: query, schema: {{type: integer}}}}
            - {{name: deep, in: query, style: deepObject, schema: {{{NAMED}}}}}
          responses: {{'204': {{description: ok}}}}
      /twice:
        get:
          operationId: twice
          tags: [s]
          parameters:
            - {{name: span, in: query, schema: {{{NAMED}}}}}
            - {{name: route, in: query, schema: {{type: object, properties: {{to: {{type: string}}, via: {{type: string}}}}}}}}
          responses: {{'204': {{description: ok}}}}
      /open:
        get:
          operationId: open
          tags: [s]
          parameters:
            - {{name: labels, in: query, schema: {{{MAP}}}}}
            - {{name: mixed, in: query, schema: {{{MIXED}}}}}
          responses: {{'204': {{description: ok}}}}
      /brackets:
        get:
          operationId: brackets
          tags: [s]
          parameters:
            - {{name: page, in: query, schema: {{type: integer}}}}
            - {{name: 'page[size]', in: query, schema: {{type: integer}}}}
            - {{name: own, in: query, schema: {{type: object, properties: {{own: {{type: string}}, x: {{type: string}}}}}}}}
          responses: {{'204': {{description: ok}}}}
      /form:
        post:
          operationId: form
          tags: [s]
          requestBody:
            required: true
            content:
              application/x-www-form-urlencoded:
                schema: {{type: object, additionalProperties: false, properties: {{span: {{{NAMED}}}, labels: {{{MAP}}}}}}}
                encoding: {{span: {{style: form}}, labels: {{style: form}}}}
          responses: {{'204': {{description: ok}}}}
""")
SETTINGS = {"api_key": "secret"}


@pytest.fixture(scope="module")
def package() -> Package:
    return package_of(BESIDE)


@pytest.fixture(scope="module")
def checker() -> MessageChecker:
    return MessageChecker(resolved(BESIDE))


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("named", {"span": {"from": "a"}, "labels": {"x": "1", "y": "2"}, "page": 3}),
        ("named", {"labels": {"x": "1"}, "deep": {"to": "b"}}),
        ("twice", {"span": {"from": "a"}, "route": {"via": "b"}}),
        ("open", {"mixed": {"size": "1"}}),
        ("brackets", {"page[size]": 10}),
        ("brackets", {"page": 1, "page[size]": 10}),
        ("brackets", {"own": {"own": "a", "x": "b"}}),
        ("form", {"span": {"to": "b"}, "labels": {"x": "1"}}),
    ],
)
def test_the_server_reads_each_object_as_it_was_sent(
    package: Package, checker: MessageChecker, path: str, given: dict[str, Any]
) -> None:
    arguments = {name.replace("[size]", "_size"): value for name, value in given.items()}
    request = as_received(call(package, f"s.{path}", settings=SETTINGS, **arguments).request)

    checked = checker.check_request(request)
    assert not checked.findings
    assert given == (checked.body if path == "form" else checked.parameters.query)


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("named", {"labels": {"from": "a"}}),
        ("named", {"labels": {"api_key": "other"}}),
        ("named", {"labels": {"deep[to]": "a"}}),
        ("twice", {"span": {"to": "a"}}),
        ("twice", {"route": {"to": "a"}}),
        ("open", {"labels": {"x": "1"}}),
        ("open", {"labels": {"size": "1"}}),
        ("open", {"mixed": {"x": "1"}}),
        ("form", {"labels": {"from": "a"}}),
    ],
)
def test_a_member_that_would_be_read_as_part_of_something_else_is_refused(
    package: Package, method: str, given: dict[str, Any]
) -> None:
    with pytest.raises(package.errors.RequestValidationError, match="this style cannot tell from"):
        call(package, f"s.{method}", settings=SETTINGS, **given)


def test_what_cannot_be_told_apart_is_a_warning_with_both_places(package: Package) -> None:
    found = {
        (one.id, one.place.pointer, one.related[0].place.pointer)
        for one in package.diagnostics
        if one.id in ("member-name-taken", "open-objects")
    }

    twice, opened = "/paths/~1twice/get/parameters", "/paths/~1open/get/parameters"
    assert found == {
        (
            "member-name-taken",
            f"{twice}/1/schema/properties/to",
            f"{twice}/0/schema/properties/to",
        ),
        ("open-objects", f"{opened}/1/schema", f"{opened}/0/schema"),
    }


def test_the_suite_finds_client_and_server_in_agreement(package: Package, tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(BESIDE)
    suite = Suite.open(str(path), str(package.folder), [], Diagnostics(), Settings(examples=2))
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []
