"""What one message may cost beyond its bytes: counts of values, fields and parts, taken before any of them is built.

Every reader here is linear in what it reads; these bounds keep the factor small. They are counts and not seconds, so
that the same request has the same answer on every machine.
"""

from __future__ import annotations

import re
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
    form_bytes: int = 1024 * 1024
    """Of a form: every byte may separate two items of an array, and each of them is read by its schema."""

    def check_json(self, text: bytes) -> None:
        """Raise BudgetError for a JSON text with too many values; the text need not be valid."""
        punctuation = text.count(b",") + text.count(b"[") + text.count(b"{")
        if punctuation > self.values and _has_more(_VALUES, text, self.values):
            raise BudgetError(f"this has more than {self.values} JSON values")
        if _WIDE_ANYWHERE.search(text) and _has_more(_WIDE, text, _MAX_WIDE, 2 * self.values):
            raise BudgetError(f"this has more than {_MAX_WIDE} numbers with an exponent of three digits")

    def check_form(self, body: bytes) -> None:
        """Raise BudgetError for a form (application/x-www-form-urlencoded) that is too long, or has too many fields."""
        if len(body) > self.form_bytes:
            raise BudgetError(f"this form has {len(body)} bytes; at most {self.form_bytes} are read")
        self.check_fields(body.count(b"&") + 1)

    def check_fields(self, count: int) -> None:
        """Raise BudgetError for so many fields."""
        if count > self.fields:
            raise BudgetError(f"this has {count} fields; at most {self.fields} are read")


REQUEST = Budget(values=250_000)
RESPONSE = Budget(values=2_000_000)
"""Responses come from tapes and from the service that is recorded, which their user has chosen."""


def _has_more(pattern: re.Pattern[bytes], text: bytes, most: int, strings: int = 0) -> bool:
    """Whether the group of a pattern is found more often than that outside of strings; too many strings count as well.

    A text that is JSON has at most two strings for each value.
    """
    found, left = 0, 2 * most + 2 + strings
    for match in pattern.finditer(text):
        found += match.start(1) >= 0
        left -= match.start(1) < 0
        if found > most or left < 0:
            return True
    return False
