"""Finds credentials by their looks, which `token_shapes` lists, in time linear in the text.

Rust's engine, which pydantic brings, says at the speed of memory whether any expression of the table fits. Only a
stretch in which one does is searched for the places.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from pydantic_core import SchemaValidator, core_schema

from clientsmith.traffic.redaction.known_secrets import merged
from clientsmith.traffic.redaction.spellings import has_escapes, unescaped
from clientsmith.traffic.redaction.token_shapes import TOKEN_SHAPES, TokenShape

_CHUNK = 256 * 1024
_OVERLAP = 64 * 1024
"""No token is longer, but for keys and runs that have no end, which are followed beyond it."""
_GROUPS = 4
_COUNTED = re.compile(r"\{([0-9]+)(?:,[0-9]*)?\}")


@functools.cache
def _python() -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(shape) for shape in TOKEN_SHAPES)


def _compiled(shape: TokenShape) -> re.Pattern[str]:
    # What an escape ends with, as in `%3D` or `\\n`, is no part of a word.
    before = rf"(?:(?<![{shape.apart_from}])|(?<=%[0-9A-F]{{2}})|(?<=\\[nrt]))" if shape.apart_from else ""
    return re.compile(before + shape.pattern.replace(r"\z", r"\Z"), re.IGNORECASE if shape.any_case else 0)


@functools.cache
def _rust() -> tuple[SchemaValidator, ...]:
    """Expressions for several shapes each: of one for all the engine would have to hold too many states to be quick."""
    return tuple(
        _validator("|".join(_for_rust(shape) for shape in TOKEN_SHAPES[first::_GROUPS]))
        for first in range(_GROUPS)
    )


def _validator(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))


def shape_spans(text: str) -> list[tuple[int, int]]:
    """The spans of credentials in a text, in its order; no two touch each other."""
    if len(text) < 12:
        return []
    if not text.isascii():
        # Rust takes no half of a surrogate pair; no expression depends on which character is there.
        text = text.encode("utf-8", "replace").decode()
    spans: list[tuple[int, int]] = []
    done: dict[str, int] = {}
    for start in range(0, len(text), _CHUNK):
        chunk = text[start : start + _CHUNK + _OVERLAP]
        if any(group.isinstance_python(chunk) for group in _rust()):
            spans += _in_stretch(text, start, min(len(text), start + len(chunk)), done)
    return merged(spans)


@functools.cache
def _rust_by_shape() -> tuple[SchemaValidator, ...]:
    return tuple(_validator(_for_rust(shape)) for shape in TOKEN_SHAPES)


def _for_rust(shape: TokenShape) -> str:
    """An expression that fits wherever that of the shape does, and has few states, so that the engine stays quick."""
    pattern = _COUNTED.sub(lambda count: f"{{{min(int(count[1]), 3)},}}", shape.pattern)
    return ("(?i:" if shape.any_case else "(?:") + pattern.replace("?P<s>", "?:") + ")"


def _in_stretch(text: str, start: int, end: int, done: dict[str, int]) -> Iterator[tuple[int, int]]:
    """`done` is how far each shape has been looked for."""
    chunk = text[start:end]
    for shape, quick, exact in zip(TOKEN_SHAPES, _rust_by_shape(), _python(), strict=True):
        if quick.isinstance_python(chunk):
            for match in _matches(exact, text, max(start, done.get(shape.name, 0)), end):
                done[shape.name] = match.end()
                first, last = match.span("s" if "s" in exact.groupindex else 0)
                if last - first >= max(1, shape.least):
                    yield first, last


def _matches(exact: re.Pattern[str], text: str, position: int, end: int) -> Iterator[re.Match[str]]:
    while position < end and (match := exact.search(text, position, end)) is not None:
        if match.end() == end < len(text):
            match = exact.match(text, match.start()) or match
        yield match
        position = max(match.end(), position + 1)


def may_hold_shapes(text: str) -> bool:
    """False when it is certain that a text has no credential, escaped or not."""
    return bool(shape_spans(text)) or (has_escapes(text) and bool(shape_spans(unescaped(text))))
