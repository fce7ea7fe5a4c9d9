"""Values for documentation examples as Python text that type-checks and passes validation; taken from the document
where what it says fits the type, else made up.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from clientsmith.api.model.types import (
    Choice,
    ConstrainedType,
    Constraints,
    Field,
    ListType,
    LiteralType,
    MapType,
    ModelClass,
    NamedType,
    ScalarType,
    TupleType,
    TypeAlias,
    TypeExpr,
    UnionType,
)
from clientsmith.emit.reference.example_limits import keeps, number_within, text_within
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.literals import constant, string, tuple_of
from clientsmith.emit.text.type_text import Catalog, model
from clientsmith.json_values.decimals import shortest

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class ExampleText:
    """Writes values of types; `imports` are those of the example."""

    imports: Imports
    catalog: Catalog
    package: str
    choice: Choice | None = None
    """That of the union which is being written."""

    def of(self, expression: TypeExpr, example: object) -> str | None:
        """The example where it fits, else a value made up, else None."""
        given = (
            self._attempt(lambda writer: writer._given(expression, example, None))
            if example is not None
            else None
        )
        return given if given is not None else self._attempt(lambda writer: writer._made(expression, None, 0))

    def _attempt(self, write: Callable[[ExampleText], str | None]) -> str | None:
        """What is written, or None; in that case no import is left behind."""
        trial = self.imports.copy()
        text = write(replace(self, imports=trial))
        if text is not None:
            self.imports.adopt(trial)
        return text

    def _given(self, expression: TypeExpr, value: object, limits: Constraints | None) -> str | None:
        match expression:
            case ConstrainedType(base, constraints):
                return self._given(base, value, constraints) if keeps(value, constraints) else None
            case LiteralType(values):
                fits = any(type(known) is type(value) and known == value for known in values)
                return constant(cast("str | int | bool", value)) if fits else None
            case UnionType(members):
                found = (self._given_member(expression, member, value, limits) for member in members)
                return next((text for text in found if text is not None), None)
            case ListType(items):
                return self._given_list(items, value)
            case TupleType(items):
                return self._given_tuple(items, value)
            case MapType(values):
                return self._given_map(values, value)
            case NamedType(name):
                return self._given_named(name, value)
            case ScalarType(name):
                return self._given_scalar(name, value)

    def _given_member(
        self, union: UnionType, member: TypeExpr, value: object, limits: Constraints | None
    ) -> str | None:
        text = self._attempt(lambda writer: writer._given(member, value, limits))
        return self._told_apart(union, member, text) if text is not None else None

    def _told_apart(self, union: UnionType, member: TypeExpr, text: str) -> str:
        """A dict among several models is ambiguous to a type checker: say which model it is."""
        models = [m for m in union.members if isinstance(m, NamedType) and m.name in self.catalog.with_input]
        if len(models) < 2 or not isinstance(member, NamedType) or not text.startswith("{"):
            return text
        return f"{model(member.name, self.package, self.imports)}.model_validate({text})"

    def _given_list(self, items: TypeExpr, value: object) -> str | None:
        if not isinstance(value, list):
            return None
        texts = [self._given(items, item, None) for item in cast("list[object]", value)]
        return f"[{', '.join(text for text in texts if text is not None)}]" if None not in texts else None

    def _given_tuple(self, items: tuple[TypeExpr, ...], value: object) -> str | None:
        if not isinstance(value, list) or len(listed := cast("list[object]", value)) != len(items):
            return None
        return _tuple(self._given(*pair, None) for pair in zip(items, listed, strict=True))

    def _given_map(self, values: TypeExpr, value: object) -> str | None:
        if not isinstance(value, dict):
            return None
        entries = sorted(cast("dict[str, object]", value).items())
        texts = {key: self._given(values, item, None) for key, item in entries}
        if None in texts.values():
            return None
        return "{" + ", ".join(f"{string(key)}: {text}" for key, text in texts.items()) + "}"

    def _given_named(self, name: str, value: object) -> str | None:
        schema = self.catalog.schemas.get(name)
        if schema is not None and not isinstance(schema, ModelClass):
            return self._given(_meant(schema, value), value, None)
        if schema is None or name not in self.catalog.with_input or not isinstance(value, dict):
            return None
        given = cast("dict[str, object]", value)
        if any(field.required and field.wire not in given for field in schema.fields):
            return None
        texts = {f.wire: self._given(f.type, given[f.wire], None) for f in schema.fields if f.wire in given}
        if None in texts.values():
            return None
        return "{" + ", ".join(f"{string(key)}: {text}" for key, text in texts.items()) + "}"

    def _given_scalar(self, name: str, value: object) -> str | None:
        match name, value:
            case ("None", None):
                return "None"
            case ("Any", _):
                return self._json(value)
            case ("str", str()):
                return string(value)
            case ("bool", bool()):
                return repr(value)
            case ("int" | "ExactNumber" | "Decimal", int() | float() | Decimal()) if not isinstance(
                value, bool
            ):
                return self._number(name, value)
            case ("datetime" | "date", str()):
                return self._time(name, value)
            case _:
                return None

    def _number(self, name: str, value: float | Decimal) -> str | None:
        if isinstance(value, int):
            return str(value)
        if name == "int":
            return None
        return repr(value) if name == "ExactNumber" and isinstance(value, float) else self._decimal(value)

    def _decimal(self, value: float | Decimal) -> str:
        return f'{self.imports.symbol("decimal", "Decimal")}("{value}")'

    def _json(self, value: object) -> str:
        """A JSON value as a Python expression."""
        if isinstance(value, list):
            return f"[{', '.join(self._json(item) for item in cast('list[object]', value))}]"
        if isinstance(value, dict):
            entries = sorted(cast("dict[str, object]", value).items())
            return "{" + ", ".join(f"{string(key)}: {self._json(item)}" for key, item in entries) + "}"
        return (
            self._decimal(value)
            if isinstance(value, Decimal)
            else constant(cast("str | int | bool | None", value))
        )

    def _time(self, name: str, value: str) -> str | None:
        self.imports.module("datetime")
        try:
            if name == "date":
                return repr(date.fromisoformat(value))
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return repr(moment) if moment.tzinfo is not None else None

    def _made(self, expression: TypeExpr, limits: Constraints | None, depth: int) -> str | None:
        if depth > _DEEPEST:
            return None
        match expression:
            case ConstrainedType(base, constraints):
                return self._made(base, constraints, depth)
            case LiteralType(values):
                return constant(values[0]) if values else None
            case UnionType(members):
                return self._made_union(expression, members, limits, depth)
            case ListType(items):
                return self._made_list(items, limits, depth)
            case TupleType(items):
                return _tuple(self._made(item, None, depth + 1) for item in items)
            case MapType():
                return "{}"
            case NamedType(name):
                return self._made_named(name, limits, depth)
            case ScalarType(name):
                return self._made_scalar(name, limits)

    def _made_union(
        self, union: UnionType, members: tuple[TypeExpr, ...], limits: Constraints | None, depth: int
    ) -> str | None:
        for member in members:
            if member == ScalarType("None"):
                continue
            text = self._attempt(
                functools.partial(ExampleText._made, expression=member, limits=limits, depth=depth)
            )
            if text is not None:
                return self._told_apart(union, member, text)
        return "None" if ScalarType("None") in members else None

    def _made_list(self, items: TypeExpr, limits: Constraints | None, depth: int) -> str | None:
        count = max(1, (limits.min_items or 0) if limits else 0)
        item = self._made(items, None, depth + 1)
        if item is None:
            return "[]" if limits is None or not limits.min_items else None
        return f"[{', '.join([item] * count)}]" if count <= 3 else f"[{item}] * {count}"

    def _made_named(self, name: str, limits: Constraints | None, depth: int) -> str | None:
        schema = self.catalog.schemas.get(name)
        if schema is None:
            return None
        if not isinstance(schema, ModelClass):
            writer = replace(self, choice=schema.choice or self.choice)
            return writer._made(schema.type, limits, depth + 1)
        if name not in self.catalog.with_input:
            return None
        texts = {f.wire: self._made_field(f, schema, depth) for f in schema.fields if f.required}
        if None in texts.values():
            return None
        return "{" + ", ".join(f"{string(key)}: {text}" for key, text in texts.items()) + "}"

    def _made_field(self, field: Field, owner: ModelClass, depth: int) -> str | None:
        is_text = isinstance(field.type, ScalarType) and field.type.name == "str"
        if self.choice is not None and self.choice.tag == field.wire and is_text:
            values = [value for value, member in self.choice.members if member == owner.name]
            if values:
                return string(values[0])
        return replace(self, choice=None)._made(field.type, None, depth + 1)

    def _made_scalar(self, name: str, limits: Constraints | None) -> str | None:
        match name:
            case "str":
                text = text_within(limits)
                return string(text) if text is not None else None
            case "int" | "ExactNumber" | "Decimal":
                return self._made_number(name, limits)
            case "bool":
                return "True"
            case "bytes" | "Base64":
                return 'b"..."'
            case "datetime":
                return f"{self.imports.module('datetime')}.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)"
            case "date":
                return f"{self.imports.module('datetime')}.date(2024, 1, 1)"
            case "None":
                return "None"
            case _:
                return "{}"

    def _made_number(self, name: str, limits: Constraints | None) -> str | None:
        found = number_within(limits, whole=name == "int")
        if found is None:
            return None
        if found == found.to_integral_value():
            return str(int(found))
        return self._number(name, shortest(found))


def _meant(alias: TypeAlias, value: object) -> TypeExpr:
    """The member of a union that the tag of an object names, else the union as a whole."""
    choice = alias.choice
    if choice is not None and choice.base is None and isinstance(value, dict):
        tag = cast("dict[str, object]", value).get(choice.tag)
        named = [NamedType(member) for known, member in choice.members if known == tag]
        return named[0] if named else alias.type
    return alias.type


def _tuple(items: Iterable[str | None]) -> str | None:
    """A tuple of what was written; None if something was not."""
    listed = list(items)
    return tuple_of(text for text in listed if text is not None) if None not in listed else None
