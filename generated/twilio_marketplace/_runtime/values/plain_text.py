# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Text from elsewhere in a form that a message, a log or a terminal can take: printable, short, without credentials.

Every text of a server that enters a message or a log record of this package comes through `excerpt`.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""What Python calls printable and nobody sees (Unicode: Default_Ignorable_Code_Point; a blank Braille pattern)."""
_MOST_READ: Final = 32 * 1024
"""Characters of a text that are looked at, many more than are ever shown."""
_SHORTEST: Final = 4
"""Characters of a credential that is searched for: hiding a shorter one would hide half of every message."""
_BEGINNING: Final = 16
"""So many characters of a credential are as good as all of it: what follows may have been cut off."""
_HIDDEN: Final = "***"
_WITHHELD: Final = "(not shown: it repeats a credential)"
_UNESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(/)")
_DECODINGS: Final = 3


def printable(text: str) -> str:
    """The text with every character escaped that controls a terminal, turns lines around, or cannot be seen.

    That is C0 and C1 controls, DEL, line separators, spaces other than U+0020, bidirectional and other format
    characters, lone surrogates, private and unassigned code points, and default-ignorable ones.
    """
    if text.isascii() and text.isprintable():
        return text
    if text.isprintable() and not _INVISIBLE.search(text):
        return text
    return "".join(one if one.isprintable() and not _INVISIBLE.match(one) else _escaped(one) for one in text)


def _escaped(character: str) -> str:
    return ascii(character)[1:-1] if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def cut(text: str, most: int) -> str:
    """The beginning of a printable text, in at most so many bytes of UTF-8, which are at least 3."""
    content = text.encode("utf-8", "backslashreplace")
    if len(content) <= most:
        return text
    return content[: most - 3].decode("utf-8", "ignore") + "..."


class Secrets:
    """Credentials that must not be in a text, in the forms in which a server may repeat them; it shows none of them.

    The forms: as they are, percent-encoded, escaped for JSON, HTML or Python, in hexadecimal, and in Base64 at every
    offset. A text that only decoding leads to one is not shown at all.
    """

    __slots__ = ("_forms", "_plain", "_texts")

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts: Iterable[str] | None = texts
        self._plain: tuple[str, ...] = ()
        self._forms: tuple[str, ...] = ()

    def _spell_out(self, texts: Iterable[str]) -> None:
        """Only once there is a text to search: most calls have none. Another thread finds all of it or none."""
        plain = tuple(dict.fromkeys(text for text in texts if len(text) >= _SHORTEST))
        forms = {form for text in plain for form in _forms(text) if len(form) >= _SHORTEST}
        self._plain = plain
        self._forms = tuple(sorted(forms, key=lambda form: (-len(form), form)))
        self._texts = None

    def hidden_in(self, text: str) -> str:
        """The text without the credentials."""
        if self._texts is not None:
            self._spell_out(self._texts)
        for form in self._forms:
            if form[:_BEGINNING] in text:
                text = _without(form, text)
        if any(plain[:_BEGINNING] in view for view in _views(text) for plain in self._plain):
            return _WITHHELD
        return text

    def __repr__(self) -> str:
        return "<Secrets: hidden>"

    def __reduce__(self) -> str:
        raise TypeError("credentials cannot be pickled or copied")


NO_SECRETS: Final = Secrets(())


def excerpt(text: str, most: int, secrets: Secrets = NO_SECRETS) -> str:
    """What a message may show of a text from elsewhere: at most `most` bytes, printable, without credentials."""
    return cut(printable(secrets.hidden_in(text[:_MOST_READ])), most)


def _without(form: str, text: str) -> str:
    """The text without a form, or as much of its beginning as is there."""
    start, kept, done = form[:_BEGINNING], list[str](), 0
    while (found := text.find(start, done)) >= 0:
        kept += (text[done:found], _HIDDEN)
        done = found + len(start)
        while done < len(text) and done - found < len(form) and text[done] == form[done - found]:
            done += 1
    return "".join((*kept, text[done:]))


def _forms(text: str) -> Iterator[str]:
    content = text.encode("utf-8", "surrogatepass")
    for safe in ("", "/"):
        encoded = quote(content, safe=safe)
        yield from (encoded, re.sub("%..", lambda match: match[0].lower(), encoded))
    yield from (
        text,
        quote_plus(content),
        repr(text)[1:-1],
        html.escape(text),
        content.hex(),
        content.hex().upper(),
    )
    quoted = json.dumps(text)[1:-1]
    yield from (quoted, quoted.replace("/", "\\/"), json.dumps(text, ensure_ascii=False)[1:-1])
    whole = base64.b64encode(content).decode()
    yield from (whole.rstrip("="), whole.rstrip("=").translate(_URL_SAFE))
    for offset in range(3):
        # The characters that only bytes of the credential decide.
        inside = base64.b64encode(bytes(offset) + content)[4 * bool(offset) :]
        core = inside[: 4 * ((offset + len(content)) // 3) - 4 * bool(offset)].decode()
        if len(core) >= 2 * _SHORTEST:
            yield from (core, core.translate(_URL_SAFE))


_URL_SAFE: Final = str.maketrans("+/", "-_")


def _views(text: str) -> Iterator[str]:
    """The text as those may read it who decode it."""
    if any(mark in text for mark in "%+&\\") or not text.isprintable() or _INVISIBLE.search(text):
        for _ in range(_DECODINGS):
            text = _UNESCAPED.sub(_character, html.unescape(unquote(text)))
            yield text
        yield unquote_plus(text)
        yield "".join(one for one in text if one.isprintable() and not _INVISIBLE.match(one))


def _character(match: re.Match[str]) -> str:
    return match[3] or chr(int(match[1] or match[2], 16))


def credentials_in(name: str, value: str) -> Iterator[str]:
    """What is to be kept secret of a header that a caller gave (RFC 9110 section 11.4, RFC 7617, RFC 6265).

    Any may hold a credential, whatever it is called, but one of under 8 characters rather holds a word.
    """
    least = 0 if name.lower() == "authorization" else 2 * _SHORTEST
    scheme, _, rest = value.partition(" ")
    yield from (text for text in (value, rest) if text and len(text) >= least)
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(rest, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return
        yield from (user, password)
    if name.lower() == "cookie":
        yield from (pair.partition("=")[2].strip() for pair in value.split(";"))
