"""Which patterns are regular expressions of ECMA-262, which are what `pattern` holds (JSON Schema Core 6.4)."""

from __future__ import annotations

import re

from clientsmith.jsonschema.dialect import compiles

_NOT_ECMA = re.compile(r"(?<!\\)\(\?(?:[a-zA-Z]+\)|P[<=>])")
"""`(?i)` and `(?P<name>`: known to Python and Rust, not to ECMA-262."""


def is_ecma(pattern: str) -> bool:
    """Whether a pattern is a regular expression of ECMA-262, as far as two other engines can tell."""
    if _NOT_ECMA.search(pattern):
        return False
    if compiles(pattern):
        return True
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
