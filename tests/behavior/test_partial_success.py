"""Operations that can succeed in part, from the document to the value: types, wire names, unions of results."""

from __future__ import annotations

import asyncio
import inspect
from decimal import Decimal
from typing import Any

import httpx
import pytest

from clientsmith import pipeline
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics, Severity
from tests.behavior.calls import call, json_answer, text_answer
from tests.behavior.packages import Package, generate, package_of, spec

EXTENSION = "{sent: /order/lineItems, received: /outcome/lines, accepted: isDone, match: [itemId, amount], amount: amount, total: /outcome/sumDone}"
DOCUMENT = spec(f"""
paths:
  /orders:
    post:
      operationId: place
      tags: [orders]
      x-clientsmith-bills: true
      requestBody: {{$ref: '#/components/requestBodies/Order'}}
      responses:
        '202': {{$ref: '#/components/responses/Placed'}}
    put:
      operationId: replace
      tags: [orders]
      requestBody: {{$ref: '#/components/requestBodies/Order'}}
      responses:
        '200': {{description: Unchanged, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Plain'}}}}}}}}
        '202': {{$ref: '#/components/responses/Placed'}}
        '204': {{description: Nothing to do}}
        '304': {{description: Same}}
components:
  requestBodies:
    Order:
      required: true
      content: {{application/json: {{schema: {{$ref: '#/components/schemas/Body'}}}}}}
  responses:
    Placed:
      description: Placed, at least in part
      x-clientsmith-partial-success: {EXTENSION}
      content:
        application/json: {{schema: {{$ref: '#/components/schemas/Result'}}}}
        application/vnd.v2+json: {{schema: {{allOf: [{{$ref: '#/components/schemas/Result'}}, {{properties: {{version: {{type: integer}}}}}}]}}}}
  schemas:
    Plain: {{type: object, properties: {{text: {{type: string}}}}}}
    Key: {{type: object, required: [itemId], properties: {{itemId: {{type: integer}}}}}}
    Line:
      allOf:
        - $ref: '#/components/schemas/Key'
        - {{type: object, required: [amount], properties: {{amount: {{type: number, format: decimal, exclusiveMinimum: 0}}, remark: {{type: string}}}}}}
    Lines: {{type: array, minItems: 1, items: {{$ref: '#/components/schemas/Line'}}}}
    Body:
      type: object
      required: [order]
      properties:
        order: {{type: object, required: [lineItems], properties: {{lineItems: {{$ref: '#/components/schemas/Lines'}}}}}}
    Answered:
      allOf:
        - $ref: '#/components/schemas/Key'
        - {{properties: {{amount: {{type: [number, 'null'], format: decimal}}, isDone: {{type: boolean}}}}}}
    Result:
      type: object
      properties:
        outcome:
          type: [object, 'null']
          properties:
            lines: {{type: [array, 'null'], items: {{anyOf: [{{$ref: '#/components/schemas/Answered'}}, {{type: 'null'}}]}}}}
            sumDone: {{type: number, format: decimal}}
""")
ORDER = {"line_items": [{"item_id": 1, "amount": Decimal("12.355")}, {"item_id": 2, "amount": 3}]}


def placed(lines: str, total: str = "0", content_type: str = "application/json") -> Any:
    return text_answer(f'{{"outcome": {{"lines": {lines}, "sumDone": {total}}}}}', 202, content_type)


@pytest.fixture(scope="module")
def package() -> Package:
    return package_of(DOCUMENT)


def test_items_are_found_through_references_all_of_and_wire_names(package: Package) -> None:
    answer = placed(
        '[{"itemId": 2, "amount": 3.00, "isDone": true}, {"itemId": 1, "amount": 12.355, "isDone": false}]',
        "3",
    )
    made = call(package, "orders.place", order=ORDER, answer=answer).result
    assert type(made) is package.module.PartialSuccess
    assert not made.all_submitted and made.total_matches
    [accepted], [rejected] = made.accepted, made.rejected
    assert type(accepted.sent) is package.models.Line and accepted.sent.item_id == 2
    assert type(rejected.received) is package.models.Answered and rejected.received.is_done is False
    assert rejected.sent.amount == Decimal("12.355")
    assert (made.unmentioned, made.unexpected) == ((), ())
    assert type(made.result) is package.models.Result


def test_the_annotations_name_all_three_types(package: Package) -> None:
    resources = package.submodule("resources.orders")
    kind = "PartialSuccess[models.Result | models.PlacedResponse, models.Line, models.Answered | None]"
    for owner in (resources.Orders, resources.AsyncOrders):
        assert inspect.signature(owner.place).return_annotation == kind
        replaced = inspect.signature(owner.replace).return_annotation
        assert replaced == f"models.Plain | {kind} | NotModified | None"


def test_every_json_media_type_of_the_response_is_judged(package: Package) -> None:
    answer = placed('[{"itemId": 1, "amount": 12.355, "isDone": true}]', "12.355", "application/vnd.v2+json")
    made = call(package, "orders.place", order=ORDER, answer=answer).result
    assert (len(made.accepted), len(made.unmentioned)) == (1, 1)
    assert made.unmentioned[0].item_id == 2


def test_only_the_response_that_declares_it_succeeds_in_part(package: Package) -> None:
    plain = call(package, "orders.replace", order=ORDER, answer=json_answer({"text": "same"})).result
    assert plain == package.models.Plain(text="same")
    assert call(package, "orders.replace", order=ORDER).result is None
    whole = placed(
        '[{"itemId": 1, "amount": 12.3550, "isDone": true}, {"itemId": 2, "amount": 3, "isDone": true}]',
        "15.355",
    )
    made = call(package, "orders.replace", order=ORDER, answer=whole).result
    assert isinstance(made, package.module.PartialSuccess) and made.all_submitted


def test_nulls_anywhere_in_the_answer_are_no_error(package: Package) -> None:
    for body in ('{"outcome": null}', "{}", '{"outcome": {"lines": null}}'):
        made = call(package, "orders.place", order=ORDER, answer=text_answer(body, 202)).result
        assert len(made.unmentioned) == 2 and made.total_matches is False
    made = call(
        package, "orders.place", order=ORDER, answer=placed('[null, {"itemId": 1, "amount": null}]')
    ).result
    assert (len(made.unmentioned), len(made.unexpected)) == (2, 2)


def test_models_dicts_and_extra_keys_are_read_back_from_what_was_sent(package: Package) -> None:
    models = package.models
    line = models.Line(item_id=1, amount=Decimal("1.50"), remark="x")
    answer = placed('[{"itemId": 1, "amount": 1.5, "isDone": true}]', "1.5")
    made = call(package, "orders.place", order={"line_items": [line]}, answer=answer).result
    assert made.all_submitted
    sent = made.accepted[0].sent
    assert sent == line and sent is not line and str(sent.amount) == "1.50"
    received = models.Answered.model_validate(
        {"itemId": 1, "amount": Decimal("1.50"), "isDone": False, "new": 1}
    )
    made = call(package, "orders.place", order={"line_items": [received]}, answer=answer).result
    assert made.accepted[0].sent.model_extra == {"isDone": False, "new": 1}


def test_an_empty_answer_has_an_unknown_outcome(package: Package) -> None:
    with pytest.raises(package.errors.ResponseDecodeError) as caught:
        call(package, "orders.place", order=ORDER, answer=text_answer("", 202))
    assert caught.value.outcome is package.module.Outcome.UNKNOWN


def test_the_response_itself_is_there_as_well(package: Package) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            202, text="{}", headers={"content-type": "application/json", "x-request-id": "r1"}
        )

    async def report() -> Any:
        async with package.client_class(asynchronous=True)(transport=httpx.MockTransport(handle)) as client:
            return await client.with_response(client.orders.place, order=ORDER)

    reply = asyncio.run(report())
    assert reply.response.request_id == "r1" and len(reply.result.unmentioned) == 2


BARE = spec("""
paths:
  /bare:
    post:
      operationId: send
      tags: [rows]
      requestBody: {content: {application/json: {schema: {type: object, additionalProperties: true, properties: {rows: {type: array, items: {$ref: '#/components/schemas/Row'}}}}}}}
      responses:
        2XX:
          description: ok
          x-clientsmith-partial-success: {sent: /rows, received: '', accepted: ok, match: [id]}
          content:
            application/json: {schema: {type: array, items: {oneOf: [{$ref: '#/components/schemas/Good'}, {$ref: '#/components/schemas/Bad'}]}}}
components:
  schemas:
    Row: {type: object, required: [id], properties: {id: {type: string}, serial: {type: integer, readOnly: true}}}
    Good: {type: object, required: [id, ok], properties: {id: {type: string}, ok: {const: true}}}
    Bad: {type: object, required: [reason], properties: {id: {type: string}, ok: {const: false}, reason: {type: string}}}
""")


def test_the_answer_may_be_the_list_itself_and_its_items_of_several_kinds() -> None:
    package = package_of(BARE)
    answer = json_answer([{"id": "b", "ok": False, "reason": "no"}, {"id": "a", "ok": True}], 207)
    made = call(package, "rows.send", body={"rows": [{"id": "a"}, {"id": "b"}]}, answer=answer).result
    assert type(made.rejected[0].received) is package.models.Bad
    assert type(made.accepted[0].received) is package.models.Good
    assert (made.total, made.total_matches, made.all_submitted) == (None, None, False)


def test_items_sent_past_the_checks_are_still_accounted_for() -> None:
    package = package_of(BARE)
    options = package.module.CallOptions(extra_body={"rows": [{"id": "a"}, {"id": 7}]})
    made = call(package, "rows.send", options=options, answer=json_answer([{"id": "a", "ok": True}])).result
    assert made.accepted[0].sent == package.models.Row(id="a")
    assert made.unmentioned == ({"id": 7},)


def test_a_body_that_was_left_out_has_no_items() -> None:
    made = call(BARE, "rows.send", answer=json_answer([{"id": "a", "ok": True}])).result
    assert (len(made.unexpected), made.all_submitted) == (1, False)


IDEMPOTENT = spec("""
paths:
  /x:
    post: {operationId: again, tags: [x], x-clientsmith-idempotent: true, responses: {'204': {description: ok}}}
    put: {operationId: once, tags: [x], x-clientsmith-idempotent: false, responses: {'204': {description: ok}}}
    delete: {operationId: usual, tags: [x], responses: {'204': {description: ok}}}
    patch: {operationId: billed, tags: [x], x-clientsmith-bills: true, x-clientsmith-idempotent: false, responses: {'204': {description: ok}}}
""")


@pytest.mark.parametrize(
    ("name", "idempotent", "repeatable"),
    [("_AGAIN", True, True), ("_ONCE", False, False), ("_USUAL", None, True), ("_BILLED", False, False)],
)
def test_the_document_says_what_may_be_repeated(name: str, idempotent: bool | None, repeatable: bool) -> None:
    package = package_of(IDEMPOTENT)
    operation = getattr(package.submodule("resources.x"), name)
    assert (operation.idempotent, operation.repeatable) == (idempotent, repeatable)
    source = package.files["resources/x.py"].decode()
    assert source.count("idempotent=") == 3
    assert "Idempotent: may be repeated" in source and "Not idempotent: never repeated" in source


def test_generate_and_lint_report_the_same_mistakes() -> None:
    wrong = BARE.replace("accepted: ok", "accepted: okay").replace("sent: /rows", "sent: /row")
    generated, found, folder = generate({"openapi.yaml": wrong})
    linted = Diagnostics()
    assert pipeline.lint(str(folder / "openapi.yaml"), Config(), linted).is_readable
    assert generated is None
    errors = [each for each in linted if each.severity is Severity.ERROR]
    assert errors == list(found)
    assert [each.id for each in errors] == ["dangling-extension", "dangling-extension"]
