"""Small descriptions that differ in one part, opened as documents without files of their own."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import Policies, examine
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import parse

VERSIONS = {"3.0": "3.0.3", "3.1": "3.1.1"}
OK: dict[str, Any] = {"responses": {"200": {"description": "ok"}}}
_THING = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}


def opened(tree: object, name: str = "api.json") -> ResolvedDocument:
    """A description as a document; one that breaks the specification is read all the same."""
    diagnostics = Diagnostics()
    text = tree if isinstance(tree, str) else json.dumps(tree, default=_number)
    document = parse(text.encode(), diagnostics, uri=name, file=name)
    assert document is not None, [found.message for found in diagnostics]
    resolved = examine(document, diagnostics, Policies(allow_invalid=True), validation="none")
    assert resolved is not None, [found.message for found in diagnostics]
    return resolved


def _number(value: object) -> float:
    assert isinstance(value, Decimal)
    return float(value)


def of_schema(version: str, schema: Any, beside: Any = None) -> dict[str, Any]:
    """A description whose schema Thing is the body of a request and of a response."""
    operation = {
        "requestBody": {"required": True, **_THING},
        "responses": {"200": {"description": "ok", **_THING}},
    }
    components = {"schemas": {**(beside or {}), "Thing": schema}}
    return of_document(version, {"paths": {"/things": {"post": operation}}, "components": components})


def of_operation(version: str, members: Any) -> dict[str, Any]:
    """A description with one operation, POST /things."""
    return of_document(version, {"paths": {"/things": {"post": OK | members}}})


def of_document(version: str, members: Any) -> dict[str, Any]:
    """A description with these members beside its version and title."""
    return {"openapi": VERSIONS[version], "info": {"title": "Things", "version": "1"}, **members}
