"""Arguments as instances of the package's models, in the place of dicts: both have to send the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, RootModel

from clientsmith.replay.exact_json import Value


def with_models(method: Callable[..., Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """The same arguments, objects made into models where the signature has a model for them. Raises ValidationError."""
    hints = _hints(getattr(method, "__func__", method))
    return {name: _made(hints.get(name), value) for name, value in arguments.items()}


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
