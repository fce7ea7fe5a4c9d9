"""Objects that only Python has: those that no message can hold, and those that stand for a value."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import ip_address
from typing import Any, NamedTuple, cast
from uuid import UUID

_WRONG = "a subclass speaks for itself"
_ANY = frozenset({"null", "boolean", "number", "string", "array", "object"})
_NUMBER, _STRING = frozenset({"number"}), frozenset({"string"})
_ARRAY, _OBJECT = frozenset({"array"}), frozenset({"object"})


@dataclass(frozen=True, slots=True)
class NoValue:
    """An object that no message can hold, and the JSON types of the places where it is tried.

    `make` is given the value that it takes the place of. Bytes are a file in some places.
    """

    name: str
    types: frozenset[str]
    make: Callable[[object], object]
    is_bytes: bool = False


def _with_key(key: object) -> Callable[[object], object]:
    """Make an object with one more key."""

    def make(value: object) -> object:
        members = cast("dict[object, object]", value) if isinstance(value, dict) else {}
        return {**members, key: "text"}

    return make


NO_VALUES = (
    NoValue("NaN", _ANY, lambda _: float("nan")),
    NoValue("infinity", _NUMBER, lambda _: float("inf")),
    NoValue("a Decimal NaN", _NUMBER, lambda _: Decimal("NaN")),
    NoValue("a signalling NaN", _NUMBER, lambda _: Decimal("sNaN")),
    NoValue("a Decimal infinity", _NUMBER, lambda _: Decimal("-Infinity")),
    NoValue("half of a surrogate pair", _STRING, lambda _: "\ud800"),
    NoValue("bytes", _STRING | _NUMBER, lambda _: b"7", is_bytes=True),
    NoValue("a bytearray", _STRING, lambda _: bytearray(b"text"), is_bytes=True),
    NoValue("a memoryview", _ARRAY, lambda _: memoryview(b"text"), is_bytes=True),
    NoValue("a datetime without a zone", _STRING, lambda _: datetime(2026, 2, 3)),
    NoValue("a time without a zone", _STRING, lambda _: time(4, 5)),
    NoValue("a key that is not a str", _OBJECT, _with_key(1)),
    NoValue("a key with half of a surrogate pair", _OBJECT, _with_key("\ud800")),
)
TRUE = NoValue("True for a number", _NUMBER, lambda _: True)
ITERATOR = NoValue("an iterator over the items", _ARRAY, lambda items: iter(cast("list[object]", items)))
"""It stands for the items, if it is read before anything else has used it up."""


class Text(str):
    """Text that prints something else, as members of `(str, Enum)` do, and texts that hide themselves."""

    def __str__(self) -> str:
        return _WRONG

    __repr__ = __str__

    def __format__(self, _: str, /) -> str:
        return _WRONG


class Whole(int):
    """A number whose conversions give another one."""

    def __int__(self) -> int:
        return -7

    def __str__(self) -> str:
        return _WRONG

    __repr__ = __str__


class Real(float):
    """The same with a fraction."""

    def __float__(self) -> float:
        return -7.5

    def __str__(self) -> str:
        return _WRONG

    __repr__ = __str__


class Amount(Decimal):
    """The same, exact."""

    def __str__(self) -> str:
        return _WRONG

    __repr__ = __str__

    def __format__(self, *_: Any) -> str:
        return _WRONG


class Items(list[Any]):
    """A list of a class of its own."""


class Members(dict[str, Any]):
    """A dict of a class of its own."""


def as_subclass(value: object) -> object:
    """The same value, every part of it an instance of a subclass."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return Members({Text(key): as_subclass(item) for key, item in members.items()})
    if isinstance(value, list):
        return Items(map(as_subclass, cast("list[object]", value)))
    if isinstance(value, bool):
        return value
    for kind in (Text, Whole, Real, Amount):
        if isinstance(value, kind.__base__ or object):
            return cast("Callable[[object], object]", kind)(value)
    return value


def _member(value: str | int) -> object:
    Member = enum.Enum("Member", {"ONE": value}, type=type(value))  # noqa: N806
    return Member["ONE"]


def as_members(value: object) -> object:
    """The same value, every text and integer in it a member of an enumeration that is a str or an int."""
    if isinstance(value, dict):
        return {key: as_members(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [as_members(item) for item in cast("list[object]", value)]
    if isinstance(value, str | int) and not isinstance(value, bool):
        return _member(value)
    return value


class StandIn(NamedTuple):
    """Objects that stand for values of JSON; `instead_of` makes them from such values."""

    name: str
    instead_of: Callable[[object], object]


STAND_INS = (
    StandIn("instances of subclasses", as_subclass),
    StandIn("members of enumerations", as_members),
)


class Typed(NamedTuple):
    """An object that a caller may pass for text of a format, and the text that is sent for it.

    `listed` is a text that stands for the same object, and is sent if a document lists it.
    """

    format: str
    value: object
    text: str
    listed: str


_ID = UUID("8c1d3f4e-5a6b-4c7d-8e9f-0a1b2c3d4e5f")
TYPED = (
    Typed(
        "date-time",
        datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        "2026-02-03T04:05:06+00:00",
        "2026-02-03T05:05:06.0+01:00",
    ),
    Typed("date", date(2026, 2, 3), "2026-02-03", "2026-02-03"),
    Typed("time", time(4, 5, tzinfo=UTC), "04:05:00+00:00", "04:05Z"),
    Typed("duration", timedelta(days=1, hours=2), "P1DT2H", "PT26H"),
    Typed("uuid", _ID, str(_ID), str(_ID).upper()),
    Typed("ipv4", ip_address("192.0.2.1"), "192.0.2.1", "192.0.2.1"),
    Typed("ipv6", ip_address("2001:db8::1"), "2001:db8::1", "2001:DB8::1"),
)
