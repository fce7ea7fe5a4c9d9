"""Arguments as instances of the package's models, in the place of dicts: both have to send the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, RootModel

from clientsmith.json_values.codec import Value


def with_models(method: Callable[..., Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """The same arguments, objects made into models where the signature has a model for them. Raises ValidationError."""
    hints = _hints(getattr(method, "__func__", method))
    return {name: _made(hints.get(name), value) for name, value in arguments.items()}


def with_open_models(method: Callable[..., Any], arguments: dict[str, Any], key: str) -> dict[str, Any]:
    """The same with one more key in each object that the signature has a closed model for, in models of another kind.

    A model that came out of an answer may hold what the class to be sent does not know, and that has to go out as well.
    """
    hints = _hints(getattr(method, "__func__", method))
    return {name: _opened(hints.get(name), value, key) for name, value in arguments.items()}


def _opened(hint: object, value: Value, key: str) -> object:
    members = _members(hint)
    if isinstance(value, dict) and _closed_model(members) is not None:
        return _Told.model_validate({**value, key: 1})
    if isinstance(value, list):
        sequences = [one for one in members if get_origin(one) in (list, Sequence)]
        if len(sequences) == 1:
            return [_opened(get_args(sequences[0])[0], item, key) for item in value]
    return value


def _closed_model(members: list[object]) -> type[BaseModel] | None:
    models = [one for one in members if isinstance(one, type) and issubclass(one, BaseModel)]
    closed = len(models) == 1 and models[0].model_config.get("extra") == "forbid"
    return models[0] if closed and not issubclass(models[0], RootModel) else None


class _Told(BaseModel):
    """Takes anything, as the models of answers do."""

    model_config = ConfigDict(extra="allow")


@cache
def _hints(function: Callable[..., Any]) -> Mapping[str, object]:
    """Evaluated once for a method: that takes longer than a call."""
    parameters = inspect.signature(function, eval_str=True).parameters
    return {name: one.annotation for name, one in parameters.items()}


def _made(hint: object, value: Value) -> object:
    members = _members(hint)
    if isinstance(value, dict):
        models = [one for one in members if isinstance(one, type) and issubclass(one, BaseModel)]
        if len(models) == 1 and not issubclass(models[0], RootModel):
            return models[0].model_validate(value)
    if isinstance(value, list):
        sequences = [one for one in members if get_origin(one) in (list, Sequence)]
        if len(sequences) == 1:
            return [_made(get_args(sequences[0])[0], item) for item in value]
    return value


def _members(hint: object) -> list[object]:
    origin = get_origin(hint)
    if origin is Annotated:
        return _members(get_args(hint)[0])
    if origin is Union or type(hint).__name__ == "UnionType":
        return [inner for one in get_args(hint) for inner in _members(one)]
    return [hint]
