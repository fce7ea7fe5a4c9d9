"""The server compares the token that arrived with its schema: nothing goes through a double."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.traffic.message import HttpRequest
from tests.unit.serve.answering import document, opened

PATHS = """
  /p:
    post:
      parameters: [{{name: v, in: query, schema: {0}}}]
      requestBody: {{content: {{application/json: {{schema: {0}}}, application/x-www-form-urlencoded:
        {{schema: {{type: object, properties: {{v: {0}}}}}}}}}}}
      responses: {{'204': {{description: ok}}}}
"""


@pytest.mark.parametrize(
    ("schema", "token", "is_valid"),
    [
        ("{type: number, multipleOf: 0.01}", "8468327.79", True),
        ("{type: number, multipleOf: 0.01}", "0.0100000001", False),
        ("{type: number, multipleOf: 0.01}", "12345678901234567890123456789012345.01", True),
        ("{type: number, multipleOf: 0.01}", "12345678901234567890123456789012345.011", False),
        ("{type: number, multipleOf: 0.3}", "1e30", False),
        ("{type: integer, multipleOf: 3}", "9007199254740993", True),
        ("{type: number, maximum: 0.1}", "0.10000000000000000001", False),
        ("{type: integer, minimum: 9007199254740993}", "9007199254740992", False),
        ("{enum: [18446744073709551616, 1]}", "18446744073709551616", True),
        ("{enum: [18446744073709551616, 1]}", "18446744073709551617", False),
        ("{type: number, const: 0.1}", "0.10", True),
    ],
)
def test_numbers_are_checked_as_they_are_written(
    schema: str, token: str, is_valid: bool, tmp_path: Path
) -> None:
    checker = opened(document(tmp_path, PATHS.format(schema))).checker
    in_json = (("content-type", "application/json"),)
    in_form = (("content-type", "application/x-www-form-urlencoded"),)
    requests = [
        HttpRequest("POST", f"/p?v={token}", ()),
        HttpRequest("POST", "/p", in_json, token.encode()),
        HttpRequest("POST", "/p", in_form, f"v={token}".encode()),
    ]

    assert [not checker.check_request(request).findings for request in requests] == 3 * [is_valid]
