"""Text of the document as Markdown: escaped so that it can neither add markup nor leave its place on the page."""

from __future__ import annotations

import itertools
import re

from clientsmith.emit.literals import visible

_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_MARKUP = re.compile(r"[\\`*\[\]<>&|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|!(?=\[)")
_STRONG = re.compile(r"(?<![*\\])\*\*(?=[A-Za-z0-9])([^*`]*[A-Za-z0-9.:!?])\*\*(?!\*)")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_BLOCK_START = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))")
_LIST_ITEM = re.compile(r"^\s*[-*+] ", re.MULTILINE)
_BACKTICKS = re.compile(r"`+")


def inline(text: str, *, cell: bool = False) -> str:
    """`text` on one line, for prose or a table's `cell`; code spans stay code spans."""
    line = " ".join(visible(text).split())
    parts: list[str] = []
    end = 0
    for span in _CODE_SPAN.finditer(line):
        parts += [_escaped(line[end : span.start()]), code(span[2], cell=cell)]
        end = span.end()
    return _BLOCK_START.sub(_guarded, "".join([*parts, _escaped(line[end:])]))


def block(text: str) -> str:
    """Paragraphs and plain lists of `text`; every other kind of block becomes a paragraph."""
    blocks: list[str] = []
    for paragraph in re.split(r"\n\s*\n", visible(text).strip()):
        starts = [match.start() for match in _LIST_ITEM.finditer(paragraph)]
        head = paragraph[: starts[0]] if starts else paragraph
        blocks.append(inline(head))
        spans = itertools.pairwise([*starts, len(paragraph)])
        items = [inline(paragraph[start:end].lstrip()[1:]) for start, end in spans]
        blocks.append("\n".join(f"- {item}" for item in items if item))
    return "\n\n".join(each for each in blocks if each)


def code(text: str, *, cell: bool = False) -> str:
    """A code span that shows `text`; in a table's `cell`, GFM wants its pipes escaped and takes the escape away."""
    shown = " ".join(visible(text).split())
    if cell:
        shown = shown.replace("|", "\\|")
    if not shown:
        return ""
    fence = "`" * (_longest_run(shown) + 1)
    padding = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def fenced(text: str, language: str) -> str:
    """A code block that nothing in `text` can close."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _escaped(text: str) -> str:
    """Strong emphasis is the one markup that passes: descriptions use it, and it cannot reach beyond its own words."""
    parts: list[str] = []
    end = 0
    for strong in _STRONG.finditer(text):
        parts += [_plain(text[end : strong.start()]), f"**{_plain(strong[1])}**"]
        end = strong.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda found: _ENTITIES.get(found[0]) or f"\\{found[0]}", text)


def _guarded(found: re.Match[str]) -> str:
    digits = found[2].isdigit()
    return f"{found[1]}{found[2]}\\" if digits else f"{found[1]}\\{found[2]}"
