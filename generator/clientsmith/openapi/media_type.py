"""Media types as documents and headers write them: comparison, choice, and how a body of each is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.charsets import codec_of

Codec = Literal["json", "form", "multipart", "text", "binary"]
FORM = "application/x-www-form-urlencoded"
_ORDER: dict[Codec, int] = {"json": 0, "form": 1, "multipart": 2, "text": 3, "binary": 4}
_CONCRETE = {
    "*/*": "application/json",
    "*": "application/json",
    "application/*": "application/json",
    "text/*": "text/plain",
    "image/*": "image/png",
    "audio/*": "audio/mpeg",
    "video/*": "video/mp4",
}


def essence(text: str) -> str:
    """Type and subtype in lower case, without parameters (RFC 9110, section 8.3.1)."""
    return text.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether this is JSON by name."""
    return essence(media_type).endswith(("/json", "+json"))


def codec(media_type: str, formats: Collection[str] = ()) -> Codec:
    """How a body of that media type is written; `*/*` and `application/*` are JSON, unless `formats` has `binary`.

    `formats` are those of the schema.
    """
    name = essence(media_type)
    is_any = name in ("*/*", "*", "application/*")
    if is_json(name) or (is_any and "binary" not in formats):
        return "json"
    if name == FORM:
        return "form"
    if name == "multipart/form-data":
        return "multipart"
    return "text" if name.startswith("text/") else "binary"


def concrete(media_type: str, formats: Collection[str] = ()) -> str:
    """A media type that a Content-Type header can have: for a range, one of its types that `codec` agrees with."""
    if "*" not in media_type:
        return media_type
    name = essence(media_type)
    if "json" in _CONCRETE.get(name, "") and codec(name, formats) == "binary":
        return "application/octet-stream"
    return _CONCRETE.get(name) or name.replace("*+", "").replace("*", "octet-stream")


def parameter(text: str, name: str) -> str | None:
    """The value of one parameter of a header such as `text/html; charset=utf-8`, without quotes."""
    for part in text.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"')
    return None


def boundary(media_type: str) -> str | None:
    """What separates the parts of a multipart body, if its media type names it (RFC 2046 section 5.1.1)."""
    stated = parameter(media_type, "boundary") if essence(media_type).startswith("multipart/") else None
    return stated or None


def lacks_boundary(media_type: str) -> bool:
    """Whether the media type of a body lacks the boundary that separates its parts."""
    return essence(media_type).startswith("multipart/") and boundary(media_type) is None


def unknown_charset(media_type: str) -> str | None:
    """The charset that a media type of text names, if it is not a known one."""
    label = parameter(media_type, "charset") if codec(media_type) == "text" else None
    return label if label and codec_of(label) is None else None


def matches(declared: str, actual: str) -> bool:
    """Whether a received media type is what a document declares, wildcards allowed in the declaration."""
    return _distance(declared, actual) is not None


def best(declared: Iterable[str], actual: str) -> str | None:
    """The declared media type that a received one falls under, the most specific first; None if there is none."""
    ranked = [(distance, name) for name in declared if (distance := _distance(name, actual)) is not None]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _distance(declared: str, actual: str) -> tuple[int, bool] | None:
    """How far a declared media type is from a received one, a range being farther; None if they do not match."""
    stated, given = essence(declared), essence(actual)
    if stated == given:
        return 0, _parameters(declared) != _parameters(actual)
    if stated in ("*/*", "*"):
        return 3, False
    main, _, sub = stated.partition("/")
    other, _, other_sub = given.partition("/")
    if main != other:
        return None
    if sub.startswith("*+") and (other_sub.endswith(sub[1:]) or other_sub == sub[2:]):
        return 1, False
    return (2, False) if sub == "*" else None


def _parameters(media_type: str) -> list[str]:
    return sorted(part.strip().lower().replace('"', "") for part in media_type.split(";")[1:])


def preferred(offered: Iterable[str]) -> str | None:
    """The media type that a client uses, whatever the order in the document; README states this rule.

    `application/json` comes first, then any other JSON, forms, multipart, text and the rest. Of one kind a range comes
    last, and the rest goes by name. `*/*` and `application/*` count as JSON.
    """

    def rank(name: str) -> tuple[bool, int, bool, str]:
        return essence(name) != "application/json", _ORDER[codec(name)], "*" in name, name

    return min(offered, key=rank, default=None)


_MAX_RANGES = 100
"""Of an Accept header; those after it are not looked at."""


def accepted(declared: list[str], accept: str | None) -> str | None:
    """The declared media type that a client likes best; the first JSON one if Accept says nothing that helps."""
    if not declared:
        return None
    for liked in _preferences(accept or ""):
        for name in declared:
            if liked != "*/*" and matches(liked, name):
                return name
    return next((name for name in declared if is_json(name)), declared[0])


def _preferences(accept: str) -> list[str]:
    ranked: list[tuple[float, str]] = []
    for part in accept.split(",", _MAX_RANGES)[:_MAX_RANGES]:
        if not part.strip():
            continue
        try:
            quality = float(parameter(part, "q") or 1)
        except ValueError:
            quality = 0.0
        if quality > 0:
            ranked.append((-quality, essence(part)))
    return [name for _, name in sorted(ranked, key=lambda pair: pair[0])]


def contents(owner: Node, resolved: ResolvedDocument) -> dict[str, Node]:
    """The Media Type Objects of a `content` field, references followed, in the order of the document."""
    content = owner.get("content")
    if content is None:
        return {}
    return {key: resolved.deref(content.child(key)) for key in content.mapping}
