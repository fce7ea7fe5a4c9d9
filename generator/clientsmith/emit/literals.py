"""Text of the document as Python source: string literals, other constants and docstrings that cannot become code.

Everything that an untrusted document says reaches generated Python through this module. Layout lives in the templates.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable

# A fixed version of the Unicode tables: the same document gives the same bytes whichever Python runs the tool.
_UNICODE = unicodedata.ucd_3_2_0

_SHORT_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}

_WIDTH = 96

# A quote that another one follows, or the end: with what comes after it, it could close a docstring.
_CLOSING_QUOTE = re.compile(r'"(?="|\Z)')

# Letters and marks by their category, but nothing that a reader could see.
_INVISIBLE = frozenset(
    {"\xad", "\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0"}
    | {chr(code) for code in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10))}
)


def is_plain(character: str) -> bool:
    """Whether a character may stand for itself in source: visible, assigned, and without effect on its neighbours."""
    if " " <= character <= "~":
        return True
    return character > "\x7f" and character not in _INVISIBLE and _UNICODE.category(character)[0] not in "CZ"


def escape(character: str) -> str:
    r"""The `\xNN`, `\uNNNN` or `\UNNNNNNNN` form of a character."""
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def string(text: str) -> str:
    """A double-quoted literal that evaluates to `text`, whatever `text` holds."""
    if text.isascii() and text.isprintable():
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return '"' + "".join(_SHORT_ESCAPES.get(c) or (c if is_plain(c) else escape(c)) for c in text) + '"'


def constant(value: str | int | bool | None) -> str:
    """The literal of a scalar."""
    return string(value) if isinstance(value, str) else repr(value)


def tuple_of(items: Iterable[str]) -> str:
    """A tuple display of expressions that are source already."""
    listed = list(items)
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"


def visible(text: str) -> str:
    """`text` with unified line breaks and with everything that is not plain shown as an escape, for reading."""
    if text.isascii() and text.isprintable():
        return text
    lines = [line.replace("\t", "    ").replace("\xa0", " ").rstrip() for line in text.splitlines()]
    return "\n".join("".join(c if is_plain(c) else escape(c) for c in line) for line in lines)


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


def docstring(lines: Iterable[str], indent: str) -> str:
    """A triple-quoted docstring of lines that `visible` has been through, indented for its place."""
    text = _CLOSING_QUOTE.sub(r'\\"', "\n".join(lines).strip().replace("\\", "\\\\"))
    body = "\n".join(f"{indent}{line}".rstrip() for line in text.split("\n")).lstrip()
    return f'"""{body}\n{indent}"""' if "\n" in body else f'"""{body}"""'
