"""Secrets in text: those met before, those that a name gives away, and shapes that are one whatever they are called."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from clientsmith.replay.secret_names import SecretNames
from clientsmith.replay.stand_in import REDACTED

_SHORTEST = 8
"""A shorter value is too likely to be a part of something else."""
_MOST = 100_000

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*"),
        REDACTED,
    ),  # RFC 7519: a JWT
    (
        re.compile(
            r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        rf"\1{REDACTED}\2",
    ),
    (re.compile(r"\b(Bearer|Basic) (?=\S*[0-9=])[A-Za-z0-9._~+/=-]{16,}", re.IGNORECASE), rf"\1 {REDACTED}"),
    (re.compile(r"(://)[^/\s:@\"'<>]*:[^/\s@\"'<>]+@"), rf"\1{REDACTED}@"),
)
_SUSPICIOUS = re.compile(r"[=@.]|-----BEGIN|(?i:bearer|basic) ")
"""What every shape has, and every address with a name in its query."""
_IN_QUERY = re.compile(r"(?<![\w.\[\]%-])([A-Za-z][\w.\[\]%-]{0,80})(=)([^\s\"'&<>;#]+)")
_ASSIGNED = re.compile(
    r"(?<![\w.-])([A-Za-z][\w.-]{0,80})([\"']?\s{0,3}[=:]\s{0,3})(\"[^\"\r\n]+\"|'[^'\r\n]+'|[^\s\"'&<>,;]+)"
)
_ELEMENT = re.compile(r"<([A-Za-z][\w.:-]{0,80})(?:\s[^<>]{0,500})?>()([^<>]+)(?=</)")
_FIELD = re.compile(r"""\bname=["']([^"'<>]{1,80})(["'][^<>]{0,500}?\bvalue=["'])([^"'<>]+)""")


class SecretsSeen:
    """Remembers the values that were redacted by name, so that they are found wherever else they turn up."""

    def __init__(self) -> None:
        self._count = 0
        self._by_head: dict[str, list[str]] = {}
        """By their first characters, the longest first: looking for many costs no more than looking for one."""

    def __len__(self) -> int:
        return self._count

    def remember(self, value: str, *, shortest: int = _SHORTEST) -> None:
        """Keep a secret, in each way in which text may write it; one that is too short to be told apart is left out."""
        if len(value) < shortest or REDACTED in value or self._count >= _MOST:
            return
        for written in {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]}:
            same_head = self._by_head.setdefault(written[:_SHORTEST], [])
            if written not in same_head:
                same_head.append(written)
                same_head.sort(key=len, reverse=True)
                self._count += 1

    def may_be_in(self, text: str) -> bool:
        """False where it is certain, at little cost, that a text has nothing to scrub, and no address with a query."""
        return _SUSPICIOUS.search(text) is not None or self._next_head(text, 0) is not None

    def scrub(self, text: str) -> str:
        """The text without secrets that were met before and without what looks like one wherever it stands."""
        text = self.forget_seen(text)
        if _SUSPICIOUS.search(text) is None:
            return text
        for pattern, replacement in _SHAPES:
            text = pattern.sub(replacement, text)
        return text

    def forget_seen(self, text: str) -> str:
        """The text without secrets that were met before."""
        parts: list[str] = []
        done, position = 0, self._next_head(text, 0)
        while position is not None:
            heads = self._by_head[text[position : position + _SHORTEST]]
            found = next((value for value in heads if text.startswith(value, position)), None)
            if found is not None:
                parts += (text[done:position], REDACTED)
                done = position + len(found)
            position = self._next_head(text, position + 1 if found is None else done)
        return "".join((*parts, text[done:])) if parts else text

    def _next_head(self, text: str, start: int) -> int | None:
        """Where, from there on, something stands that a secret begins with."""
        heads = self._by_head
        places = range(start, len(text) - _SHORTEST + 1 if heads else 0)
        return next((place for place in places if text[place : place + _SHORTEST] in heads), None)


def named_in_query(text: str, names: SecretNames, found: Callable[[str, str], str]) -> str:
    """Text that may hold addresses, with `found(name, value)` for each `name=value` of a secret name."""
    return _replace(_IN_QUERY, text, names, found)


def named_in_text(text: str, names: SecretNames, found: Callable[[str, str], str]) -> str:
    """The same for text in any notation: `name: value`, `name="value"`, elements of XML and fields of HTML forms."""
    for pattern in (_ASSIGNED, _ELEMENT, _FIELD):
        text = _replace(pattern, text, names, found)
    return text


def _replace(
    pattern: re.Pattern[str], text: str, names: SecretNames, found: Callable[[str, str], str]
) -> str:
    def replaced(match: re.Match[str]) -> str:
        if match[1] not in names:
            return match[0]
        before, after = match[0][: match.start(3) - match.start()], match[0][match.end(3) - match.start() :]
        quote_sign = match[3][0] if match[3][0] in "\"'" else ""
        value = match[3].strip(quote_sign) if quote_sign else match[3]
        return before + quote_sign + found(match[1], value) + quote_sign + after

    return pattern.sub(replaced, text)
