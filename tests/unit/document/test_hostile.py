"""Any bytes at all end in a document or in findings, in every stage, and never in a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diagnostics.render import render_github, render_json, render_text
from clientsmith.document.digest import digest
from clientsmith.document.files.folder import FolderFiles
from clientsmith.document.model import Document
from clientsmith.document.references.resolve import resolve
from clientsmith.document.text import yaml_source
from clientsmith.document.text.parse import parse
from clientsmith.document.validation.validate import validate
from clientsmith.lint.lint import lint

settings.register_profile(
    "documents", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
STEADY = settings.get_profile("documents")


def all_stages(data: bytes, name: str = "api.yaml", folder: Path = Path("/nonexistent")) -> Diagnostics:
    """Every stage over a document given as bytes; what they find is rendered in every format."""
    diagnostics = Diagnostics()
    document = parse(data, diagnostics, uri=name, file=name, files=FolderFiles.beside(folder / name, name))
    if document is None:
        assert diagnostics.has_errors
    else:
        validate(document, diagnostics, allow_invalid=True)
        resolved = resolve(document, diagnostics)
        assert resolved is not None or diagnostics.has_errors
        if resolved is not None:
            lint(resolved, diagnostics)
            assert len(digest(resolved)) == 64
    sources = {} if document is None else {name: document.source}
    text = render_text(diagnostics, sources) + render_github(diagnostics)
    assert text.encode() and not set(text) & {chr(code) for code in range(32) if code != 10}
    assert json.loads(render_json(diagnostics))["version"] == 1
    return diagnostics


@settings(STEADY, max_examples=300)
@given(st.binary(max_size=200), st.sampled_from(["api.yaml", "api.json", "api"]))
def test_any_bytes(data: bytes, name: str) -> None:
    all_stages(data, name)


@settings(STEADY, max_examples=300)
@given(st.text(st.sampled_from("{}[]:,-'\"#&*!|>%@` \n\ta0.~?<=\\u\x85\u2028\ufeff\ud7ff𝒳"), max_size=60))
def test_any_text_of_signs_that_mean_something(text: str) -> None:
    all_stages(text.encode(), "api")


@settings(STEADY, max_examples=150)
@given(st.text(st.sampled_from("{}[]:,-'\"#&*!|>%@` \n\ta0.~?<="), max_size=40))
def test_both_yaml_parsers_make_the_same_tree_or_none(text: str) -> None:
    def read(pure: bool) -> Any:
        found: list[str] = []
        builder = yaml_source.TreeBuilder(lambda id, *_, **__: found.append(id), len(text))
        try:
            builder.feed(yaml_source.event_source(text, pure=pure))
        except Exception:
            return None
        return None if found else builder.marks.tree

    fast, slow = read(False), read(True)
    if fast is not None and slow is not None:
        assert fast == slow


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
)
_KEYS = st.sampled_from(
    [
        "$ref",
        "$dynamicRef",
        "$id",
        "$anchor",
        "type",
        "properties",
        "items",
        "allOf",
        "anyOf",
        "not",
        "required",
        "enum",
        "const",
        "default",
        "example",
        "examples",
        "value",
        "schema",
        "content",
        "parameters",
        "responses",
        "requestBody",
        "get",
        "post",
        "paths",
        "components",
        "schemas",
        "security",
        "securitySchemes",
        "servers",
        "url",
        "tags",
        "name",
        "in",
        "operationId",
        "discriminator",
        "mapping",
        "propertyName",
        "nullable",
        "readOnly",
        "pattern",
        "minimum",
        "exclusiveMinimum",
        "multipleOf",
        "additionalProperties",
        "patternProperties",
        "200",
        "/a/{b}",
        "/a/{c}",
        "application/json",
        "x-clientsmith-bills",
        "x-clientsmith-idempotent",
        "x-clientsmith-partial-success",
        "sent",
        "match",
        "links",
        "callbacks",
        "headers",
        "description",
        "openapi",
        "info",
    ]
)
_WORDS = st.sampled_from(
    ["#", "#/components/schemas/A", "#/components/schemas/B", "#/paths", "#x", "b.yaml", "../x", "http://[", "%zz",
     "https://e.x/", "string", "object", "array", "3.0.0", "(", "query", "path", "b", "application/json", "#/%FF"]
)  # fmt: skip
_VALUES = st.recursive(
    _SCALARS | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=25,
)
_OBJECTS = st.dictionaries(_KEYS, _VALUES, max_size=6)


@settings(STEADY, max_examples=200)
@given(
    st.sampled_from(["3.0.3", "3.1.0", "3.2.0"]),
    st.dictionaries(st.sampled_from("ABC"), _OBJECTS | _VALUES, max_size=3),
    _OBJECTS,
    _OBJECTS,
)
def test_any_document_of_keys_that_mean_something(
    version: str, schemas: dict[str, Any], operation: dict[str, Any], root: dict[str, Any]
) -> None:
    tree = {
        **root,
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/a/{b}": {"get": {"responses": {"200": operation}, **operation}, "parameters": [operation]}
        },
        "components": {"schemas": schemas, "parameters": {"P": operation}, "responses": schemas},
    }
    all_stages(json.dumps(tree).encode())


def nested(open: str, close: str, inner: str, depth: int) -> str:
    return open * depth + inner + close * depth


@pytest.mark.parametrize("depth", [30, 60, 150, 190, 5000])
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    ("open", "close"),
    [('{"not":', "}"), ('{"allOf":[', "]}"), ('{"properties":{"a":', "}}"), ('{"oneOf":[{},', "]}")],
)
def test_any_depth(depth: int, version: str, open: str, close: str) -> None:
    schema = nested(open, close, '{"type":"string","example":1,"readOnly":true}', depth)
    text = f'{{"openapi":"{version}","info":{{"title":"t","version":"1"}},"paths":{{}},"components":{{"schemas":{{"A":{schema}}}}}}}'
    all_stages(text.encode())


def chain(length: int, last: str) -> bytes:
    schemas = {
        f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}], "example": {}} for n in range(length)
    }
    refs = {f"R{n}": {"$ref": f"#/components/schemas/R{n + 1}"} for n in range(length)}
    tree = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {
            "schemas": {**schemas, **refs, f"S{length}": {"type": "object"}, f"R{length}": json.loads(last)}
        },
    }
    return json.dumps(tree).encode()


@pytest.mark.parametrize("last", ['{"type": "string"}', '{"$ref": "#/components/schemas/R0"}'])
def test_long_chains_of_references(last: str) -> None:
    all_stages(chain(1000, last))


def test_a_pointer_that_runs_in_circles_through_references() -> None:
    schemas = {"A": {"$ref": "#/components/schemas/B/x"}, "B": {"$ref": "#/components/schemas/A/x"}}
    tree = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    assert {found.id for found in all_stages(json.dumps(tree).encode())} == {"dangling-reference"}


def test_shared_yaml_nodes_are_each_a_place_of_their_own() -> None:
    lines = ["openapi: 3.1.0", "info: {title: T, version: '1'}", "paths: {}", "components:", "  schemas:"]
    lines += ["    A0: &a0 {type: string, example: 1}"]
    lines += [f"    A{n}: &a{n} {{anyOf: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 9)]
    found = all_stages("\n".join(lines).encode())
    assert sum(one.id == "example-mismatch" for one in found) == 2**9 - 1


def test_a_document_in_memory_has_no_spans() -> None:
    document = Document("a", "a", b"", {"openapi": "3.1.0"})
    assert document.root.place.span is None
