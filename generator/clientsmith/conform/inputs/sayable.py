"""Which values can be sent at all: what a place of a request can hold, and what the style of a parameter can say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import unquote

from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.encoding import Encoding
from clientsmith.openapi.own_members import OwnMembers
from clientsmith.openapi.parameter import Location, Parameter
from clientsmith.traffic.writing import text

_DOT_SEGMENT = re.compile(r"\.\.?(;|$)")
_COOKIE_OCTETS = re.compile(r"[!#-+\--:<-\[\]-~]+")
"""Style `cookie` escapes nothing (OpenAPI 3.2; RFC 6265, section 4.1.1)."""
_TRIPLE = re.compile(r"%[0-9A-Fa-f]{2}")
_DELIMITERS = {"deepObject": "[]", "label": ".", "spaceDelimited": " ", "pipeDelimited": "|", "matrix": ";"}
"""What separates items in a style and is never escaped in it (OpenAPI Parameter Object, style examples)."""

Members: TypeAlias = "Mapping[tuple[Location, str], OwnMembers]"
"""By location and name of a parameter that is written as pairs."""


def travels(location: str, media_type: str | None, value: Value) -> bool:
    """Whether a value can be sent in that place: a bare newline cannot, nor a path segment empty or only of dots.

    JSON content spells whatever a header or a cookie cannot hold with escapes.
    """
    if location in ("header", "cookie") and media_type is not None and media_types.is_json(media_type):
        return True
    if location == "path":
        return value not in ("", [], {}, None) and _leaves(
            value, lambda text: text != "" and not _DOT_SEGMENT.match(unquote(text))
        )
    if location == "header":
        return _leaves(
            value, lambda text: text.isascii() and text.isprintable() and text == text.strip() != ""
        )
    if location == "cookie":
        return _leaves(value, lambda text: text.isascii() and text.isprintable())
    return True


def are_own(value: Value, own: OwnMembers) -> bool:
    return not isinstance(value, dict) or all(map(own.has, value))


def sayable(parameter: Parameter, value: Value, members: Members) -> bool:
    """Whether the style of a parameter can say a value so that it can be told from others again."""
    if parameter.node is None:
        return isinstance(value, str)
    if parameter.media_type is not None:
        return True
    if parameter.location in ("query", "cookie", "header") and value in ([], {}, None):
        return False
    own = members.get((parameter.location, parameter.name))
    if parameter.is_spread and own is not None and not are_own(value, own):
        return False
    keys = value if parameter.style == "deepObject" and isinstance(value, dict) else {}
    if own is not None and not own.beside.isdisjoint(f"{parameter.name}[{key}]" for key in keys):
        return False
    if parameter.style == "cookie":
        return _leaves(value, lambda text: _COOKIE_OCTETS.fullmatch(text) is not None)
    if parameter.allow_reserved and not _leaves(value, lambda text: not _TRIPLE.search(text)):
        return False  # it is taken for encoded already
    if not _has_no_null_item(value):
        return False
    is_joined = parameter.allow_reserved and not parameter.explode and isinstance(value, list | dict)
    delimiters = _DELIMITERS.get(parameter.style, "," if is_joined else "")
    if parameter.location == "header" and isinstance(value, list | dict):
        is_exploded = parameter.explode and isinstance(value, dict)
        delimiters = ",=" if is_exploded else ","
    return not delimiters or _leaves(
        value, lambda text: text != "" and not any(one in text for one in delimiters)
    )


def keeps_items(declared: Encoding, value: Value, *, is_plain: bool) -> bool:
    """Whether no item of a field has in it what separates items in the style of the field.

    In a part, which `is_plain`, and with `allowReserved` no comma is percent-encoded, so that each separates items.
    """
    if declared.style is None or not isinstance(value, list | dict):
        return True
    delimiters = set(_DELIMITERS.get(declared.style, "," if is_plain or declared.allow_reserved else ""))
    if declared.style == "deepObject":
        return not value or _leaves(value, lambda text: not delimiters & set(text))
    items = [*value, *value.values()] if isinstance(value, dict) else value
    return declared.is_exploded or not any(delimiters & set(text(one)) for one in items)


def _has_no_null_item(value: Value) -> bool:
    if isinstance(value, list):
        return None not in value and all(map(_has_no_null_item, value))
    return not isinstance(value, dict) or all(map(_has_no_null_item, value.values()))


def _leaves(value: Value, fits: Callable[[str], bool]) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(fits(key) and _leaves(item, fits) for key, item in value.items())
    if isinstance(value, list):
        return bool(value) and all(_leaves(item, fits) for item in value)
    return fits(value) if isinstance(value, str) else value is not None
