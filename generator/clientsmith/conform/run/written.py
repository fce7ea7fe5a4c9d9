"""Data classes as JSON and back, without loss: mappings with any keys, bytes, halves of surrogate pairs; no code."""

from __future__ import annotations

import base64
import math
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeGuard, Union, cast, get_args, get_origin, get_type_hints

_PLAIN = (str, int, float, bool, type(None))
_COLLECTIONS: Mapping[Any, Callable[[list[Any]], Any]] = {tuple: tuple, list: list, frozenset: frozenset}


class NotWrittenError(ValueError):
    """A tree is not what `tree_of` makes of a value of that type."""


def tree_of(value: object) -> Any:
    """What `json.dumps` takes. A mapping is a list of pairs, a dataclass an object of its fields."""
    if is_dataclass(value):
        return {one.name: tree_of(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value)
        return [[tree_of(key), tree_of(item)] for key, item in pairs.items()]
    if isinstance(value, tuple | list | frozenset):
        items = [tree_of(one) for one in cast("Iterable[object]", value)]
        return sorted(items) if isinstance(value, frozenset) else items
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def value_of(hint: Any, tree: Any) -> Any:
    """The value of a type from which a tree was made. Raises NotWrittenError."""
    origin = get_origin(hint) or hint
    try:
        if origin in _PLAIN or hint is None:
            return _plain(type(None) if hint is None else origin, tree)
        if origin is Literal and type(tree) is str and tree in get_args(hint):
            return tree
        if origin in (Union, types.UnionType):
            return _member(get_args(hint), tree)
        if origin is bytes and isinstance(tree, str):
            return base64.b64decode(tree, validate=True)
        if is_dataclass(origin) and isinstance(tree, dict):
            return _instance(origin, cast("dict[str, Any]", tree))
        if _is_list(tree):
            return _collection(origin, get_args(hint), tree)
    except (ValueError, TypeError) as error:
        raise NotWrittenError(str(error)) from error
    raise NotWrittenError(f"{tree!r:.80} is not of type {hint}")


def _instance(kind: Any, tree: dict[str, Any]) -> Any:
    if tree.keys() != {one.name for one in fields(kind)}:
        raise NotWrittenError(f"{sorted(tree)} are not the fields of {kind.__name__}")
    hints = _hints(kind)
    return kind(**{name: value_of(hints[name], item) for name, item in tree.items()})


_hints = cache(get_type_hints)


def _is_list(tree: Any) -> TypeGuard[list[Any]]:
    return isinstance(tree, list)


def _plain(kind: type, tree: Any) -> Any:
    if kind is float and type(tree) in (int, float) and math.isfinite(tree):
        return float(tree)
    if kind is not float and type(tree) is kind:
        return tree
    raise NotWrittenError(f"{tree!r:.80} is not of type {kind.__name__}")


def _member(hints: tuple[Any, ...], tree: Any) -> Any:
    """The value by the first type of a union that fits."""
    for hint in hints:
        try:
            return value_of(hint, tree)
        except NotWrittenError:
            continue
    raise NotWrittenError(f"{tree!r:.80} is of none of the types {hints}")


def _collection(origin: Any, hints: tuple[Any, ...], tree: list[Any]) -> Any:
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if len(hints) == 1:  # a Counter
            hints = (*hints, int)
        return {value_of(hints[0], key): value_of(hints[1], item) for key, item in tree}
    if origin is tuple and hints[-1:] != (...,):
        return tuple(value_of(hint, item) for hint, item in zip(hints, tree, strict=True))
    if (make := _COLLECTIONS.get(origin)) is not None:
        return make([value_of(hints[0], item) for item in tree])
    raise NotWrittenError(f"a list is not of type {origin}")
