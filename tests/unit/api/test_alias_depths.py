"""Aliases in each other: how deep they lie, and that a document that nests them without end is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clientsmith.api.model.types import ListType, NamedType, Schema, TypeAlias, TypeExpr, UnionType
from clientsmith.api.schemas.alias_depths import alias_depths
from clientsmith.document.budget import TOO_COSTLY
from tests.security.dear_documents import errors, linted

NEST: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "arrays": lambda inner: {"type": "array", "items": inner},
    "maps": lambda inner: {"type": "object", "additionalProperties": inner},
    "unions": lambda inner: {"anyOf": [{"type": "array", "items": inner}, {"type": "integer"}]},
}


def nested(kind: str, levels: int) -> dict[str, Any]:
    schemas: dict[str, Any] = {f"A{levels}": {"type": "string", "enum": ["x"]}}
    for level in range(levels):
        schemas[f"A{level}"] = NEST[kind]({"$ref": f"#/components/schemas/A{level + 1}"})
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/A0"}}}
    operation = {"operationId": "get", "responses": {"200": {"description": "d", "content": content}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "security": [],
        "paths": {"/x": {"get": operation}},
        "components": {"schemas": schemas},
    }


@pytest.mark.parametrize("kind", sorted(NEST))
def test_aliases_in_each_other_without_end_are_refused_with_their_place(kind: str, tmp_path: Any) -> None:
    done, found = linted(nested(kind, 30), tmp_path)
    assert done and not errors(found)
    done, found = linted(nested(kind, 300), tmp_path)
    (error,) = errors(found)
    assert not done and error.id == TOO_COSTLY and "/components/schemas/A" in (error.place.pointer or "")


def alias(name: str, kind: TypeExpr) -> tuple[str, Schema]:
    return name, TypeAlias(name, "response", kind, "")


def test_depths_are_along_the_longest_way_and_loops_end() -> None:
    schemas = dict(
        (
            alias("Leaf", UnionType(())),
            alias("Short", ListType(NamedType("Leaf"))),
            alias("Long", UnionType((NamedType("Leaf"), ListType(NamedType("Short"))))),
            alias("Own", ListType(NamedType("Own"))),
            alias("This", ListType(NamedType("That"))),
            alias("That", ListType(NamedType("This"))),
        )
    )
    depths = alias_depths(schemas)
    assert (depths["Leaf"], depths["Short"], depths["Long"]) == (0, 1, 2)
    assert max(depths["Own"], depths["This"], depths["That"]) <= 2
