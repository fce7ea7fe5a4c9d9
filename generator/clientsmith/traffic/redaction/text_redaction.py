"""Text of any notation without its secrets: which notations it may be in, and what is in the values that they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote_plus, unquote_plus

from clientsmith.document.model import Node
from clientsmith.json_values.tokens import is_json
from clientsmith.openapi.media_type import FORM
from clientsmith.traffic.redaction.json_redaction import redact_json
from clientsmith.traffic.redaction.notations import wrapped
from clientsmith.traffic.redaction.notations.named_text import is_oauth_code
from clientsmith.traffic.redaction.notations.spots import Spot, replace_spots
from clientsmith.traffic.redaction.notations.table import delimiter_of, table_spots
from clientsmith.traffic.redaction.notations.xml import has_tags, xml_spots
from clientsmith.traffic.redaction.redaction import (
    DEEPEST,
    Redaction,
    SchemaOf,
    SecretPlace,
    name_steps,
    no_schemas,
)
from clientsmith.traffic.redaction.spellings import has_escapes, unescaped

_FORM = re.compile(r"[\w.%+*\[\]$~!-]{1,300}=[^\s&]*(?:&[^\s&]*)*\s*")
_TABLES = {"text/csv": ",", "text/tab-separated-values": "\t"}
_JSON_STARTS = ("{", "[", '"')


def redact_text(
    redaction: Redaction,
    place: SecretPlace,
    text: str,
    *,
    kind: str = "",
    schema_of: SchemaOf = no_schemas,
    depth: int = 0,
) -> str:
    """The text without its secrets, the very same text if there are none.

    `kind` is the media type that is declared, which may be untrue; `depth` is in how many notations the text is.
    """
    if depth >= DEEPEST:
        return redaction.scrub(place, text)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    bare = text[len(mark) :]
    if bare.lstrip()[:1] in _JSON_STARTS and is_json(bare):
        return mark + _json(redaction, place, bare, schema_of, depth)
    encoded = _base64(redaction, place, bare, depth) if kind != FORM else None
    if encoded is not None:
        return mark + encoded
    if kind == FORM or (not depth and _FORM.fullmatch(bare)):
        return mark + form(redaction, place.below, bare, lambda name: schema_of((name,)), depth=depth)
    for read in (_wrapped_json, _streamed_json, _tagged, _table):
        redacted = read(redaction, place, bare, kind, depth)
        if redacted is not None:
            return mark + redacted
    if has_escapes(bare):
        # What is read there is not written: it is met, and goes when the exchange is gone through again.
        _read_unescaped(redaction, place, bare, depth)
    return mark + _lines(redaction, place, bare, depth)


def _read_unescaped(redaction: Redaction, place: SecretPlace, text: str, depth: int) -> None:
    plain = unescaped(text)
    if plain != text:
        redact_text(redaction.aside(), place, plain, depth=depth + 1)


def form(
    redaction: Redaction,
    place_of: Callable[[str], SecretPlace],
    text: str,
    schemas_of: Callable[[str], list[Node]],
    *,
    depth: int = 0,
) -> str:
    """A query or a form, `a=1&b=2`; values are read in whatever notation, and what has no secret keeps its bytes."""

    def pair(written: str) -> str:
        name, equals, value = written.partition("=")
        plain, bare = unquote_plus(value), unquote_plus(name)
        where = place_of(bare)
        if not equals:
            kept = redaction.scrub(where, bare)
            return written if kept == bare else quote_plus(kept)
        if redaction.names.hides(name_steps(bare), plain) or is_oauth_code(bare, text):
            kept = redaction.string(where, plain, schemas_of(bare))
        else:
            kept = redact_text(
                redaction, where, plain, schema_of=_schema_of(redaction, schemas_of, bare), depth=depth + 1
            )
        shown = redaction.scrub(where, bare)
        return (
            (name if shown == bare else quote_plus(shown))
            + equals
            + (value if kept == plain else quote_plus(kept))
        )

    return "&".join(pair(written) for written in text.split("&"))


def _schema_of(redaction: Redaction, schemas_of: Callable[[str], list[Node]], name: str) -> SchemaOf:
    def schema_of(pointer: tuple[str, ...]) -> list[Node]:
        schemas = schemas_of(name)
        return redaction.schema_of(schemas[0])(pointer) if schemas else []

    return schema_of


def _json(redaction: Redaction, place: SecretPlace, text: str, schema_of: SchemaOf, depth: int) -> str:
    def inner(where: SecretPlace, value: str) -> str:
        return redact_text(redaction, where, value, depth=depth + 1)

    return redact_json(redaction, place, text, schema_of, inner)


def _base64(redaction: Redaction, place: SecretPlace, text: str, depth: int) -> str | None:
    bare = text.strip()
    inner = wrapped.from_base64(bare)
    if inner is None:
        return None
    kept = redact_text(redaction, place, inner, depth=depth + 1)
    return redaction.scrub(
        place, text if kept == inner else text.replace(bare, wrapped.to_base64(kept, bare))
    )


def _wrapped_json(redaction: Redaction, place: SecretPlace, text: str, _: str, depth: int) -> str | None:
    span = wrapped.json_inside(text)
    if span is None:
        return None
    start, end = span
    inner = _json(redaction, place, text[start:end], no_schemas, depth + 1)
    return text[:start] + inner + _lines(redaction, place, text[end:], depth + 1)


def _streamed_json(redaction: Redaction, place: SecretPlace, text: str, _: str, depth: int) -> str | None:
    parts: list[str] = []
    done = 0
    for start, end in wrapped.json_stream(text):
        parts += (text[done:start], _json(redaction, place, text[start:end], no_schemas, depth + 1))
        done = end
    return "".join((*parts, _lines(redaction, place, text[done:], depth))) if parts else None


def _tagged(redaction: Redaction, place: SecretPlace, text: str, kind: str, depth: int) -> str | None:
    if not has_tags(text):
        return None

    def value(spot: Spot) -> str:
        if redaction.names.hides(spot.path, spot.value):
            return redaction.string(place, spot.value, [])
        is_more = len(spot.value) > 3 and spot.value != text
        return redact_text(redaction, place, spot.value, depth=depth + 1) if is_more else spot.value

    kept = replace_spots(text, xml_spots(text), value)
    # Text that only has some tags in it, or what looks like one, has names outside of them too.
    return (
        redaction.addresses(place, kept) if text.lstrip()[:1] == "<" else redaction.prose(place, kept, depth)
    )


def _table(redaction: Redaction, place: SecretPlace, text: str, kind: str, depth: int) -> str | None:
    delimiter = delimiter_of(text) or _TABLES.get(kind)
    if delimiter is None:
        return None

    def value(spot: Spot) -> str:
        if redaction.names.hides(spot.path, spot.value):
            return redaction.string(place, spot.value, [])
        return (
            redact_text(redaction, place, spot.value, depth=depth + 1) if len(spot.value) > 7 else spot.value
        )

    return redaction.prose(place, replace_spots(text, table_spots(text, delimiter), value), depth)


def _lines(redaction: Redaction, place: SecretPlace, text: str, depth: int) -> str:
    """Text of which some lines are JSON, such as a log or a stream of events, and the others of no known notation."""
    parts: list[str] = []
    waiting: list[str] = []
    for group in _groups(text.splitlines(keepends=True)):
        redacted = _json_group(redaction, place, group, depth)
        if redacted is None:
            waiting += group
        else:
            parts += (redaction.prose(place, "".join(waiting), depth), redacted)
            waiting = []
    return "".join((*parts, redaction.prose(place, "".join(waiting), depth)))


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Lines one by one, but the `data:` lines of an event together if only together they are JSON."""
    number = 0
    while number < len(lines):
        last = number + 1
        while last < len(lines) and lines[number].startswith("data:") and lines[last].startswith("data:"):
            last += 1
        group = lines[number:last]
        if wrapped.event_json(group) is not None:
            yield group
        else:
            yield from ([line] for line in group)
        number = last


def _json_group(redaction: Redaction, place: SecretPlace, lines: list[str], depth: int) -> str | None:
    """Lines that are JSON, without their secrets; None if they are not."""
    if len(lines) == 1:
        mark = "data:" if lines[0].startswith("data:") else ""
        value = lines[0][len(mark) :]
        if value.lstrip()[:1] in ("{", "[") and is_json(value):
            return mark + _json(redaction, place, value, no_schemas, depth + 1)
        return None
    kept = _json(redaction, place, wrapped.event_lines(lines), no_schemas, depth + 1).split("\n")
    ends = [line[len(line.rstrip("\r\n")) :] for line in lines]
    return "".join(f"data:{text}{end}" for text, end in zip(kept, ends, strict=True))
