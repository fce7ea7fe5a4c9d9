# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Walking pydantic core schemas to replace parts of them; what is replaced by what is for the caller to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

from ..values.shapes import is_array, is_object, is_tuple

Rule = Callable[[dict[str, Any]], "dict[str, Any] | None"]
"""What takes the place of a schema, inner ones included; None to go on inside of it."""

_OPAQUE: Final = frozenset(
    {"metadata", "serialization", "config", "cls", "expected", "default", "function", "discriminator", "ref"}
)
_NAMED: Final = frozenset({"fields", "choices"})
NAMES: Final = "clientsmith_names"
"""In the metadata of a map: what arranges a union with it, given its members and what these refer to."""
LAST: Final = "clientsmith_last"
"""In the metadata of a member of unions: it takes what the other members do not."""


Finish = Callable[[dict[str, Any]], dict[str, Any]]
"""What is done to a schema after its inner ones."""


def rewrite(
    schema: CoreSchema,
    rule: Rule,
    handler: GetCoreSchemaHandler | None,
    stop: type,
    finish: Finish | None = None,
) -> CoreSchema:
    """The schema with `rule` applied throughout; classes derived from `stop` are left alone.

    The handler finds named types; a schema that holds the definitions of all its own needs none.
    """
    return cast(CoreSchema, _Rewriter(rule, handler, stop, finish).schema(cast("dict[str, Any]", schema)))


class _Rewriter:
    """One walk; remembers the named types it has been to."""

    def __init__(
        self, rule: Rule, handler: GetCoreSchemaHandler | None, stop: type, finish: Finish | None
    ) -> None:
        self._rule = rule
        self._finish = finish
        self._handler = handler
        self._stop = stop
        self._seen: set[str] = set()

    def schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        replaced = self._rule(schema)
        if replaced is not None:
            return replaced
        kind: str = schema.get("type", "")
        if kind == "definition-ref":
            self._definition(schema)
            return schema
        if kind == "model" and issubclass(schema["cls"], self._stop):
            return schema
        rewritten = dict(schema)
        for key, part in schema.items():
            if key in _NAMED and is_object(part):
                # Its keys are names of the API, which may be called "type" or "default" as well.
                rewritten[key] = {name: self._part(inner) for name, inner in part.items()}
            elif key not in _OPAQUE:
                rewritten[key] = self._part(part)
        return rewritten if self._finish is None else self._finish(rewritten)

    def _part(self, part: Any) -> Any:
        if is_object(part):
            return self.schema(part)
        if is_array(part):
            return [self._part(item) for item in part]
        if is_tuple(part):
            return tuple(self._part(item) for item in part)
        return part

    def _definition(self, schema: dict[str, Any]) -> None:
        """Rewrite a named type in place, because every reference to it shares the one definition."""
        name = schema["schema_ref"]
        if name in self._seen or self._handler is None:
            return
        self._seen.add(name)
        try:
            target = cast("dict[str, Any]", self._handler.resolve_ref_schema(cast(CoreSchema, schema)))
        except LookupError:  # still being built further up, where it is rewritten once it is complete
            return
        rewritten = self.schema({**target})  # a copy: what takes its place may hold it
        target.clear()
        target.update(rewritten)


def chosen(union: dict[str, Any], handler: GetCoreSchemaHandler) -> dict[str, Any]:
    """A union whose members are called by their types in the place of a problem, not by functions around them.

    Those that take what the others do not come last: of members that fit a value alike, pydantic takes the first.
    """
    choices = [
        (choice, None if is_tuple(choice) else _target(choice, handler)) for choice in union["choices"]
    ]
    choices.sort(key=lambda pair: _is_last(pair[1], handler))
    named = [_named(choice, target) for choice, target in choices]
    targets = [{} if target is None else target for _, target in choices]
    by_name = next((one["metadata"][NAMES] for one in targets if NAMES in one.get("metadata", ())), None)
    return {**union, "choices": named} if by_name is None else by_name(union, named, targets)


def _is_last(target: dict[str, Any] | None, handler: GetCoreSchemaHandler) -> bool:
    while target is not None and target["type"] == "nullable":
        target = _target(target["schema"], handler)
    return target is not None and LAST in target.get("metadata", ())


def _named(choice: Any, target: dict[str, Any] | None) -> Any:
    return choice if target is None or target["type"] != "function-before" else (choice, _kind(target))


def _target(choice: Any, handler: GetCoreSchemaHandler) -> dict[str, Any] | None:
    try:
        return cast("dict[str, Any]", handler.resolve_ref_schema(choice))
    except LookupError:  # still being built further up
        return None


def _kind(schema: Any) -> str:
    while schema["type"] == "function-before":
        schema = schema["schema"]
    return cast("str", schema["type"])
