# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Media types as they stand in Content-Type headers: parsing, and matching against declared ranges (RFC 9110)."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import lru_cache

from typing_extensions import Self


def _essence(text: str) -> str:
    return text.split(";", 1)[0].strip().lower()


_CHARSETS = (
    "ascii", "big5", "cp", "euc_", "gb", "hz", "iso8859", "iso2022", "johab", "koi8", "kz1048", "latin", "mac",
    "ptcp154", "shift_jis", "tis-620", "utf-16", "utf-32", "utf-8",
)  # fmt: skip
"""Codecs that are character sets and take linear time; some of Python's, such as punycode, are neither."""


@dataclass(frozen=True)
class Range:
    """A declared media type, possibly with wildcards, in lower case and without parameters."""

    type: str
    subtype: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The range a document names, such as `application/json` or `text/*`."""
        main, _, sub = _essence(text).partition("/")
        return cls(main, sub or "*")

    @property
    def is_json(self) -> bool:
        """Whether this is JSON by name."""
        return self.subtype == "json" or self.subtype.endswith("+json")

    def rank(self, actual: Range) -> int | None:
        """How closely a received type matches: 0 is exact, larger is looser, None is no match."""
        if self == actual:
            return 0
        if self.type == actual.type:
            if self.subtype == "*":
                return 2
            if self.subtype.startswith("*+") and actual.subtype.endswith(self.subtype[1:]):
                return 1
        if self.is_json and actual.is_json:
            return 3
        return 4 if self.type == "*" else None


@dataclass(frozen=True)
class ContentType:
    """A Content-Type: the type, and a charset that Python knows or none; `unknown` is one that Python does not know."""

    range: Range | None
    charset: str | None
    unknown: str


@lru_cache(maxsize=256)
def parse_content_type(header: str) -> ContentType:
    """Read a Content-Type header; never fails, whatever it holds."""
    essence = _essence(header)
    label = _charset(header)
    charset = _known_charset(label)
    unknown = label if charset is None else ""
    return ContentType(Range.parse(essence) if "/" in essence else None, charset, unknown)


def _charset(header: str) -> str:
    for parameter in header.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")
    return ""


def _known_charset(name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return known if known.startswith(_CHARSETS) else None


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON by name."""
    return Range.parse(media_type).is_json
