"""The bytes of the specifications are what the client sends, what the server reads and what its commands say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.openapi.parameter import Parameter
from clientsmith.traffic import writing
from clientsmith.traffic.message import HttpRequest
from tests.unit.openapi.both_sides import BothSides
from tests.unit.openapi.literal_bytes import STYLES, Row

VERSIONS = {(3, 0): "3.0.4", (3, 1): "3.1.1", (3, 2): "3.2.0"}
CELLS = [(version, row) for version in VERSIONS for row in STYLES if row.since <= version]


def schema_of(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"type": "object", "properties": {key: schema_of(item) for key, item in value.items()}}
    if isinstance(value, list):
        return {"type": "array", "items": {"type": "string"}}
    return {"type": "string" if isinstance(value, str) else "integer"}


def sides(tmp_path: Path, version: str, row: Row) -> BothSides:
    stated: dict[str, Any] = {"name": row.name, "in": row.location, "required": True}
    stated |= {} if row.style is None else {"style": row.style}
    stated |= {} if row.explode is None else {"explode": row.explode}
    operation = {"parameters": [stated | {"schema": schema_of(row.value)}]}
    path = f"/p/{{{row.name}}}" if row.location == "path" else "/p"
    return BothSides(tmp_path, operation, path, openapi=version)


def text_of(row: Row, request: HttpRequest) -> str | None:
    """The text of the parameter in a request."""
    if row.location == "header":
        return request.header(row.name)
    if row.location == "cookie":
        return request.header("cookie")
    return request.target.removeprefix("/p/" if row.location == "path" else "/p?")


def request_with(row: Row) -> HttpRequest:
    """A request with the text of the specification."""
    place = {"path": f"/p/{row.text}", "query": f"/p?{row.text}"}
    name = "Cookie" if row.location == "cookie" else row.name
    headers = () if row.location in place else ((name, row.text),)
    return HttpRequest("POST", place.get(row.location, "/p"), headers)


def cell(row: Any) -> str | None:
    return f"{row.location}-{row.text}" if isinstance(row, Row) else None


@pytest.mark.parametrize(("version", "row"), CELLS, ids=cell)
def test_both_sides_know_the_bytes(tmp_path: Path, version: tuple[int, int], row: Row) -> None:
    both = sides(tmp_path, VERSIONS[version], row)
    assert text_of(row, both.request(row.value)) == row.text
    [declared] = both.checker.operations[0].parameters
    assert isinstance(declared, Parameter)
    assert writing.parameter(declared, row.value) == row.text
    found = both.checker.check_request(request_with(row))
    assert found.findings == ()
    assert found.parameters.values(declared.location) == {row.name: row.value}
