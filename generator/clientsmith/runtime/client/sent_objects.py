"""Objects inside a plain value that is to be sent, bytes among them: where they are, and the value with other forms."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from ..json_schema.violations import Path
from ..values.json_codec import BYTES, ObjectText, base64_text
from ..values.shapes import is_array, is_object

FORMATS: Final[Mapping[str, frozenset[str]]] = {
    "UUID": frozenset({"uuid", "guid"}),
    "IPv4Address": frozenset({"ipv4"}),
    "IPv6Address": frozenset({"ipv6"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"date-time"}),
    "time": frozenset({"time"}),
    "timedelta": frozenset({"duration"}),
}
"""The formats of what the objects of a class are sent as."""


def kind_of(value: Any) -> str:
    """The name of the class of an object that is sent as text; empty for any other value."""
    if isinstance(value, ObjectText):
        return value.kind
    if isinstance(value, bytes):
        return BYTES
    return ("datetime" if isinstance(value, datetime) else "date") if isinstance(value, date) else ""


def objects_in(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The objects by their places, those that are text already included."""
    if is_object(value):
        for key, item in value.items():
            yield from objects_in(item, (*path, key))
    elif is_array(value):
        for index, item in enumerate(value):
            yield from objects_in(item, (*path, index))
    elif kind_of(value):
        yield path, value


def is_field(path: Path) -> bool:
    """Whether a place is a field of a body, or an item of a field that is a list."""
    return len(path) == 1 or (len(path) == 2 and isinstance(path[1], int))


def raw_bytes(item: Any) -> bytes:
    """Bytes as they are, given either form of them."""
    return item if isinstance(item, bytes) else base64.b64decode(item)


def encoded_bytes(item: Any) -> str:
    """Bytes in base64, given either form of them."""
    return base64_text(item) if isinstance(item, bytes) else item


def put(value: Any, changed: Mapping[Path, Any], path: Path = ()) -> Any:
    """The value with others in some places."""
    if not changed:
        return value
    if path in changed:
        return changed[path]
    if is_object(value):
        return {key: put(item, changed, (*path, key)) for key, item in value.items()}
    if is_array(value):
        return [put(item, changed, (*path, index)) for index, item in enumerate(value)]
    return value
