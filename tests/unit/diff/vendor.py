"""A vendor's document, one of ours that was curated from it, and the deviations between them."""

from __future__ import annotations

VENDOR = """\
openapi: 3.0.3
info: {title: Kiosk by its vendor, version: 1.4.0}
servers: [{url: https://api.kiosk.example}]
security: [{account: []}]
paths:
  /v1/Pages/{Sid}:
    parameters:
      - {name: Sid, in: path, required: true, schema: {type: string, minLength: 34, pattern: ^PA}}
    get:
      operationId: FetchPage
      responses:
        '200':
          description: OK
          headers:
            Access-Control-Allow-Origin: {schema: {type: string}}
            Access-Control-Max-Age: {schema: {type: integer, default: 60}}
          content:
            application/json:
              schema:
                type: object
                properties:
                  sid: {type: string, nullable: true}
                  body: {type: string, maxLength: 100}
                  owner: {type: object, properties: {name: {type: string}}}
    post:
      operationId: UpdatePage
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {Body: {type: string}, Layout: {type: string, description: JSON}}}
      responses:
        '200': {description: OK}
  /v1/Usage:
    post:
      operationId: CreateUsage
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Usage'}
      responses:
        '202': {description: Accepted}
  /v1/Kiosks:
    get:
      operationId: ListKiosks
      parameters:
        - {name: PageSize, in: query, schema: {type: integer, maximum: 100}}
      responses:
        '200': {description: OK}
    post:
      operationId: CreateKiosk
      responses:
        '201': {description: Created}
components:
  securitySchemes:
    account: {type: http, scheme: basic}
  schemas:
    Usage:
      type: object
      required: [items]
      properties:
        items: {type: array, maxItems: 50, items: {$ref: '#/components/schemas/Item'}}
    Item:
      type: object
      required: [sid, quantity]
      properties:
        sid: {type: string}
        quantity: {type: number, minimum: 0}
        note: {type: string, maxLength: 20}
"""

OURS = """\
openapi: 3.1.0
info: {title: Kiosk for publishers, version: 1.0.0}
servers: [{url: https://api.kiosk.example/v1}]
security: [{basic: []}]
paths:
  /Pages/{sid}:
    parameters:
      - $ref: '#/components/parameters/PageSid'
    get:
      responses:
        '200':
          description: The page.
          content:
            application/json: {schema: {$ref: '#/components/schemas/Page'}}
        '404': {description: There is none.}
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties: {Body: {type: string}, Layout: {$ref: '#/components/schemas/Layout'}}
            encoding: {Layout: {contentType: application/json}}
      responses:
        '200': {description: The page has changed.}
  /Usage:
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Report'}}
      responses:
        '202': {description: The report was accepted.}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
  parameters:
    PageSid: {name: sid, in: path, required: true, schema: {type: string, pattern: ^PA}}
  schemas:
    Page:
      type: object
      properties:
        sid: {type: [string, 'null']}
        body: {type: string}
        owner: {type: object, properties: {name: {type: string}, email: {type: string}}}
    Layout: {type: object, properties: {columns: {type: integer}}}
    Report:
      type: object
      required: [items]
      properties:
        items: {type: array, minItems: 1, maxItems: 50, items: {$ref: '#/components/schemas/ReportItem'}}
    ReportItem:
      type: object
      required: [sid, quantity]
      properties:
        sid: {type: string}
        quantity: {type: number, exclusiveMinimum: 0}
"""

DEVIATIONS = """\
# What our document does otherwise.
deviations:
  - rule: bound-widened
    place: /components/parameters/PageSid/schema
    reason: The pattern says it.   # as it does for every SID
  - rule: bound-widened
    place: /components/schemas/Page/**
    reason: "Results are lenient."
  - rule: property-added
    place: /components/schemas/Page/**
    reason: Seen in examples.
  - rule: type-changed
    place: /components/schemas/Layout
    reason: >-
      The text of an object,
      as the vendor's own example shows.
  # What bills.
  - rule: bound-narrowed
    place: /components/schemas/Report/**
    reason: An empty report bills nothing.
  - rule: bound-narrowed
    place: /components/schemas/ReportItem/**
    reason: Zero is refused by the service.
  - rule: property-removed
    place: /components/schemas/ReportItem/properties/note
    reason: Nobody knows who reads it.
  - rule: header-removed
    place: /paths/*/get/responses/200/headers/Access-Control-*
    reason: Only browsers read them.
  - rule: error-status-added
    place: /paths/**
    reason: The vendor describes no errors.
  - rule: operation-removed
    place: /paths/~1v1~1Kiosks/**
    reason: Not for publishers.
"""
