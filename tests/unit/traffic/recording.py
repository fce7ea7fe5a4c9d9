"""A small document with every kind of credential, and the objects that recording is made of, for the tests here."""

from __future__ import annotations

from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.references.resolve import resolve
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import parse
from clientsmith.openapi.routing import OperationMatch
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.redaction.exchanges import RedactedExchange, Redactor
from clientsmith.traffic.redaction.secret_names import secret_names

SPEC = """
openapi: 3.1.0
info: {title: Vault, version: '1'}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    bearer: {type: http, scheme: bearer}
    inHeader: {type: apiKey, in: header, name: X-Vault}
    inQuery: {type: apiKey, in: query, name: k}
    inCookie: {type: apiKey, in: cookie, name: sid}
  schemas:
    Login:
      type: object
      required: [user]
      properties:
        user: {type: string}
        password: {type: string, minLength: 12, maxLength: 40}
        riddle: {type: string, format: password}
        pin: {type: integer, minimum: 1000, maximum: 9999}
        client_secret: {type: string, pattern: '^CS[0-9a-f]{32}$'}
        token: {type: string, format: uuid}
        impossible_secret: {type: string, pattern: '^(?:QZ){3}J$'}
        nested: {allOf: [{$ref: '#/components/schemas/Login'}]}
        passwords: {type: array, items: {type: string, minLength: 10}}
paths:
  /login/{token}:
    post:
      operationId: login
      security: [{basic: []}]
      parameters:
        - {name: token, in: path, required: true, schema: {type: string, pattern: '^T[0-9]{6}$'}}
        - {name: k, in: query, schema: {type: string}}
        - {name: q, in: query, schema: {type: string}}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Login'}}
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties:
                Login: {$ref: '#/components/schemas/Login'}
                password: {type: string, minLength: 12}
            encoding: {Login: {contentType: application/json}}
          multipart/form-data: {schema: {$ref: '#/components/schemas/Login'}}
          text/plain: {schema: {type: string}}
      responses:
        '200':
          description: done
          content:
            application/json: {schema: {$ref: '#/components/schemas/Login'}}
            text/plain: {schema: {type: string}}
  /plain:
    get:
      operationId: plain
      responses:
        '200': {description: any, content: {application/json: {schema: {type: object}}}}
"""


def resolved(text: str = SPEC) -> ResolvedDocument:
    """A document from its text."""
    diagnostics = Diagnostics()
    document = parse(text.encode(), diagnostics, uri="vault.yaml", file="vault.yaml")
    assert document is not None, list(diagnostics)
    found = resolve(document, diagnostics)
    assert found is not None, list(diagnostics)
    return found


class Bench:
    """A redactor and a checker for one document."""

    def __init__(self, *added: str, kept: tuple[str, ...] = ()) -> None:
        document = resolved()
        self.checker = MessageChecker(document)
        self.redactor = Redactor(document, secret_names(document, added, kept))

    def redact(self, request: HttpRequest, response: HttpResponse | None = None) -> RedactedExchange:
        """The exchange as it goes to disk."""
        found = self.checker.index.match(request.method, request.target)
        if not isinstance(found, OperationMatch):
            return self.redactor.redact(request, response or HttpResponse(200), None)
        operation = self.checker.described(found.operation)
        return self.redactor.redact(request, response or HttpResponse(200), operation, found.path_texts)

    def request(self, body: bytes, content_type: str = "application/json", **more: str) -> RedactedExchange:
        """The exchange of a login with that body."""
        headers = (("Content-Type", content_type), ("Content-Length", str(len(body))), *more.items())
        return self.redact(HttpRequest("POST", "/login/T123456", headers, body))


def spec_file(folder: Path) -> Path:
    """The document as a file."""
    path = folder / "vault.yaml"
    path.write_text(SPEC)
    return path
