"""Old names that still work: arguments and classes under the names that they had before they were renamed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, TypeVar

from .unset import UNSET, Unset

T = TypeVar("T")


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
        warnings.warn(message, DeprecationWarning, stacklevel=3)
        return old
    if required and isinstance(value, Unset):
        raise TypeError(f"{method}() missing the argument '{name}'")
    return value


def renamed_class(module: Mapping[str, Any], names: Mapping[str, str], name: str) -> object:
    """The class that a module had under an old name; for its `__getattr__`. Raises AttributeError."""
    new = names.get(name)
    if new is None:
        raise AttributeError(f"module {module['__name__']!r} has no attribute {name!r}")
    warnings.warn(f"{name} is called {new} now", DeprecationWarning, stacklevel=3)
    return module[new]
