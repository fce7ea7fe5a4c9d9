# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What is made or imported once: values kept with their object, and what a client imports before its first call.

A module that is imported by a call, in one thread, is locked for ever in a child that is forked meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, Final, Generic, overload

from pydantic import TypeAdapter
from typing_extensions import Self, TypeVar

from .forks import whole_at_a_fork

T = TypeVar("T")

_ANY: Final = ("encodings.idna", "stringprep", "concurrent.futures.thread")
"""What the standard library imports to look a host up."""
_PACKAGE: Final = ("..http.sockets.wire", "..http.sockets.async_wire")
_ASYNC: Final = ("anyio", "anyio._backends._asyncio", "asyncio")


class _Once(Generic[T]):
    """As `functools.cached_property`, which up to Python 3.11 has a lock that no fork gives back."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[Any]) -> T: ...
    def __get__(self, instance: object | None, owner: type[Any]) -> Self | T:
        if instance is None:
            return self
        value = self._make(instance)
        instance.__dict__[self._name] = value  # found before this descriptor from now on
        return value


def once(make: Callable[[Any], T]) -> _Once[T]:
    """A property that is computed on first use and kept; two threads at once may both compute it."""
    return _Once(make)


def load_for_calls(*, asynchronous: bool) -> None:
    """Import what calls need beyond what importing the package needs, which is most of the time it takes."""
    with whole_at_a_fork():
        for name in (*_ANY, *(_ASYNC if asynchronous else ())):
            with suppress(ImportError):  # a detail of theirs may be called differently one day
                import_module(name)
        for name in _PACKAGE:
            import_module(name, __package__)
        TypeAdapter(int)  # pydantic looks for its plugins
