"""Text of the document as Python source: string literals, other constants and docstrings that cannot become code.

Everything that an untrusted document says reaches generated Python through this module. Layout lives in the templates.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from clientsmith.characters import escape_character, is_safe, visible

_SHORT_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}

_WIDTH = 96

# A quote that another one follows, or the end: with what comes after it, it could close a docstring.
_CLOSING_QUOTE = re.compile(r'"(?="|\Z)')

# Some tools look for their directives line by line and do not notice that a line is part of a string: mypy and flake8.
_DIRECTIVE = re.compile(
    r"^([ \t]*)#(?=[ \t]*(?:-\*-[ \t]*)?(?:basedpyright|black|coding|cython|encoding|flake8|fmt|isort|mypy|noqa|nosec"
    r"|pragma|pylint|pyre|pyright|pytype|ruff|type|vim?|yapf)\b)",
    re.IGNORECASE | re.MULTILINE,
)


def is_plain(character: str) -> bool:
    """Whether a character may stand for itself in a literal: it shows, has no effect on others and is no odd space."""
    return " " <= character <= "~" or (is_safe(character) and not character.isspace())


def string(text: str) -> str:
    """A double-quoted literal that evaluates to `text`, whatever `text` holds."""
    if text.isascii() and text.isprintable():
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return (
        '"'
        + "".join(_SHORT_ESCAPES.get(c) or (c if is_plain(c) else escape_character(c)) for c in text)
        + '"'
    )


def constant(value: str | int | bool | None) -> str:
    """The literal of a scalar."""
    return string(value) if isinstance(value, str) else repr(value)


def tuple_of(items: Iterable[str]) -> str:
    """A tuple display of expressions that are source already."""
    listed = list(items)
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"


def paragraphs(text: str, *, indent: str = "", hanging: str | None = None) -> list[str]:
    """Lines of `text`, wrapped paragraph by paragraph; list items and indented lines stay lines of their own."""
    lines: list[str] = []
    pending: list[str] = []
    following = indent if hanging is None else hanging

    def flush() -> None:
        if pending:
            first = indent if not lines else following
            lines.extend(_wrap(" ".join(pending), first, following))
            pending.clear()

    for line in visible(text).strip().splitlines():
        starts_item = line.startswith((" ", "- ", "* ", "+ ", "|", "#", ">")) or line[:1].isdigit()
        if not line.strip() or starts_item:
            flush()
        if not line.strip():
            lines.append("")
        elif line.startswith(" "):
            lines.append(following + line)
        else:
            pending.append(line.strip())
    flush()
    return lines


def _wrap(text: str, first: str, following: str) -> list[str]:
    return textwrap.wrap(
        text,
        width=max(_WIDTH - len(following), 40),
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def without_directives(source: str) -> str:
    r"""Source in which no line of a docstring reads as an instruction to a tool: its `#` is spelled `\x23`."""
    return _DIRECTIVE.sub(r"\1\\x23", source)


def docstring(lines: Iterable[str], indent: str) -> str:
    """A triple-quoted docstring of lines that `visible` has been through, indented for its place."""
    text = _CLOSING_QUOTE.sub(r'\\"', "\n".join(lines).strip().replace("\\", "\\\\"))
    text = without_directives(text)
    body = "\n".join(f"{indent}{line}".rstrip() for line in text.split("\n")).lstrip()
    return f'"""{body}\n{indent}"""' if "\n" in body else f'"""{body}"""'
