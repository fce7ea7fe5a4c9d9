# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Which members or items of a value a schema has spoken of already, for `unevaluatedProperties` and `unevaluatedItems`.

If that is not certain they count as spoken of, so that no violation is made up (JSON Schema 2020-12, section 11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from ..values.shapes import is_object
from .json_assertions import matches
from .violations import FITS, Verdict, Violation

_ASKING = ("unevaluatedProperties", "unevaluatedItems")


class Checker(Protocol):
    """What decides whether a value fits a schema; `json_schema` has it."""

    @property
    def lookup(self) -> Callable[[str], Any]:
        """The schema of a key; None for a key that there is none of."""
        ...

    def verdict(self, schema: Any, value: Any, followed: frozenset[str] = frozenset()) -> Verdict:
        """The first violation of a value, else whether it fits."""
        ...


def evaluated(checker: Checker, schema: Any, value: Any, followed: frozenset[str] = frozenset()) -> set[Any]:
    """Names or indexes, `unevaluated...` of the schema itself not counted: that is what asks."""
    if "unchecked" in schema:
        return set(_steps(value))
    known = _by_members(schema, value) if is_object(value) else _by_items(checker, schema, value)
    for part, passed in parts(checker, schema, value, followed):
        if is_object(part):
            known |= set(_steps(value)) if any(word in part for word in _ASKING) else set()
            known |= evaluated(checker, part, value, passed)
    return known


def _steps(value: Any) -> Any:
    return value if is_object(value) else range(len(value))


def _by_members(schema: dict[str, Any], value: dict[str, Any]) -> set[Any]:
    if "additionalProperties" in schema:
        return set(value)
    patterns = schema.get("patternProperties", ())
    listed = schema.get("properties", ())
    return {
        name
        for name in value
        if name in listed or any(matches(name, pattern) is not False for pattern in patterns)
    }


def _by_items(checker: Checker, schema: dict[str, Any], value: list[Any]) -> set[Any]:
    if "items" in schema:
        return set(range(len(value)))
    known = set(range(len(schema.get("prefixItems", ()))))
    if "contains" in schema:
        wanted = schema["contains"]
        known |= {
            index
            for index, item in enumerate(value)
            if not isinstance(checker.verdict(wanted, item), Violation)
        }
    return known


def parts(
    checker: Checker, schema: dict[str, Any], value: Any, followed: frozenset[str]
) -> Iterator[tuple[Any, frozenset[str]]]:
    """The schemas that speak of the same value and that it may fit, each with the references followed."""
    key = schema.get("$ref")
    if key is not None and key not in followed:
        yield checker.lookup(key), followed | {key}
    for keyword in ("allOf", "anyOf", "oneOf"):
        for one in schema.get(keyword, ()):
            if not isinstance(checker.verdict(one, value, followed), Violation):
                yield one, followed
    if "if" in schema:
        result = checker.verdict(schema["if"], value, followed)
        if not isinstance(result, Violation):
            yield schema["if"], followed
            yield schema.get("then"), followed
        if result is not FITS:
            yield schema.get("else"), followed
    if is_object(value):
        for name, one in schema.get("dependentSchemas", {}).items():
            if name in value:
                yield one, followed
