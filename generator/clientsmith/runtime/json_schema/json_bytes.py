"""How bytes can be sent at places inside a valid value: what the schemas that hold there say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

from ..values.shapes import is_object
from .json_assertions import matches
from .json_evaluated import Checker, evaluated, parts
from .violations import Path, Violation

Form: TypeAlias = Literal["base64", "file", "none"]
"""In base64; raw, as a file or a value of any type; or not at all."""
_TYPING = ("type", "enum", "const")
Places: TypeAlias = "dict[Any, Places]"


def forms_of_bytes(checker: Checker, key: str, value: Any, paths: Iterable[Path]) -> dict[Path, Form]:
    """The form of the bytes in each place."""
    places: Places = {}
    for path in paths:
        inner = places
        for step in path:
            inner = inner.setdefault(step, {})
    return dict(_forms(checker, [{"$ref": key}], value, places, ()))


def _forms(
    checker: Checker, schemas: list[Any], value: Any, places: Places, path: Path
) -> Iterator[tuple[Path, Form]]:
    held = [*_holding(checker, schemas, value)]
    if not places:
        yield path, _form(held)
        return
    word = "unevaluatedProperties" if is_object(value) else "unevaluatedItems"
    asking = [(schema[word], evaluated(checker, schema, value)) for schema in held if word in schema]
    for step, inner in places.items():
        below = [one for schema in held for one in _below(checker, schema, value, step)]
        below += [rest for rest, known in asking if step not in known]
        yield from _forms(checker, below, value[step], inner, (*path, step))


def _form(held: list[dict[str, Any]]) -> Form:
    said = {schema.get("contentEncoding") for schema in held}
    if "base64" in said:
        return "base64"
    is_typed = any(word in schema for schema in held for word in _TYPING)
    return "none" if is_typed and "binary" not in said else "file"


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
