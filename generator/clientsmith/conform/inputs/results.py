"""Results of calls: as plain JSON, and the places at which they are less typed than their schema."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from clientsmith.conform.inputs.members import member
from clientsmith.conform.inputs.values import has_format, says_only
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.traffic.check import MessageChecker


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


def mistyped(
    checker: MessageChecker,
    schema: Node | None,
    result: object,
    fields: Mapping[str, Mapping[str, str]],
    where: str = "",
) -> Iterator[str]:
    """Yield where a result is less typed than its schema: a declared property among the unknown, an object as a dict.

    Or under another name than `fields` has it, by class, field and name on the wire: the values of two fields of one
    type that are read for each other are written back for each other too, so that the whole compares equal.
    A value that several members of a union take is passed over: from outside one cannot see as which it was read.
    """
    schema = None if schema is None else member(checker, schema, cast("Value", plain(result)))
    if schema is None or not _is_one_thing(checker, schema):
        return
    if isinstance(result, RootModel):
        yield from mistyped(checker, schema, cast("RootModel[object]", result).root, fields, where)
    elif isinstance(result, BaseModel):
        yield from _members_mistyped(checker, schema, result, fields, where)
    elif isinstance(result, dict) and checker.branches.properties(schema):
        yield f"{where or 'the result'} came back as a dict, without a type"
    elif isinstance(result, list):
        for index, item in enumerate(cast("list[object]", result)):
            yield from mistyped(
                checker, checker.branches.item(schema, index), item, fields, f"{where}/{index}"
            )


def _members_mistyped(
    checker: MessageChecker,
    schema: Node,
    result: BaseModel,
    fields: Mapping[str, Mapping[str, str]],
    where: str,
) -> Iterator[str]:
    properties = checker.branches.properties(schema)
    for key in sorted((result.model_extra or {}).keys() & properties.keys()):
        if not key or says_only(checker, properties[key], "writeOnly"):
            continue  # one without a name has no field (`property-without-name`)
        yield f"{where}/{key} is declared and came back as an unknown key"
    for name, field in _fields(type(result)).items():
        key = field.serialization_alias or field.alias or name
        meant = fields.get(type(result).__name__, {}).get(name, key)
        if meant != key:
            yield f"{where}/{key} is read as .{name}, which is {meant}"
        if _is_amount(checker, properties.get(key)) and "Decimal" not in str(field.annotation):
            yield f"{where}/{key} is an amount and is annotated as {field.annotation}"
        if name in result.model_fields_set:
            yield from mistyped(checker, properties.get(key), getattr(result, name), fields, f"{where}/{key}")


def _is_amount(checker: MessageChecker, schema: Node | None) -> bool:
    """Whether a schema says how an exact number is written; text in that format stays text."""
    return has_format(checker, schema, "decimal") and "string" not in checker.branches.types(schema)


def _is_one_thing(checker: MessageChecker, schema: Node) -> bool:
    """Whether a schema describes one kind of value, null apart."""
    return not checker.branches.has_choice(schema) and len(checker.branches.types(schema) - {"null"}) <= 1
