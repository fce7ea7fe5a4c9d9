"""Which bytes a value of a JSON type becomes, in words that are equal if the bytes are (OpenAPI, Style Values)."""

from __future__ import annotations

from clientsmith.openapi import media_type
from clientsmith.openapi.parameter import STYLES, Location, Parameter, Style

_PAIRS = ("form", "spaceDelimited", "pipeDelimited", "deepObject")
_SEPARATORS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "|", "simple": ",", "cookie": ","}


def written(parameter: Parameter, kind: str, *, is_single: bool = False) -> str:
    """How the value of a parameter or header is written."""
    if parameter.media_type is None:
        is_exploded = parameter.explode
        return styled(parameter.style, parameter.name, kind, is_exploded=is_exploded, is_single=is_single)
    return as_document(parameter.media_type, kind, parameter.location)


def styled(style: Style, name: str, kind: str, *, is_exploded: bool, is_single: bool = False) -> str:
    """How a value is written in a style. Only in a path the name depends on who writes it.

    An array that `is_single` has no second item: in styles that escape what they write between items, it is its item.
    """
    label = name if style == "matrix" else "name"
    if kind == "array" and not (is_single and style in ("form", "matrix")):
        return _array(style, label, is_exploded=is_exploded)
    if kind == "object":
        return _object(style, label, is_exploded=is_exploded)
    if style in _PAIRS or (style == "cookie" and kind != "string"):
        return "name=value"
    return {"simple": "value", "label": ".value", "cookie": "name=value unescaped"}.get(
        style, f";{label}=value"
    )


def _array(style: Style, label: str, *, is_exploded: bool) -> str:
    if style == "deepObject":
        return "name[]=a&name[]=b"
    if style == "label":
        return ".a.b" if is_exploded else ".a,b"
    if style == "matrix":
        return f";{label}=a;{label}=b" if is_exploded else f";{label}=a,b"
    joined = f"a{_SEPARATORS[style]}b"
    if style == "simple":
        return joined
    separator = "; " if style == "cookie" else "&"
    return f"name=a{separator}name=b" if is_exploded else f"name={joined}"


def _object(style: Style, label: str, *, is_exploded: bool) -> str:
    if style == "deepObject":
        return "name[key]=value"
    if style == "label":
        return ".key=value" if is_exploded else ".key,value"
    if style == "matrix":
        return ";key=value" if is_exploded else f";{label}=key,value"
    separator = _SEPARATORS[style]
    if style == "simple":
        return f"key=value{separator}" if is_exploded else f"key{separator}value"
    return "key=value" if is_exploded else f"name=key{separator}value"


def as_document(content: str, kind: str, location: Location) -> str:
    """How a value is written that is a document of a media type; what JSON writes as plain text is plain text."""
    is_plain = kind in ("number", "boolean") and media_type.codec(content) in ("json", "text")
    if is_plain or (kind == "string" and media_type.codec(content) == "text"):
        return styled(STYLES[location][0], "name", kind, is_exploded=False)
    return f"a document of {media_type.essence(content)}"
