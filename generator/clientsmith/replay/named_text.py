"""Values behind names in running text: `name=value` in addresses and `name: value` in any notation; no lines here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_IN_QUERY = re.compile(
    r"(?<![\w.\[\]%-])([A-Za-z_][\w.\[\]%-]{0,80})(=)((?:[^\s\"'&<>;#\\]|#(?![\w.%-]{1,80}=))+)"
)
_IN_SETTINGS = re.compile(
    r"(?:\A|(?<=[;\"']))(\s*[A-Za-z_][\w ]{0,40}?)(\s*=\s*)([^\s;\"'&][^;\"'\r\n&]*)(?=;|[\"']|\Z)"
)
_ASSIGNED = re.compile(
    r"(?<![\w.-])([^\W\d][\w.-]{0,80})(\\?[\"']?\s{0,3}(?:=>|:=|[=:])\s{0,3})"
    r"(\"\"\"(?s:.*?)\"\"\"|\\\"(?:[^\"\\\r\n]|\\[^\"])*\\\"|\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'"
    # A comma, a bracket or a number sign ends a value if what comes next is another one, or nothing.
    r"|(?:[^\s\"'&<>,;()\[\]{}#]|#(?![\w.%-]{1,80}=)|[,()\[\]{}](?![\s,)\]}]|\Z|[\w\"'.-]{1,80}\s?[:=]))+)"
)
_CALLBACK = re.compile(r"[?&#;](?:amp;)?(?:state|grant_type|redirect_uri|client_id|session_state)=")
"""Beside one of them `code` is a code of OAuth (RFC 6749, section 4.1)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A value that was found: the name as it was written, the value without its quotes, and how it stood there."""

    name: str
    value: str
    is_quoted: bool = False
    has_colon: bool = False


def in_queries(text: str, found: Callable[[Named], str]) -> str:
    """Text that may hold addresses, with `found` for each `name=value`."""
    return _replace(_IN_QUERY, text, found) if "=" in text else text


def in_settings(text: str, found: Callable[[Named], str]) -> str:
    """Text that may be a connection string, `Server=x;Password=y z`, whose values may have blanks in them."""
    return _replace(_IN_SETTINGS, text, found) if ";" in text and "=" in text else text


def in_prose(text: str, found: Callable[[Named], str]) -> str:
    """The same for `name: value`, `name="value"` and `"name": "value"` in whatever notation."""
    return _replace(_ASSIGNED, text, found) if ":" in text or "=" in text else text


def is_oauth_code(name: str, around: str) -> bool:
    """Whether a parameter of an address or a form is a code that buys a token."""
    return name == "code" and _CALLBACK.search("&" + around) is not None


def _replace(pattern: re.Pattern[str], text: str, found: Callable[[Named], str]) -> str:
    def replaced(match: re.Match[str]) -> str:
        start, end = match.start(3) - match.start(), match.end(3) - match.start()
        written, value = match[0], match[3]
        escape = "\\" if value.startswith("\\") and len(value) > 3 else ""
        sign = value[len(escape) : len(escape) + 1]
        quote = escape + sign if sign in ("'", '"') else ""
        quote = '"""' if value.startswith('"""') and len(value) > 5 else quote
        bare = value[len(quote) : -len(quote)] if quote else value
        kept = found(Named(match[1], bare, bool(quote), ":" in match[2]))
        return written if kept == bare else written[:start] + quote + kept + quote + written[end:]

    return pattern.sub(replaced, text)
