"""curl commands: what they hold, and that a shell takes them for what they are."""

from __future__ import annotations

import shlex
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.serve.service import Service
from clientsmith.traffic.curl import curl_of_operation, curl_of_request
from clientsmith.traffic.message import HttpRequest

DOCUMENT = """
openapi: 3.1.0
info: {title: t, version: '1'}
security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
paths:
  /a b/{id}/{other}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}, example: "it's/mine"}
      - {name: other, in: path, required: true, schema: {type: string}}
    post:
      operationId: post
      parameters:
        - {name: q, in: query, required: true, schema: {type: string, default: a&b}}
        - {name: unused, in: query, schema: {type: string}, example: x}
        - {name: X-Trace, in: header, required: true, schema: {type: string}, example: "1; rm -rf /"}
      requestBody: {content: {application/json: {example: {text: "it's $HOME"}}}}
      responses: {'200': {description: ok}}
  /form:
    put:
      operationId: form
      security: [{}]
      requestBody: {content: {application/x-www-form-urlencoded: {example: {a: 'x y', b: {c: 1}}}}}
      responses: {'200': {description: ok}}
"""


def commands(tmp_path: Path) -> dict[str, list[str]]:
    spec = tmp_path / "spec.yaml"
    spec.write_text(DOCUMENT)
    service = Service.open(spec, [], Diagnostics())
    assert service is not None
    found = service.checker.operations
    return {one.id: shlex.split(curl_of_operation(one, "http://127.0.0.1:1")) for one in found}


def test_an_operation_is_called_with_the_examples_of_the_document(tmp_path: Path) -> None:
    assert commands(tmp_path)["post"] == [
        *("curl", "-i", "-X", "POST", "http://127.0.0.1:1/a%20b/it%27s%2Fmine/{other}?q=a%26b"),
        *("-H", "X-Trace: 1; rm -rf /", "-H", "X-Key: $TOKEN"),
        *("-H", "Content-Type: application/json", "--data-raw", '{"text": "it\'s $HOME"}'),
    ]


def test_a_form_is_sent_field_by_field(tmp_path: Path) -> None:
    assert commands(tmp_path)["form"][4:] == [
        *("http://127.0.0.1:1/form", "--data-urlencode", "a=x y", "--data-urlencode", 'b={"c":1}')
    ]


def test_a_logged_request_is_quoted(tmp_path: Path) -> None:
    request = HttpRequest("DELETE", "/a'; rm -rf /", (("Content-Type", "text/plain"),), b"$(reboot)`x`")
    command = curl_of_request(request, "http://127.0.0.1:1")
    assert shlex.split(command) == [
        *("curl", "-i", "-X", "DELETE", "http://127.0.0.1:1/a'; rm -rf /"),
        *("-H", "Content-Type: text/plain", "--data-raw", "$(reboot)`x`"),
    ]
    assert "'$(reboot)`x`'" in command
