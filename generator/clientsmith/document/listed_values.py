"""Listed values (`enum`, `const`) and the declared type: both hold (JSON Schema Validation 6.1.1 to 6.1.3).

YAML reads `1.10`, `007`, `1e3`, `false` and `null` without quotes as something other than text. If a schema of strings
lists such values only, their text as it is written is meant. The tree is corrected here, so that every reader of the
document sees the same values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import cast

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.grammar import ALL_OF
from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.yaml_scalars import NumberError, resolve_plain
from clientsmith.document.walk import all_objects
from clientsmith.json_values.codec import Value, write

LISTS = ("enum", "const")
_NAMES: dict[type, str] = {
    bool: "boolean", int: "integer", float: "number", Decimal: "number", str: "string", list: "array", dict: "object",
}  # fmt: skip
_KEY = re.compile(r"""(?:"[^"\n]*"|'[^'\n]*'|[^\s:"']+)[ \t]*:\s*""")
_SCALAR = re.compile(r"(?:&\S+\s+)?([^\s,\]}]+)")
_MOST_SHOWN = 3


def type_of(value: object) -> str:
    """The JSON type of a value; a number without a fraction is an integer only if it is written as one."""
    return _NAMES.get(type(value), "null")


def fits_type(value: object, types: Collection[str]) -> bool:
    """Whether a value is of one of the types; a number without a fraction is an integer, however it is written."""
    kind = type_of(value)
    if kind == "integer" or (isinstance(value, float | Decimal) and value == int(value)):
        return "integer" in types or "number" in types
    return kind in types


def correct_spellings(resolved: ResolvedDocument, diagnostics: Diagnostics) -> None:
    """Replace what YAML made of listed values by their text if none of them fits the type, and report it."""
    suspects = {
        id(value)
        for document in resolved.documents.values()
        for value in _objects(document.tree)
        if any(_contradicts(value, keyword, _stated(value) or ["string"]) for keyword in LISTS)
    }
    for node, kind in all_objects(resolved) if suspects else ():
        for schema, types in _typed(resolved, node) if kind == "schema" else ():
            for keyword in LISTS if id(schema.value) in suspects else ():
                _correct(schema, keyword, types, diagnostics)


def spelling(node: Node) -> str | None:
    """How a number, a bool or null is written in its file; None if that is not found."""
    document = node.document
    offset = document.locator.offset(node.pointer)
    above = document.root
    for step in node.pointer[:-1]:
        above = above.child(step)
    key = _KEY.match(document.source, offset or 0) if isinstance(above.value, dict) else None
    start = key.end() if key is not None else offset
    found = None if start is None else _SCALAR.match(document.source, start)
    if found is None:
        return None
    try:
        read = resolve_plain(found[1])
    except NumberError:
        return None
    return found[1] if type(read) is type(node.value) and read == node.value else None


def as_read(node: Node) -> str:
    """What a listed value is to every reader of the file, and how it is written if that looks different."""
    said = (
        "null" if node.value is None else f"the {type_of(node.value)} {write(cast('Value', node.value)):.60}"
    )
    written = spelling(node) if isinstance(node.value, int | float | Decimal | None) else None
    return said if written is None else f"{written:.60} without quotes is {said}"


def _objects(tree: JSON) -> Iterator[dict[str, JSON]]:
    pending = [tree]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield value
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _stated(schema: Mapping[str, JSON]) -> list[str]:
    stated = schema.get("type")
    names = [name for name in (stated if isinstance(stated, list) else [stated]) if isinstance(name, str)]
    return [*names, "null"] if schema.get("nullable") is True else names


def _typed(resolved: ResolvedDocument, node: Node) -> Iterator[tuple[Node, list[str]]]:
    """A schema and the members of its `allOf`, each with the types that it states or, if it states none, the others."""
    listed = node.get(ALL_OF)
    members = [] if listed is None else [one for one in listed.elements() if isinstance(one.value, dict)]
    beside = [*members, node] if "$ref" in node.mapping and resolved.version >= (3, 1) else members
    stated = _stated(node.mapping)
    types = stated or [name for one in beside for name in _stated(resolved.deref(one).mapping)]
    yield node, types
    yield from ((one, types) for one in members if not {"$ref", "type"} & one.mapping.keys())


def _contradicts(schema: Mapping[str, JSON], keyword: str, types: list[str]) -> bool:
    """Whether a schema of strings lists values of which none, null apart if it is allowed, is of its types."""
    if "string" not in types or keyword not in schema:
        return False
    listed = schema[keyword] if keyword == "enum" else [schema[keyword]]
    values = (
        [one for one in listed if one is not None or "null" not in types] if isinstance(listed, list) else []
    )
    return bool(values) and not any(fits_type(value, types) for value in values)


def _correct(schema: Node, keyword: str, types: list[str], diagnostics: Diagnostics) -> None:
    value = schema.value
    if not isinstance(value, dict) or not _contradicts(value, keyword, types):
        return
    holder = schema.child(keyword)
    members = list(holder.elements()) if keyword == "enum" else [holder]
    texts = {
        node.pointer: text
        for node in members
        if not fits_type(node.value, types) and (text := spelling(node)) is not None
    }
    if not texts:
        return
    shown = ", ".join(as_read(node) for node in members[:_MOST_SHOWN] if node.pointer in texts)
    message = f"the type is string, and {shown}: the text as it is written is taken for each such value"
    diagnostics.warning(
        "value-without-quotes",
        message,
        holder.place,
        hint="put the values in quotes",
        values=tuple(sorted(texts.values())),
    )
    for other in ("default", "example"):
        node = schema.get(other)
        if node is not None and not fits_type(node.value, types):
            value[other] = spelling(node) or node.value
    if keyword == "const":
        value[keyword] = texts[holder.pointer]
        return
    corrected: list[JSON] = [texts.get(node.pointer, node.value) for node in members]
    schema.document.locator.moved(holder.value, corrected)
    value[keyword] = corrected
