"""Maps whose members have types by their names: the annotation that their aliases carry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final, ForwardRef, cast

from pydantic import (
    BaseModel,
    GetCoreSchemaHandler,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, SchemaValidator, core_schema

from ..values.shapes import is_array, is_object, is_tuple
from .schema_rewrite import NAMES
from .schemas import ANY_MEMBER

_UNTYPED: Final = ANY_MEMBER - 1
_ALLOWED: Final = "clientsmith_allowed"
"""In the metadata of a map: what refuses an object with a name that no member may have."""


class ByName:
    """Checks each member of an object against the type for just those patterns that are found in its name.

    A type may be the text of one. The type without patterns is that of all other members. A member of a combination
    that is not listed may be any value: the check of the whole schema knows what it has to be (Core 10.3.2). As a
    member of a union, a map does not take an object with a name that is `forbidden` if another member fits.
    """

    __slots__ = ("_forbidden", "_patterns", "_tags", "_types")

    def __init__(
        self, types: Mapping[tuple[str, ...], Any], *, forbidden: Collection[tuple[str, ...]] = ()
    ) -> None:
        self._types = types
        self._forbidden = forbidden
        self._tags = {patterns: _UNTYPED - number for number, patterns in enumerate(types, start=1)}
        self._patterns = {
            pattern: SchemaValidator(core_schema.str_schema(pattern=pattern))
            for patterns in types
            for pattern in patterns
        }

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        whole = handler(source)
        choices: dict[Any, CoreSchema] = {_UNTYPED: _unnamed(core_schema.any_schema())}
        for patterns, kind in self._types.items():
            named = ForwardRef(kind) if isinstance(kind, str) else kind
            choices[self._tags[patterns]] = _unnamed(handler.generate_schema(named))
        written = core_schema.wrap_serializer_function_ser_schema(_written, schema=core_schema.any_schema())
        members = core_schema.tagged_union_schema(choices, self._choose, serialization=written)
        by_name = core_schema.no_info_before_validator_function(
            _named,
            core_schema.dict_schema(
                core_schema.str_schema(), core_schema.no_info_wrap_validator_function(_placed, members)
            ),
            metadata={NAMES: _arranged, _ALLOWED: self._allowed},
        )
        if whole["type"] == "dict":
            return by_name
        no_object = core_schema.no_info_before_validator_function(_no_object, whole)
        return core_schema.union_schema([no_object, by_name], mode="left_to_right")

    def _choose(self, member: Any) -> int:
        return self._tags.get(self._found(member.name), _UNTYPED)

    def _found(self, name: object) -> tuple[str, ...]:
        return tuple(pattern for pattern, search in self._patterns.items() if search.isinstance_python(name))

    def _allowed(self, value: Any) -> Any:
        if self._forbidden and is_object(value):
            for name in value:
                if self._found(name) in self._forbidden:
                    raise PydanticCustomError("name_not_allowed", "{name} is not allowed", {"name": name})
        return value


def _arranged(union: dict[str, Any], choices: list[Any], targets: list[dict[str, Any]]) -> dict[str, Any]:
    """A union of maps and other types.

    An object is a map if the map allows its names and no class declares them all, else what else it fits; a map that
    does not allow them comes last.
    """
    classes = [target["cls"] for target in targets if target.get("type") == "model"]
    maps: list[Any] = []
    others: list[Any] = []
    last: list[Any] = []
    for choice, target in zip(choices, targets, strict=True):
        allowed = target.get("metadata", {}).get(_ALLOWED)
        if allowed is None:
            others.append(choice)
            continue
        schema, label = choice if is_tuple(choice) else (choice, "dict")
        meant = partial(_meant, allowed, classes)
        maps.append((core_schema.no_info_before_validator_function(meant, cast(CoreSchema, schema)), label))
        last.append(choice)
    if len(others) > 1:
        others = [core_schema.union_schema(others)]
    return {**union, "mode": "left_to_right", "choices": [*maps, *others, *last]}


def _meant(allowed: Callable[[Any], Any], classes: list[type[BaseModel]], value: Any) -> Any:
    """A value that is meant to be a map, as far as its names say."""
    if is_object(value) and any(value.keys() <= _declared(cls) for cls in classes):
        raise PydanticCustomError("names_of_a_class", "has the names of a class")
    return allowed(value)


def _declared(cls: type[BaseModel]) -> set[str]:
    """The names in Python and on the wire that a class declares."""
    fields = cls.model_fields.items()
    return {one for name, field in fields for one in (name, field.alias) if one is not None}


class _Member:
    """A value on its way to its type, with its name."""

    __slots__ = ("name", "value")

    def __init__(self, name: object, value: Any) -> None:
        self.name = name
        self.value = value


def _named(value: Any) -> Any:
    return {name: _Member(name, item) for name, item in value.items()} if is_object(value) else value


def _unnamed(schema: CoreSchema) -> CoreSchema:
    return core_schema.no_info_before_validator_function(_value, schema)


def _value(member: _Member) -> Any:
    return member.value


def _placed(member: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """The checked value; without what tells the types apart in the place of a problem."""
    try:
        return check(member)
    except ValidationError as error:
        found: Any = error.errors(include_url=False, include_context=False)
        problems = [
            InitErrorDetails(
                type=PydanticCustomError(one["type"], one["msg"]), loc=one["loc"][1:], input=one["input"]
            )
            for one in found
        ]
        raise ValidationError.from_exception_data(error.title, problems) from None


def _no_object(value: Any) -> Any:
    if is_object(value):
        raise PydanticCustomError("object_by_name", "an object is checked member by member")
    return value


def _written(value: Any, dump: SerializerFunctionWrapHandler) -> Any:
    """What pydantic writes of a value, with lists for tuples."""
    return _listed(dump(value))


def _listed(value: Any) -> Any:
    if is_object(value):
        return {key: _listed(item) for key, item in value.items()}
    return [_listed(item) for item in value] if is_array(value) or is_tuple(value) else value
