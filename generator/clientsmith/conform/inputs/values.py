"""Values on their way between a document, Python and the wire: what is the same, and what a caller would pass."""

from __future__ import annotations

import base64
import enum
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, cast

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from clientsmith.conform.inputs.bounds import Depths
from clientsmith.document.model import Node
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.json_values.decimals import normalized
from clientsmith.jsonschema.bounds import Bounds
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.instances import Instances, NoInstanceError
from clientsmith.jsonschema.keywords import CHOICES, elements, is_null, stated_types
from clientsmith.traffic.check import MessageChecker

_DEEPEST = 60
_LONG, _MOST_LISTED = 5_000, 50
"""Texts and arrays that are longer are not made to get beyond a bound."""
_LEAST_NEAR, _NEAR_SIZE = 100, 50_000
"""Values that are tried beside a complete one: at least so many, and about so many values in all of them together."""
_MOST_ITEMS = 5
"""Items of a complete array, if its places have no schemas of their own."""
_MOST_TURNS = 6
"""Members of a union of which complete values are made."""
_COMPLETE = 6
"""Levels down to which every property is set; a schema may contain itself."""
WRONG: tuple[Value, ...] = (None, "no such value", "7", -1, 0, 1)
Due: TypeAlias = Callable[[MessageChecker, "Node | None"], bool]
FEW_WRONG: tuple[Value, ...] = (None, "7", 1)
"""What is put in the place of something else: all of it where bounds count, a few where mostly types do."""


def argument(
    checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0, *, files: bool = False
) -> Value:
    """What a caller would pass: a Decimal for an amount or for digits that no float has, bytes for base64 and files.

    Files are in a body and in its fields, with `files`.
    """
    branches = checker.branches
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {
            key: argument(
                checker, branches.property(schema, key), item, depth + 1, files=files and depth == 0
            )
            for key, item in value.items()
        }
    if isinstance(value, list):
        # Deeper than in a list of them, and in a place of their own, files are no parts but text in JSON.
        parts = (
            files and depth <= 1 and not any(elements(part, "prefixItems") for part in branches.of(schema))
        )
        return [
            argument(checker, branches.item(schema, place), item, depth + 1, files=parts)
            for place, item in enumerate(value)
        ]
    if isinstance(value, str):
        return (
            value.encode()
            if files and has_format(checker, schema, "binary")
            else _unwrapped(checker, schema, value)
        )
    if not isinstance(value, Decimal) or is_decimal(checker, schema):
        return value
    if _is_whole(value) and _says(checker, schema, "integer"):
        return int(value)
    double = float(value)
    return double if math.isfinite(double) and Decimal(repr(double)) == value else value


def wrapped(value: object) -> object:
    """An argument as it is in JSON: bytes in base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: wrapped(item) for key, item in cast("dict[str, object]", value).items()}
    return [wrapped(item) for item in cast("list[object]", value)] if isinstance(value, list) else value


def _unwrapped(checker: MessageChecker, schema: Node | None, value: str) -> Value:
    """The bytes that a text encodes, if its schema says base64 and encoding them gives the text again."""
    if not has_format(checker, schema, "byte"):
        return value
    try:
        content = base64.b64decode(value, validate=True)
    except ValueError:
        return value
    return content if base64.b64encode(content).decode() == value else value


def _is_whole(value: Decimal) -> bool:
    return abs(value.adjusted()) < 400 and value == value.to_integral_value()


def _says(checker: MessageChecker, schema: Node | None, name: str) -> bool:
    """Whether some branch of a schema states a type."""
    return any(name in stated_types(part) for part in checker.branches.of(schema))


def is_meant(checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0) -> bool:
    """Whether values have the types and places that a schema shows by its keywords, also if it does not state a type.

    `properties` without `type` says nothing of a string; a reader of the document, and the client, take an object.
    """
    kinds = checker.branches.types(schema)
    if depth > _DEEPEST or (kinds and _kind(value) not in kinds):
        return depth > _DEEPEST
    if isinstance(value, dict):
        return all(
            is_meant(checker, checker.branches.property(schema, key), item, depth + 1)
            for key, item in value.items()
        )
    if not isinstance(value, list):
        return True
    return _has_places(checker, schema, len(value)) and all(
        is_meant(checker, checker.branches.item(schema, place), item, depth + 1)
        for place, item in enumerate(value)
    )


def _has_places(checker: MessageChecker, schema: Node | None, count: int) -> bool:
    """Whether an array whose places have types, and whose length has an end, is as long as it may be: a tuple is."""
    if checker.branches.has_choice(schema):
        return True
    bounds, places = Bounds(), 0
    for part in checker.branches.of(schema):
        own = len(elements(part, "prefixItems"))
        places = max(places, own)
        bounds.merge(part.mapping)
        if part.mapping.get("items") is False:
            bounds.merge({"maxItems": own})
    longest = bounds.count("maxItems")
    return not places or longest is None or (bounds.count("minItems") or 0) <= count <= longest


def _kind(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int | float | Decimal):
        return "number"
    return "string" if isinstance(value, str | bytes) else "array" if isinstance(value, list) else "object"


def without_unknown(checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0) -> Value:
    """A request without keys that its schema neither names nor openly allows: the client takes them for mistakes."""
    branches = checker.branches
    if schema is None or depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        properties = branches.properties(schema)
        is_open = not properties or any(
            "additionalProperties" in part.mapping for part in branches.of(schema)
        )
        return {
            key: without_unknown(checker, branches.property(schema, key), item, depth + 1)
            for key, item in value.items()
            if (is_open or key in properties) and not _says_only(checker, properties.get(key), "readOnly")
        }
    if isinstance(value, list):
        return [
            without_unknown(checker, branches.item(schema, place), item, depth + 1)
            for place, item in enumerate(value)
        ]
    return value


def without_read_only(checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0) -> Value:
    """A request without the members that only answers have: the client passes them on unseen."""
    branches = checker.branches
    if isinstance(value, dict) and depth < _DEEPEST:
        inner = {key: branches.property(schema, key) for key in value}
        return {
            key: without_read_only(checker, inner[key], item, depth + 1)
            for key, item in value.items()
            if not _says_only(checker, inner[key], "readOnly")
        }
    if isinstance(value, list) and depth < _DEEPEST:
        return [
            without_read_only(checker, branches.item(schema, place), item, depth + 1)
            for place, item in enumerate(value)
        ]
    return value


def _says_only(checker: MessageChecker, schema: Node | None, keyword: str) -> bool:
    """Whether a property is for one direction alone (`readOnly`, `writeOnly`); the other has no field for it."""
    return schema is not None and checker.reader.is_marked(schema, keyword)


def with_amount(
    checker: MessageChecker, schema: Node | None, value: Value, amount: Decimal, due: Due, depth: int = 0
) -> Value:
    """A value with that number wherever the schema satisfies `due`."""
    if isinstance(value, dict) and depth < _DEEPEST:
        return {
            key: with_amount(checker, checker.branches.property(schema, key), item, amount, due, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list) and depth < _DEEPEST:
        return [
            with_amount(checker, checker.branches.item(schema, place), item, amount, due, depth + 1)
            for place, item in enumerate(value)
        ]
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return amount if is_number and due(checker, schema) else value


def is_decimal(checker: MessageChecker, schema: Node | None) -> bool:
    """Whether a schema asks for an amount that is never a float."""
    return has_format(checker, schema, "decimal")


def is_fractional(checker: MessageChecker, schema: Node | None) -> bool:
    """Whether a schema is one of numbers with any fraction."""
    return _says(checker, schema, "number")


def complete(checker: MessageChecker, schema: Node | None, turn: int = 0) -> Value:
    """A value in which every declared property is set, texts to the name of theirs, so that none passes for another.

    Of a union it is of one member, another one in each turn.
    """
    return _Complete(checker, turn).value(schema, "text", Depths(checker.branches).of(schema, _COMPLETE))


def completes(checker: MessageChecker, schema: Node | None) -> list[Value]:
    """Such values for every turn that some union has a member for, up to a few."""
    levels = Depths(checker.branches).of(schema, _COMPLETE)
    made: list[Value] = []
    widest = 1
    while len(made) < min(widest, _MOST_TURNS):
        maker = _Complete(checker, len(made))
        made.append(maker.value(schema, "text", levels))
        widest = max(widest, maker.widest)
    return made


class _Complete:
    """Makes one complete value; `widest` is the number of members of the widest union on the way."""

    def __init__(self, checker: MessageChecker, turn: int) -> None:
        self.checker = checker
        self.turn = turn
        self.widest = 1

    def value(self, schema: Node | None, name: str, levels: int) -> Value:
        """A value of a schema that is called so."""
        branches = self.checker.branches
        union = None if schema is None or levels == 0 else _union(self.checker, schema)
        if union is not None:
            return self._of_member(union, name, levels)
        kinds, properties = branches.types(schema), branches.properties(schema)
        if "object" in kinds and levels > 0:
            return {key: self.value(inner, key, levels - 1) for key, inner in properties.items()}
        if "array" in kinds and levels > 0:
            places = range(_least_items(branches, schema))
            return [self.value(branches.item(schema, place), name, levels - 1) for place in places]
        if schema is not None and not self.checker.schemas.is_valid(schema, name, "request"):
            try:
                return Instances(self.checker.resolved, self.checker.schemas).make(schema, "request")
            except NoInstanceError:
                return None
        return name

    def _of_member(self, union: _Union, name: str, levels: int) -> Value:
        """A value of the member whose turn it is, with the properties beside the union and the tag of the member."""
        self.widest = max(self.widest, len(union.members))
        place = self.turn % len(union.members)
        value = self.value(union.members[place], name, levels - 1)
        if not isinstance(value, dict):
            return value
        beside = {key: self.value(inner, key, levels - 1) for key, inner in union.beside.items()}
        tags = union.tags[place]
        return beside | value | ({union.tag: tags[0]} if tags else {})


def _least_items(branches: Branches, schema: Node | None) -> int:
    """How many items a complete array has: one for each place with a schema of its own, and as many as it must have."""
    bounds, places = Bounds(), 1
    for part in branches.of(schema):
        bounds.merge(part.mapping)
        places = max(places, len(elements(part, "prefixItems")))
    return max(places, min(bounds.count("minItems") or 0, _MOST_ITEMS))


@dataclass(frozen=True, slots=True)
class _Union:
    """The members of a union that are not null, the properties beside it, and the values that name each member."""

    members: list[Node]
    beside: dict[str, Node]
    tag: str
    tags: list[list[str]]


def _union(checker: MessageChecker, schema: Node) -> _Union | None:
    """The union that a schema is; None if it is none."""
    target = checker.resolved.deref(schema)
    for keyword in CHOICES:
        members = [
            one for one in elements(target, keyword)
            if not is_null(checker.resolved.deref(one)) and checker.resolved.deref(one).identity != target.identity
        ]  # fmt: skip
        if len(members) > 1:
            discriminator, properties = target.get("discriminator"), target.get("properties")
            tag = "" if discriminator is None else discriminator.text("propertyName")
            tags = TagReader(checker.reader).of_members(discriminator, members)
            return _Union(members, dict(properties.items()) if properties is not None else {}, tag, tags)
    return None


def most_near(whole: Value) -> int:
    """How many values that are like a complete one are tried: fewer of a large one, which takes longer each."""
    return max(_LEAST_NEAR, _NEAR_SIZE // _size(whole))


def _size(value: Value) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_size, value.values()))
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def near_misses(value: Value, others: Sequence[Value] = WRONG, depth: int = 0) -> Iterator[Value]:
    """A value with one thing changed: a member left out or of another kind, at every level; mostly just not valid.

    What is wrong in one place only can still be read, so that it shows which checks are made at all.
    """
    if isinstance(value, dict) and depth < _COMPLETE:
        for key, item in value.items():
            yield {other: kept for other, kept in value.items() if other != key}
            for wrong in others:
                yield value | {key: wrong}
            for inner in near_misses(item, others, depth + 1):
                yield value | {key: inner}
        yield value | {"no such key": 1}
    elif isinstance(value, list) and depth < _COMPLETE:
        for number, item in enumerate(value):
            for inner in (*others, *near_misses(item, others, depth + 1)):
                yield [*value[:number], inner, *value[number + 1 :]]
        yield []
        yield [*value, *value]
    elif isinstance(value, str):
        yield from (f"x{value}", f"{value}x", value[1:], value[:-1], f"{value}\n")


def beyond_bounds(
    checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0
) -> Iterator[Value]:
    """A value with one thing changed that is at a bound of its schema, or just beyond it."""
    branches = checker.branches
    if schema is None or depth > _COMPLETE:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            for inner in beyond_bounds(checker, branches.property(schema, key), item, depth + 1):
                yield value | {key: inner}
    elif isinstance(value, list):
        for place, item in enumerate(value):
            for inner in beyond_bounds(checker, branches.item(schema, place), item, depth + 1):
                yield [*value[:place], inner, *value[place + 1 :]]
    for part in branches.of(schema):
        yield from _at_bounds(checker, part, value)


def _at_bounds(checker: MessageChecker, part: Node, value: Value) -> Iterator[Value]:
    """Values of that kind at the bounds that one schema states."""
    bounds = Bounds.of(part.mapping)
    if isinstance(value, str) and value:
        lengths = (bounds.count("minLength") or 0, (bounds.count("maxLength") or 0) + 1)
        yield from (
            (value * length)[:length] for length in (lengths[0] - 1, lengths[1]) if 1 < length < _LONG
        )
    elif isinstance(value, list) and value:
        counts = [bounds.count(keyword) for keyword in ("minItems", "maxItems")]
        inner = part.get("contains")
        if inner is not None:
            value = [complete(checker, inner)]
            counts += [part.mapping.get(keyword) for keyword in ("minContains", "maxContains")]  # type: ignore[misc]
        for count in counts:
            if isinstance(count, int) and 0 < count < _MOST_LISTED:
                yield from (value[:1] * number for number in (count - 1, count, count + 1))
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            limit = part.mapping.get(keyword)
            if isinstance(limit, int | float) and not isinstance(limit, bool):
                exact = Decimal(repr(limit))
                yield from (exact - 1, exact, exact + 1)


def of_conditions(checker: MessageChecker, schema: Node | None, value: Value) -> Iterator[Value]:
    """An object with the constants that the conditions of its schema (`if`) ask for."""
    for part in checker.branches.of(schema) if isinstance(value, dict) else ():
        condition = part.get("if")
        named = None if condition is None else condition.get("properties")
        for name, inner in named.items() if named is not None else ():
            listed = inner.mapping.get("enum")
            wanted = listed[:1] if isinstance(listed, list) else [inner.mapping.get("const")]
            if wanted != [None] and isinstance(value, dict):
                yield value | {name: cast("Value", wanted[0])}


def with_null(value: Value, depth: int = 0) -> Iterator[Value]:
    """A value with null in the place of one thing in it, and without it, one place at a time."""
    if isinstance(value, dict) and depth < _COMPLETE:
        for key, item in value.items():
            yield value | {key: None}
            yield {other: kept for other, kept in value.items() if other != key}
            yield from (value | {key: inner} for inner in with_null(item, depth + 1))
    elif isinstance(value, list) and depth < _COMPLETE:
        for place, item in enumerate(value):
            yield from (
                [*value[:place], inner, *value[place + 1 :]] for inner in (None, *with_null(item, depth + 1))
            )


def without_refused_nulls(
    checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0
) -> Value:
    """An answer without the members that are null although their schema refuses null: to a reader they are absent."""
    branches = checker.branches
    if isinstance(value, dict) and depth < _DEEPEST:
        inner = {key: branches.property(schema, key) for key in value}
        return {
            key: without_refused_nulls(checker, inner[key], item, depth + 1)
            for key, item in value.items()
            if item is not None
            or (own := inner[key]) is None
            or checker.schemas.is_valid(own, None, "response")
        }
    if isinstance(value, list) and depth < _DEEPEST:
        return [
            without_refused_nulls(checker, branches.item(schema, place), item, depth + 1)
            for place, item in enumerate(value)
        ]
    return value


def with_text(value: Value, text: str, depth: int = 0) -> Value:
    """A value with that text in the place of every other."""
    if isinstance(value, dict) and depth < _COMPLETE:
        return {key: with_text(item, text, depth + 1) for key, item in value.items()}
    if isinstance(value, list) and depth < _COMPLETE:
        return [with_text(item, text, depth + 1) for item in value]
    return text if isinstance(value, str) and depth else value


def with_unknown(value: Value, depth: int = 0) -> Iterator[Value]:
    """A value with a key that no schema knows in one of its objects, one place at a time."""
    if isinstance(value, dict) and depth < _COMPLETE:
        yield value | {"no such key": 1}
        for key, item in value.items():
            yield from (value | {key: inner} for inner in with_unknown(item, depth + 1))
    elif isinstance(value, list) and depth < _COMPLETE:
        for place, item in enumerate(value):
            yield from (
                [*value[:place], inner, *value[place + 1 :]] for inner in with_unknown(item, depth + 1)
            )


def with_number(value: Value, number: float | Decimal, depth: int = 0) -> Iterator[Value]:
    """A value with that number in the place of each one in it, one place at a time."""
    if isinstance(value, dict) and depth < _COMPLETE:
        for key, item in value.items():
            yield from (value | {key: inner} for inner in with_number(item, number, depth + 1))
    elif isinstance(value, list) and depth < _COMPLETE:
        for place, item in enumerate(value):
            for inner in with_number(item, number, depth + 1):
                yield [*value[:place], inner, *value[place + 1 :]]
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool) and depth:
        yield number


def with_other_scalar(
    checker: MessageChecker, schema: Node | None, value: Value, other: Value, depth: int = 0
) -> Iterator[Value]:
    """Yield copies of `value` in which `other` replaces one number or bool whose schema does not allow its type."""
    if isinstance(value, dict) and depth < _COMPLETE:
        for key, item in value.items():
            inner = checker.branches.property(schema, key)
            if _says_only(checker, inner, "readOnly"):
                continue
            yield from (
                value | {key: one} for one in with_other_scalar(checker, inner, item, other, depth + 1)
            )
    elif isinstance(value, list) and depth < _COMPLETE:
        for place, item in enumerate(value):
            inner = checker.branches.item(schema, place)
            for one in with_other_scalar(checker, inner, item, other, depth + 1):
                yield [*value[:place], one, *value[place + 1 :]]
    elif isinstance(value, bool | int | float | Decimal) and depth and schema is not None:
        kinds = checker.branches.types(schema)
        stated = any("type" in part.mapping for part in checker.branches.of(schema))
        if stated and _kind(other) not in kinds:
            yield other


def has_format(checker: MessageChecker, schema: Node | None, name: str) -> bool:
    """Whether some branch of a schema has a format."""
    return name in checker.branches.formats(schema)


def same(expected: object, got: object) -> bool:
    """Equal as JSON: numbers by value, a float as the double nearest to what was expected, 1 and true apart."""
    if isinstance(expected, dict) and isinstance(got, dict):
        one, other = cast("dict[str, object]", expected), cast("dict[str, object]", got)
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    if isinstance(expected, list) and isinstance(got, list | tuple):
        left, right = cast("list[object]", expected), cast("list[object]", got)
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(expected, bool) or isinstance(got, bool) or expected is None or got is None:
        return expected is got
    if isinstance(expected, int | float | Decimal) and isinstance(got, int | float | Decimal):
        return float(expected) == got if isinstance(got, float) else expected == got
    if isinstance(expected, str) and isinstance(got, bytes):
        return expected.encode() == got
    return isinstance(expected, str | bytes) and isinstance(got, str | bytes) and expected == got


def alike(expected: Value, got: Value) -> bool:
    """The same as far as text can tell: forms, paths and headers have no types, no null and nothing empty."""
    return same(expected, got) or _text(expected) == _text(got)


def _text(value: Value) -> object:
    if isinstance(value, dict):
        found = {key: _text(item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item not in ("", (), {})} or ""
    if isinstance(value, list):
        items = tuple(_text(item) for item in value)
        return "" if not items else items[0] if len(items) == 1 else items
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return format(normalized(number), "f") if abs(number.adjusted()) < 400 else str(number)
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return _as_number(text)


def _as_number(text: str) -> object:
    if text[:1] in "{[" and text[:1]:
        try:
            return _text(codec.read(text))
        except codec.JsonError:
            return text
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    return format(normalized(number), "f") if number.is_finite() and abs(number.adjusted()) < 400 else text


def _fields(cls: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a class; their aliases are known only once its forward references are resolved."""
    if not cls.__pydantic_complete__:
        cls.model_rebuild()
    return cls.model_fields


def plain(result: object) -> object:
    """A result as plain JSON values under wire names; only what the answer had is in it."""
    if isinstance(result, RootModel):
        return plain(cast("RootModel[object]", result).root)
    if isinstance(result, BaseModel):
        found: dict[str, object] = {}
        for name, field in _fields(type(result)).items():
            # An unknown key that is called like a field is among those that were set as well.
            unset = (
                name in (result.model_extra or {}) and getattr(result, name, field.default) == field.default
            )
            if name in result.model_fields_set and not unset:
                found[field.serialization_alias or field.alias or name] = plain(getattr(result, name))
        return found | {key: plain(item) for key, item in (result.model_extra or {}).items()}
    if isinstance(result, enum.Enum):
        return cast("object", result.value)
    if isinstance(result, dict):
        return {key: plain(item) for key, item in cast("dict[str, object]", result).items()}
    if isinstance(result, list | tuple):
        return [plain(item) for item in cast("list[object]", result)]
    return result


def mistyped(checker: MessageChecker, schema: Node | None, result: object, where: str = "") -> Iterator[str]:
    """Where a result is less typed than its schema: a declared property among the unknown, an object as a dict.

    Unions are passed over: which of their branches a value was read as cannot be told from outside.
    """
    if schema is None or not _is_one_thing(checker, schema):
        return
    properties = checker.branches.properties(schema)
    if isinstance(result, RootModel):
        yield from mistyped(checker, schema, cast("RootModel[object]", result).root, where)
    elif isinstance(result, BaseModel):
        for key in sorted((result.model_extra or {}).keys() & properties.keys()):
            if not key or _says_only(checker, properties[key], "writeOnly"):
                continue  # one without a name has no field (`property-without-name`)
            yield f"{where}/{key} is declared and came back as an unknown key"
        for name, field in _fields(type(result)).items():
            key = field.serialization_alias or field.alias or name
            if _is_amount(checker, properties.get(key)) and "Decimal" not in str(field.annotation):
                yield f"{where}/{key} is an amount and is annotated as {field.annotation}"
            if name in result.model_fields_set:
                yield from mistyped(checker, properties.get(key), getattr(result, name), f"{where}/{key}")
    elif isinstance(result, dict) and properties:
        yield f"{where or 'the result'} came back as a dict, without a type"
    elif isinstance(result, list):
        for index, item in enumerate(cast("list[object]", result)):
            yield from mistyped(checker, checker.branches.item(schema, index), item, f"{where}/{index}")


def _is_amount(checker: MessageChecker, schema: Node | None) -> bool:
    """Whether a schema says how an exact number is written; text in that format stays text."""
    return has_format(checker, schema, "decimal") and "string" not in checker.branches.types(schema)


def _is_one_thing(checker: MessageChecker, schema: Node) -> bool:
    """Whether a schema describes one kind of value, null apart."""
    return not checker.branches.has_choice(schema) and len(checker.branches.types(schema) - {"null"}) <= 1
