"""The schemas of OpenAPI 3.0, 3.1 and 3.2 as openapi-spec-validator ships them, compiled; nothing is fetched.

Its Python layer is for `lint` alone (`published_validator`): importing it costs a quarter of a second, its walk over
the schemas eleven seconds on a document of 13 MB. `structure` checks what that walk does; a test holds both against it.
"""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from clientsmith.document.grammar import Kind

MASK = "this value"
"""How messages name the value at fault, which may be a whole document."""
PATTERNS = jsonschema_rs.FancyRegexOptions(backtrack_limit=20_000)
"""How patterns of a document are met with text: in linear time or, for look-around and back-references, in so many
steps; whether a text matches that takes more is not known."""


@cache
def specification_of(version: tuple[int, int], kind: Kind) -> jsonschema_rs.Validator:
    """The compiled schema of one kind of object, for those that lie in other files than the document's own."""
    whole = _with_meta_schema(version)
    if version >= (3, 1):
        section, name = "$defs", str(kind)
        name = "callbacks" if name == "callback" else name
    else:
        section, name = "definitions", "".join(word.capitalize() for word in kind.split("-"))
    part = {"$schema": whole["$schema"], "$ref": f"#/{section}/{name}", section: whole[section]}
    return jsonschema_rs.validator_for(part, validate_formats=False, mask=MASK, offline=True)


@cache
def specification(version: tuple[int, int]) -> jsonschema_rs.Validator:
    """The compiled schema of a document of that version: 3.0, 3.1 or 3.2.

    From 3.1 on the published schema asks of a Schema Object only that it is an object or a boolean; here it must
    satisfy the meta-schema of JSON Schema 2020-12 as well.
    """
    return jsonschema_rs.validator_for(
        _with_meta_schema(version), validate_formats=False, mask=MASK, offline=True
    )


def _with_meta_schema(version: tuple[int, int]) -> dict[str, Any]:
    schema = _published(version)
    if version >= (3, 1):
        dialect = "https://json-schema.org/draft/2020-12/schema"
        schema["$defs"]["schema"] = {"$dynamicAnchor": "meta", "$ref": dialect}
    return schema


def _published(version: tuple[int, int]) -> dict[str, Any]:
    package = importlib.util.find_spec("openapi_spec_validator")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("openapi-spec-validator is not installed")
    name = f"v{version[0]}.{version[1]}"
    path = Path(package.origin).parent / "resources" / "schemas" / name / "schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema
