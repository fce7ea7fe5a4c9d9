"""The ways in which a text may spell a value, and views of a text in which every spelling looks the same.

A view drops blanks, `+` (a blank in forms), NUL (half of a UTF-16 character) and the case of letters. The second kind
of view also undoes percent-encoding (RFC 3986, section 2.1), backslash escapes (RFC 8259, section 7) and character
references (HTML, section 13.5), however they are mixed and nested. What is looked for goes through the same steps, so
that a view may lose more than a reader of the text would. Nothing here knows which values are secret.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator

ROUNDS = 6
"""How often escapes inside of escapes are undone; each round shortens the text."""

_PLAIN: dict[int, int | None] = {
    **{ord(sign): ord(sign) + 32 for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{ord(sign): None for sign in " \t\r\n\f\v+\0"},
}
_DROPPED = frozenset(sign for sign, kept in _PLAIN.items() if kept is None)
_ESCAPE = re.compile(
    r"%[0-7][0-9A-Fa-f]|(?:%[89A-Fa-f][0-9A-Fa-f])+"
    r"|(?:\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2})|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
    r"|\\[\"'\\/bfnrt]|&(?:\#[0-9]{1,8}|\#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,30});"
)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def plain(text: str) -> str:
    """The view of a text as it is written."""
    return text.translate(_PLAIN)


def unescaped(text: str) -> str:
    """The text with every escape undone, those inside of others too."""
    for _ in range(ROUNDS):
        if not has_escapes(text):
            break
        shorter = _ESCAPE.sub(_character, text)
        if shorter == text:
            break
        text = shorter
    return text


def has_escapes(text: str) -> bool:
    """False when it is certain, at little cost, that a text has no escapes."""
    return "%" in text or "\\" in text or "&" in text


def views(text: str) -> Iterator[tuple[str, bool]]:
    """Each view of a text, and whether escapes are undone in it; the second only if it differs."""
    yield plain(text), False
    if has_escapes(text):
        bare = unescaped(text)
        if bare != text:
            yield plain(bare), True


def places(text: str, *, is_unescaped: bool) -> tuple[list[int], list[int]]:
    """Where each character of a view starts and ends in the text."""
    starts, ends = list(range(len(text))), list(range(1, len(text) + 1))
    if is_unescaped:
        for _ in range(ROUNDS):
            shorter, starts, ends = _one_round(text, starts, ends)
            if shorter == text:
                break
            text = shorter
    kept = [number for number, sign in enumerate(text) if ord(sign) not in _DROPPED]
    return [starts[number] for number in kept], [ends[number] for number in kept]


def spellings(value: str) -> set[str]:
    """What a view holds when the text holds the value, in base64 (RFC 4648) at any offset, or in hexadecimal."""
    written = {plain(value), plain(unescaped(value))}
    for raw in {value.encode("utf-8", "replace"), unescaped(value).encode("utf-8", "replace")}:
        written.add(plain(raw.decode("latin-1")))
        written.add(raw.hex())
        written.update(_in_base64(raw))
    return written


def _in_base64(raw: bytes) -> Iterator[str]:
    """The characters that depend on `raw` alone, whatever comes before and behind it."""
    for offset in range(3):
        written = base64.b64encode(b"\0" * offset + raw).rstrip(b"=").decode()
        first = (0, 2, 3)[offset]
        last = len(written) - ((len(raw) + offset) % 3 != 0)
        standard = written[first:last]
        yield plain(standard)
        yield plain(standard.translate({ord("+"): "-", ord("/"): "_"}))


def _one_round(text: str, starts: list[int], ends: list[int]) -> tuple[str, list[int], list[int]]:
    parts: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    done = 0
    for escape in _ESCAPE.finditer(text):
        first, last = escape.span()
        written = _character(escape)
        parts += (text[done:first], written)
        new_starts += [*starts[done:first], *[starts[first]] * len(written)]
        new_ends += [*ends[done:first], *[ends[last - 1]] * len(written)]
        done = last
    parts.append(text[done:])
    return "".join(parts), [*new_starts, *starts[done:]], [*new_ends, *ends[done:]]


def _character(escape: re.Match[str]) -> str:
    written = escape[0]
    if written[0] == "%":
        raw = bytes.fromhex(written.replace("%", ""))
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    if written[0] == "&":
        return html.unescape(written)
    if written[1] not in "ux":
        return _CONTROLS.get(written[1], written[1])
    units = [int(digits, 16) for digits in re.split(r"\\[ux]", written)[1:]]
    if len(units) == 2:
        return chr(0x10000 + ((units[0] & 0x3FF) << 10) + (units[1] & 0x3FF))
    return chr(units[0])
