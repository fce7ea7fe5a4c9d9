# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Header names and values as bytes, checked so that no value can smuggle in a second header (RFC 9110 section 5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..results.errors import RequestValidationError

HeaderTable = dict[str, tuple[bytes, bytes]]
"""Headers by lower-case name; the last one set wins."""

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BAD_VALUE: Final = re.compile(r"[^\t\x20-\x7e\x80-\xff]|^[ \t]|[ \t]$")
FRAMING: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"}
)
PROXY: Final = frozenset({"proxy-authorization", "proxy-connection"})
"""Meant for a proxy, but in a tunnel the service would get them."""


def header_value(name: str, value: str) -> bytes:
    """A value as bytes; the message of a refusal names the header and never shows the value."""
    if _BAD_VALUE.search(value):
        reason = "no header takes line breaks, control characters, surrounding spaces or text beyond Latin-1"
        raise RequestValidationError.because(f"header {name!r}", reason)
    return value.encode("latin-1")


def add_header(table: HeaderTable, name: str, value: str) -> None:
    """Put one header into the table."""
    if not _NAME.fullmatch(name):
        raise RequestValidationError.because(f"header name {name!r}", "not a header name")
    table[name.lower()] = (name.encode("ascii"), header_value(name, value))


def add_given(table: HeaderTable, given: Mapping[str, str]) -> None:
    """Put a caller's headers into the table; those that HTTP itself is framed with are refused."""
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise RequestValidationError.because("headers", "names and values must be str")
        if name.lower() in FRAMING:
            raise RequestValidationError.because(
                f"header {name!r}", "set by the HTTP layer, cannot be chosen"
            )
        if name.lower() in PROXY:
            raise RequestValidationError.because(
                f"header {name!r}", "would reach the service: put the proxy's credentials into its URL"
            )
        add_header(table, name, value)
