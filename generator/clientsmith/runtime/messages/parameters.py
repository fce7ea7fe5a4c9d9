"""Parameter values in every OpenAPI style, percent-encoded where they go into a URL (RFC 6570, RFC 3986).

Values arrive checked and plain (dict, list, scalars). Query parameters come out as encoded pairs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import quote

from ..results.errors import RequestValidationError
from ..values.cookies import cookie_name, cookie_octets, cookie_text, is_cookie_name
from ..values.json_codec import JsonError, scalar_text, write
from ..values.media_type import is_json
from ..values.shapes import is_array, is_object
from ..values.unset import UNSET
from .operation import Parameter, Style, refuse_names

Quote = Callable[[str], str]
_RESERVED: Final = ":/?@!$'()*,;="
"""Reserved characters that allowReserved keeps; `#[]&+` have a meaning of their own in a query."""
_TRIPLE: Final = re.compile(r"%25([0-9A-Fa-f]{2})")
_DELIMITERS: Final[dict[str, str]] = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}
_UNSAID: Final[dict[str, str]] = {"spaceDelimited": " ", "pipeDelimited": "|"}
"""What no item may contain: encoded or not, it separates items (OpenAPI 3.1.1, appendix E)."""
_COMPOSITE = (dict, list)


def percent(text: str) -> str:
    """Everything but unreserved characters percent-encoded."""
    return quote(text, safe="")


def percent_reserved(text: str) -> str:
    """As `percent`, with percent-encoded triples and the reserved characters kept that a query value may hold.

    What is a triple already counts as encoded by the caller (RFC 6570 section 3.2.3).
    """
    return _TRIPLE.sub(r"%\1", quote(text, safe=_RESERVED))


def raw(text: str) -> str:
    """Nothing encoded, for headers."""
    return str.__str__(text)


def value_text(value: Any) -> str:
    """A scalar as text; an object or array that is nested where a style has no room for it as JSON."""
    return write(value) if type(value) in _COMPOSITE else scalar_text(value)


def content_text(media_type: str, value: Any, *, ascii_only: bool = False) -> str:
    """A value as a document of a media type: JSON, or the text of a scalar (OpenAPI, `content` of a parameter)."""
    return write(value, ascii_only=ascii_only) if is_json(media_type) else value_text(value)


def _members(
    value: dict[str, Any], encode: Quote, unsaid: str = "", in_keys: str = ""
) -> list[tuple[str, str]]:
    return [
        (encode(_apart(key, unsaid + in_keys)), encode(_apart(value_text(item), unsaid)))
        for key, item in value.items()
        if item is not None
    ]


def _items(value: list[Any], encode: Quote, unsaid: str = "") -> list[str]:
    return [encode(_apart(value_text(item), unsaid)) for item in not_null(value)]


def _apart(text: str, unsaid: str) -> str:
    """The text of an item, if it holds nothing that would be read as a delimiter. Raises JsonError."""
    for mark in unsaid:
        if mark in text:
            raise JsonError(
                f"has {mark!r} inside an item or a key, which this style cannot tell from a delimiter"
            )
    return text


def not_null(value: list[Any]) -> list[Any]:
    """The items, if none is null: as text, null and the empty string are the same. Raises JsonError."""
    if None in value:
        raise JsonError("has null among its items, which text cannot say")
    return value


def path_text(parameter: Parameter, value: Any) -> str:
    """The text that replaces `{name}` in the path: styles simple, label and matrix."""
    if parameter.media_type is not None:
        return percent(content_text(parameter.media_type, value))
    is_empty = value is None or value == "" or (type(value) in _COMPOSITE and not value)
    text = "" if is_empty else _path_styled(parameter, value)
    if not text:
        raise RequestValidationError.because(f"path parameter {parameter.wire!r}", "must not be empty")
    return text


def _path_styled(parameter: Parameter, value: Any) -> str:
    if parameter.style == "label":
        return "." + _label(value, parameter.explode)
    if parameter.style == "matrix":
        return _matrix(parameter, value)
    return _expand(value, percent, parameter.explode)


def _label(value: Any, explode: bool) -> str:
    """No dot is percent-encoded (RFC 6570 section 3.2.5): one that no key follows belongs to a value."""
    if explode and is_array(value):
        return ".".join(_items(value, percent, "."))
    if explode and is_object(value):
        return ".".join(f"{key}={text}" for key, text in _members(value, percent, in_keys="."))
    return _expand(value, percent, explode)


def _expand(value: Any, encode: Quote, explode: bool, unsaid: str = "") -> str:
    """Items and members between commas; none of them may contain what is in `unsaid`."""
    if is_array(value):
        return ",".join(_items(value, encode, unsaid))
    if is_object(value):
        pairs = _members(value, encode, unsaid)
        return ",".join(f"{key}={text}" if explode else f"{key},{text}" for key, text in pairs)
    return encode(value_text(value))


def _matrix(parameter: Parameter, value: Any) -> str:
    name = percent(parameter.wire)
    if is_object(value) and parameter.explode:
        return "".join(f";{key}={text}" for key, text in _members(value, percent))
    if is_array(value) and parameter.explode:
        return "".join(f";{name}={text}" for text in _items(value, percent))
    return f";{name}={_expand(value, percent, False)}"


def query_pairs(
    name: str, value: Any, style: Style, explode: bool, encode: Quote = percent, quote_name: Quote = percent
) -> list[tuple[str, str]]:
    """The pairs of one value, encoded unless `encode` is `raw`: styles form, spaceDelimited, pipeDelimited, deepObject.

    An empty array or object and a null give no pair, as in RFC 6570.
    """
    key = quote_name(name)
    if value is None:
        return []
    if type(value) not in _COMPOSITE:
        return [(key, encode(scalar_text(value)))]
    if style == "deepObject":
        return _deep(name, value, encode, quote_name)
    if explode and is_array(value):
        return [(key, item) for item in _items(value, encode)]
    if explode:
        return _exploded(value, encode, quote_name)
    unsaid = _UNSAID.get(style, "," if encode in (raw, percent_reserved) else "")
    if is_array(value):
        parts = _items(value, encode, unsaid)
    else:
        parts = [part for pair in _members(value, encode, unsaid) for part in pair]
    return [(key, (unsaid if encode is raw else _DELIMITERS.get(style, ",")).join(parts))] if parts else []


def _exploded(members: dict[str, Any], encode: Quote, quote_name: Quote) -> list[tuple[str, str]]:
    """One pair per property; an array inside repeats the property's name."""
    pairs: list[tuple[str, str]] = []
    for key, item in members.items():
        values: list[Any] = not_null(item) if is_array(item) else [item]
        pairs += [(quote_name(key), encode(value_text(entry))) for entry in values if entry is not None]
    return pairs


def _deep(name: str, value: Any, encode: Quote, quote_name: Quote) -> list[tuple[str, str]]:
    """`name[key]=value`, brackets again for what is nested, array items by index."""
    if value is None:
        return []
    if is_object(value):
        entries = [(_apart(str.__str__(key), "[]"), item) for key, item in value.items()]
    elif is_array(value):
        entries = [(str(index), item) for index, item in enumerate(not_null(value))]
    else:
        return [(quote_name(name), encode(scalar_text(value)))]
    pairs = [_deep(f"{name}[{key}]", item, encode, quote_name) for key, item in entries]
    if is_array(value) and [] in pairs:
        raise JsonError("has an item without anything in it, which this style leaves out")
    return [pair for found in pairs for pair in found]


def parameter_query(parameter: Parameter, value: Any) -> list[tuple[str, str]]:
    """The encoded pairs of a query parameter."""
    encode = percent_reserved if parameter.allow_reserved else percent
    if parameter.media_type is not None:
        return [(percent(parameter.wire), encode(content_text(parameter.media_type, value)))]
    return query_pairs(parameter.wire, value, parameter.style, parameter.explode, encode)


def _sent_value(parameter: Parameter, value: Any) -> Any:
    """The value that a style writes: itself, or UNSET if it is undefined to the style (RFC 6570 section 2.3).

    Null, and lists and objects without anything, are. A parameter that has to be sent is sent as empty text then
    (OpenAPI 3.1.1, Style Examples). Raises JsonError if that may be read as another value.
    """
    if parameter.media_type is not None or not _says_nothing(value):
        return value
    if not parameter.required:
        return UNSET
    if is_object(value) and (parameter.explode or parameter.style == "deepObject"):
        raise JsonError("is required, and an object without members sends nothing in this style")
    others = (one for one in ("", None, [], [""]) if one != value)
    if not parameter.allow_empty and any(_is_taken(parameter, one) for one in others):
        raise JsonError("is required, and its empty text would mean another value, such as the empty string")
    return ""


def _says_nothing(value: Any) -> bool:
    if is_object(value):
        return all(item is None for item in value.values())
    return value is None or value == []


def _is_taken(parameter: Parameter, value: Any) -> bool:
    try:
        parameter.schema.encode(value, parameter.wire)
    except RequestValidationError:
        return False
    return True


def header_text(parameter: Parameter, value: Any) -> str:
    """The value of a header parameter, not percent-encoded; JSON content is written in ASCII."""
    if parameter.media_type is not None:
        return content_text(parameter.media_type, value, ascii_only=True)
    unsaid = ",=" if parameter.explode and is_object(value) else ","
    return _expand(value, raw, parameter.explode, unsaid)


def cookie_pairs(parameter: Parameter, value: Any) -> list[str]:
    """The `name=value` pairs of a cookie parameter; characters that no cookie may hold are percent-encoded.

    Style `cookie` encodes nothing, so that a value with such a character is refused (OpenAPI 3.2, Style Values).
    """
    if parameter.media_type is not None:
        return [f"{parameter.wire}={cookie_text(content_text(parameter.media_type, value))}"]
    if parameter.style == "cookie":
        return _raw_cookie_pairs(parameter, value)
    # The keys of an exploded object are data; the name of a parameter is the document's.
    quote_name = cookie_name if is_object(value) and parameter.explode else raw
    pairs = query_pairs(parameter.wire, value, parameter.style, parameter.explode, cookie_text, quote_name)
    return [f"{key}={text}" for key, text in pairs]


def _raw_cookie_pairs(parameter: Parameter, value: Any) -> list[str]:
    is_named_by_data = is_object(value) and parameter.explode
    pairs = query_pairs(parameter.wire, value, "form", parameter.explode, cookie_octets, raw)
    if is_named_by_data and not all(is_cookie_name(key) for key, _ in pairs):
        raise JsonError("has a member whose name cannot be the name of a cookie")
    return [f"{key}={text}" for key, text in pairs]


def _refuse_other_names(parameter: Parameter, value: dict[str, Any], declared: Iterable[Parameter]) -> None:
    """Raise JsonError if a member of an exploded object would be read as another parameter of the same place."""
    if parameter.media_type is not None:
        return
    names = {one.wire for one in declared if one.location == parameter.location} - {parameter.wire}
    if parameter.style in ("form", "cookie"):
        if parameter.explode:
            refuse_names(value, names, "parameter", parameter.members)
    elif parameter.style == "deepObject":
        written = {f"{parameter.wire}[{key}]": item for key, item in value.items()}
        refuse_names(written, names, "parameter", None)


_WRITERS: Final[dict[str, Callable[[Parameter, Any], Any]]] = {
    "path": path_text, "query": parameter_query, "header": header_text, "cookie": cookie_pairs,
}  # fmt: skip


def written(parameter: Parameter, value: Any, declared: Iterable[Parameter] = ()) -> Any:
    """The text of a parameter in a path or a header, its pairs in a query or cookies; None if nothing is sent.

    `declared` are those of the operation. Raises RequestValidationError for what cannot be written, with its name.
    """
    try:
        value = value if parameter.location == "path" else _sent_value(parameter, value)
        if is_object(value) and parameter.location in ("query", "cookie"):
            _refuse_other_names(parameter, value, declared)
        return None if value is UNSET else _WRITERS[parameter.location](parameter, value)
    except (JsonError, UnicodeEncodeError, RecursionError) as error:
        reason = str(error)
        if isinstance(error, UnicodeEncodeError):
            reason = "text with a lone surrogate"
        elif isinstance(error, RecursionError):
            reason = "nested too deeply"
        raise RequestValidationError.because(
            f"{parameter.location} parameter {parameter.wire!r}", reason
        ) from None
