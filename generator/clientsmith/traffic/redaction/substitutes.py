"""What stands in the place of a secret: a value of the same JSON type, which its schema accepts where one is easy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.json_values.codec import Value
from clientsmith.json_values.decimals import exact, total
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.validators import Schemas

REDACTED = "REDACTED"

_LITERAL = re.compile(r"\^([A-Za-z0-9_:/-]+)")
_QUANTIFIER = ("*", "+", "?", "{", "|")
_FORMATS = {
    "uuid": "00000000-0000-0000-0000-000000000000",
    "email": "redacted@example.com",
    "uri": "https://example.com/redacted",
    "date": "1970-01-01",
    "date-time": "1970-01-01T00:00:00Z",
    "ipv4": "192.0.2.0",
}
_LONGEST = 10_000


class Substitutes:
    """Chooses substitutes by the schemas of a document."""

    def __init__(self, resolved: ResolvedDocument) -> None:
        self._resolved = resolved
        self._schemas = Schemas(resolved)

    def string(self, value: str, schemas: list[Node]) -> tuple[str, bool]:
        """A string that says nothing of `value` but its length and punctuation, and whether the schemas accept it."""
        for candidate in _strings(value, [self._resolved.deref(schema) for schema in schemas]):
            if candidate != value and self._accepted(candidate, schemas):
                return candidate, True
        return REDACTED, not schemas

    def number(self, schemas: list[Node]) -> tuple[str, bool]:
        """The token of a number, and whether the schemas accept it."""
        for candidate in _numbers([self._resolved.deref(schema) for schema in schemas]):
            if self._accepted(candidate, schemas):
                return str(candidate), True
        return "0", not schemas

    def _accepted(self, value: Value, schemas: list[Node]) -> bool:
        return all(self._schemas.is_valid(schema, value, "response") for schema in schemas)


def schemas_at(resolved: ResolvedDocument, schema: Node | None, pointer: tuple[str, ...]) -> list[Node]:
    """The schemas that a value at that place inside an instance is checked against; branches of choices included."""
    found = Branches(SchemaReader(resolved)).at(schema, pointer)
    return [one for one in found if one.mapping.keys() & _LIMITS]


def is_listed(value: str, schemas: list[Node]) -> bool:
    """Whether the document lists the value, for all to read."""
    return any(
        schema.mapping.get("const") == value
        or (isinstance(listed := schema.mapping.get("enum"), list) and value in listed)
        for schema in schemas
    )


_LIMITS = frozenset({
    "const", "enum", "format", "maxLength", "maximum", "minLength", "minimum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "pattern", "type",
})  # fmt: skip


def _strings(value: str, schemas: list[Node]) -> Iterator[str]:
    for schema in schemas:
        if schema.text("format") in _FORMATS:
            yield _FORMATS[schema.text("format")]
    yield REDACTED
    value = value[:_LONGEST]
    for schema in schemas:
        shortest, longest = schema.mapping.get("minLength"), schema.mapping.get("maxLength")
        at_least = shortest if isinstance(shortest, int) else 0
        at_most = longest if isinstance(longest, int) else max(at_least, len(REDACTED))
        yield REDACTED.ljust(min(at_least, _LONGEST), "X")[:at_most]
        prefix = _prefix(schema.text("pattern"))
        if value.startswith(prefix):
            yield prefix + _masked(value[len(prefix) :])
            yield prefix + "0" * (len(value) - len(prefix))
    yield _masked(value)
    for sign in "0aA":
        yield sign * len(value)


def _prefix(pattern: str) -> str:
    """The text that every match of a pattern starts with, which is in the document for all to read; maybe empty."""
    found = _LITERAL.match(pattern)
    if found is None or "|" in pattern:
        return ""
    return found[1][:-1] if pattern[found.end() :].startswith(_QUANTIFIER) else found[1]


def _masked(value: str) -> str:
    """Letters and digits without their values, a few separators as they are: `Ab-12` gives `Aa-00`."""
    return "".join(
        "A" if sign.isupper() else "0" if sign.isdigit() else sign if sign in "-_.:/ +" else "a"
        for sign in value
    )


def _numbers(schemas: list[Node]) -> Iterator[Value]:
    yield 0
    yield 1
    for schema in schemas:
        for keyword, step in (
            ("minimum", 0),
            ("exclusiveMinimum", 1),
            ("maximum", 0),
            ("exclusiveMaximum", -1),
        ):
            limit = schema.mapping.get(keyword)
            if isinstance(limit, int | float | Decimal) and not isinstance(limit, bool):
                yield total((exact(limit), step))
