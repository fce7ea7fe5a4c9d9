"""Bodies with files in which something depends on a condition: schemathesis checks those as a whole while it draws."""

from __future__ import annotations

import pytest

from tests.behavior.packages import spec
from tests.conformance.suites import check_holds

CONDITIONS = {
    "a member for answers alone": "rows: {type: array, items: {type: object, properties: {made: {type: string, readOnly: true}, a: {type: string}}}}",
    "a negation": "note: {type: string, not: {enum: [no]}}",
    "a member that needs another": "meta: {type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}}",
    "no condition": "note: {type: string}",
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_both_ends_go_on_beside_a_file(name: str) -> None:
    document = spec(f"""
        security: []
        paths:
          /x:
            post:
              operationId: send
              tags: [x]
              requestBody:
                required: true
                content:
                  multipart/form-data:
                    schema: {{type: object, required: [file], properties: {{file: {{type: string, format: binary}}, {CONDITIONS[name]}}}}}
              responses: {{'204': {{description: done}}}}
    """).replace("openapi: 3.0.3", "openapi: 3.1.0")
    check_holds(document, "both-ends")
