"""Where nodes stand: for the member of a mapping its key, for an array item its value; YAML and JSON alike."""

from __future__ import annotations

import json

import pytest

from clientsmith.document.model import Node, parse_pointer, render_pointer

from .conftest import LoadText

_YAML = """\
openapi: 3.1.0
paths:
  /a/b:
    get:
      tags: [x, y]
      parameters:
        - name: "q"
          in: query
        - {name: r, in: header}
  "quoted": |
    text
    more
"""
_JSON = """\
{ "openapi" : "3.1.0",
  "paths": {"/a/b": {
    "get": { "tags": ["x", "y"],
      "parameters": [
        {"name": "q\\u0022"},
        {
 "name": [] , "x" : {} }]}}},
  "z": 1}
"""


@pytest.mark.parametrize(
    ("text", "pointer", "line", "column"),
    [
        (_YAML, "", 1, 1),
        (_YAML, "/openapi", 1, 1),
        (_YAML, "/paths", 2, 1),
        (_YAML, "/paths/~1a~1b", 3, 3),
        (_YAML, "/paths/~1a~1b/get/tags/1", 5, 17),
        (_YAML, "/paths/~1a~1b/get/parameters/0", 7, 11),
        (_YAML, "/paths/~1a~1b/get/parameters/0/in", 8, 11),
        (_YAML, "/paths/~1a~1b/get/parameters/1", 9, 11),
        (_YAML, "/paths/~1a~1b/get/parameters/1/in", 9, 21),
        (_YAML, "/paths/quoted", 10, 3),
        (_JSON, "", 1, 1),
        (_JSON, "/paths/~1a~1b/get", 3, 5),
        (_JSON, "/paths/~1a~1b/get/tags/1", 3, 28),
        (_JSON, "/paths/~1a~1b/get/parameters/1", 6, 9),
        (_JSON, "/paths/~1a~1b/get/parameters/1/x", 7, 15),
        (_JSON, "/z", 8, 3),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_node_is_found_at_its_line_and_column(
    text: str, pointer: str, line: int, column: int, newline: str, load_text: LoadText
) -> None:
    document, diagnostics = load_text(
        text.replace("\n", newline), "api.yaml" if text is _YAML else "api.json"
    )
    assert document is not None, list(diagnostics)
    parsed = parse_pointer(pointer)
    assert parsed is not None
    span = document.span(parsed)
    assert span is not None and (span.line, span.column) == (line, column)


@pytest.mark.parametrize("text", ["a: [1]\n", '{"a": [1]}'])
@pytest.mark.parametrize("pointer", [("b",), ("a", "1"), ("a", "x"), ("a", "0", "x"), ("a", "-1")])
def test_what_does_not_exist_has_no_span_and_the_nearest_is_its_parent(
    text: str, pointer: tuple[str, ...], load_text: LoadText
) -> None:
    document, _ = load_text(text, "api")
    assert document is not None
    assert document.span(pointer) is None
    nearest = document.nearest_span(pointer)
    assert nearest is not None and nearest.line == 1


def test_every_node_of_a_json_document_has_the_span_that_its_yaml_reading_has(load_text: LoadText) -> None:
    text = json.dumps(
        {"a": [1, {"b": "x", "é": [[], {}]}], "c/d": {"~": "\U0001f600", "z": -1.5}},
        indent=1,
        ensure_ascii=False,
    )
    as_json, _ = load_text(text, "api.json")
    as_yaml, _ = load_text(f"{text}\n# not JSON\n", "api.yaml")
    assert as_json is not None and as_yaml is not None and as_json.tree == as_yaml.tree
    pointers = {node.pointer for node in _all(as_json.root)}
    assert len(pointers) == 11
    for pointer in pointers:
        found, expected = as_json.span(pointer), as_yaml.span(pointer)
        assert found is not None and expected is not None
        assert (found.line, found.column) == (expected.line, expected.column)


def _all(node: Node) -> list[Node]:
    below = [child for _, child in node.items()] + list(node.elements())
    return [node, *(found for child in below for found in _all(child))]


def test_pointers_are_escaped_both_ways() -> None:
    assert render_pointer(("paths", "/a~b", "")) == "/paths/~1a~0b/"
    assert parse_pointer("/paths/~1a~0b/") == ("paths", "/a~b", "")
    assert parse_pointer("/~01") == ("~1",)
    assert parse_pointer("no") is None


def test_nodes_walk_mappings_in_sorted_order_and_are_equal_by_identity(load_text: LoadText) -> None:
    document, _ = load_text("b: 1\na: [2, 3]\n")
    assert document is not None
    root = document.root
    assert [key for key, _ in root.items()] == ["a", "b"]
    assert root.child("a").child(1).value == 3
    assert root.child("a") == root.get("a") and len({root.child("a"), root.get("a")}) == 1
    assert root.get("c") is None and root.text("b", "none") == "none"
    assert root.child("a").place.pointer == "/a"
    with pytest.raises(KeyError):
        root.child("b").child("x")


def test_json_escapes_that_yaml_lacks_are_read_in_a_file_named_yaml(load_text: LoadText) -> None:
    document, _ = load_text('{"a": "\\ud83d\\ude00"}', "api.yaml")
    assert document is not None and document.tree == {"a": "\U0001f600"}
