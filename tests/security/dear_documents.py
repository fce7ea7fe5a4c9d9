"""Documents whose constructs multiply, drawn by hypothesis and written by hand, and how much work they make."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from clientsmith import pipeline
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Severity
from clientsmith.document.references.resolve import resolve
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import load

LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
SINGLE = ("items", "additionalProperties", "not", "if", "contains", "propertyNames")
LEAF: dict[str, Any] = {"type": "object", "properties": {"z": {"type": "string"}}}


def document(schema: Any, schemas: dict[str, Any] | None = None, **media: Any) -> dict[str, Any]:
    """One operation that sends and receives a schema; `media` stands beside it, such as an example."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Root"}, **media}}
    operation = {
        "operationId": "put",
        "security": [],
        "tags": ["t"],
        "description": "d",
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "ok", "content": content}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dear", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/things": {"post": operation}},
        "components": {"schemas": {"Root": schema, **(schemas or {})}},
    }


def ref(name: str) -> dict[str, Any]:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def level(keyword: str, targets: list[Any]) -> dict[str, Any]:
    """A schema that leads to others by a keyword."""
    if keyword in LISTS:
        return {keyword: targets}
    if keyword == "properties":
        return {"type": "object", keyword: {f"k{number}": one for number, one in enumerate(targets)}}
    return {keyword: targets[0], "allOf": targets[1:]}


def ladder(keyword: str, levels: int) -> dict[str, Any]:
    """Schemas D0, D1, ... each of which leads to the next one twice."""
    rungs = {f"D{number}": level(keyword, [ref(f"D{number + 1}")] * 2) for number in range(levels)}
    return {**rungs, f"D{levels}": LEAF}


@st.composite
def meshes(draw: st.DrawFn) -> dict[str, Any]:
    """Schemas that lead to each other at random."""
    count = draw(st.integers(2, 9))
    keyword = st.sampled_from((*LISTS, *SINGLE, "properties"))
    schemas = {
        f"M{number}": {
            **level(draw(keyword), draw(st.lists(st.integers(0, count - 1).map(lambda to: ref(f"M{to}")), min_size=2, max_size=4))),
            draw(st.sampled_from(("properties", "x-none"))): {f"own{number}": {"type": "string"}},
        }
        for number in range(count)
    }  # fmt: skip
    return document(ref("M0"), schemas, example={"own0": {"own1": "x"}})


def written(tree: dict[str, Any], folder: Path) -> Path:
    """The document as a file."""
    path = folder / "api.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def linted(tree: dict[str, Any], folder: Path) -> tuple[bool, list[Diagnostic]]:
    """Whether `lint` got to its end, and what it found."""
    diagnostics = Diagnostics()
    done = pipeline.lint(str(written(tree, folder)), Config(), diagnostics).is_readable
    return done, list(diagnostics)


def resolved(tree: dict[str, Any], folder: Path) -> ResolvedDocument:
    """The document with its references found."""
    diagnostics = Diagnostics()
    loaded = load(written(tree, folder), diagnostics)
    assert loaded is not None, list(diagnostics)
    found = resolve(loaded, diagnostics)
    assert found is not None, list(diagnostics)
    return found


def errors(found: list[Diagnostic]) -> list[Diagnostic]:
    """The errors among findings."""
    return [one for one in found if one.severity is Severity.ERROR]


class TooManyCallsError(Exception):
    """Work that would not have ended in good time."""


def calls(work: Callable[[], object], most: int = 3_000_000) -> int:
    """How many calls of Python functions some work takes: the same on every machine. Stops it past `most`."""
    count = 0

    def note(_: object, event: str, __: object) -> None:
        nonlocal count
        if event == "call":
            count += 1
            if count > most:
                raise TooManyCallsError

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
