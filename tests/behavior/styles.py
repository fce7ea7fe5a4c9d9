"""Reads parameters back out of a request, in every OpenAPI style, the way a server would: the inverse of the client.

Written from the tables of RFC 6570 and of the OpenAPI Parameter Object alone, never from the client's encoder.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

Text = str | list[str] | dict[str, str]


def read_path(segment: str, name: str, kind: str, style: str, explode: bool) -> Text:
    """The value of a path parameter that is the whole last segment."""
    if style == "simple":
        return _split(segment, ",", kind, explode, name)
    if style == "label":
        assert segment.startswith(".")
        return _split(segment[1:], "." if explode else ",", kind, explode, name)
    assert segment.startswith(";")
    if explode and kind != "scalar":
        pairs = [part.split("=", 1) for part in segment[1:].split(";")]
        return _exploded([(unquote(key), unquote(text)) for key, text in pairs], name, kind)
    key, _, text = segment[1:].partition("=")
    assert unquote(key) == name
    return _split(text, ",", kind, False, name)


def read_header(value: str, kind: str, explode: bool) -> Text:
    """The value of a header parameter: style simple, nothing percent-encoded."""
    return _split(value, ",", kind, explode, "", decode=str)


def read_pairs(pairs: list[tuple[str, str]], name: str, kind: str, style: str, explode: bool) -> Text:
    """The value of a query or cookie parameter from raw pairs, still percent-encoded."""
    read = [(unquote(key), text) for key, text in pairs]
    if style == "deepObject":
        return {key[len(name) + 1 : -1]: unquote(text) for key, text in read if key.startswith(f"{name}[")}
    if explode and kind != "scalar":
        return _exploded([(key, unquote(text)) for key, text in read], name, kind)
    ((key, text),) = read
    assert key == name
    separator = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}[style]
    return _split(text, separator, kind, False, name)


def _split(text: str, separator: str, kind: str, explode: bool, name: str, decode: Any = unquote) -> Text:
    if kind == "scalar":
        return str(decode(text))
    parts = text.split(separator)
    if kind == "array":
        return [decode(part) for part in parts]
    if explode:
        return {decode(key): decode(value) for key, _, value in (part.partition("=") for part in parts)}
    return {decode(key): decode(value) for key, value in zip(parts[::2], parts[1::2], strict=True)}


def _exploded(pairs: list[tuple[str, str]], name: str, kind: str) -> Text:
    if kind == "array":
        assert {key for key, _ in pairs} == {name}
        return [text for _, text in pairs]
    return dict(pairs)
