"""Documents of a kind that vendors publish and that the suite must not take for faults of the package."""

from __future__ import annotations

import pytest

from tests.behavior.packages import spec
from tests.conformance.suites import check_holds

OK = "responses: {'204': {description: done}}"

EQUAL_PATHS = spec(f"""
    paths:
      /files/{{id}}: {{get: {{operationId: byId, parameters: [{{$ref: '#/components/parameters/Id'}}], {OK}}}}}
      /files/{{name}}: {{get: {{operationId: byName, parameters: [{{$ref: '#/components/parameters/Name'}}], {OK}}}}}
      /files/{{id}}/parts/{{part}}: {{delete: {{operationId: dropPart, {OK}}}}}
      /files/{{name}}/parts/{{number}}: {{delete: {{operationId: dropNumber, {OK}}}}}
    components:
      parameters:
        Id: {{name: id, in: path, required: true, schema: {{type: integer}}}}
        Name: {{name: name, in: path, required: true, schema: {{type: string}}}}
""")
OPTIONAL_BODY = spec(f"""
    paths:
      /empty:
        patch:
          operationId: patchEmpty
          requestBody: {{content: {{application/json: {{schema: {{type: object, properties: {{}}}}}}}}}}
          {OK}
      /notes:
        patch:
          operationId: patchNote
          requestBody:
            content: {{application/json: {{schema: {{type: object, properties: {{text: {{type: string}}}}}}}}}}
          {OK}
""")
SERVER_WITHOUT_DEFAULT = spec(
    f"""
    servers: [{{url: 'https://{{region}}.example.com/v1/{{account}}'}}]
    paths: {{/x: {{get: {{operationId: getX, {OK}}}}}}}
    """,
    server=None,
)
PATH_WITHOUT_DEFAULT = spec(
    f"""
    servers: [{{url: 'https://api.example.com/v1/{{account}}'}}, {{url: 'not an address'}}]
    paths: {{/x: {{get: {{operationId: getX, {OK}}}}}}}
    """,
    server=None,
)
USER_AGENT = spec(f"""
    paths:
      /x:
        get:
          operationId: getX
          parameters:
            - {{name: User-Agent, in: header, schema: {{type: string}}}}
            - {{name: user-agent-hint, in: header, schema: {{type: string}}}}
          {OK}
""")
READ_ONLY = spec(f"""
    paths:
      /x:
        put:
          operationId: putX
          requestBody:
            required: true
            content: {{application/json: {{schema: {{$ref: '#/components/schemas/X'}}}}}}
          {OK}
    components:
      schemas:
        At: {{type: string, readOnly: true}}
        Own: {{type: object, properties: {{a: {{type: integer}}}}}}
        X:
          type: object
          properties:
            name: {{type: string}}
            one: {{allOf: [{{$ref: '#/components/schemas/At'}}, {{example: today}}]}}
            two: {{allOf: [{{$ref: '#/components/schemas/At'}}]}}
            four: {{allOf: [{{type: string}}, {{readOnly: true}}]}}
            five: {{allOf: [{{$ref: '#/components/schemas/Own'}}, {{allOf: [{{readOnly: true}}]}}]}}
            six: {{$ref: '#/components/schemas/Own'}}
            three: {{$ref: '#/components/schemas/At'}}
""")
WRITE_ONLY = spec("""
    paths:
      /x:
        get:
          operationId: getX
          responses:
            '200':
              description: ok
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      a: {type: string}
                      secret: {type: string, writeOnly: true}
                      b: {type: string}
                      c: {type: string}
""")
UNION = spec("""
    paths:
      /x:
        get:
          operationId: getX
          responses:
            '200':
              description: ok
              content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}}}
    components:
      schemas:
        A: {type: object, required: [kind], properties: {kind: {enum: [a]}, x: {type: string}, y: {type: string}, z: {type: string}}}
        B: {type: object, required: [kind], properties: {kind: {enum: [b]}, x: {type: string}, y: {type: string}, w: {type: string}}}
""")


TUPLES = spec("""
    paths:
      /x:
        get:
          operationId: getX
          responses:
            '200':
              description: ok
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      exact: {type: array, prefixItems: [{type: string}, {type: integer}], minItems: 2, maxItems: 2}
                      sealed: {allOf: [{type: array, prefixItems: [{type: string}, {type: boolean}], items: false}, {minItems: 1}]}
                      open: {type: array, prefixItems: [{type: string}], minItems: 1}
""")
DEEP_FILES = spec("""
    paths:
      /x:
        post:
          operationId: postX
          requestBody:
            required: true
            content:
              multipart/form-data:
                schema:
                  type: object
                  properties:
                    rows: {type: array, items: {type: array, items: {type: string, format: binary}}}
                    flat: {type: array, items: {type: string, format: binary}}
                    pair: {type: array, prefixItems: [{type: string, format: binary}], items: false, minItems: 1}
          responses: {'204': {description: done}}
""")
ONLY_REQUESTS_CHECKED = spec("""
    paths:
      /x:
        post:
          operationId: postX
          requestBody:
            required: true
            content:
              application/json: {schema: {type: object, properties: {a: {type: string}, b: {type: string}}, minProperties: 1}}
          responses: {'204': {description: done}}
""")


@pytest.mark.parametrize(
    ("document", "part"),
    [
        pytest.param(
            EQUAL_PATHS, "request", id="paths that differ in the names of parameters, undeclared ones too"
        ),
        pytest.param(OPTIONAL_BODY, "request", id="an optional body that nothing is set in"),
        pytest.param(SERVER_WITHOUT_DEFAULT, "request", id="a server without default"),
        pytest.param(PATH_WITHOUT_DEFAULT, "request", id="a server with a path without default"),
        pytest.param(USER_AGENT, "request", id="a header that every client sends"),
        pytest.param(READ_ONLY, "surface", id="members for answers alone, by reference"),
        pytest.param(WRITE_ONLY, "response", id="a member for requests alone"),
        pytest.param(ONLY_REQUESTS_CHECKED, "request", id="a schema that only requests are checked against"),
        pytest.param(DEEP_FILES, "request", id="files below a list"),
        pytest.param(TUPLES, "response", id="arrays that are as long as a tuple"),
        pytest.param(UNION, "response", id="texts in members of a union"),
    ],
)
def test_a_package_holds(document: str, part: str) -> None:
    check_holds(document, part)
