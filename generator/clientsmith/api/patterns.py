"""ECMA 262 patterns (JSON Schema `pattern`) in the syntax of the engine that generated models use (Rust `regex`).

That engine runs in linear time whatever the pattern, but knows no look-around and no back-references: such a pattern
cannot be enforced by the client, and the caller says so.
"""

from __future__ import annotations

import functools
import re

_TOKEN = re.compile(
    r"\\(?P<escape>u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|.)|(?P<plain>[^\\])", re.S
)
# Rust reads these as Unicode classes; ECMA 262 means ASCII.
_ASCII_CLASSES = {
    "d": "[0-9]", "D": "[^0-9]", "w": "[0-9A-Za-z_]", "W": "[^0-9A-Za-z_]",
}  # fmt: skip
_ASCII_MEMBERS = {"d": "0-9", "w": "0-9A-Za-z_"}
_META = set("\\.+*?()|[]{}^$#&-~")


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
    if code in "sStrnvfpP" or code in _META:
        return f"\\{code}"
    return code if code.isalnum() or ord(code) > 127 or code in "_" else re.escape(code)


def _translate(pattern: str) -> str | None:
    pieces: list[str] = []
    in_class = False
    for token in _TOKEN.finditer(pattern):
        escape, plain = token.group("escape"), token.group("plain")
        if escape is not None:
            piece = _escape(escape, in_class)
            if piece is None:
                return None
            pieces.append(piece)
        elif in_class:
            if plain == "]" and (pieces[-1] == "[" or pieces[-2:] == ["[", "^"]):
                return None  # the empty class of ECMA 262: Rust has no such thing
            # "[" opens a nested class in Rust, and "&&", "--", "~~" are set operations there.
            pieces.append("\\[" if plain == "[" else f"\\{plain}" if plain in "&~" else plain)
            in_class = plain != "]"
        else:
            pieces.append(plain)
            in_class = plain == "["
    return "".join(pieces)


@functools.cache
def to_rust(pattern: str) -> str | None:
    """The same pattern for Rust `regex`, or None where that engine cannot express it (or nobody can read it)."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    if (translated := _translate(pattern)) is None:
        return None
    try:
        SchemaValidator(core_schema.str_schema(pattern=translated, regex_engine="rust-regex"))
    except SchemaError:
        return None
    return translated
