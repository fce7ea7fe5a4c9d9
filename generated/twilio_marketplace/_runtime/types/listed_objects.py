# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Objects where a request takes listed texts: sent as the text that stands for the same date, time, UUID or address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from ..values.json_codec import ObjectText


def _reader(kind: type, mark: str) -> Callable[[str], Any]:
    """What reads a text with a mark; pydantic takes numbers for times too."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def read(text: str) -> Any:
        if mark not in text:
            raise ValueError("not of this kind")
        return adapter.validate_python(text)

    return read


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "date": date.fromisoformat,
    "datetime": _reader(datetime, ":"),
    "time": _reader(time, ":"),
    "timedelta": _reader(timedelta, "P"),
    "UUID": UUID,
    "IPv4Address": IPv4Address,
    "IPv6Address": IPv6Address,
}


def listed_objects(texts: Iterable[str]) -> ListedObjects | None:
    """What finds the text of an object; None if none of the texts stands for one."""
    listed = [(text, {kind: _read(text, kind) for kind in _READERS}) for text in texts]
    is_one = any(one is not None for _, objects in listed for one in objects.values())
    return ListedObjects(listed) if is_one else None


def _read(text: str, kind: str) -> Any:
    try:
        return _READERS[kind](text)
    except ValueError:
        return None


class ListedObjects:
    """Gives the listed text for an object; other values, and objects that none stands for, stay as they are."""

    def __init__(self, listed: list[tuple[str, dict[str, Any]]]) -> None:
        self._listed = listed
        self.__name__ = "listed_objects"

    def __call__(self, value: Any) -> Any:
        if isinstance(value, ObjectText) and value.kind in _READERS:
            kind, wanted = value.kind, _read(value, value.kind)
        elif isinstance(value, date):
            kind, wanted = "datetime" if isinstance(value, datetime) else "date", value
        else:
            return value
        if isinstance(wanted, datetime) and wanted.tzinfo is None:
            return value
        return next((text for text, objects in self._listed if objects[kind] == wanted), value)
