# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Arguments as plain dicts, lists and scalars, before anything is checked: model instances become what was set in them.

What has no end, or more in it than can be sent, is refused here: pydantic and Python give up on it in many ways.
"""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from numbers import Number
from typing import Any, Final

from pydantic import BaseModel

from ..results.errors import Invalid
from ..values.json_codec import JsonError, base_value, key_text, object_text
from ..values.shapes import is_array, is_mapping, is_tuple
from ..values.unset import UNSET

SCALARS: Final = frozenset({str, int, bool, float, Decimal, bytes, datetime, date, type(None)})
"""Types whose values are taken as they are."""
Path = tuple[str | int, ...]
MOST_VALUES: Final = 5_000_000
"""Values in one argument. Lists that share their parts can have more of them than memory could hold."""
TOO_DEEP: Final = Invalid((), "nested too deeply, or contains itself", "recursion")

_CANNOT_BE_WRITTEN: Final = Invalid((), "cannot be written out by its class", "serialization")


class CannotBeSentError(Exception):
    """An argument without an end, or with too much in it; internal, never leaves a call."""

    def __init__(self, problem: Invalid) -> None:
        super().__init__(problem.reason)
        self.problem = problem


class Plain:
    """One argument taken apart; `kept` has the places in which model instances were."""

    __slots__ = ("_left", "kept")

    def __init__(self) -> None:
        self.kept: list[Path] = []
        self._left = MOST_VALUES

    def of(self, value: Any, path: Path = ()) -> Any:
        """The plain form. Raises CannotBeSentError, or RecursionError for what contains itself."""
        if type(value) in SCALARS:
            return value
        if isinstance(value, BaseModel):
            self.kept.append(path)
            self._weigh(value, path)
            return dumped(value)
        if is_mapping(value):
            self._count(len(value))
            return {
                key if type(key) is str else _key(key, path): self.of(item, (*path, key))
                for key, item in value.items()
                if item is not UNSET
            }
        if is_array(value) or is_tuple(value):
            self._count(len(value))
            return [self.of(item, (*path, index)) for index, item in enumerate(value)]
        if isinstance(value, Enum):
            return self.of(value.value, path)
        try:
            text = object_text(value)
        except JsonError as error:
            raise CannotBeSentError(Invalid(path, str(error), "object")) from None
        return _scalar(value, path) if text is None else text

    def _count(self, values: int) -> None:
        self._left -= values
        if self._left < 0:
            raise CannotBeSentError(Invalid((), f"holds more than {MOST_VALUES:,} values", "too_long"))

    def _weigh(self, value: Any, path: Path) -> None:
        """Count what is in a model instance before pydantic writes all of it out, some of it as something else."""
        if type(value) in SCALARS:
            return
        inner = _inside(value)
        self._count(len(inner))
        if is_mapping(value):
            for key in value:
                _key(key, path)
        for item in inner:
            self._weigh(item, path)
        if not inner:
            _scalar(value, path)


def _key(key: Any, path: Path) -> str:
    """The name of a member. Raises CannotBeSentError for what is none."""
    try:
        return key_text(key)
    except JsonError as error:
        raise CannotBeSentError(Invalid(path, str(error), "object")) from None


def _scalar(value: Any, path: Path) -> Any:
    """What a value has in it. Raises CannotBeSentError for iterators, and for numbers that JSON does not have."""
    kind: Any = value.__class__
    if hasattr(kind, "__next__") and not hasattr(kind, "read"):  # an open file is an iterator too
        reason = f"a {kind.__name__} can be read only once; pass a list"
        raise CannotBeSentError(Invalid(path, reason, "read_once"))
    plain = base_value(value)
    if isinstance(plain, Number) and not isinstance(plain, (int, float, Decimal)):
        raise CannotBeSentError(Invalid(path, f"a {type(plain).__name__} has no JSON form", "object"))
    return plain


def _inside(value: Any) -> Collection[Any]:
    """The values that a value is made of."""
    if isinstance(value, BaseModel):
        return (*vars(value).values(), *(value.model_extra or {}).values())
    if is_mapping(value):
        return value.values()
    return value if is_array(value) or is_tuple(value) else ()


def dumped(model: BaseModel) -> Any:
    """What was set in a model instance, under its wire names. Raises CannotBeSentError."""
    with sendable():
        return model.model_dump(by_alias=True, exclude_unset=True, warnings=False)


@contextmanager
def sendable() -> Generator[None]:
    """Raise CannotBeSentError for what pydantic gives up on as it writes a value out."""
    try:
        yield
    except RecursionError:
        raise CannotBeSentError(TOO_DEEP) from None
    except ValueError as error:
        endless = any(sign in str(error) for sign in ("Circular reference", "depth exceeded"))
        raise CannotBeSentError(TOO_DEEP if endless else _CANNOT_BE_WRITTEN) from None
