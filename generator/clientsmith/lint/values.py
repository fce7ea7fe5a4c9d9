"""Listed values that no value of the declared type can be."""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.listed_values import LISTS, as_read, fits_type
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.keywords import elements
from clientsmith.jsonschema.reader import SchemaReader


def check_listed(resolved: ResolvedDocument, schema: Node, diagnostics: Diagnostics) -> None:
    """Report each value of `enum` and `const` that can never match."""
    reader = SchemaReader(resolved)
    if schema.mapping.keys().isdisjoint(LISTS) or reader.is_bare_reference(schema):
        return
    shape = reader.shape(reader.parts(schema))
    if shape.types is None:
        return
    types = [*sorted(shape.types), *(["null"] if shape.nullable else [])]
    for member in _members(schema):
        if not fits_type(member.value, types):
            message = f"{as_read(member)}, which can never match: the type is {' or '.join(types)}"
            hint = "put it in quotes if the text is meant, else correct the type or remove the value"
            diagnostics.warning("value-never-matches", message, member.place, hint=hint)


def _members(schema: Node) -> Iterator[Node]:
    yield from elements(schema, "enum")
    if "const" in schema.mapping:
        yield schema.child("const")
