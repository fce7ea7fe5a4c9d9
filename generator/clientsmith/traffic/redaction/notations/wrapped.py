"""What texts are wrapped in before they are sent: JSONP, guards against inclusion, base64, streams of JSON values."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator

from clientsmith.json_values.tokens import is_json

_BEFORE_JSON = re.compile(
    r"\s*(?:/\*\*/\s*)?(?:\)\]\}',?\s*|while\s*\(1\);\s*|for\s*\(;;\);\s*|throw\s[^\n]{0,40}\n|&&&START&&&"
    r"|(?:typeof\s[\w.$]{1,60}\s===\s'function'\s&&\s)?[\w.$\[\]\"']{1,100}\s?\(\s*"
    r"|(?:(?:var|let|const)\s)?[\w.$]{1,60}\s?=\s?)(?=[{\[])"
)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{16,}|[A-Za-z0-9_-]{16,})={0,2}")
_TEXT = re.compile(rb"[\t\n\r -~\x80-\xff]*")
_NAMED = re.compile(r"\A[\w .-]{2,60}[=:]")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


def json_inside(text: str) -> tuple[int, int] | None:
    """Where the JSON is in a text that wraps one value (JSONP, a guard, an assignment)."""
    before = _BEFORE_JSON.match(text)
    end = _value_end(text, before.end()) if before is not None else None
    return (before.end(), end) if before is not None and end is not None else None


def json_stream(text: str) -> Iterator[tuple[int, int]]:
    """Where the values are of a text that begins with several, one behind the other (RFC 7464, ndjson)."""
    position = 0
    while True:
        while position < len(text) and text[position] in " \t\r\n\x1e,":
            position += 1
        end = _value_end(text, position) if text[position : position + 1] in ("{", "[") else None
        if end is None:
            return
        yield position, end
        position = end


def _value_end(text: str, start: int) -> int | None:
    try:
        return _DECODER.raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        return None


def event_json(lines: list[str]) -> str | None:
    """The JSON that the `data:` lines of one event hold together (HTML, section 9.2.6); None if it is none."""
    if len(lines) < 2 or lines[0][len("data:") :].lstrip()[:1] not in ("{", "["):
        return None
    joined = event_lines(lines)
    return joined if is_json(joined) else None


def event_lines(lines: list[str]) -> str:
    """What `data:` lines hold, a line each."""
    return "\n".join(line.removeprefix("data:").rstrip("\r\n") for line in lines)


def from_base64(text: str) -> str | None:
    """The text that a text in base64 holds, if that looks like one with names in it (RFC 4648, sections 4 and 5)."""
    if _BASE64.fullmatch(text) is None:
        return None
    try:
        raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=_signs(text))
        inner = raw.decode() if _TEXT.fullmatch(raw) else ""
    except (binascii.Error, ValueError):
        return None
    return inner if inner[:1] in ("{", "[", "<", "-") or _NAMED.search(inner) else None


def to_base64(inner: str, like: str) -> str:
    """A text in base64 with the alphabet and the padding of another one."""
    written = base64.b64encode(inner.encode(), altchars=_signs(like)).decode()
    return written if like.endswith("=") or len(like) % 4 == 0 else written.rstrip("=")


def _signs(text: str) -> bytes:
    return b"-_" if "-" in text or "_" in text else b"+/"
