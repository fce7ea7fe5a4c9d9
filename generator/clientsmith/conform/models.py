"""Arguments as instances of the package's models, in the place of dicts: both have to send the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, RootModel

from clientsmith.document.model import Node
from clientsmith.replay.shapes import Shapes

Arguments = dict[str, Any]


def with_models(
    shapes: Shapes, method: Callable[..., Any], arguments: Arguments, schemas: Mapping[str, Node | None]
) -> Arguments:
    """The same arguments, objects made into models where the signature has a model for them. Raises ValidationError."""
    hints = {
        name: one.annotation for name, one in inspect.signature(method, eval_str=True).parameters.items()
    }
    return {
        name: _made(shapes, hints.get(name), schemas.get(name), value) for name, value in arguments.items()
    }


@cache
def _hints(function: Callable[..., Any]) -> Mapping[str, object]:
    return {
        name: one.annotation for name, one in inspect.signature(function, eval_str=True).parameters.items()
    }


def _made(shapes: Shapes, hint: object, schema: Node | None, value: object) -> object:
    members = _members(hint)
    if isinstance(value, dict):
        models = [one for one in members if isinstance(one, type) and issubclass(one, BaseModel)]
        if len(models) == 1 and not issubclass(models[0], RootModel):
            return models[0].model_validate(value)
    if isinstance(value, list):
        sequences = [one for one in members if get_origin(one) in (list, Sequence)]
        if len(sequences) == 1:
            inner, items = get_args(sequences[0])[0], shapes.items(schema)
            return [_made(shapes, inner, items, item) for item in cast("list[object]", value)]
    return value


def _members(hint: object) -> list[object]:
    origin = get_origin(hint)
    if origin is Annotated:
        return _members(get_args(hint)[0])
    if origin is Union or type(hint).__name__ == "UnionType":
        return [inner for one in get_args(hint) for inner in _members(one)]
    return [hint]
