"""Null in a field of a form: empty text if that says nothing else, refused if it would be read as the empty string."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.calls import call
from tests.behavior.packages import Package, package_of, spec

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


def described(media_type: str) -> Package:
    fields = """
                text: {type: [string, 'null']}
                either: {anyOf: [{type: string}, {type: 'null'}]}
                long: {type: [string, 'null'], minLength: 1}
                count: {type: [integer, 'null']}
                nothing: {type: 'null'}
                json: {type: [string, 'null']}
                list: {type: array, items: {type: [string, 'null']}}
    """
    return package_of(
        spec(f"""
paths:
  /x:
    post:
      operationId: send
      tags: [s]
      requestBody:
        required: true
        content:
          {media_type}:
            schema:
              type: object
              properties:{fields.rstrip()}
            encoding: {{json: {{contentType: application/json}}}}
      responses: {{'204': {{description: ok}}}}
""")
    )


@pytest.mark.parametrize("media_type", [FORM, PARTS])
@pytest.mark.parametrize("name", ["text", "either"])
def test_null_that_would_be_read_as_text_is_refused(media_type: str, name: str) -> None:
    package = described(media_type)

    with pytest.raises(
        package.errors.RequestValidationError, match=f"{name}: null cannot be told from"
    ) as caught:
        call(package, "s.send", **{name: None})
    assert str(caught.value.outcome) == "not_sent"
    assert name.encode() in call(package, "s.send", **{name: ""}).content


@pytest.mark.parametrize("name", ["long", "count", "nothing"])
def test_null_is_empty_text_if_the_field_takes_no_empty_text(name: str) -> None:
    assert call(described(FORM), "s.send", **{name: None}).form == [(name, "")]
    assert f'name="{name}"\r\n\r\n\r\n'.encode() in call(described(PARTS), "s.send", **{name: None}).content


@pytest.mark.parametrize("media_type", [FORM, PARTS])
def test_null_in_json_is_said(media_type: str) -> None:
    assert b"null" in call(described(media_type), "s.send", json=None).content


@pytest.mark.parametrize("media_type", [FORM, PARTS])
def test_server_and_conform_read_the_same(media_type: str) -> None:
    package = described(media_type)
    document: Any = package.folder.parent / "openapi.yaml"

    suite = Suite.open(str(document), str(package.folder), [], Diagnostics(), Settings(examples=3))
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []
