"""Responses: statuses, ranges, defaults, media types, empty bodies, and answers that do not keep their promise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import NOTHING, Answer, call, json_answer, plain, text_answer
from tests.behavior.packages import package_of, spec

DOCUMENT = spec("""
paths:
  /several:
    get:
      operationId: several
      tags: [r]
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}}}
        '201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Made'}}}}
        '202': {description: later}
        '204': {description: nothing}
        '304': {description: same}
  /range:
    get:
      operationId: range
      tags: [r]
      responses:
        2XX: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}}}
        '201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Made'}}}}
        4XX: {description: bad, content: {application/json: {schema: {$ref: '#/components/schemas/Bad'}}}}
        '404': {description: gone, content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}
        default: {description: any, content: {application/json: {schema: {$ref: '#/components/schemas/Other'}}}}
  /default:
    get:
      operationId: default
      tags: [r]
      responses: {default: {description: any, content: {application/json: {schema: {$ref: '#/components/schemas/Done'}}}}}
  /media:
    get:
      operationId: media
      tags: [r]
      responses:
        '200':
          description: ok
          content:
            application/json: {schema: {$ref: '#/components/schemas/Done'}}
            application/vnd.x+json: {schema: {$ref: '#/components/schemas/Made'}}
            text/html: {schema: {type: string}}
  /names: {get: {operationId: names, tags: [r], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Named'}}}}}}}
  /wild: {get: {operationId: wild, tags: [r], responses: {'200': {description: ok, content: {'*/*': {schema: {$ref: '#/components/schemas/Done'}}}}}}}
  /text: {get: {operationId: text, tags: [r], responses: {'200': {description: ok, content: {text/plain: {schema: {type: string}}}}}}}
  /image: {get: {operationId: image, tags: [r], responses: {'200': {description: ok, content: {image/*: {}}}}}}
  /pdf: {get: {operationId: pdf, tags: [r], responses: {'200': {description: ok, content: {application/pdf: {schema: {type: string, format: binary}}}}}}}
  /bare: {get: {operationId: bare, tags: [r], responses: {'200': {description: ok, content: {application/json: {}}}}}}
  /nothing: {post: {operationId: nothing, tags: [r], responses: {'200': {description: ok}}}}
  /list: {get: {operationId: list, tags: [r], responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Done'}}}}}}}}
  /shared: {get: {operationId: shared, tags: [r], responses: {'200': {$ref: '#/components/responses/Shared'}}}}
components:
  responses:
    Shared: {description: ok, headers: {X-Total: {schema: {type: integer}}}, content: {application/json: {schema: {type: object, properties: {s: {type: string}}}}}}
  schemas:
    Done: {type: object, required: [done], properties: {done: {type: boolean}}}
    Made: {type: object, required: [made], properties: {made: {type: string}}}
    Named: {type: object, properties: {Id: {type: integer}}}
    Bad: {type: object, required: [bad], properties: {bad: {type: string}}}
    Gone: {type: object, properties: {gone: {type: string}}}
    Other: {type: object, properties: {other: {type: string}}}
""")


def test_each_success_status_has_its_own_type() -> None:
    package = package_of(DOCUMENT)

    def result(answer: Answer) -> Any:
        return call(package, "r.several", answer=answer).result

    assert type(result(json_answer({"done": True}))) is package.models.Done
    assert type(result(json_answer({"made": "x"}, 201))) is package.models.Made
    assert result(Answer(202)) is None
    assert result(Answer(202, b"surprise", "text/html")) is None
    assert result(NOTHING) is None
    assert result(Answer(304)) == package.errors.NotModified()


@pytest.mark.parametrize(
    ("method", "status", "body", "name"),
    [
        ("range", 200, {"done": True}, "Done"),
        ("range", 201, {"made": "m"}, "Made"),
        ("range", 299, {"done": False}, "Done"),
        ("default", 200, {"done": True}, "Done"),
        ("default", 207, {"done": True}, "Done"),
    ],
)
def test_exact_statuses_come_before_ranges_and_defaults(
    method: str, status: int, body: Any, name: str
) -> None:
    package = package_of(DOCUMENT)

    result = call(package, f"r.{method}", answer=json_answer(body, status)).result

    assert type(result) is getattr(package.models, name)


@pytest.mark.parametrize(
    ("status", "error", "body", "name"),
    [
        (400, "BadRequest", {"bad": "b"}, "Bad"), (404, "NotFound", {"gone": "g"}, "Gone"), (500, "InternalServerError", {"other": "o"}, "Other"),
        (418, "RequestRejected", {"bad": "b"}, "Bad"), (599, "ServerError", {"other": "o"}, "Other"), (302, "RedirectError", {"other": "o"}, "Other"),
        (429, "TooManyRequests", {"bad": "b"}, "Bad"), (304, "RedirectError", {"other": "o"}, "Other"),
    ],
)  # fmt: skip
def test_errors_carry_the_type_of_their_status(status: int, error: str, body: Any, name: str) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(getattr(package.errors, error)) as caught:
        call(package, "r.range", answer=json_answer(body, status))

    assert type(caught.value.body) is getattr(package.models, name)
    assert plain(caught.value.body) == body
    assert caught.value.response.status == status


MEDIA = [
    ("media", "application/json", '{"done":true}', {"done": True}),
    ("media", "application/json; charset=utf-8", '{"done":true}', {"done": True}),
    ("media", "APPLICATION/JSON", '{"done":true}', {"done": True}),
    ("media", "application/vnd.x+json", '{"made":"x"}', {"made": "x"}),
    ("media", "application/problem+json", '{"done":true}', {"done": True}),
    ("wild", "application/json", '{"done":true}', {"done": True}),
    ("wild", "application/hal+json", '{"done":true}', {"done": True}),
    ("wild", "text/plain", '{"done":true}', {"done": True}),
    ("list", "application/json", "[]", []),
    ("list", "text/plain", '[{"done":true}]', [{"done": True}]),
    ("list", "application/octet-stream", "[]", []),
    ("bare", "application/json", '{"x":[1,null]}', {"x": [1, None]}),
    ("text", "text/plain", "é", "é"),
    ("text", "text/plain; charset=latin-1", "Ã©", "Ã©"),
    ("text", "text/plain", "", ""),
    ("shared", "application/json", '{"s":"x"}', {"s": "x"}),
]


@pytest.mark.parametrize(("method", "content_type", "body", "expected"), MEDIA)
def test_bodies_are_read_by_their_content_type(
    method: str, content_type: str, body: str, expected: Any
) -> None:
    charset = "latin-1" if "latin" in content_type else "utf-8"
    answer = Answer(200, body.encode(charset), content_type)

    assert plain(call(DOCUMENT, f"r.{method}", answer=answer).result) == expected


def test_a_body_without_a_content_type_is_read_as_what_is_due() -> None:
    assert plain(call(DOCUMENT, "r.list", answer=Answer(200, b"[]")).result) == []


@pytest.mark.parametrize(
    ("method", "content_type"),
    [("image", "image/png"), ("pdf", "application/pdf"), ("pdf", "application/octet-stream")],
)
def test_binary_bodies_come_as_bytes(method: str, content_type: str) -> None:
    assert call(DOCUMENT, f"r.{method}", answer=Answer(200, b"\x00\xff", content_type)).result == b"\x00\xff"


def test_an_unknown_key_that_is_called_like_a_field_is_not_that_field() -> None:
    result = call(DOCUMENT, "r.names", answer=json_answer({"id": "x"})).result

    assert result.id is None
    assert result.model_extra == {"id": "x"}
    assert call(DOCUMENT, "r.names", answer=json_answer({"Id": 5, "id": "x"})).result.id == 5


def test_a_file_may_be_empty() -> None:
    assert call(DOCUMENT, "r.pdf", answer=Answer(200, b"", "application/pdf")).result == b""


def test_a_body_that_is_not_due_is_ignored() -> None:
    assert call(DOCUMENT, "r.nothing", answer=text_answer("not json")).result is None


def test_the_client_asks_for_what_it_can_read() -> None:
    assert set(call(DOCUMENT, "r.media", answer=json_answer({"done": True})).request.headers["accept"].replace(" ", "").split(",")) >= {
        "application/json", "application/vnd.x+json"
    }  # fmt: skip
    assert (
        "text/plain"
        in call(DOCUMENT, "r.text", answer=Answer(200, b"x", "text/plain")).request.headers["accept"]
    )
    assert "media-type-not-requested" in package_of(DOCUMENT).ids


BROKEN = {
    "empty": Answer(200, b"", "application/json"),
    "no body at all": Answer(200),
    "html": Answer(200, b"<html>", "text/html"),
    "not JSON": Answer(200, b"{", "application/json"),
    "wrong shape": json_answer({"done": "maybe"}),
    "list for object": json_answer([]),
    "null for object": json_answer(None),
    "NaN": text_answer('{"done": NaN}'),
    "not UTF-8": Answer(200, b'{"done": "\xff"}', "application/json"),
    "undeclared success": json_answer({"done": True}, 206),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_a_success_that_cannot_be_read_says_so_and_keeps_the_response(answer: Answer) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.ResponseDecodeError) as caught:
        call(package, "r.several", answer=answer)

    assert caught.value.outcome == "unknown"
    assert caught.value.response.content == answer.body


ERROR_BODIES: dict[str, tuple[Answer, Any]] = {
    "usual": (
        json_answer(
            {"code": 20404, "message": "no such thing", "more_info": "u", "status": 404, "extra": 1}, 404
        ),
        20404,
    ),
    "problem": (
        json_answer(
            {"type": "about:blank", "title": "Gone", "status": 404, "code": "x", "detail": "d", "errors": []},
            404,
            "application/problem+json",
        ),
        "x",
    ),
    "mislabelled": (json_answer({"code": 5, "message": "m"}, 404, "text/html"), 5),
    "html": (Answer(404, b"<html><body>Not Found</body></html>", "text/html"), None),
    "empty": (Answer(404), None),
    "empty JSON": (Answer(404, b"", "application/json"), None),
    "broken JSON": (Answer(404, b"{", "application/json"), None),
    "list": (json_answer([1], 404), None),
    "wrong types": (json_answer({"code": [], "message": {}, "gone": 5}, 404), None),
}


@pytest.mark.parametrize(("answer", "code"), ERROR_BODIES.values(), ids=ERROR_BODIES)
def test_errors_are_told_whatever_their_body(answer: Answer, code: Any) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.NotFound) as caught:
        call(package, "r.range", answer=answer)

    assert caught.value.code == code
    assert (caught.value.status, caught.value.content) == (404, answer.body)
    assert "404" in str(caught.value)


def test_an_undeclared_error_is_told_too() -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.ServiceUnavailable) as caught:
        call(
            package,
            "r.several",
            answer=Answer(503, b"<html>", "text/html", {"X-Request-Id": "RQ1", "Retry-After": "3"}),
        )

    assert (caught.value.request_id, caught.value.headers["retry-after"]) == ("RQ1", "3")


def test_a_redirect_is_never_followed() -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RedirectError):
        call(package, "r.several", answer=Answer(307, headers={"Location": "https://elsewhere.example.com/"}))


METHODS = spec("""
paths:
  /m:
    head: {operationId: head, tags: [m], responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}, '304': {description: same}}}
    options: {operationId: options, tags: [m], responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: string}}}}}}}
    trace: {operationId: trace, tags: [m], responses: {'200': {description: ok, content: {message/http: {}}}}}
    put: {operationId: put, tags: [m], responses: {'204': {description: ok}}}
    delete: {operationId: delete, tags: [m], responses: {'204': {description: ok}}}
    patch: {operationId: patch, tags: [m], responses: {'204': {description: ok}}}
""")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_every_method_is_sent_as_itself(method: str) -> None:
    assert call(METHODS, f"m.{method}").request.method == method.upper()


def test_head_options_and_trace() -> None:
    package = package_of(METHODS)

    assert call(package, "m.head", answer=Answer(200, b"", "application/json")).result is None
    assert call(package, "m.head", answer=Answer(304)).result == package.errors.NotModified()
    assert call(package, "m.options", answer=json_answer(["GET"])).result == ["GET"]
    assert call(package, "m.trace", answer=Answer(200, b"TRACE /", "message/http")).result == b"TRACE /"
    with pytest.raises(package.errors.NotFound):
        call(package, "m.head", answer=Answer(404))
