"""Unions whose members have a tag or overlap: the annotations that their aliases carry.

A tag binds where the union is read or written; a member by itself takes any value that its own schema allows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NoReturn, cast, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..values.shapes import is_object
from .models import WireModel, aliases, fields_of
from .schemas import ANY_MEMBER
from .taken_apart import dumped

_LOGGER: Final = logging.getLogger(__name__.rsplit(".", 3)[0])
_MISSING: Final = object()
_MOST_SHOWN: Final = 10


class _Tags:
    """The property that names a member, and the members that its values name."""

    __slots__ = ("_keys", "_names", "tag", "types", "unknown")

    def __init__(self, tag: str, members: Mapping[str, Any]) -> None:
        self.tag = tag
        self.types: dict[str | int, Any] = {member.__name__: member for member in members.values()}
        self.unknown = tag if tag not in self.types else f"property {tag}"
        """The step in the place of an error which says that the tag names no member."""
        self._names = {value: member.__name__ for value, member in members.items()}
        self._keys: tuple[str, ...] | None = None

    def member(self, value: object) -> str | None:
        """The name of the member that a value of the tag means."""
        value = getattr(value, "value", value)
        return self._names.get(value) if isinstance(value, str) else None

    def of_instance(self, data: object) -> str | int:
        """The name of the member that an instance is of."""
        name = type(data).__name__
        return name if name in self.types else ANY_MEMBER

    def given_as(self) -> tuple[str, ...]:
        """The names under which the tag may be given: that on the wire, and those of Python."""
        if self._keys is None:  # read late: the fields of a class are complete only once it has been built
            known = [
                name
                for cls in filter(_is_class, self.types.values())
                for name, field in fields_of(cls).items()
                if self.tag in aliases(field)
            ]
            self._keys = tuple(dict.fromkeys((self.tag, *known)))
        return self._keys

    def shown(self) -> str:
        """The values, for a message."""
        values = sorted(map(repr, self._names))
        more = len(values) - _MOST_SHOWN
        return ", ".join(values[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


class ResponseUnion:
    """Reads an object as the member that its tag names; if the tag names none, as any member that it fits.

    With a `base`, what no member fits is an instance of that class.
    """

    __slots__ = ("_base", "_binding", "_tags")

    def __init__(
        self, tag: str, members: Mapping[str, Any], base: Any = None, *, binding: bool = True
    ) -> None:
        self._tags = _Tags(tag, members)
        self._base = base
        self._binding = binding

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        whole = handler(source) if self._base is None else handler.generate_schema(self._base)
        choices: dict[Any, CoreSchema] = {ANY_MEMBER: whole}
        for name, member in self._tags.types.items():
            schema = handler.generate_schema(member)
            if self._base is not None and member is not self._base:
                noted = core_schema.no_info_after_validator_function(self._note, whole)
                schema = _first([schema, (noted, self._base.__name__)])
            elif not self._binding:
                schema = _first([schema, whole])
            choices[name] = schema
        return core_schema.tagged_union_schema(choices, self._choose)

    def _choose(self, data: Any) -> str | int:
        if not is_object(data):
            return self._tags.of_instance(data)
        return self._tags.member(data.get(self._tags.tag)) or ANY_MEMBER

    def _note(self, read: Any) -> Any:
        message = "an object whose %r names a subtype of %s does not fit the subtype and is read as the base"
        _LOGGER.warning(message, self._tags.tag, self._base.__name__)
        return read


class RequestUnion:
    """Checks an object as the member that its tag names; without a tag it has to fit at least one member.

    A tag that names no member is refused if it is `binding`, unless a `base` takes what no member fits. Classes that
    are `overlapping` take the properties which other members declare; other unknown keys are typing mistakes.
    """

    __slots__ = ("_base", "_binding", "_classes", "_overlapping", "_tags", "_wires")

    def __init__(
        self,
        tag: str = "",
        members: Mapping[str, Any] | None = None,
        base: Any = None,
        *,
        overlapping: tuple[type[BaseModel], ...] = (),
        binding: bool = True,
    ) -> None:
        self._tags = None if members is None else _Tags(tag, members)
        self._base = base
        self._binding = binding
        self._overlapping = overlapping
        self._classes: tuple[type[BaseModel], ...] = overlapping
        self._wires: dict[str, str] | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        self._classes = tuple(dict.fromkeys((*self._overlapping, *filter(_is_class, get_args(source)))))
        if self._tags is not None:
            schema = self._by_tag(self._tags, schema, handler)
        if self._overlapping:
            schema = core_schema.no_info_wrap_validator_function(self._with_others, schema)
        return schema

    def _by_tag(self, tags: _Tags, whole: CoreSchema, handler: GetCoreSchemaHandler) -> CoreSchema:
        def _refuse(_: Any) -> NoReturn:
            raise PydanticCustomError("other_variant", "must be one of {allowed}", {"allowed": tags.shown()})

        refused = core_schema.no_info_plain_validator_function(_refuse)
        base = None if self._base is None else handler.generate_schema(self._base)
        unknown = base or (refused if self._binding else whole)
        choices: dict[Any, CoreSchema] = {ANY_MEMBER: whole, tags.unknown: unknown}
        for name, member in tags.types.items():
            schema = handler.generate_schema(member)
            choices[name] = schema if base is None else _first([schema, base])
        return core_schema.tagged_union_schema(choices, self._choose)

    def _choose(self, data: Any) -> str | int:
        tags = self._tags
        if tags is None or not is_object(data):
            return ANY_MEMBER if tags is None else tags.of_instance(data)
        given = next((data[key] for key in tags.given_as() if key in data), _MISSING)
        return ANY_MEMBER if given is _MISSING else tags.member(given) or tags.unknown

    def _with_others(self, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        """The checked value; a dict if it has properties that only other members declare."""
        try:
            return handler(value)
        except ValidationError:
            merged = self._merged(value) if is_object(value) else None
            if merged is None:
                raise
            return merged

    def _merged(self, value: dict[str, Any]) -> dict[str, Any] | None:
        """What is to be sent if some member takes it; each property as a member that fits and declares it has it."""
        wires = self._all_wires()
        if not value.keys() <= wires.keys():
            return None
        parts = list(self._parts(value))
        if not parts:
            return None
        merged = {wires[key]: item for key, item in value.items()}
        for part in reversed(parts):
            merged.update(part)
        return merged

    def _parts(self, value: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """For each member that may be meant and fits: those properties that it declares."""
        for cls in self._meant(value):
            keys = _wires([cls])
            try:
                valid = cls.model_validate({key: item for key, item in value.items() if key in keys})
            except ValidationError:
                continue
            yield cast("dict[str, Any]", dumped(valid))

    def _meant(self, value: dict[str, Any]) -> Iterable[type[BaseModel]]:
        name = self._choose(value)
        if name == ANY_MEMBER or self._tags is None or (name == self._tags.unknown and not self._binding):
            return self._overlapping
        return [cls for cls in self._overlapping if cls is self._tags.types.get(name)]

    def _all_wires(self) -> dict[str, str]:
        if self._wires is None:
            self._wires = _wires(self._classes)
        return self._wires


def _is_class(member: Any) -> bool:
    return isinstance(member, type) and issubclass(member, WireModel)


def _wires(classes: Iterable[type[BaseModel]]) -> dict[str, str]:
    """The name on the wire for each name by which a property of the classes may be given."""
    return {
        key: field.serialization_alias or name
        for cls in classes
        for name, field in fields_of(cls).items()
        for key in (name, *aliases(field))
    }


def _first(schemas: list[CoreSchema | tuple[CoreSchema, str]]) -> CoreSchema:
    """The first that fits; one in a pair has a name of its own in places of errors."""
    return core_schema.union_schema(schemas, mode="left_to_right")
