"""Suites over our own package and over packages of small documents that have what ours has not; opened once each."""

from __future__ import annotations

import functools
from pathlib import Path

from clientsmith.conform.model import UnitResult
from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics import Diagnostics
from tests.behavior.packages import package_of, spec

ROOT = Path(__file__).parents[2]
SPEC = str(ROOT / "spec/marketplace.yaml")
PACKAGE = str(ROOT / "generated/twilio_marketplace")
TAPES = str(ROOT / "spec/recordings")
EXAMPLES = 4

STYLES = spec(
    """
    paths:
      /items/{key}/{list}/{label}/{matrix}:
        get:
          operationId: findItems
          tags: [items]
          parameters:
            - {name: key, in: path, required: true, schema: {type: string, minLength: 1}}
            - {name: list, in: path, required: true, schema: {type: array, minItems: 1, items: {type: integer}}}
            - {name: label, in: path, required: true, style: label, schema: {type: integer}}
            - {name: matrix, in: path, required: true, style: matrix, schema: {type: boolean}}
            - {name: text, in: query, schema: {type: string}}
            - {name: size, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
            - {name: exact, in: query, schema: {type: number, format: decimal}}
            - {name: many, in: query, schema: {type: array, items: {type: string, pattern: '^[a-z]+$'}}}
            - {name: joined, in: query, explode: false, schema: {type: array, items: {type: integer}}}
            - {name: pipes, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: integer}}}
            - name: deep
              in: query
              style: deepObject
              schema: {type: object, additionalProperties: false, properties: {from: {type: integer}, to: {type: integer}}}
            - {name: filter, in: query, content: {application/json: {schema: {type: object, properties: {a: {type: number}}}}}}
            - {name: X-Trace, in: header, schema: {type: string}}
            - {name: session, in: cookie, schema: {type: string}}
          responses:
            '200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}}}
            '404': {description: none, content: {text/plain: {schema: {type: string}}}}
            4XX: {description: refused, content: {application/problem+json: {schema: {type: object}}}}
    components:
      schemas:
        Item:
          type: object
          required: [id, when-made]
          properties:
            id: {type: integer}
            when-made: {type: string, format: date-time}
            price: {type: number, format: decimal, minimum: 0}
            tags: {type: array, uniqueItems: true, items: {type: string}}
            kind: {enum: [a, b]}
            next: {$ref: '#/components/schemas/Item'}
    """
)

BODIES = spec(
    """
    paths:
      /notes:
        post:
          operationId: addNote
          tags: [notes]
          x-clientsmith-idempotent: true
          security: [{key: []}, {token: []}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  required: [title]
                  properties:
                    title: {type: string, minLength: 1, maxLength: 20}
                    amount: {type: number, format: decimal, exclusiveMinimum: 0, multipleOf: 0.5}
                    until: {type: [string, 'null'], format: date}
                    marks: {type: array, minItems: 1, maxItems: 3, items: {type: integer}}
                    state: {enum: [open, closed]}
                    more: {type: object, additionalProperties: {type: integer}}
          responses:
            '201': {description: made, content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}
            '204': {description: nothing}
            default: {description: refused, content: {application/json: {schema: {type: object, properties: {reason: {type: string}}}}}}
        delete:
          operationId: dropNotes
          tags: [notes]
          responses: {'204': {description: gone}, '503': {description: later, x-clientsmith-not-processed: true}}
      /files:
        put:
          operationId: sendForm
          tags: [files]
          requestBody:
            content:
              application/x-www-form-urlencoded:
                schema:
                  type: object
                  properties:
                    name: {type: string}
                    size: {type: integer}
                    data: {type: object, properties: {x: {type: number, format: decimal}}}
                encoding: {data: {contentType: application/json}}
          responses: {'200': {description: ok, content: {text/plain: {schema: {type: string}}}}}
    components:
      securitySchemes:
        key: {type: apiKey, in: header, name: X-Api-Key}
        token: {type: http, scheme: bearer}
    """
)

DOCUMENTS = {"styles": STYLES, "bodies": BODIES}


@functools.cache
def suite(name: str) -> Suite:
    """The suite of a document by name; `marketplace` is our own, with its tapes."""
    if name == "marketplace":
        return opened(SPEC, PACKAGE, [TAPES])
    package = package_of(DOCUMENTS[name])
    document = package.folder.parent / f"{name}.yaml"
    document.write_text(DOCUMENTS[name], encoding="utf-8")
    return opened(str(document), str(package.folder), [])


def opened(document: str, package: str, tapes: list[str]) -> Suite:
    """A suite that draws little."""
    diagnostics = Diagnostics()
    found = Suite.open(document, package, tapes, diagnostics, Settings(examples=EXAMPLES))
    assert found is not None, [str(one) for one in diagnostics]
    return found


def first_failure(found: Suite) -> UnitResult | None:
    """The first unit that fails, cheap ones first; None where everything holds."""
    try:
        return next((result for result in (unit.run() for unit in found.units) if result.failures), None)
    finally:
        found.close()
