"""ECMA 262 patterns (JSON Schema `pattern`) in the syntax of the engine that generated models use (Rust `regex`).

That engine runs in linear time whatever the pattern, but knows no look-around and no back-references: such a pattern
cannot be enforced by the client, and the caller says so. Python's `re` never meets a pattern of a document with a text.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

_TOKEN = re.compile(
    r"\\(?P<escape>u\{[0-9A-Fa-f]+\}|[pP]\{[^{}]*\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|.)|(?P<plain>[^\\])",
    re.S,
)
# Rust reads these as Unicode classes; ECMA 262 means ASCII.
_ASCII_CLASSES = {
    "d": "[0-9]", "D": "[^0-9]", "w": "[0-9A-Za-z_]", "W": "[^0-9A-Za-z_]",
}  # fmt: skip
_ASCII_MEMBERS = {"d": "0-9", "w": "0-9A-Za-z_"}
_META = set("\\.+*?()|[]{}^$#&-~")

_Member: TypeAlias = tuple[str | None, str | None]
"""One token: the escape without its backslash, or the plain character."""


def _escape(code: str, in_class: bool) -> str | None:
    """One escape of ECMA 262 for Rust; None where Rust has no such thing."""
    if code[0] in "ux" and len(code) > 1:
        return "\\x{" + code[1:].strip("{}") + "}"
    if code[0] == "c" and len(code) == 2:
        return "\\x{%02X}" % (ord(code[1].upper()) - 64)
    if code in _ASCII_CLASSES:
        return (_ASCII_MEMBERS.get(code) or f"{_ASCII_CLASSES[code]}") if in_class else _ASCII_CLASSES[code]
    if code == "0":
        return "\\x{00}"
    if code.isdigit() or code == "k":
        return None
    if code in "bB":
        return ("\\x{08}" if code == "b" else None) if in_class else f"(?-u:\\{code})"
    if code in "sStrnvf" or code[0] in "pP" or code in _META:
        return f"\\{code}"
    return code if code.isalnum() or ord(code) > 127 or code in "_" else re.escape(code)


def _translate(pattern: str) -> str | None:
    pieces: list[str | None] = []
    tokens = list(_TOKEN.finditer(pattern))
    if sum(len(token.group()) for token in tokens) != len(pattern):
        return None  # a backslash at the end
    position = 0
    while position < len(tokens):
        escape, plain = _member_of(tokens[position])
        position += 1
        if plain == "[":
            end = _end_of_class(tokens, position)
            pieces.append(_class([_member_of(token) for token in tokens[position:end]]))
            position = end + 1
        else:
            pieces.append(plain if escape is None else _escape(escape, in_class=False))
    known = [piece for piece in pieces if piece is not None]
    return "".join(known) if len(known) == len(pieces) else None


def _member_of(token: re.Match[str]) -> _Member:
    return token.group("escape"), token.group("plain")


def _end_of_class(tokens: list[re.Match[str]], start: int) -> int:
    """Where the class ends that opened before `start`; the end of the pattern where it never does."""
    return next((at for at in range(start, len(tokens)) if tokens[at].group("plain") == "]"), len(tokens))


def _class(members: list[_Member]) -> str | None:
    """A character class: single members and ranges; a class such as `\\d` can be no end of a range."""
    negated = members[:1] == [(None, "^")]
    pieces: list[str | None] = []
    position = int(negated)
    while position < len(members):
        first, following = members[position], members[position + 1 : position + 3]
        pieces.append(_member(first))
        is_range = len(following) == 2 and following[0] == (None, "-")
        if is_range and not (_is_set(first) or _is_set(following[1])):
            pieces += ["-", _member(following[1])]
            position += 2
        position += 1
    known = [piece for piece in pieces if piece is not None]
    # The empty class of ECMA 262 (and its opposite) is something that Rust does not have.
    return f"[{'^' * negated}{''.join(known)}]" if known and len(known) == len(pieces) else None


def _is_set(member: _Member) -> bool:
    return member[0] is not None and member[0][0] in "dDwWsSpP"


def _member(member: _Member) -> str | None:
    escape, plain = member
    if escape is not None:
        return _escape(escape, in_class=True)
    # "[" opens a nested class in Rust, and "&&", "--", "~~" are set operations there.
    return f"\\{plain}" if plain is not None and plain in "[&~-" else plain


@functools.cache
def to_rust(pattern: str) -> str | None:
    """The same pattern for Rust `regex`, or None where that engine cannot express it (or nobody can read it)."""
    translated = _translate(pattern)
    return None if translated is None or _engine(translated) is None else translated


@functools.cache
def _engine(translated: str) -> SchemaValidator | None:
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        return SchemaValidator(core_schema.str_schema(pattern=translated, regex_engine="rust-regex"))
    except SchemaError:
        return None


def finds(translated: str, text: str) -> bool | None:
    """Whether a pattern of Rust `regex` matches some part of a text, in linear time; None for what it cannot read."""
    engine = _engine(translated)
    return None if engine is None else engine.isinstance_python(text)


def searches(pattern: str, text: str) -> bool | None:
    """Whether a pattern of ECMA 262 matches some part of a text; None where the linear engine cannot tell."""
    translated = to_rust(pattern)
    return None if translated is None else finds(translated, text)
