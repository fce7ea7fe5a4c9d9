"""Responses that say something wrong: what each fault makes of them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.serve.faults.content import Declared, spoil
from clientsmith.serve.faults.inject import FaultInjector
from clientsmith.serve.faults.rules import FaultError, FaultRules, parse_rule
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, Fault, HttpRequest, HttpResponse

DOCUMENT = """
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /bill:
    get:
      operationId: bill
      responses:
        '200':
          description: ok
          x-clientsmith-partial-success:
            {sent: /lines, received: /got/lines, accepted: done, match: [id], amount: price, total: /got/sum}
          content:
            application/json:
              example:
                got:
                  sum: 6.60
                  lines: [{id: a, price: 1.10, done: true}, {id: b, price: 2.20, done: true}, {id: c, price: 3.30, done: true}]
        '500': {description: e, content: {application/json: {example: {status: 500, message: broken}}}}
  /free:
    get:
      operationId: free
      responses: {'200': {description: ok, content: {application/json: {example: {a: 1}}}}}
  /number:
    get:
      operationId: number
      responses: {'200': {description: ok, content: {application/json: {schema: {type: integer}, example: 12}}}}
  /text:
    get:
      operationId: text
      responses: {'200': {description: ok, content: {text/plain: {example: hello}}}}
  /pet:
    get:
      operationId: pet
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: object, required: [id], properties: {note: {}, id: {}}}
              example: {note: n, id: 1}
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    spec: Path = tmp_path_factory.mktemp("spec") / "spec.yaml"
    spec.write_text(DOCUMENT)
    diagnostics = Diagnostics()
    service = Service.open(spec, [], diagnostics)
    assert service is not None, list(diagnostics)
    return service


def ask(service: Service, path: str, fault: str, *, in_header: bool = True) -> Answer:
    """The answer to a request that asks for a fault, or whose operation a rule is about."""
    rules = FaultRules()
    headers = (("X-Clientsmith-Fault", fault),) if in_header else ()
    if not in_header:
        rules.add(parse_rule(fault, ["bill"]))
        service.add_fault(rules)
    else:
        service.add_fault(rules)
    try:
        return FaultInjector(service).answer(HttpRequest("GET", path, headers), rules)
    finally:
        service.clear()


def spoilt(service: Service, path: str, fault: str) -> HttpResponse:
    return ask(service, path, fault).response


@pytest.mark.parametrize("path", ["/bill", "/number", "/free"])
def test_malformed_json_is_never_json(service: Service, path: str) -> None:
    response = spoilt(service, path, "malformed-json")
    assert response.header("Content-Type") == "application/json"
    with pytest.raises(json.JSONDecodeError):
        json.loads(response.body)


def test_invalid_utf8_cannot_be_decoded(service: Service) -> None:
    for path in ("/bill", "/text"):
        with pytest.raises(UnicodeDecodeError):
            spoilt(service, path, "invalid-utf8").body.decode()


def test_headers_lie_about_a_body_that_is_as_it_was(service: Service) -> None:
    usual = service.respond(HttpRequest("GET", "/free")).response
    html = spoilt(service, "/free", "wrong-content-type")
    assert (html.body, html.header("Content-Type")) == (usual.body, "text/html; charset=utf-8")
    packed = spoilt(service, "/free", "wrong-encoding")
    assert (packed.body, packed.header("Content-Encoding")) == (usual.body, "gzip")


def test_an_empty_body_keeps_status_and_type(service: Service) -> None:
    empty = spoilt(service, "/free", "empty-body")
    assert (empty.status, empty.body, empty.header("Content-Type")) == (200, b"", "application/json")


def test_wrong_schema_is_json_that_the_schema_does_not_allow(service: Service) -> None:
    assert json.loads(spoilt(service, "/number", "wrong-schema").body) == "unexpected"
    # `note` and `id` may be anything, so it takes leaving out the one that is required.
    assert json.loads(spoilt(service, "/pet", "wrong-schema").body) == {"note": "n"}


@pytest.mark.parametrize(("path", "told"), [("/free", "no change"), ("/text", "needs a response with JSON")])
def test_a_schema_that_allows_everything_cannot_be_broken(service: Service, path: str, told: str) -> None:
    response = spoilt(service, path, "wrong-schema")
    assert response.status == 501
    assert told in response.body.decode()


def test_partial_accepts_less_and_adds_up_exactly(service: Service) -> None:
    one = json.loads(spoilt(service, "/bill", "partial").body, parse_float=Decimal)["got"]
    assert [line["done"] for line in one["lines"]] == [False, True, True]
    assert one["sum"] == Decimal("5.50")
    two = json.loads(spoilt(service, "/bill", "partial:2").body, parse_float=Decimal)["got"]
    assert [line["done"] for line in two["lines"]] == [False, False, True]
    assert two["sum"] == Decimal("3.30")
    assert json.loads(spoilt(service, "/bill", "partial:9").body)["got"]["sum"] == 0


def test_partial_adds_up_quantities_of_forty_digits(service: Service) -> None:
    prices = ("1234567890123456789012345678901234567.890", "0.0000000000000000000000000000000000000001")
    lines = ",".join(f'{{"id":"{price}","price":{price},"done":true}}' for price in ("1", *prices))
    response = HttpResponse(200, (), f'{{"got":{{"sum":0,"lines":[{lines}]}}}}'.encode())
    operation = next(one for one in service.checker.operations if one.id == "bill")
    declared = Declared(operation, lambda _: True, HttpResponse)
    body = spoil(Fault("partial", (1,)), response, declared).body
    added = "1234567890123456789012345678901234567.8900000000000000000000000000000000000001"
    assert json.loads(body, parse_float=Decimal)["got"]["sum"] == Decimal(added)


def test_partial_passes_over_what_has_no_items_unless_it_was_asked_for(service: Service) -> None:
    assert ask(service, "/free", "partial", in_header=False).response.status == 200
    assert ask(service, "/free", "partial").response.status == 501
    assert ask(service, "/nowhere", "partial", in_header=False).response.status == 404


def test_partial_is_refused_where_the_document_declares_none(service: Service) -> None:
    wrong = FaultInjector(service)
    wrong.check(parse_rule("partial", ["bill"]))
    wrong.check(parse_rule("partial@bill", ["bill"]))
    with pytest.raises(FaultError, match="operation free has none"):
        wrong.check(parse_rule("partial@free", ["free"]))


def test_errors_are_those_of_the_document_where_it_has_them(service: Service) -> None:
    shown = spoilt(service, "/bill", "server-error")
    assert (shown.status, json.loads(shown.body)) == (500, {"status": 500, "message": "broken"})
    unknown = spoilt(service, "/bill", "server-error:507")
    assert (unknown.status, unknown.header("Content-Type")) == (507, "application/problem+json")


def test_too_many_requests_says_when_to_come_back(service: Service) -> None:
    response = spoilt(service, "/bill", "too-many-requests:7")
    assert (response.status, response.header("Retry-After")) == (429, "7")


def test_a_redirect_has_a_location(service: Service) -> None:
    response = spoilt(service, "/bill", "redirect:308")
    assert (response.status, response.header("Location"), response.body) == (308, "/__clientsmith/moved", b"")


def test_the_log_keeps_what_was_sent(service: Service) -> None:
    rules = FaultRules()
    service.add_fault(rules)
    request = HttpRequest("GET", "/bill", (("X-Clientsmith-Fault", "server-error:503"),))
    FaultInjector(service).answer(request, rules)
    (entry,) = service.log.as_json()
    assert (entry["status"], entry["fault"]) == (503, "server-error")
    service.clear()
