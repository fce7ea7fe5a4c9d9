"""The base classes of generated models: what they accept and what they keep. Unions of them: see `unions`.

Requests are strict (unknown keys, nulls, inexact numbers), responses are open. Encoding lives elsewhere.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..results.errors import AbsentMemberError
from ..values.exact_numbers import holds_digits
from ..values.json_codec import ObjectText, indented, write
from ..values.shapes import is_array, is_object
from .files import is_file
from .request_types import tighten
from .response_types import keep_values, with_untyped_extras

_NULLABLE: Final = "x-nullable"
_FILE: Final = "x-file"
_CLOSED: Final = "x-closed"
_READ_ONLY: Final = "x-read-only"
_DECIMALS: Final = "x-decimals"
_building: Final = ContextVar("clientsmith_building", default=False)
"""Whether names in annotations are looked up for this package, and not for code that uses its classes."""


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

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for base in cls.__bases__:
            # Its fields are taken over now, and the names in them are those of its own module.
            if base.__module__ != cls.__module__ and issubclass(base, WireModel) and base.model_fields:
                base.model_rebuild()

    if not TYPE_CHECKING:  # for type checkers, the signatures are those of pydantic

        @classmethod
        def model_rebuild(cls, *, _types_namespace: Any = None, **options: Any) -> bool | None:
            """As pydantic builds it, but names in an annotation are never those of the code that uses the class."""
            with building():
                return super().model_rebuild(_types_namespace=_types_namespace or {}, **options)

        def model_dump_json(
            self, *, indent: int | None = None, ensure_ascii: bool = False, **options: Any
        ) -> str:
            """As pydantic writes it, but a Decimal is a number, digit by digit."""
            plain = self.model_dump(**options)
            if not holds_digits(plain):
                return super().model_dump_json(indent=indent, ensure_ascii=ensure_ascii, **options)
            text = write(plain, ascii_only=ensure_ascii)
            return text if indent is None else indented(text, indent)


class RequestModel(WireModel):
    """An object to send: unknown keys are refused, numbers must be exact, null only where the API allows it."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler, /) -> CoreSchema:
        _build_first(cls)
        schema = handler(source)
        model = _own_model_schema(cls, schema, handler)
        if model is not None:
            fields = tighten(model["schema"], handler, WireModel)
            optional = any(field["schema"]["type"] == "default" for field in _fields_of(fields))
            _add_read_only(cls, fields)
            guarded = optional or any(map(_is_file, cls.model_fields.values()))
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
        _build_first(cls)
        schema = handler(source)
        model = _own_model_schema(cls, schema, handler)
        if model is not None:
            kept = keep_values(model["schema"], handler, WireModel)
            model["schema"] = kept if _extra(cls, _DECIMALS) is True else with_untyped_extras(kept)
        return schema


@contextmanager
def building() -> Generator[None]:
    """Look names in annotations up for this package while classes are built."""
    token = _building.set(True)
    try:
        yield
    finally:
        _building.reset(token)


def _build_first(cls: type[WireModel]) -> None:
    """Build a class by itself if a type of somebody else asks for it, whose names would come before those it means."""
    if not (_building.get() or cls.__pydantic_complete__):
        cls.model_rebuild()


def is_closed(cls: type[BaseModel]) -> bool:
    """Whether the schema of a request class refuses members that it does not name."""
    return _extra(cls, _CLOSED) is True


def _add_read_only(cls: type[BaseModel], schema: CoreSchema) -> None:
    """Accept the members that only answers have as they are: they are not arguments, but may be sent back."""
    names: Any = _extra(cls, _READ_ONLY) or ()
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
    return isinstance(schema["function"]["function"], _RequestGuard)


def _before(guard: _RequestGuard, schema: CoreSchema) -> CoreSchema:
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
    return (isinstance(value, str) and not isinstance(value, ObjectText)) or is_file(value)


def _takes_several(field: FieldInfo) -> bool:
    choices = (field.annotation, *get_args(field.annotation))
    return any(get_origin(choice) is list for choice in choices)


def _extra(cls: type[BaseModel], key: str) -> object:
    """What the configuration of a generated class says under a key."""
    extra = cls.model_config.get("json_schema_extra")
    return extra.get(key) if is_object(extra) else None


class _RequestGuard:
    """Refuses nulls the API does not allow, and files that are none."""

    def __init__(self, cls: type[RequestModel]) -> None:
        self._cls = cls
        self._never_null: frozenset[str] | None = None
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
        return data

    def _read_fields(self) -> frozenset[str]:
        never_null: set[str] = set()
        files: dict[str, bool] = {}
        for name, field in fields_of(self._cls).items():
            keys = {name, *aliases(field)}
            extra = field.json_schema_extra
            nullable = is_object(extra) and extra.get(_NULLABLE) is True
            if _is_file(field):
                files |= dict.fromkeys(keys, _takes_several(field))
            # What is required and may not be null is no business of ours, unless its annotation is as good as none.
            if not nullable and (_is_file(field) or not (field.is_required() or field.annotation is Any)):
                never_null |= keys
        self._file_keys = files
        return frozenset(never_null)


def aliases(field: FieldInfo) -> list[str]:
    """The names of a field other than its Python name."""
    return [alias for alias in (field.alias, field.validation_alias) if isinstance(alias, str)]
