# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Answers that lack required members: one that is missing, or null against its schema, is absent in the result.

In a union, a value that fits some member without gaps is read as it always is: a gap elsewhere changes no class. If it
fits none, the member that declares most of what it has is read, and that member's schema says what is absent.

A validator of this kind is made only once an answer needs it, from the schema that pydantic has made of the type.
"""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any, Final, cast

from pydantic import BaseModel, ValidationError, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from ..values.shapes import is_tuple
from .schema_rewrite import rewrite

_ABSENT: Final = object()
_WITH_GAPS: Final = " with gaps"
"""Ends the name of a definition that lets members be absent."""
_AS_IT_IS, _MAY_HAVE_GAPS = -2, -1
"""Choices of a union. No error shows a negative number, as it is not a step."""
_Fields = tuple[dict[str, Any], "dict[str, Any] | None", set[str]]
"""What pydantic makes of the members of a model: those with a field, the others, and the names of fields that were
set."""


def with_gaps(schema: CoreSchema) -> SchemaValidator:
    """A validator that accepts a model without its required members."""
    whole = cast("dict[str, Any]", schema)
    models = [one for one in whole.get("definitions", ()) if one["type"] == "model"]
    return SchemaValidator(_Rewriting({one["ref"]: one["cls"].__name__ for one in models}).of(schema))


class _Rewriting:
    """Replaces models and their members throughout a schema, given the names of the models that it only refers to."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def of(self, schema: Any) -> CoreSchema:
        """The schema of what may lack members."""
        return rewrite(schema, self._rule, None, BaseModel)

    def _of(self, schema: Any) -> dict[str, Any]:
        return cast("dict[str, Any]", self.of(schema))

    def _rule(self, schema: dict[str, Any]) -> dict[str, Any] | None:
        kind: str = schema.get("type", "")
        if kind == "definitions":
            own = [{**self._of(one), "ref": f"{one['ref']}{_WITH_GAPS}"} for one in schema["definitions"]]
            return {
                **schema,
                "schema": self._of(schema["schema"]),
                "definitions": [*schema["definitions"], *own],
            }
        if kind == "definition-ref":
            return {**schema, "schema_ref": f"{schema['schema_ref']}{_WITH_GAPS}"}
        if kind == "union":
            union = {key: value for key, value in schema.items() if key != "ref"}
            choices = [self._choice(one) for one in schema["choices"]]
            return _as_it_is_first(schema, {**union, "choices": choices})
        if kind == "model":
            _let_be_absent(schema["cls"])
            fields, made_by = _open(self.of(schema["schema"])), partial(_instance, schema["cls"])
            made: Any = core_schema.no_info_after_validator_function(made_by, fields, ref=schema.get("ref"))
            return cast("dict[str, Any]", made)
        if kind == "model-field" and schema["schema"]["type"] != "default":
            inner = core_schema.no_info_wrap_validator_function(_or_absent, self.of(schema["schema"]))
            return {**schema, "schema": core_schema.with_default_schema(inner, default=_ABSENT)}
        return None

    def _choice(self, choice: Any) -> Any:
        """A member of a union; one that is a model keeps its name in places of errors."""
        if is_tuple(choice):
            return self.of(choice[0]), choice[1]
        name = self._names.get(choice.get("schema_ref"))
        if choice["type"] == "model":
            name = choice["cls"].__name__
        return self.of(choice) if name is None else (self.of(choice), name)


def _as_it_is_first(union: dict[str, Any], with_gaps: dict[str, Any]) -> dict[str, Any]:
    """A union of what fits as it is, then of what lacks something."""
    choices: dict[Any, Any] = {
        _AS_IT_IS: core_schema.no_info_before_validator_function(_value_of, cast("CoreSchema", union)),
        _MAY_HAVE_GAPS: with_gaps,
    }
    either = core_schema.tagged_union_schema(choices, _attempt)
    made: Any = core_schema.no_info_wrap_validator_function(_first_as_it_is, either)
    return cast("dict[str, Any]", made)


class _AsItIs:
    """A value that is tried without gaps."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _value_of(attempt: _AsItIs) -> Any:
    return attempt.value


def _attempt(value: Any) -> int:
    return _AS_IT_IS if type(value) is _AsItIs else _MAY_HAVE_GAPS


def _first_as_it_is(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    try:
        return validate(_AsItIs(value))
    except ValidationError:
        return validate(value)


def _open(schema: CoreSchema) -> CoreSchema:
    """The members of a model, unknown ones kept: without the model around them nothing else says so."""
    fields = cast("dict[str, Any]", schema)
    if fields["type"] == "model-fields":
        return cast("CoreSchema", {**fields, "extra_behavior": "allow"})
    return cast("CoreSchema", {**fields, "schema": _open(fields["schema"])})


def _or_absent(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    if value is not None:
        return validate(value)
    try:
        return validate(value)
    except ValidationError:
        return _ABSENT


def _let_be_absent(cls: type[BaseModel]) -> None:
    """Replace what pydantic makes of deprecated members: reading one that is absent would be a KeyError."""
    deprecated = {name: field.deprecation_message for name, field in cls.model_fields.items()}
    if any(deprecated.values()) and not cls.__pydantic_complete__:
        cls.model_rebuild()  # which makes them anew, so it has to come first
    for name, message in deprecated.items():
        if message is not None:
            setattr(cls, name, _Deprecated(name, message))


class _Deprecated:
    """A deprecated member: warns when it is read, and leaves one that is absent to `__getattr__` of the class."""

    def __init__(self, name: str, message: str) -> None:
        self._name = name
        self._message = message

    def __get__(self, instance: BaseModel | None, owner: type[BaseModel] | None = None) -> Any:
        if instance is None or self._name not in instance.__dict__:
            raise AttributeError(self._name)
        warnings.warn(self._message, DeprecationWarning, stacklevel=2)
        return instance.__dict__[self._name]

    def __set__(self, instance: BaseModel, value: object) -> None:
        raise AttributeError(
            self._name
        )  # pydantic sets members by itself; this makes the class win over the instance


def _instance(cls: type[BaseModel], members: _Fields) -> BaseModel:
    """An instance without the members that are absent, put together as pydantic does it."""
    known, others, given = members
    there = {name: value for name, value in known.items() if value is not _ABSENT}
    made = cls.__new__(cls)
    for name, value in (
        ("__dict__", there),
        ("__pydantic_extra__", others),
        ("__pydantic_fields_set__", given & there.keys()),
        ("__pydantic_private__", None),
    ):
        object.__setattr__(made, name, value)
    return made
