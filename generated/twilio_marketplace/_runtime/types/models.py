"""The base classes of generated models: what they accept, what they keep, and how variants of a union are told apart.

Requests are strict (unknown keys, nulls, inexact numbers), responses are open. Encoding lives elsewhere.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..results.errors import AbsentMemberError
from ..values.shapes import is_array, is_object
from .files import is_file
from .request_types import tighten
from .response_types import keep_values

_NULLABLE: Final = "x-nullable"
_TAG: Final = "x-tag"
_FILE: Final = "x-file"
_CLOSED: Final = "x-closed"
_READ_ONLY: Final = "x-read-only"


class WireModel(BaseModel):
    """What both directions share: names and wire names are both accepted, wire names are written."""

    model_config = ConfigDict(
        protected_namespaces=(),
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
        ser_json_inf_nan="constants",
    )


class RequestModel(WireModel):
    """An object to send: unknown keys are refused, numbers must be exact, null only where the API allows it."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler, /) -> CoreSchema:
        schema = handler(source)
        model = _own_model_schema(cls, schema, handler)
        if model is not None:
            fields = tighten(model["schema"], handler, WireModel)
            optional = any(field["schema"]["type"] == "default" for field in _fields_of(fields))
            _add_read_only(cls, fields)
            guarded = optional or _tag_of(cls) is not None or any(map(_is_file, cls.model_fields.values()))
            model["schema"] = _before(_RequestGuard(cls), fields) if guarded else fields
        return schema


class OpenRequestModel(RequestModel):
    """An object to send that takes properties beyond the declared ones."""

    model_config = ConfigDict(extra="allow")


class ResponseModel(WireModel):
    """An object received: unknown keys are kept (`model_extra`) and no value changes, so that nothing is lost."""

    model_config = ConfigDict(extra="allow")

    if not TYPE_CHECKING:  # for type checkers, an attribute that no class declares stays a mistake

        def __getattr__(self, name: str) -> Any:
            field = type(self).model_fields.get(name)
            if field is None:
                return super().__getattr__(name)
            raise AbsentMemberError.of(type(self).__name__, field.alias or name)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler, /) -> CoreSchema:
        schema = handler(source)
        model = _own_model_schema(cls, schema, handler)
        if model is not None:
            fields, tag = keep_values(model["schema"], handler, WireModel), _tag_of(cls)
            model["schema"] = fields if tag is None else _before(_ResponseGuard(tag), fields)
        return schema


def is_closed(cls: type[BaseModel]) -> bool:
    """Whether the schema of a request class refuses members that it does not name."""
    return _told(cls, _CLOSED) is True


def _add_read_only(cls: type[BaseModel], schema: CoreSchema) -> None:
    """Let the members that only answers have through as they are: they are no arguments, and no mistakes either."""
    names: Any = _told(cls, _READ_ONLY) or ()
    fields = cast("dict[str, Any]", schema).get("fields", {})
    for wire in names:
        inner = core_schema.with_default_schema(core_schema.any_schema(), default=None)
        fields[f"{wire} (read only)"] = core_schema.model_field(
            inner, validation_alias=wire, serialization_alias=wire
        )


def fields_of(cls: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a class with their aliases, which pydantic knows only once forward references are resolved."""
    if not cls.__pydantic_complete__:
        cls.model_rebuild()
    return cls.model_fields


def _own_model_schema(
    cls: type[BaseModel], schema: CoreSchema, handler: GetCoreSchemaHandler
) -> dict[str, Any] | None:
    """The schema of `cls` itself while it is being built, to be changed in place; None where that is done already.

    Changing the inside of the model, as pydantic does for its own before-validators, means that every reference to
    the class sees the change and that it is made once.
    """
    try:
        model = cast("dict[str, Any]", handler.resolve_ref_schema(schema))
    except LookupError:  # a recursive reference: the outer call finishes the class
        return None
    if model["type"] != "model" or model["cls"] is not cls or _is_guarded(model["schema"]):
        return None
    return model


def _is_guarded(schema: dict[str, Any]) -> bool:
    if schema["type"] != "function-before":
        return False
    return isinstance(schema["function"]["function"], (_RequestGuard, _ResponseGuard))


def _before(guard: _RequestGuard | _ResponseGuard, schema: CoreSchema) -> CoreSchema:
    return core_schema.no_info_before_validator_function(guard, schema)


def _fields_of(schema: CoreSchema) -> list[dict[str, Any]]:
    if schema["type"] != "model-fields":
        return []
    return [cast("dict[str, Any]", field) for field in schema["fields"].values()]


def _is_file(field: FieldInfo) -> bool:
    return is_object(field.json_schema_extra) and field.json_schema_extra.get(_FILE) is True


def _is_content(value: Any, *, several: bool) -> bool:
    """Whether a value can stand in a field for a file, or for several of them; text can, and is sent as such."""
    if several:
        return is_array(value) and all(_is_content(item, several=False) for item in value)
    return isinstance(value, str) or is_file(value)


def _takes_several(field: FieldInfo) -> bool:
    choices = (field.annotation, *get_args(field.annotation))
    return any(get_origin(choice) is list for choice in choices)


class _Tag:
    """The discriminator property of a variant, its own values, and the values of its siblings.

    In a large union one class lists the values of `every` variant, and the others name it: `siblings`.
    """

    __slots__ = ("_every", "_module", "_siblings", "own", "property")

    def __init__(self, declared: dict[str, Any], module: str) -> None:
        self.property: str = declared["property"]
        self.own: frozenset[Any] = frozenset(declared.get("own", ()))
        self._siblings: str | None = declared.get("siblings")
        self._module = module
        self._every: frozenset[Any] | None = None
        if self._siblings is None:
            self._every = frozenset(declared.get("others") or declared.get("every", ()))

    def is_of_a_sibling(self, value: str) -> bool:
        """Whether a value marks another variant of the union."""
        every = self._every
        if every is None:  # read late: the class that lists them may be defined after this one
            every = self._every = _every_value(getattr(sys.modules[self._module], str(self._siblings)))
        return value in every and value not in self.own

    def owns(self, value: object) -> bool:
        """Whether a value is one of the variant's own; what cannot be hashed is none."""
        return isinstance(value, (str, int, float, bool)) and value in self.own


@lru_cache(maxsize=64)
def _every_value(cls: type[BaseModel]) -> frozenset[Any]:
    return frozenset((_declared(cls) or {}).get("every", ()))


def _told(cls: type[BaseModel], key: str) -> object:
    """What a generated class says of itself under a key."""
    extra = cls.model_config.get("json_schema_extra")
    return extra.get(key) if is_object(extra) else None


def _declared(cls: type[BaseModel]) -> dict[str, Any] | None:
    declared = _told(cls, _TAG)
    return declared if is_object(declared) else None


def _tag_of(cls: type[BaseModel]) -> _Tag | None:
    declared = _declared(cls)
    return None if declared is None else _Tag(declared, cls.__module__)


class _ResponseGuard:
    """Refuses data that is marked as another variant, so that a union picks the right class; new marks pass."""

    def __init__(self, tag: _Tag) -> None:
        self._tag = tag

    def __call__(self, data: Any) -> Any:
        if is_object(data):
            value = data.get(self._tag.property)
            if isinstance(value, str) and self._tag.is_of_a_sibling(value):
                raise PydanticCustomError(
                    "other_variant", "the data is marked as another variant of the union"
                )
        return data


class _RequestGuard:
    """Refuses nulls the API does not allow, files that are none, and marks that belong to another variant."""

    def __init__(self, cls: type[RequestModel]) -> None:
        self._cls = cls
        self._never_null: frozenset[str] | None = None
        self._tag = _tag_of(cls)
        self._tag_keys: tuple[str, ...] = ()
        self._file_keys: dict[str, bool] = {}
        """Fields for files, and whether each takes several."""

    def __call__(self, data: Any) -> Any:
        if not is_object(data):
            return data
        never_null = self._never_null
        if never_null is None:  # read late: the fields of a class are complete only once it has been built
            never_null = self._never_null = self._read_fields()
        for key, value in data.items():
            if value is None and key in never_null:
                message = "{key} cannot be null; leave it out instead"
                raise PydanticCustomError("null_not_allowed", message, {"key": key})
            several = self._file_keys.get(key) if value is not None else None
            if several is not None and not _is_content(value, several=several):
                form = "a list of files" if several else "bytes or a file"
                raise PydanticCustomError("not_a_file", "{key} must be {form}", {"key": key, "form": form})
        if self._tag is not None:
            self._check_tag(data, self._tag)
        return data

    def _read_fields(self) -> frozenset[str]:
        never_null: set[str] = set()
        files: dict[str, bool] = {}
        for name, field in fields_of(self._cls).items():
            keys = {name, *_aliases(field)}
            if self._tag is not None and self._tag.property in keys:
                self._tag_keys = tuple(sorted(keys))
            extra = field.json_schema_extra
            nullable = is_object(extra) and extra.get(_NULLABLE) is True
            if _is_file(field):
                files |= dict.fromkeys(keys, _takes_several(field))
            # What is required and may not be null is no business of ours, unless its annotation is as good as none.
            if not nullable and (_is_file(field) or not (field.is_required() or field.annotation is Any)):
                never_null |= keys
        if self._tag is not None and not self._tag_keys:
            self._tag_keys = (self._tag.property,)
        self._file_keys = files
        return frozenset(never_null)

    def _check_tag(self, values: dict[str, Any], tag: _Tag) -> None:
        for key in self._tag_keys:
            if key in values and not tag.owns(getattr(values[key], "value", values[key])):
                allowed = ", ".join(sorted(map(repr, tag.own)))
                message = "{key} must be {allowed} for this variant"
                raise PydanticCustomError("other_variant", message, {"key": key, "allowed": allowed})


def _aliases(field: FieldInfo) -> list[str]:
    return [alias for alias in (field.alias, field.validation_alias) if isinstance(alias, str)]
