"""Text of others as Markdown: it can neither add markup nor leave its place on the page, whichever engine reads it.

CommonMark, GFM with its autolinks, markdown-it with linkify and mistune are the measure. They agree on escapes,
entities and code spans, but not on when an address becomes a link; so whatever looks like an address becomes a code
span, which none of them looks into. All functions take time linear in the text.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence

from clientsmith.characters import escape, visible

MOST_SUMMARY = 900_000
"""Bytes of a job summary; GitHub refuses those of more than 1 MiB."""

_BACKTICKS = re.compile(r"`+")
_MARKUP = re.compile(r"[\\`*\[\]<>&|~$#^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|!(?=\[)|=(?==)")
_STRONG = re.compile(r"(?<![*\\])\*\*(?=[A-Za-z0-9])([^*`]*[A-Za-z0-9.:!?])\*\*(?!\*)")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "`": "&#96;"}
_BLOCK_START = re.compile(r"[+=:-]|[0-9]+(?=[.)])")
_LIST_ITEM = re.compile(r"^ *[-*+] ", re.MULTILINE)
_WORD = re.compile(r"[^\s`()\[\]<>\"]+")
_ADDRESS = re.compile(
    r"//|www\.|@|mailto:|xmpp:"
    r"|\.(?:[a-z]{2}|biz|com|edu|gov|net|org|pro|web|xxx|aero|asia|coop|info|museum|name|shop|рф|xn--[a-z0-9-]+)(?![^\W_])",
    re.IGNORECASE,
)
"""What GFM, mistune and linkify-it take for the start or the end of an address, wherever it is in a word."""
_BEFORE, _AFTER = "{'*", "}'*.,;:!?"


def inline(text: str, *, cell: bool = False) -> str:
    """`text` on one line, for prose or a table's `cell`; code spans stay code spans, addresses become code spans."""
    line = " ".join(visible(text).split())
    parts = itertools.groupby((part for part in _parts(line) if part[1]), key=lambda part: part[0])
    written = [
        _code_spans_of(escape(joined), cell=cell) if is_code else joined
        for is_code, joined in ((kind, "".join(text for _, text in group)) for kind, group in parts)
    ]
    if not written:
        return ""
    start = _BLOCK_START.match(line)
    if start is None or not written[0].startswith(start[0]):
        return "".join(written)
    guarded = f"{start[0]}\\" if start[0].isdigit() else f"\\{start[0]}"
    return "".join([guarded, written[0][start.end() :], *written[1:]])


def block(text: str) -> str:
    """Paragraphs and plain lists of `text`; every other kind of block becomes a paragraph."""
    blocks: list[str] = []
    for paragraph in re.split(r"\n\n+", visible(text).strip()):
        starts = [match.start() for match in _LIST_ITEM.finditer(paragraph)]
        head = paragraph[: starts[0]] if starts else paragraph
        blocks.append(inline(head))
        spans = itertools.pairwise([*starts, len(paragraph)])
        items = [inline(paragraph[start:end].lstrip()[1:]) for start, end in spans]
        blocks.append("\n".join(f"- {item}" for item in items if item))
    return "\n\n".join(each for each in blocks if each)


def code(text: str, *, cell: bool = False) -> str:
    r"""A code span that shows `text`; in a table's `cell` one on either side of each pipe: `` `str` \| `None` ``.

    A pipe within a code span of a cell would have to be escaped for GFM, and mistune would show the escape.
    """
    return _code_spans_of(escape(" ".join(visible(text).split())), cell=cell)


def _code_spans_of(text: str, *, cell: bool) -> str:
    return "\\|".join(map(_code_span, text.split("|"))) if cell else _code_span(text)


def _code_span(text: str) -> str:
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    fence = "`" * (_longest_run(inner) + 1)
    padding = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{before}{fence}{padding}{inner}{padding}{fence}{after}"


def fenced(text: str, language: str = "") -> str:
    """A code block that nothing in `text` can close."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def fitting(blocks: Sequence[str], room: int, others: str) -> tuple[str, int]:
    """As many blocks as have room, in bytes, with a line that counts the `others`; and the room that is left."""
    ends = list(itertools.accumulate(len(block.encode()) for block in blocks))
    kept = bisect.bisect_right(ends, room)
    text = "".join(blocks[:kept])
    if kept < len(blocks):
        text += f"\n{len(blocks) - kept:,} more {others}.\n"
    return text, room - (ends[kept - 1] if kept else 0)


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _parts(line: str) -> Iterator[tuple[bool, str]]:
    """The content of each code span, and escaped Markdown for what is between them."""
    end = 0
    for start, stop, width in _code_spans(line):
        yield from _prose(line[end:start])
        yield True, line[start + width : stop - width]
        end = stop
    yield from _prose(line[end:])


def _code_spans(line: str) -> Iterator[tuple[int, int, int]]:
    """Start, end and width of the fence of each code span (CommonMark 6.1): the next run of the same length ends it."""
    runs = [(run.start(), run.end()) for run in _BACKTICKS.finditer(line)]
    by_width: dict[int, list[int]] = {}
    for start, stop in runs:
        by_width.setdefault(stop - start, []).append(start)
    end = 0
    for start, stop in runs:
        if start < end or line[start - 1 : start] == "\\":
            continue
        same = by_width[stop - start]
        following = bisect.bisect_right(same, start)
        if following < len(same) and not line[stop : same[following]].isspace():
            end = same[following] + stop - start
            yield start, end, stop - start


def _prose(text: str) -> Iterator[tuple[bool, str]]:
    """Strong emphasis is the one markup that passes: descriptions use it, and it cannot reach beyond its own words."""
    end = 0
    for strong in _STRONG.finditer(text):
        if _ADDRESS.search(strong[1]):
            continue
        yield from _plain(text[end : strong.start()])
        yield False, f"**{_escaped(strong[1])}**"
        end = strong.end()
    yield from _plain(text[end:])


def _plain(text: str) -> Iterator[tuple[bool, str]]:
    end = 0
    for word in _WORD.finditer(text):
        if _ADDRESS.search(word[0]) is None:
            continue
        start, stop = _trimmed(word)
        yield False, _escaped(text[end:start])
        yield True, text[start:stop]
        end = stop
    yield False, _escaped(text[end:])


def _trimmed(word: re.Match[str]) -> tuple[int, int]:
    """Where the address in a word starts and ends: without what encloses or ends it, unless that is part of it."""
    inner = word[0].rstrip(_AFTER)
    stop = word.start() + len(inner)
    start = stop - len(inner.lstrip(_BEFORE))
    return (start, stop) if _ADDRESS.search(inner) else (word.start(), word.end())


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda found: _ENTITIES.get(found[0]) or f"\\{found[0]}", text)
