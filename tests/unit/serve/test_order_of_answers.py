"""Each reason to refuse a request comes at its place in the order, with a status that the document declares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientsmith.serve.service import Service
from tests.unit.serve.answering import (
    BASIC,
    FORM,
    JSON,
    LISTING,
    MARKETPLACE,
    USAGE,
    ask,
    document,
    opened,
    usage,
)


@pytest.fixture(scope="module")
def service() -> Service:
    return opened(MARKETPLACE)


def test_a_path_that_no_operation_has(service: Service) -> None:
    answer = ask(service, "GET", "/v1/Listings", BASIC)
    assert (answer.response.status, answer.source, answer.operation) == (404, "refused", None)
    assert json.loads(answer.response.body)["detail"] == "no operation of the document has this path"


def test_a_method_that_the_path_does_not_have_is_told_which_ones_it_has(service: Service) -> None:
    answer = ask(service, "DELETE", LISTING)
    assert answer.response.status == 405
    assert answer.response.header("Allow") == "GET, POST"


@pytest.mark.parametrize(
    "headers",
    [(), (("Authorization", "Basic"),), (("Authorization", "Basic !"),), (("Authorization", "Bearer x"),)],
)
def test_credentials_are_demanded_before_anything_else_is_looked_at(
    service: Service, headers: tuple[tuple[str, str], ...]
) -> None:
    answer = ask(service, "GET", "/v1/Listing/nonsense", *headers)
    assert answer.response.status == 401
    assert json.loads(answer.response.body)["code"] == 20003  # the error of the document
    assert answer.response.header("WWW-Authenticate") == 'Basic realm="api"'


def test_any_credentials_will_do_unless_some_are_configured() -> None:
    assert ask(opened(MARKETPLACE), "GET", LISTING, BASIC).response.status == 200
    assert ask(opened(MARKETPLACE, credentials=["SK1:secret"]), "GET", LISTING, BASIC).response.status == 200
    assert ask(opened(MARKETPLACE, credentials=["SK1:other"]), "GET", LISTING, BASIC).response.status == 401


def test_a_bad_path_parameter_is_refused_before_the_body_is_read(service: Service) -> None:
    answer = ask(service, "POST", "/v1/InstalledAddOns/XE1/Usage", BASIC, JSON, body=b"{")
    assert answer.response.status == 400
    assert answer.findings[0].part == "path parameter 'InstalledAddOnSid'"


def test_a_media_type_that_is_not_taken(service: Service) -> None:
    answer = ask(service, "POST", USAGE, BASIC, FORM, body=b"quantity=1")
    assert answer.response.status == 415
    assert "application/json" in answer.findings[0].message


@pytest.mark.parametrize(
    ("body", "message", "pointer"),
    [
        (b"{", "this is not JSON: expecting property name enclosed in double quotes (line 1, column 2)", ""),
        (b'{"billable_items":[NaN]}', "NaN is not JSON", ""),
        (b'{"billable_items":[]}', "this value has less than 1 item", "/billable_items"),
        (usage("0"), "this value is less than or equal to the minimum of 0", "/billable_items/0/quantity"),
        (usage('"1"'), "the value is the string '1', not of type number", "/billable_items/0/quantity"),
        (b"", "it is required", ""),
    ],
)
def test_a_bad_body_is_refused_in_the_error_shape_of_the_document_with_what_is_wrong(
    service: Service, body: bytes, message: str, pointer: str
) -> None:
    answer = ask(service, "POST", USAGE, BASIC, JSON, body=body)
    assert answer.response.status == 400  # declared, while 422 is not
    assert (answer.findings[0].message, answer.findings[0].pointer) == (message, pointer)
    told = json.loads(answer.response.body)
    assert told["status"] == 400 and message in told["message"]


ERRORS = """
  /both: &operation
    post:
      requestBody:
        content: {application/json: {schema: {type: object, required: [a]}}}
      responses:
        '200': {description: fine}
        '400': {description: bad}
        '422': {description: invalid, content: {application/json: {schema: {type: object, required: [why],
                 properties: {why: {type: string}}}}}}
  /none:
    post:
      requestBody:
        content: {application/json: {schema: {type: object, required: [a]}}}
      responses: {'200': {description: fine}}
"""


def test_the_status_follows_what_the_document_declares(tmp_path: Path) -> None:
    service = opened(document(tmp_path, ERRORS))
    assert ask(service, "POST", "/both", JSON, body=b"{").response.status == 400
    assert ask(service, "POST", "/both", JSON, body=b"{}").response.status == 422
    assert ask(service, "POST", "/none", JSON, body=b"{}").response.status == 422
    assert ask(service, "POST", "/none", FORM, body=b"a=1").response.status == 415


def test_an_error_fits_the_schema_that_is_declared_for_it_and_else_is_a_problem(tmp_path: Path) -> None:
    service = opened(document(tmp_path, ERRORS))
    declared = ask(service, "POST", "/both", JSON, body=b"{}").response
    assert declared.header("content-type") == "application/json"
    assert json.loads(declared.body) == {"why": "string"}
    undeclared = ask(service, "POST", "/none", JSON, body=b"{}").response
    assert undeclared.header("content-type") == "application/problem+json"
    assert json.loads(undeclared.body)["errors"] == [
        {"detail": "body: the field 'a' is missing", "pointer": "#"}
    ]


def test_a_query_parameter_that_is_not_declared_is_noted_and_not_refused(service: Service) -> None:
    answer = ask(service, "GET", LISTING + "?Color=red", BASIC)
    assert answer.response.status == 200
    assert [one.id for one in answer.findings] == ["undeclared-parameter"]


SECURED = """
  /either: {get: {security: [{inQuery: []}, {bearer: [], inHeader: []}], responses: {'204': {description: ok}}}}
  /cookie: {get: {security: [{inCookie: []}], responses: {'204': {description: ok}}}}
  /optional: {get: {security: [{}, {bearer: []}], responses: {'204': {description: ok}}}}
"""
SCHEMES = """
components:
  securitySchemes:
    inQuery: {type: apiKey, in: query, name: key}
    inHeader: {type: apiKey, in: header, name: X-Key}
    inCookie: {type: apiKey, in: cookie, name: sid}
    bearer: {type: http, scheme: bearer}
"""


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/either", {}, 401),
        ("/either?key=1", {}, 204),
        ("/either?key=", {}, 401),
        ("/either", {"Authorization": "Bearer t"}, 401),
        ("/either", {"authorization": "bearer t", "x-key": "1"}, 204),
        ("/cookie", {"Cookie": "a=1; sid=2"}, 204),
        ("/cookie", {"Cookie": "a=1"}, 401),
        ("/optional", {}, 204),
    ],
)
def test_every_kind_of_credential(tmp_path: Path, target: str, headers: dict[str, str], status: int) -> None:
    service = opened(document(tmp_path, SECURED, more=SCHEMES))
    assert ask(service, "GET", target, *headers.items()).response.status == status


def test_a_head_request_is_answered_without_its_body(tmp_path: Path) -> None:
    service = opened(
        document(
            tmp_path,
            "  /a: {head: {responses: {'200': {description: ok, content: {application/json: {example: {a: 1}}}}}}}",
        )
    )
    answer = ask(service, "HEAD", "/a")
    assert (answer.response.status, answer.response.body) == (200, b"")
    assert answer.response.header("content-type") == "application/json"
