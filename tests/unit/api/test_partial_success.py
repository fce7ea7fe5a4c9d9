"""Partial success held against the types of request and response: what it gives, and each mistake at its place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.apis import Built, spelled
from tests.unit.api.conftest import Build, ref

NAME = "x-clientsmith-partial-success"
TEXT, NUMBER, BOOLEAN = {"type": "string"}, {"type": "number"}, {"type": "boolean"}
EXTENSION: dict[str, Any] = {
    "sent": "/items", "received": "/lines", "accepted": "ok", "match": ["id"], "amount": "price", "total": "/sum",
}  # fmt: skip
SCHEMAS: dict[str, Any] = {
    "Item": {"type": "object", "required": ["id"], "properties": {"id": TEXT, "price": NUMBER, "tags": {"type": "array"}}},
    "Line": {"type": "object", "properties": {"id": TEXT, "price": NUMBER, "ok": BOOLEAN, "tags": {"type": "array"}}},
    "Request": {"type": "object", "properties": {
        "items": {"type": "array", "items": ref("Item")}, "names": {"type": "array", "items": TEXT}, "free": {"type": "array"},
    }},
    "Answer": {"type": "object", "properties": {
        "lines": {"type": "array", "items": ref("Line")}, "sum": NUMBER, "names": {"type": "array", "items": TEXT},
    }},
}  # fmt: skip


def json_of(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def document(
    extension: dict[str, Any],
    *,
    status: str = "202",
    body: dict[str, Any] | None = None,
    answer: dict[str, Any] | None = None,
    **operation: Any,
) -> dict[str, Any]:
    response = {"description": "", **(json_of(ref("Answer")) if answer is None else answer), NAME: extension}
    method = {
        "operationId": "send",
        "requestBody": {"required": True, **json_of(ref("Request"))} if body is None else body,
        "responses": {status: response},
        **operation,
    }
    return {"paths": {"/x": {"post": method}}, "components": {"schemas": SCHEMAS}}


def problem(made: Built) -> tuple[str, str, str, str]:
    """The one error: id, pointer below the extension, message and hint."""
    assert made.api is None
    [found] = made.diagnostics
    prefix, _, below = (found.place.pointer or "").partition(NAME)
    assert prefix.startswith("/paths/~1x/post/responses/") and found.place.span is not None
    return found.id, below, found.message, found.hint or ""


def test_the_types_of_the_items_are_found(api: Build) -> None:
    [response] = api(document(EXTENSION)).only.responses
    partial = response.partial
    assert partial is not None
    assert (spelled(partial.sent_item), spelled(partial.received_item)) == ("Item", "Line")
    assert (partial.sent, partial.received, partial.total) == (("items",), ("lines",), ("sum",))
    assert (partial.accepted, partial.match, partial.amount) == ("ok", ("id",), "price")


def test_the_result_is_no_longer_the_bare_body(api: Build) -> None:
    assert spelled(api(document(EXTENSION)).only.result) == "nothing"
    assert not api(document(EXTENSION)).only.may_be_empty
    more = document(EXTENSION)
    more["paths"]["/x"]["post"]["responses"]["200"] = {"description": "", **json_of(NUMBER)}
    assert spelled(api(more).only.result) == "float"


@pytest.mark.parametrize(
    ("change", "below", "message", "hint"),
    [
        ({"sent": "/item"}, "/sent", "sent leads nowhere: the request body has no 'item' at its root", "did you mean 'items'?"),
        ({"sent": "/zzz"}, "/sent", "has no 'zzz'", "its properties are free, items, names"),
        ({"received": "/lines/0/more"}, "/received", "has no 'more' at /lines/0", "its properties are id, ok"),
        ({"received": "/sum/x"}, "/received", "has no 'x' at /sum", "no properties are declared there"),
        ({"received": "/sum"}, "/received", "received does not lead to an array in the response body", "schema"),
        ({"sent": ""}, "/sent", "sent does not lead to an array in the request body", "schema"),
        ({"sent": "/names"}, "/sent", "items are not objects", "of a schema with properties"),
        ({"sent": "/free"}, "/sent", "items are not objects", "of a schema with properties"),
        ({"received": "/names"}, "/received", "items are not objects", "of a schema with properties"),
        ({"accepted": "okay"}, "/accepted", "an answered item has no property 'okay'", "did you mean 'ok'?"),
        ({"accepted": "price"}, "/accepted", "accepted names something that is never a boolean", "schema"),
        ({"match": ["id", "ok"]}, "/match/1", "a sent item has no property 'ok'", "its properties are"),
        ({"match": ["tags"]}, "/match/0", "the 'tags' of a sent and an answered item are never equal", "same kind"),
        ({"amount": "cost"}, "/amount", "an answered item has no property 'cost'", "its properties are"),
        ({"amount": "id"}, "/amount", "amount names something that is never a number", "schema"),
        ({"total": "/lines"}, "/total", "total names something that is never a number", "schema"),
        ({"total": "/total"}, "/total", "total leads nowhere: the response body has no 'total'", "its properties are"),
    ],
)  # fmt: skip
def test_what_the_schemas_do_not_have_is_an_error_with_its_place(
    api: Build, change: dict[str, Any], below: str, message: str, hint: str
) -> None:
    found = problem(api(document({**EXTENSION, **change})))
    assert found[:2] == ("dangling-extension", below)
    assert message in found[2] and hint in found[3]


def test_every_mistake_is_reported_in_one_run(api: Build) -> None:
    wrong = {**EXTENSION, "accepted": "a", "match": ["b", "id", "c"], "amount": "d", "total": "/e"}
    made = api(document(wrong))
    assert sorted((found.place.pointer or "").partition(NAME)[2] for found in made.diagnostics) == [
        "/accepted", "/amount", "/match/0", "/match/0", "/match/2", "/match/2", "/total",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ({"status": "400"}, "400 of send is no 2xx"),
        ({"status": "default"}, "default of send is no 2xx"),
        ({"answer": {}}, "202 of send has no JSON body"),
        ({"answer": {"content": {"text/plain": {"schema": TEXT}}}}, "202 of send has no JSON body"),
        (
            {"body": {"content": {"multipart/form-data": {"schema": ref("Request")}}}},
            "send sends no JSON body",
        ),
        ({"body": {"content": {}}}, "send sends no JSON body"),
    ],
)
def test_where_it_can_mean_nothing_it_is_misplaced(api: Build, where: dict[str, Any], why: str) -> None:
    found = problem(api(document(EXTENSION, **where)))
    assert found[:2] == ("misplaced-extension", "") and why in found[2]
    assert found[3] == "it belongs on a 2xx response with a JSON body, of an operation that sends one"


def test_a_mistake_in_the_form_is_found_in_any_document(api: Build) -> None:
    shared = f"R: {{description: '', {NAME}: {{sent: 1}}}}"
    main = document(EXTENSION)
    main["paths"]["/x"]["post"]["responses"] = {"202": {"$ref": "shared.yaml#/R"}}
    made = api(main, shared=shared)
    assert made.api is None
    assert {found.id for found in made.diagnostics} == {"invalid-extension"}
    assert {found.place.pointer for found in made.diagnostics} == {
        f"shared.yaml#/R/{NAME}", f"shared.yaml#/R/{NAME}/sent"
    }  # fmt: skip


NUMBER_OR_TEXT = {"oneOf": [NUMBER, TEXT]}


@pytest.mark.parametrize(
    ("sent", "answered", "equal"),
    [
        (TEXT, TEXT, True),
        (TEXT, NUMBER, False),
        (BOOLEAN, NUMBER, False),
        (TEXT, {"type": "string", "format": "date-time"}, True),
        ({"type": "integer"}, {"type": "number", "format": "decimal"}, True),
        (NUMBER_OR_TEXT, TEXT, True),
        (NUMBER_OR_TEXT, BOOLEAN, False),
        ({"enum": ["a", "b"]}, TEXT, True),
        ({"enum": [1, 2]}, {"enum": ["1", "2"]}, False),
        ({}, BOOLEAN, True),
        ({"type": ["string", "null"]}, {"type": ["integer", "null"]}, False),
        ({"type": "object", "properties": {"a": TEXT}}, {}, False),
        (ref("Name"), ref("Maybe"), True),
    ],
)
def test_properties_match_where_some_value_can_be_equal(
    api: Build, sent: Any, answered: Any, equal: bool
) -> None:
    made = document({key: EXTENSION[key] for key in ("sent", "received", "accepted", "match")})
    made["components"]["schemas"] = {
        **SCHEMAS,
        "Name": {"type": "string", "minLength": 1},
        "Maybe": {"oneOf": [{"type": "null"}, ref("Name")]},
        "Item": {"type": "object", "properties": {"id": sent}},
        "Line": {"type": "object", "properties": {"id": answered, "ok": BOOLEAN}},
    }
    built = api(made)
    assert built.ids() == ([] if equal else ["dangling-extension"])


def test_read_only_properties_cannot_be_matched(api: Build) -> None:
    made = document(EXTENSION)
    made["components"]["schemas"] = {
        **SCHEMAS, "Item": {"type": "object", "properties": {"name": TEXT, "id": {**TEXT, "readOnly": True}}},
    }  # fmt: skip
    assert "a sent item has no property 'id'" in problem(api(made))[2]


def test_what_an_operation_says_of_repeating_it_is_kept(api: Build) -> None:
    for said in (True, False, None):
        mark = {} if said is None else {"x-clientsmith-idempotent": said}
        assert api({"paths": {"/x": {"post": {"responses": {}, **mark}}}}).only.idempotent is said
