"""A request line leads to the operation whose path it is, below the base paths of the servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.openapi.routing import NoMethod, OperationMatch
from tests.unit.serve.answering import document, opened

PATHS = """
  /pets: {get: &ok {responses: {'204': {description: ok}}}}
  /pets/mine: {get: *ok}
  /pets/{id}: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], get: *ok, delete: *ok}
  /pets/{id}.{ext}:
    parameters: &both
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: ext, in: path, required: true, schema: {type: string}}
    get: *ok
  /a b/ü: {get: *ok}
  /else:
    servers: [{url: 'https://other.example/else/'}]
    get: *ok
"""
SERVERS = """
servers:
  - url: https://{region}.example/api/{version}/
    variables: {region: {default: eu}, version: {default: v1}}
  - url: /relative
"""


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("GET", "/api/v1/pets", "/pets"),
        ("GET", "/relative/pets?x=/pets/mine", "/pets"),
        ("GET", "/pets", "/pets"),
        ("GET", "http://localhost:1/api/v1/pets#part", "/pets"),
        ("GET", "/pets/mine", "/pets/mine"),
        ("GET", "/pets/m%69ne", "/pets/mine"),
        ("GET", "/pets/1", "/pets/{id}"),
        ("GET", "/pets/a%2Fb", "/pets/{id}"),
        ("GET", "/a%20b/%c3%bc", "/a b/ü"),
        ("GET", "/else/else", "/else"),
        ("GET", "/api/v1/else", "/else"),
        ("GET", "/relative/else", None),
        ("GET", "/pets/", None),
        ("GET", "/pets/1/2", None),
        ("GET", "/Pets", None),
        ("GET", "*", None),
        ("GET", "", None),
    ],
)
def test_the_operation_of_a_request_line(
    tmp_path: Path, method: str, target: str, expected: str | None
) -> None:
    found = opened(document(tmp_path, PATHS, more=SERVERS)).checker.index.match(method, target)
    assert (found.operation.path if isinstance(found, OperationMatch) else found) == expected


def test_parameters_within_a_segment(tmp_path: Path) -> None:
    found = opened(document(tmp_path, PATHS)).checker.index.match("GET", "/pets/a.b.c")
    assert isinstance(found, OperationMatch)
    assert found.path_texts == {"id": "a", "ext": "b.c"}


@pytest.mark.parametrize(("target", "allowed"), [("/pets/mine", ("GET",)), ("/pets/1", ("DELETE", "GET"))])
def test_the_methods_of_the_most_concrete_path_are_allowed(
    tmp_path: Path, target: str, allowed: tuple[str, ...]
) -> None:
    index = opened(document(tmp_path, PATHS)).checker.index
    assert index.match("PUT", target) == NoMethod(allowed)
    assert (index.match("DELETE", target) == NoMethod(allowed)) is (target == "/pets/mine")


def test_a_base_path_replaces_those_of_the_servers(tmp_path: Path) -> None:
    index = opened(document(tmp_path, PATHS, more=SERVERS), base_path="/mock/").checker.index
    assert isinstance(index.match("GET", "/mock/pets"), OperationMatch)
    assert index.match("GET", "/api/v1/pets") is None
    assert index.match("GET", "/pets") is None


def test_the_hosts_of_a_document(tmp_path: Path) -> None:
    assert opened(document(tmp_path, PATHS, more=SERVERS)).checker.index.hosts() == {
        "eu.example",
        "other.example",
    }
