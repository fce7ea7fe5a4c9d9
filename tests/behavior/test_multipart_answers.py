"""Answers in several parts: the client gives their bytes, the server writes parts with a boundary, the check needs one."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.serve.service import Service
from clientsmith.traffic.message import HttpRequest, HttpResponse
from tests.behavior.calls import Answer, call
from tests.behavior.packages import Package, package_of, spec

OBJECT = "{type: object, required: [a, n], properties: {a: {type: string}, n: {type: array, minItems: 2, items: {type: integer}}, o: {type: object}}}"
EXAMPLE = "example: {a: 'x\"', n: [1, 2], o: {k: 1}}"


def described(media_type: str, media: str) -> Package:
    content = f"content: {{{media_type}: {{{media}}}}}"
    operation = f"{{operationId: fetch, tags: [s], responses: {{'200': {{description: ok, {content}}}}}}}"
    return package_of(spec(f"paths: {{/x: {{get: {operation}}}}}\n"))


def served(package: Package) -> tuple[HttpResponse, list[str]]:
    """What the server answers, and what its check says of it."""
    service = Service.open(str(package.folder.parent / "openapi.yaml"), [], Diagnostics())
    assert service is not None
    reply = service.respond(HttpRequest("GET", "/x", (), b""))
    response: Any = getattr(reply, "response", reply)
    checker = service.checker
    return response, [one.message for one in checker.check_response(checker.operations[0], response)]


@pytest.mark.parametrize("media_type", ["multipart/mixed", "multipart/form-data", "multipart/related"])
@pytest.mark.parametrize(
    ("media", "parts"),
    [
        (
            f"schema: {OBJECT}, {EXAMPLE}",
            [
                'Content-Disposition: form-data; name="a"\r\n\r\nx"',
                'Content-Disposition: form-data; name="n"\r\n\r\n1',
                'Content-Disposition: form-data; name="n"\r\n\r\n2',
                'Content-Disposition: form-data; name="o"\r\nContent-Type: application/json\r\n\r\n{"k":1}',
            ],
        ),
        ("schema: {type: array, items: {type: object}}, example: [{k: 1}, {k: 2}]", [f'Content-Type: application/json\r\n\r\n{{"k":{one}}}' for one in (1, 2)]),
    ],
    ids=["object", "array"],
)  # fmt: skip
def test_the_server_writes_parts_and_names_their_boundary(
    media_type: str, media: str, parts: list[str]
) -> None:
    package = described(media_type, media)

    response, wrong = served(package)

    stated, _, boundary = (response.header("content-type") or "").partition("; boundary=")
    delimiter = f"--{boundary[1:-1]}"
    assert stated == media_type and boundary.startswith('"') and boundary.endswith('"')
    assert (
        response.body.decode() == "".join(f"{delimiter}\r\n{one}\r\n" for one in parts) + f"{delimiter}--\r\n"
    )
    assert wrong == [] or "array" in media
    answer = Answer(200, response.body, response.header("content-type"))
    assert call(package, "s.fetch", answer=answer).result == response.body


def test_a_generated_answer_conforms() -> None:
    response, wrong = served(described("multipart/form-data", f"schema: {OBJECT}"))
    assert b'name="a"' in response.body and wrong == []


def test_an_example_that_is_written_out_keeps_its_own_boundary() -> None:
    text = "--x.1\\r\\nContent-Type: text/plain\\r\\n\\r\\nhello\\r\\n--x.1--\\r\\n"
    response, wrong = served(described("multipart/mixed", f'schema: {{type: string}}, example: "{text}"'))

    assert response.header("content-type") == 'multipart/mixed; boundary="x.1"'
    assert response.body == text.encode().decode("unicode_escape").encode() and wrong == []


@pytest.mark.parametrize("media_type", ["multipart/mixed", "multipart/form-data", "multipart/related"])
@pytest.mark.parametrize("parameters", ["", "; boundary=", '; boundary=""', "; boundary", "; charset=utf-8"])
def test_without_a_boundary_an_answer_is_bytes_to_the_client_and_malformed_to_the_check(
    media_type: str, parameters: str
) -> None:
    package = described(media_type, f"schema: {OBJECT}")
    content_type, body = (
        media_type + parameters,
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n',
    )

    assert call(package, "s.fetch", answer=Answer(200, body, content_type)).result == body
    service = Service.open(str(package.folder.parent / "openapi.yaml"), [], Diagnostics())
    assert service is not None
    response = HttpResponse(200, (("Content-Type", content_type),), body)
    found = service.checker.check_response(service.checker.operations[0], response)
    assert [(one.id, one.message) for one in found] == [
        ("malformed-body", "the Content-Type names no boundary")
    ]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--b.1\r\n\r\nx\r\n--b.1--\r\n", 'multipart/mixed; boundary="b.1"'),
        (("n", b"--b\r\n\r\nx\r\n--b--\r\n", "multipart/related; type=text/plain; boundary=b"), "multipart/related; type=text/plain; boundary=b"),
        (b"no parts", "multipart/mixed"),
    ],
)  # fmt: skip
def test_a_body_of_parts_is_sent_with_the_boundary_that_it_begins_with(body: Any, content_type: str) -> None:
    content = "content: {multipart/mixed: {schema: {type: object}}}"
    operation = f"{{operationId: send, tags: [s], requestBody: {{required: true, {content}}}, responses: {{'204': {{description: ok}}}}}}"
    package = package_of(spec(f"paths: {{/x: {{post: {operation}}}}}\n"))

    assert call(package, "s.send", body=body).request.headers["content-type"] == content_type
