"""Old names that still work: arguments and classes under the names that they had before they were renamed."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from typing import Any, TypeVar

from .unset import UNSET, Unset

T = TypeVar("T")
_WRAPPERS = ("typing_extensions", "warnings")
"""The modules that `deprecated` is of."""
_NEAREST = 3
"""The `stacklevel` of who calls a method that looks for a renamed argument, if nothing is between them."""
_RUNTIME = __name__.removesuffix("values.renamed")
"""What the names of all modules of this runtime begin with."""


def renamed_argument(
    method: str,
    name: str,
    value: T | Unset,
    old_name: str = "",
    old: T | Unset = UNSET,
    *,
    required: bool = False,
) -> T | Unset:
    """The value of an argument that may be given by its old name.

    Raises TypeError if both are given, or if neither is although it is required.
    """
    if not isinstance(old, Unset):
        if not isinstance(value, Unset):
            raise TypeError(f"{method}() got '{name}' and its old name '{old_name}'")
        message = f"the argument '{old_name}' of {method}() is called '{name}' now"
        warnings.warn(message, DeprecationWarning, stacklevel=_level_of_caller())
        return old
    if required and isinstance(value, Unset):
        raise TypeError(f"{method}() missing the argument '{name}'")
    return value


def _level_of_caller() -> int:
    """The `stacklevel` of whoever called the method that looks for a renamed argument.

    Between them may be what wraps a deprecated method, and what of this runtime calls methods (`with_response`).
    """
    level, frame = 0, inspect.currentframe()
    while frame is not None and (level < _NEAREST or _is_between(frame.f_globals.get("__name__", ""))):
        level, frame = level + 1, frame.f_back
    return max(level, _NEAREST)


def _is_between(module: str) -> bool:
    return module in _WRAPPERS or module.startswith(_RUNTIME)


def renamed_class(module: Mapping[str, Any], names: Mapping[str, str], name: str) -> object:
    """The class that a module had under an old name; for its `__getattr__`. Raises AttributeError."""
    new = names.get(name)
    if new is None:
        raise AttributeError(f"module {module['__name__']!r} has no attribute {name!r}")
    warnings.warn(f"{name} is called {new} now", DeprecationWarning, stacklevel=3)
    return module[new]
