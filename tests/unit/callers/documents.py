"""Descriptions of different shape, each with what the others do not have."""

from __future__ import annotations

from pathlib import Path

from tests.behavior.packages import spec

ROOT = Path(__file__).parents[3]
_OTHERS = ROOT / "tests" / "conformance" / "documents"

NESTED = spec("""
    paths:
      /shelves/{shelf}/books/{number}:
        put:
          operationId: putBook
          tags: [books]
          parameters:
            - {name: shelf, in: path, required: true, schema: {type: string}}
            - {name: number, in: path, required: true, schema: {type: integer}}
            - {name: q-q, in: query, schema: {type: array, items: {type: number}}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
          responses:
            '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
            '204': {description: nothing}
        post:
          operationId: postBooks
          tags: [books]
          deprecated: true
          parameters:
            - {name: shelf, in: path, required: true, schema: {type: string}}
            - {name: number, in: path, required: true, schema: {type: integer}}
          requestBody:
            required: true
            content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Book'}}}}
          responses: {'204': {description: nothing}, '303': {description: elsewhere}}
    components:
      schemas:
        Book:
          type: object
          required: [name, my-key]
          properties:
            name: {type: string, pattern: '^a', maxLength: 3}
            my-key: {type: integer}
            id: {type: string, format: uuid}
            price: {type: number, format: decimal}
            cover: {type: string, format: byte}
            weight: {type: [number, 'null']}
            parts: {type: array, items: {$ref: '#/components/schemas/Book'}}
            anything: {}
            text: {$ref: '#/components/schemas/Text'}
            by_page: {type: object, additionalProperties: {$ref: '#/components/schemas/Text'}}
            size: {type: array, prefixItems: [{type: integer}, {type: string}], items: false, minItems: 2}
            empty: {type: object}
        Text:
          oneOf:
            - {type: string}
            - {type: array, items: {$ref: '#/components/schemas/Text'}}
            - {type: object, properties: {by: {type: number}}}
    """)

SECURED = spec("""
    security: [{login: []}, {key: []}]
    paths:
      /files:
        post:
          operationId: send
          requestBody:
            content:
              multipart/form-data:
                schema:
                  type: object
                  required: [file]
                  properties: {file: {type: string, format: binary}, kind: {enum: [a, b]}}
          responses: {'200': {description: ok, content: {text/plain: {schema: {type: string}}}}}
        get:
          operationId: read
          responses: {'200': {description: ok, content: {application/json: {}}}, '304': {description: same}}
    components:
      securitySchemes:
        login: {type: http, scheme: basic}
        key: {type: apiKey, in: header, name: X-Key}
    """, server=None)  # fmt: skip

DOCUMENTS = {
    "marketplace": (ROOT / "spec" / "marketplace.yaml").read_text(),
    "nested": NESTED,
    "secured": SECURED,
    **{path.stem: path.read_text() for path in sorted(_OTHERS.glob("*.yaml"))},
}
