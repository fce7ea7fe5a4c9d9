"""Operations without a described success, described redirects, and answers in a media type that was not asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import NOTHING, Answer, call, json_answer, plain, text_answer
from tests.behavior.packages import package_of, spec

SUCCESS = spec("""
paths:
  /errors: {get: &errors {operationId: errors, tags: [r], responses: {'404': {description: gone}}}, post: {<<: *errors, operationId: postErrors}}
  /none: {get: {operationId: none, tags: [r]}}
  /default:
    get:
      operationId: default
      tags: [r]
      responses: {default: {description: any, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}}
  /bare: {get: {operationId: bare, tags: [r], responses: {default: {description: any}}}}
  /bills:
    post:
      operationId: bills
      x-clientsmith-bills: true
      tags: [r]
      responses: {'404': {description: gone}, '303': {description: moved}}
  /moved: {get: {operationId: moved, tags: [r], responses: {'302': {description: moved}}}, head: {operationId: headMoved, tags: [r], responses: {'302': {description: moved}}}, post: {operationId: postMoved, tags: [r], responses: {'302': {description: moved}}}}
  /see: {post: {operationId: see, tags: [r], responses: {'303': {description: see}}}}
  /range: {get: {operationId: range, tags: [r], responses: {3XX: {description: moved}}}, put: {operationId: putRange, tags: [r], responses: {3XX: {description: moved}}}}
  /both: {get: {operationId: both, tags: [r], responses: {'204': {description: ok}, '302': {description: moved}}}}
components:
  schemas:
    Problem: {type: object, required: [title], properties: {title: {type: string}}}
""")
ELSEWHERE = {"Location": "/elsewhere?x=1"}


@pytest.mark.parametrize("method", ["errors", "post_errors", "none", "bare", "default"])
@pytest.mark.parametrize("status", [200, 201, 299])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (text_answer('{"a": [1, 2.5, null]}'), {"a": [1, 2.5, None]}),
        (text_answer("null"), None),
        (text_answer("7", content_type="application/vnd.x+json"), 7),
        (Answer(200, b'{"a": 1}'), {"a": 1}),
        (Answer(200, b"\xff\x00"), b"\xff\x00"),
        (text_answer("a,b", content_type="text/csv"), b"a,b"),
        (text_answer("{broken"), b"{broken"),
        (text_answer("[" * 5000), b"[" * 5000),
        (Answer(200, b""), None),
    ],
)
def test_a_success_that_is_not_described_is_a_result(
    method: str, status: int, answer: Answer, expected: Any
) -> None:
    given = Answer(status, answer.body, answer.content_type)
    assert call(SUCCESS, f"r.{method}", answer=given).result == expected


@pytest.mark.parametrize("validation", ["lenient", "warn", "strict"])
def test_it_has_the_type_of_default_where_the_body_fits(validation: str) -> None:
    package = package_of(SUCCESS)
    settings = {"validation": validation}
    result = call(package, "r.default", answer=json_answer({"title": "t"}), settings=settings).result
    assert type(result) is package.models.Problem and plain(result) == {"title": "t"}
    for other in ({"name": "x"}, [1], "text"):
        assert call(package, "r.default", answer=json_answer(other), settings=settings).result == other


def test_errors_of_such_operations_stay_errors() -> None:
    package = package_of(SUCCESS)
    for method, status, name in (
        ("errors", 404, "NotFound"),
        ("none", 500, "InternalServerError"),
        ("default", 400, "BadRequest"),
    ):
        with pytest.raises(getattr(package.errors, name)):
            call(package, f"r.{method}", answer=json_answer({"title": "t"}, status))


@pytest.mark.parametrize(
    ("method", "status"),
    [("moved", 302), ("head_moved", 302), ("see", 303), ("range", 307), ("range", 301), ("put_range", 303)],
)
def test_a_described_redirect_is_a_result_with_its_location(method: str, status: int) -> None:
    package = package_of(SUCCESS)
    result = call(package, f"r.{method}", answer=Answer(status, headers=ELSEWHERE)).result
    assert result == package.module.Redirect(status, "/elsewhere?x=1")


@pytest.mark.parametrize(
    ("method", "status", "headers"),
    [
        ("post_moved", 302, ELSEWHERE),  # the target is meant to get the request once more
        ("put_range", 307, ELSEWHERE),
        ("moved", 301, ELSEWHERE),  # not described
        ("default", 302, ELSEWHERE),
        ("moved", 302, {}),
        ("both", 302, ELSEWHERE),  # a success is described
        ("range", 304, ELSEWHERE),
    ],
)
def test_other_redirects_are_errors(method: str, status: int, headers: dict[str, str]) -> None:
    package = package_of(SUCCESS)
    if (method, status) == ("range", 304):
        assert call(package, "r.range", answer=Answer(304)).result == package.module.NotModified()
        return
    with pytest.raises(package.errors.RedirectError) as caught:
        call(package, f"r.{method}", answer=Answer(status, headers=headers))
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize("answer", [json_answer({}), NOTHING, Answer(303, headers=ELSEWHERE)])
def test_a_call_that_bills_needs_a_described_success(answer: Answer) -> None:
    package = package_of(SUCCESS)
    with pytest.raises(package.errors.ResponseError) as caught:
        call(package, "r.bills", answer=answer)
    assert caught.value.outcome == "unknown"


def test_the_static_type_says_so() -> None:
    text = package_of(SUCCESS).files["resources/r.py"].decode()
    assert (
        "def default(self, *, options: CallOptions | None = None) -> models.Problem | bytes | JsonValue | None:"
        in text
    )
    assert "def errors(self, *, options: CallOptions | None = None) -> bytes | JsonValue | None:" in text
    assert (
        "def moved(self, *, options: CallOptions | None = None) -> bytes | JsonValue | Redirect | None:"
        in text
    )
    assert "def bills(self, *, options: CallOptions | None = None) -> None:" in text
    assert "def both(self, *, options: CallOptions | None = None) -> None:" in text
    page = package_of(SUCCESS).files["REFERENCE.md"].decode()
    assert (
        "| `302` | moved | returns `Redirect` |" in page
        and "| `302` | moved | raises `RedirectError` |" in page
    )


MEDIA = spec("""
paths:
  /rows:
    get:
      operationId: rows
      tags: [m]
      parameters:
        - {name: format, in: query, description: The form., schema: {type: string}}
        - {name: kind, in: query, schema: {type: string, enum: [json, CSV]}}
        - {name: language, in: query, schema: {type: string, enum: [de, en]}}
        - {name: alt, in: query, schema: {type: string, enum: [pdf]}}
      responses:
        '200':
          description: ok
          content:
            application/json: {schema: {$ref: '#/components/schemas/Done'}}
            text/csv: {schema: {type: string}}
            application/pdf: {}
        '404': {description: gone, content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}, text/csv: {}}}
  /chat:
    post:
      operationId: chat
      tags: [m]
      requestBody: {content: {application/json: {schema: {type: object, properties: {stream: {type: boolean}, text: {type: string}}}}}, required: true}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}, text/event-stream: {}}}}
  /open:
    post:
      operationId: open
      tags: [m]
      requestBody: {content: {application/json: {schema: {type: object, additionalProperties: true, properties: {stream: {type: boolean}}}}}, required: true}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}, application/x-ndjson: {}}}}
  /one: {get: {operationId: one, tags: [m], parameters: [{name: format, in: query, schema: {type: string}}], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}}}}}}
components:
  schemas:
    Done: {type: object, required: [done], properties: {done: {type: boolean}}}
""")


@pytest.mark.parametrize(
    ("method", "content_type", "body", "expected"),
    [
        ("rows", "text/csv", b"a,b\r\n1,2\r\n", "a,b\r\n1,2\r\n"),
        ("rows", "Text/CSV; charset=latin-1", b"\xe4", "ä"),
        ("rows", "text/csv", b"", ""),
        ("rows", "application/pdf", b"%PDF\xff", b"%PDF\xff"),
        ("chat", "text/event-stream", b"data: 1\n\n", "data: 1\n\n"),
        ("open", "application/x-ndjson", b"{}\n{}\n", b"{}\n{}\n"),
    ],
)
def test_a_described_media_type_that_was_not_asked_for_is_returned(
    method: str, content_type: str, body: bytes, expected: str | bytes
) -> None:
    arguments = {"chat": {"stream": True}, "open": {"body": {"stream": True}}}.get(method, {})
    exchange = call(MEDIA, f"m.{method}", answer=Answer(200, body, content_type), **arguments)
    assert exchange.result == expected
    assert exchange.request.headers["Accept"] == "application/json"


def test_what_is_asked_for_is_read_as_before() -> None:
    package = package_of(MEDIA)
    for content_type in ("application/json", "text/plain", "application/octet-stream", None):
        answer = Answer(200, b'{"done":true}', content_type)
        assert type(call(package, "m.rows", answer=answer).result) is package.models.Done
    for answer in (
        Answer(200, b"<html>", "text/html"),
        Answer(200, b"x", "application/xml"),
        Answer(200, b"", "application/json"),
    ):
        with pytest.raises(package.errors.ResponseDecodeError):
            call(package, "m.rows", answer=answer)
    with pytest.raises(package.errors.ResponseDecodeError, match="'text/csv' is not described"):
        call(package, "m.one", answer=Answer(200, b"x", "text/csv"))


def test_type_and_notes_are_on_those_operations_only() -> None:
    text = package_of(MEDIA).files["resources/m.py"].decode()
    page = package_of(MEDIA).files["REFERENCE.md"].decode()
    squeezed = " ".join(text.split())
    assert ") -> models.Done | bytes | str:" in text or ") -> models.Done | str | bytes:" in text
    assert (
        "def one(self, *, format: str | Unset = UNSET, options: CallOptions | None = None) -> models.Done:"
        in squeezed
    )
    for said in (
        "format: The form. May lead to an answer in `application/pdf`, returned as bytes or `text/csv`, returned as text.",
        "kind: May lead to an answer in `text/csv`, returned as text.",
        "alt: May lead to an answer in `application/pdf`, returned as bytes.",
        "stream: May lead to an answer in `text/event-stream`, returned as text.",
        "body: `stream` may lead to an answer in `application/x-ndjson`, returned as bytes.",
        "language: `language` of the query.",
        "text: `text` of the body.",
    ):
        assert said in squeezed, said
    assert (
        page.count("May lead to an answer in") == 4
        and "`format` of the query" not in squeezed.split("def one(")[0]
    )
