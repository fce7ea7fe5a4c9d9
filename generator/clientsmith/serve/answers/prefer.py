"""The Prefer request header (RFC 7240): what a client wishes to be answered with."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = re.compile(
    r'\s*+([!#$%&\'*+.^_`|~0-9A-Za-z-]++)\s*+(?:=\s*+("(?:[^"\\]++|\\.)*+"|[^",;\s]*+))?+[^,"]*+(?:,|\Z)'
)


@dataclass(frozen=True, slots=True)
class Preference:
    """A wish for a status and for an example (or scenario) by name; None where there is none."""

    code: int | None = None
    example: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wished for."""
        return self.code is None and self.example is None

    def applied(self) -> str:
        """The value of Preference-Applied that says it was granted."""
        code = [] if self.code is None else [f"code={self.code}"]
        return ", ".join([*code, *([] if self.example is None else [f"example={_quoted(self.example)}"])])


NO_PREFERENCE = Preference()


def preferences(header: str) -> dict[str, str]:
    """The preferences of a header by name in lower case; of repeated ones the first counts, parameters are dropped."""
    read: dict[str, str] = {}
    position = 0
    while position < len(header) and (item := _ITEM.match(header, position)) is not None:
        position = item.end()
        value = item[2] or ""
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        read.setdefault(item[1].lower(), value)
    return read


def preference(header: str | None) -> Preference:
    """What a client wishes; a code that is no status is no wish."""
    if not header:
        return NO_PREFERENCE
    stated = preferences(header)
    code = stated.get("code", "")
    is_status = code.isdecimal() and code.isascii() and len(code) == 3 and 200 <= int(code) < 600
    return Preference(int(code) if is_status else None, stated.get("example") or None)


def _quoted(text: str) -> str:
    if re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", text):
        return text
    escaped = "".join(sign for sign in text if " " <= sign < "\x7f").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
