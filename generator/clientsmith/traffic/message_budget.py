"""What one message may cost beyond its bytes: counts of values, fields and parts, taken before any of them is built.

Every reader here is linear in what it reads; these bounds keep the factor small. They are counts and not seconds, so
that the same request has the same answer on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_VALUES = re.compile(_STRING + rb"|([,\[{])", re.DOTALL)
"""A string, or what comes before a value: each but the first comes after a comma, a bracket or a brace."""
_WIDE = re.compile(_STRING + rb"|([0-9][eE][+-]?[0-9]{3})", re.DOTALL)
_WIDE_ANYWHERE = re.compile(rb"[0-9][eE][+-]?[0-9]{3}")
_MAX_WIDE = 1_000
"""Numbers with an exponent of three digits or more: validators write them out to compare them."""


class BudgetError(ValueError):
    """A message has more in it than is read; the message says what, and how much is allowed."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one body may hold."""

    values: int
    """Of a JSON text: scalars, arrays and objects, at all depths."""
    fields: int = 20_000
    """Of a form or a multipart body."""
    searched_bytes: int = 4 * 1024 * 1024
    """Of a text that is searched for secrets, which takes two seconds for a megabyte on a slow machine."""

    def check_json(self, text: bytes) -> None:
        """Raise BudgetError for a JSON text with too many values; the text need not be valid."""
        punctuation = text.count(b",") + text.count(b"[") + text.count(b"{")
        if punctuation > self.values and _has_more(_VALUES, text, self.values):
            raise BudgetError(f"this has more than {self.values} JSON values")
        if _WIDE_ANYWHERE.search(text) and _has_more(_WIDE, text, _MAX_WIDE, 2 * self.values):
            raise BudgetError(f"this has more than {_MAX_WIDE} numbers with an exponent of three digits")

    def check_form(self, body: bytes, delimiters: Iterable[bytes] = ()) -> None:
        """Raise BudgetError for a form (application/x-www-form-urlencoded) with too many fields, or items in them.

        Items of arrays, each of which is read by its schema, are between commas, and between other `delimiters` if a
        style says so.
        """
        self.check_fields(body.count(b"&") + 1)
        self.check_items(body, delimiters)

    def check_items(self, body: bytes, delimiters: Iterable[bytes]) -> None:
        """Raise BudgetError for so many items in the fields of a form."""
        lowered = body.lower()
        if sum(map(lowered.count, (b",", b"%2c", *delimiters))) > self.values:
            raise BudgetError(f"this form has more than {self.values} items in its fields")

    def check_fields(self, count: int) -> None:
        """Raise BudgetError for so many fields."""
        if count > self.fields:
            raise BudgetError(f"this has {count} fields; at most {self.fields} are read")


REQUEST = Budget(values=250_000)
RESPONSE = Budget(values=2_000_000, searched_bytes=16 * 1024 * 1024)
"""Responses come from tapes and from the service that is recorded, which their user has chosen."""


def _has_more(pattern: re.Pattern[bytes], text: bytes, most: int, strings: int = 0) -> bool:
    """Whether the group of a pattern is found more often than that outside of strings; too many strings count as well.

    A text that is JSON has at most two strings for each value.
    """
    count, left = 0, 2 * most + 2 + strings
    for match in pattern.finditer(text):
        count += match.start(1) >= 0
        left -= match.start(1) < 0
        if count > most or left < 0:
            return True
    return False
