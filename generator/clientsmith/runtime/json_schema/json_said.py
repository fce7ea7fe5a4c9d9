"""What the schemas that hold at places inside a valid value say of the text there: encoding, formats, type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..values.shapes import is_object
from .json_assertions import matches
from .json_evaluated import Checker, evaluated, parts
from .violations import Path, Violation

_TYPING = ("type", "enum", "const")
_Places: TypeAlias = "dict[Any, _Places]"


@dataclass(frozen=True)
class Said:
    """What is said of one place: `contentEncoding`, `format`, and whether anything is said of its type."""

    encodings: frozenset[str]
    formats: frozenset[str]
    is_typed: bool

    @classmethod
    def by(cls, schemas: list[dict[str, Any]]) -> Said:
        """What schema objects say together."""
        return cls(
            frozenset(schema["contentEncoding"] for schema in schemas if "contentEncoding" in schema),
            frozenset(schema["format"] for schema in schemas if "format" in schema),
            any(word in schema for schema in schemas for word in _TYPING),
        )


def said_of(checker: Checker, key: str, value: Any, paths: Iterable[Path]) -> dict[Path, Said]:
    """What is said of each place."""
    places: _Places = {}
    for path in paths:
        inner = places
        for step in path:
            inner = inner.setdefault(step, {})
    return dict(_said(checker, [{"$ref": key}], value, places, ()))


def _said(
    checker: Checker, schemas: list[Any], value: Any, places: _Places, path: Path
) -> Iterator[tuple[Path, Said]]:
    held = [*_holding(checker, schemas, value)]
    if not places:
        yield path, Said.by(held)
        return
    word = "unevaluatedProperties" if is_object(value) else "unevaluatedItems"
    asking = [(schema[word], evaluated(checker, schema, value)) for schema in held if word in schema]
    for step, inner in places.items():
        below = [one for schema in held for one in _below(checker, schema, value, step)]
        below += [rest for rest, known in asking if step not in known]
        yield from _said(checker, below, value[step], inner, (*path, step))


def _holding(checker: Checker, schemas: list[Any], value: Any) -> Iterator[dict[str, Any]]:
    """The schema objects that apply to a value: those given, and all that they are composed of."""
    waiting, seen = [(schema, frozenset[str]()) for schema in schemas], set[int]()
    while waiting:
        schema, followed = waiting.pop()
        if is_object(schema) and id(schema) not in seen:  # parsed once, and kept
            seen.add(id(schema))
            yield schema
            waiting += parts(checker, schema, value, followed)


def _below(checker: Checker, schema: dict[str, Any], value: Any, step: Any) -> Iterator[Any]:
    """What a schema object says of a member or an item."""
    if is_object(value):
        own = schema.get("properties", {})
        patterned = schema.get("patternProperties", {})
        found = [inner for pattern, inner in patterned.items() if matches(step, pattern) is not False]
        found += [own[step]] if step in own else []
        yield from found or [schema.get("additionalProperties")]
        return
    prefix = schema.get("prefixItems", ())
    yield prefix[step] if step < len(prefix) else schema.get("items")
    wanted = schema.get("contains", False)
    if not isinstance(checker.verdict(wanted, value[step]), Violation):
        yield wanted
