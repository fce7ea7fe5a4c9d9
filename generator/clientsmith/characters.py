"""Which characters may leave the tool as they are, for every place that prints, reports or writes text of others.

One table: control and format characters (Cc, Cf), line and paragraph separators (Zl, Zp), halves of surrogate pairs
(Cs), private use (Co), noncharacters, and all that is ignorable by default: they reorder, hide or forge text. It is
spelled out, because `unicodedata` differs between versions of Python and the same input has to give the same bytes.
Source: DerivedGeneralCategory.txt and DerivedCoreProperties.txt of Unicode 16.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_CONTROLS = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xF0000, 0x10000))
)
_JOINERS = "\u200c\u200d"
_SELECTORS = "\ufe0e\ufe0f"


@functools.cache
def _unsafe() -> re.Pattern[str]:
    """Compiled when it is needed first: it takes as long as the start of a small command."""
    return re.compile(f"[{_CONTROLS}]")


_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escape_character(character: str) -> str:
    r"""The `\xNN`, `\uNNNN` or `\UNNNNNNNN` form of a character."""
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def escape(text: str) -> str:
    """`text` on one line, with every unsafe character in its escaped form."""
    if text.isascii() and text.isprintable():
        return text
    return _unsafe().sub(lambda found: _SHORT.get(found[0]) or escape_character(found[0]), text)


def escape_prose(text: str) -> str:
    """`text` for reading: as `escape`, but for the marks that Persian, the scripts of India and emoji are written with.

    ZWJ, ZWNJ and the two selectors of emoji pass after a visible character that is not ASCII, one of each at most, so
    that a run of them cannot carry a hidden message. Line breaks have to be taken out before.
    """
    if text.isascii() and text.isprintable():
        return text
    return _unsafe().sub(lambda found: found[0] if _joins(found) else escape_character(found[0]), text)


def _joins(found: re.Match[str]) -> bool:
    sign, text, start = found[0], found.string, found.start()
    before, after = text[start - 1 : start], text[start + 1 : start + 2]
    if sign == "\u200d" and before and before in _SELECTORS:
        before = text[start - 2 : start - 1]
    if sign == "\ufe0f" and after == "\u20e3":
        return before.isascii()
    return sign in _JOINERS + _SELECTORS and not before.isascii() and is_safe(before)


def visible(text: str) -> str:
    """`text` with unified line breaks and with everything that does not show as an escape, for reading."""
    if text.isascii() and text.isprintable():
        return text
    lines = [line.replace("\t", "    ").replace("\xa0", " ").rstrip() for line in text.splitlines()]
    return "\n".join(map(escape_prose, lines))


def escape_lines(text: str) -> str:
    """`text` for reading where its lines and tabs stay as they are, such as a block of code."""
    return "\n".join("\t".join(map(escape_prose, line.split("\t"))) for line in text.split("\n"))


def is_safe(character: str) -> bool:
    """Whether a character stands for itself everywhere: it shows, and has no effect on its neighbours."""
    return (character.isascii() and character.isprintable()) or _unsafe().match(character) is None


def unsafe_in_javascript() -> str:
    """The unsafe characters, but for line breaks and tabs, as a character class of a JavaScript pattern (flag u)."""
    ranges = _CONTROLS.replace("\x00-\x1f", "\x00-\x08\x0b\x0c\x0e-\x1f")
    return "".join(sign if sign == "-" else f"\\u{{{ord(sign):x}}}" for sign in ranges)


def file_name_key(name: str) -> str:
    """The same for names that some file system takes for one: without regard to case, width and composition."""
    upper = unicodedata.normalize("NFKC", name).upper()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", upper).casefold())
