"""Mirrors: documents whose one request body is a schema, through which schemathesis draws values of any schema."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, cast

from clientsmith.conform.inputs.bounds import tamed
from clientsmith.jsonschema.keywords import Plain

_DEFINITIONS: Final = "#/$defs/"


def mirror(schema: dict[str, Plain]) -> dict[str, Any]:
    """The document whose request body is a schema; definitions are numbered in the order in which they are met."""
    named = cast("dict[str, Plain]", schema.get("$defs", {}))
    met: dict[str, str] = {}
    own = _moved({key: value for key, value in schema.items() if key not in ("$schema", "$defs")}, met)
    definitions: dict[str, Any] = {}
    while len(definitions) < len(met):
        key, name = list(met.items())[len(definitions)]
        definitions[name] = _moved(named[key], met)
    body = {"required": True, "content": {"application/json": {"schema": own}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "mirror", "version": "1"},
        "paths": {"/mirror": {"post": {"requestBody": body, "responses": {"200": {"description": "ok"}}}}},
        "components": {"schemas": definitions},
    }


def _moved(plain: Plain, met: dict[str, str]) -> Any:
    """A schema with its references where the mirror has its definitions, and numbers as schemathesis takes them."""
    if isinstance(plain, dict):
        typed = {"type": "object"} if "properties" in plain and "type" not in plain else {}
        return typed | {
            key: _moved_reference(value, met)
            if key == "$ref" and isinstance(value, str)
            else _moved(value, met)
            for key, value in tamed(plain).items()
        }
    if isinstance(plain, list):
        return [_moved(item, met) for item in plain]
    return float(plain) if isinstance(plain, Decimal) else plain


def _moved_reference(reference: str, met: dict[str, str]) -> str:
    name = met.setdefault(reference.removeprefix(_DEFINITIONS), f"S{len(met)}")
    return f"#/components/schemas/{name}"
