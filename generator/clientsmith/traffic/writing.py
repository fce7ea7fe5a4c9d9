"""Values written as text and bytes: parameters and headers in every style, bodies; the way back from `parameters`.

The generated client has an encoder of its own. That these two agree is what the tables of the tests show.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote

from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value, write
from clientsmith.openapi import charsets
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.encoding import Encoding
from clientsmith.openapi.parameter import Parameter, Style

_COOKIE_SAFE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
"""What a cookie value may hold, but for the percent sign (RFC 6265, section 4.1.1)."""
_DELIMITER = re.compile(r"--([0-9A-Za-z'()+_,./:=?-]{1,70})\r?\n")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Expansion:
    """How a style is written (RFC 6570, appendix A): `delimiter` separates the items of what is not exploded."""

    first: str
    separator: str
    is_named: bool
    delimiter: str = ","


_EXPANSIONS: dict[Style, _Expansion] = {
    "simple": _Expansion("", ",", False),
    "label": _Expansion(".", ".", False),
    "matrix": _Expansion(";", ";", True),
    "form": _Expansion("", "&", True),
    "spaceDelimited": _Expansion("", "&", True, "%20"),
    "pipeDelimited": _Expansion("", "&", True, "%7C"),
    "deepObject": _Expansion("", "&", True),
    "cookie": _Expansion("", "; ", True),
}


def parameter(declared: Parameter, value: Value) -> str:
    """A parameter as written in the path, the query or the value of its header; empty if it is not sent."""
    escape = _escape(declared)
    if declared.media_type is not None:
        text = content(declared.media_type, value, ascii_only=declared.location == "header")
        return escape(text) if declared.location in ("path", "header") else f"{declared.name}={escape(text)}"
    separator = "; " if declared.location == "cookie" else None
    name = declared.name if declared.location == "cookie" else escape(declared.name)
    return styled(name, value, declared.style, declared.explode, escape, separator)


def content(media_type: str, value: Value, *, ascii_only: bool = False) -> str:
    """A value as a document of a media type: JSON, or text."""
    if media_types.codec(media_type) != "json":
        return text(value)
    whole = write(value)
    return _NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], whole) if ascii_only else whole


def _escape(declared: Parameter) -> Escape:
    if declared.location == "header" or declared.style == "cookie":
        return str
    if declared.location == "cookie":
        return lambda text: quote(text, safe=_COOKIE_SAFE)
    return lambda text: quote(text, safe="")


def styled(
    name: str, value: Value, style: Style, explode: bool, escape: Escape, separator: str | None = None
) -> str:
    """A value in a style. An empty array or object has no text, nor have members that are null (RFC 6570)."""
    expansion = _EXPANSIONS[style]
    between = separator or expansion.separator
    key = f"{name}=" if expansion.is_named else ""
    if not isinstance(value, dict | list):
        return "" if value is None else f"{expansion.first}{key}{escape(text(value))}"
    if style == "deepObject":
        return between.join(f"{escape(path)}={escape(text(item))}" for path, item in _deep(name, value))
    if isinstance(value, list):
        items = [escape(text(item)) for item in value]
        whole = between.join(key + item for item in items) if explode else expansion.delimiter.join(items)
    elif explode:
        whole = between.join(f"{escape(key)}={escape(text(item))}" for key, item in _members(value))
    else:
        pairs = [(escape(key), escape(text(item))) for key, item in value.items() if item is not None]
        whole = expansion.delimiter.join(part for pair in pairs for part in pair)
    if not whole:
        return ""
    return expansion.first + (whole if explode else key + whole)


def _members(value: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    """The members of an exploded object; an array inside repeats the name of its property."""
    for key, item in value.items():
        for one in item if isinstance(item, list) else [item]:
            if one is not None:
                yield key, one


def _deep(name: str, value: Value) -> Iterator[tuple[str, Value]]:
    """Names with brackets for what is nested, items of arrays by index."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _deep(f"{name}[{key}]", item)
    elif value is not None:
        yield name, value


def text(value: Value) -> str:
    """A scalar as text; a nested value that a style cannot express as JSON."""
    if isinstance(value, str):
        return value
    return value.decode("latin-1") if isinstance(value, bytes) else write(value)


def header(declared: Parameter, value: Value) -> str | None:
    """A value as a header field value (RFC 9110 section 5.5); None if it cannot be one."""
    shown = parameter(declared, value).strip()
    return shown if all(" " <= sign <= "~" or sign == "\t" for sign in shown) else None


def form_field(declared: Encoding, value: Value) -> list[tuple[str, str]] | str:
    """One field of a form: its pairs, not encoded yet, or encoded as its style says."""
    if declared.style is not None:
        name = quote(declared.name, safe="")
        return styled(name, value, declared.style, declared.is_exploded, lambda text: quote(text, safe=""))
    if declared.is_json:
        return [(declared.name, write(value))]
    values = value if isinstance(value, list) else [value]
    return [(declared.name, text(one)) for one in values]


def part_texts(declared: Encoding, value: Value) -> list[tuple[str, str]]:
    """Names and texts of the parts of a property that has a style, not encoded (OpenAPI 3.1.1, Encoding Object)."""
    if not isinstance(value, dict | list) or declared.style is None:
        return [] if value is None else [(declared.name, text(value))]
    if declared.style == "deepObject":
        return [(path, text(item)) for path, item in _deep(declared.name, value)]
    if declared.is_exploded:
        pairs = _members(value) if isinstance(value, dict) else ((declared.name, one) for one in value)
        return [(name, text(one)) for name, one in pairs]
    members = value.items() if isinstance(value, dict) else ()
    items = [part for key, item in members if item is not None for part in (key, text(item))]
    items += map(text, value if isinstance(value, list) else ())
    delimiter = unquote(_EXPANSIONS[declared.style].delimiter)
    return [(declared.name, delimiter.join(items))] if items else []


def concrete(media_type: str, value: Value, formats: Collection[str] = ()) -> str:
    """A media type that a Content-Type header can have, for a declared one that may be a range.

    One of a suffix, such as `application/*+json`, has no type without it (RFC 6838 sections 3.4 and 4.2.8).
    """
    if "/*+" in media_type:
        return media_types.essence(media_type).replace("*", "x.any")
    is_any = media_types.essence(media_type) in ("*/*", "*") and "binary" not in formats
    chosen = "text/plain" if is_any and isinstance(value, str) else media_types.concrete(media_type, formats)
    if not media_types.lacks_boundary(chosen):
        return chosen
    return f'{chosen}; boundary="{_boundary(value)}"'


def body(value: Value, media_type: str) -> bytes:
    """The bytes of a value in a media type; text is written as it is, in its charset, unless the type is JSON."""
    if isinstance(value, bytes):
        return value
    boundary = media_types.boundary(media_type)
    if boundary is not None and not (isinstance(value, str) and value.startswith(f"--{boundary}")):
        return _multipart(value, boundary).encode("utf-8", "replace")
    if media_types.is_json(media_type):
        return write(value).encode("utf-8", "replace")
    if isinstance(value, str):
        charset = media_types.parameter(media_type, "charset") or "utf-8"
        return value.encode(charsets.codec_of(charset) or "utf-8", "replace")
    if media_types.essence(media_type) == media_types.FORM and isinstance(value, dict):
        return "&".join(f"{quote_plus(key)}={quote_plus(text(item))}" for key, item in value.items()).encode()
    return b"" if value is None else write(value).encode("utf-8", "replace")


def _boundary(value: Value) -> str:
    """What separates the parts of a value: the delimiter that a text begins with, else one that is in no part."""
    opening = _DELIMITER.match(value) if isinstance(value, str) else None
    return hashlib.sha256(write(value).encode()).hexdigest()[:32] if opening is None else opening[1]


def _multipart(value: Value, boundary: str) -> str:
    """The members of an object as parts with names, any other value as parts without (RFC 2046 section 5.1)."""
    members = value.items() if isinstance(value, dict) else [("", value)]
    parts = [
        _part(name, item)
        for name, member in members
        for item in (member if isinstance(member, list) else [member])
        if item is not None
    ]
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"


def _part(name: str, value: Value) -> str:
    escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'Content-Disposition: form-data; name="{escaped}"\r\n' if name else ""
    kind = "Content-Type: application/json\r\n" if isinstance(value, dict | list) else ""
    return f"{head}{kind}\r\n{text(value)}"


def minimal_xml(schema: Node | None) -> str:
    """An element of the name that a schema gives itself, without content."""
    name = "" if schema is None or (xml := schema.get("xml")) is None else xml.text("name")
    return f"<{name}/>" if name.isidentifier() else "<root/>"
