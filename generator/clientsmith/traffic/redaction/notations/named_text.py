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
_QUOTED = (
    r"\"\"\"(?s:.*?)\"\"\"|\\\"(?:[^\"\\\r\n]|\\[^\"])*\\\"|\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'"
    r"|[\"'][^\"'\r\n]+\Z"
)
_ASSIGNED = re.compile(
    r"(?<![\w.-])([^\W\d][\w.-]{0,80})"
    # A value on the next line is one if it has quotes.
    r"((?:\\?[\"']?(?:[ \t]{0,20}|\r?\n(?=: ))(?:=>|:=|[=:])(?:\s{0,200}(?=\\?[\"'])|[ \t]{0,20}(?!\\?[\"']))"
    r"|\\?\";s:[0-9]{1,6}:))"
    rf"({_QUOTED}"
    # A comma, a bracket or a number sign ends a value if what comes next is another one, or nothing.
    r"|(?:[^\s\"'&<>,;()\[\]{}#]|#(?![\w.%-]{1,80}=)|[,()\[\]{}](?![\s,)\]}]|\Z|[\w\"'.-]{1,80}\s?[:=]))+)"
)
_SPOKEN = re.compile(
    r"(?<![A-Za-z])((?i:password|passwd|passcode|passphrase|secret|token|api[ _-]?key|access[ _-]?key|pin|otp))"
    r"( (?:(?:is|was) )?)(\"[^\"\s]+\"|'[^'\s]+'|`[^`\s]+`|[^\s\"'`<>,;:]+)"
)
_OPTION = re.compile(
    r"(?<![\w-])(?:--?|ENV |ARG |SetEnv |setenv )([A-Za-z][\w.-]{1,60})([ \t]+)"
    r"(\"[^\"\r\n]+\"|'[^'\r\n]+'|[^\s\"'-]\S*)"
)
_DEEPEST = 4
"""How many names are read in one value, `url=https://h/?next=https://i/?token=x`."""
_CALLBACK = re.compile(r"[?&#;](?:amp;)?(?:state|grant_type|redirect_uri|client_id|session_state)=")
"""Beside one of them `code` is a code of OAuth (RFC 6749, section 4.1)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A value that was found: the name as it was written, the value without its quotes, and how it stood there."""

    name: str
    value: str
    is_quoted: bool = False
    has_colon: bool = False
    is_spoken: bool = False


def in_queries(text: str, replacement: Callable[[Named], str]) -> str:
    """Text that may hold addresses, with `replacement` for each `name=value`."""
    return _replace(_IN_QUERY, text, replacement) if "=" in text else text


def in_settings(text: str, replacement: Callable[[Named], str]) -> str:
    """Text that may be a connection string, `Server=x;Password=y z`, whose values may have blanks in them."""
    return _replace(_IN_SETTINGS, text, replacement) if ";" in text and "=" in text else text


def in_prose(text: str, replacement: Callable[[Named], str]) -> str:
    """The same for `name: value`, `name="value"` and `"name": "value"` in whatever notation."""
    return _replace(_ASSIGNED, text, replacement) if ":" in text or "=" in text else text


def in_speech(text: str, replacement: Callable[[Named], str]) -> str:
    """The same for `the token is x`, `invalid token 'x'` and options of commands, `--password x`."""
    return _replace(_OPTION, _replace(_SPOKEN, text, replacement), replacement) if " " in text else text


def is_oauth_code(name: str, around: str) -> bool:
    """Whether a parameter of an address or a form is a code that buys a token."""
    return name == "code" and _CALLBACK.search("&" + around) is not None


def _replace(pattern: re.Pattern[str], text: str, replacement: Callable[[Named], str], depth: int = 0) -> str:
    def replaced(match: re.Match[str]) -> str:
        start, end = match.start(3) - match.start(), match.end(3) - match.start()
        before, bare, after = _unquoted(match[3])
        is_spoken = pattern is _SPOKEN
        kept = replacement(Named(match[1], bare, bool(before), ":" in match[2], is_spoken))
        if kept == bare and ("=" in bare or ":" in bare) and depth < _DEEPEST and not is_spoken:
            kept = _replace(pattern, bare, replacement, depth + 1)
        return match[0] if kept == bare else match[0][:start] + before + kept + after + match[0][end:]

    return pattern.sub(replaced, text)


def _unquoted(value: str) -> tuple[str, str, str]:
    """The sign before a value, the value, and the sign behind it, which is missing if the text was cut off."""
    for sign in ('"""', '\\"', '"', "'", "`"):
        if value.startswith(sign):
            is_whole = value.endswith(sign) and len(value) >= 2 * len(sign)
            return (
                sign,
                value[len(sign) : -len(sign)] if is_whole else value[len(sign) :],
                sign if is_whole else "",
            )
    return "", value, ""
