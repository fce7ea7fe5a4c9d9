"""Single values of the config: why a text cannot be a name, a host or a path, and what was meant; no file is read."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Iterable

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PART = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HOST = re.compile(r"(?!-)[A-Za-z0-9._-]{1,253}")
_MOST = 40
"""How many known spellings a hint lists."""
_LONGEST = 200
"""How many characters of a wrong name are compared with others."""
_IPV6 = re.compile(r"\[?[0-9A-Fa-f]{0,4}:[0-9A-Fa-f.]{0,40}:[0-9A-Fa-f:.]{0,40}\]?")


def identifier_problem(text: str) -> str | None:
    """Why a text cannot be used as a public Python name, or None where it can."""
    if keyword.iskeyword(text):
        return "is a Python keyword"
    if text.startswith("_"):
        return "starts with an underscore, which is kept for private names"
    if not _IDENTIFIER.fullmatch(text):
        return "is not a Python identifier (ASCII letters, digits and underscores, not starting with a digit)"
    return None


def folder_problem(name: str) -> str | None:
    """Why no program can import a package whose folder has this name, or None if one can."""
    if keyword.iskeyword(name):
        return "is a Python keyword"
    return None if name.isidentifier() else "is not a Python identifier"


def importable(name: str) -> str:
    """A name that a program can import, as close as possible to one that it cannot."""
    plain = re.sub(r"\W+", "_", name).strip("_")
    if not plain or not plain.isidentifier():
        plain = f"client_{plain}".rstrip("_")
    return f"{plain}_client" if keyword.iskeyword(plain) else plain


def package_problem(text: str) -> str | None:
    """Why a text cannot name another package to import from (`acme.other`, or `..other`), or None if it can."""
    dots = len(text) - len(text.lstrip("."))
    if dots == 1:
        return "names a module inside the package itself; a package beside it is written ..other"
    parts = text[dots:].split(".")
    if not all(_PART.fullmatch(part) and not keyword.iskeyword(part) for part in parts):
        return "is not the dotted name of a package, such as acme.other or ..other"
    return None


def host_problem(text: str) -> str | None:
    """Why a text cannot be the host of remote documents (a name or an IP address, no port), or None if it can."""
    if _HOST.fullmatch(text) or _IPV6.fullmatch(text):
        return None
    return "is not a host: write its name or its IP address, without scheme, port and path"


def path_problem(text: str) -> str | None:
    """Why a text cannot be a path, or None if it can."""
    if not text:
        return "a path must not be empty"
    if any(ord(character) < 32 for character in text):
        return "a path must not hold control characters"
    return None


def closest(wrong: str, known: Iterable[str]) -> str | None:
    """The known spelling that is closest to a wrong one, in whatever case; None if none is close."""
    folded = {choice.casefold(): choice for choice in sorted(known)}
    close = difflib.get_close_matches(wrong[:_LONGEST].casefold(), folded, n=1)
    return folded[close[0]] if close else None


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A hint that names the closest known spelling, or else all of them, as far as they are few."""
    choices = sorted(known)
    meant = closest(wrong, choices)
    if meant is not None:
        return f"did you mean {meant!r}?"
    more = ", ..." if len(choices) > _MOST else ""
    return f"known: {', '.join(choices[:_MOST])}{more}" if choices else "there are none"
