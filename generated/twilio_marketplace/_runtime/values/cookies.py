# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Names and values of cookies as text (RFC 6265)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from .json_codec import JsonError

_SAFE: Final = "!#$&'()*+-./:<=>?@[]^_`{|}~"
_NAME_SAFE: Final = "!#$&'*+-.^_`|~"
_OCTETS: Final = re.compile(r"[!#-+\--:<-\[\]-~]*")
_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def cookie_octets(text: str) -> str:
    """The text, if a cookie can hold it as it is. Raises JsonError."""
    if not _OCTETS.fullmatch(text):
        raise JsonError("holds a character that no cookie can hold; escape it before you pass it")
    return text


def is_cookie_name(text: str) -> bool:
    """Whether a text can be the name of a cookie as it is."""
    return _NAME.fullmatch(text) is not None


def cookie_name(text: str) -> str:
    """A cookie name made of data: the characters of a token, percent-encoded where they are none (RFC 6265)."""
    return quote(text, safe=_NAME_SAFE)


def cookie_text(text: str) -> str:
    """A cookie value (RFC 6265 section 4.1.1)."""
    return quote(text, safe=_SAFE)


def opaque_cookie(text: str) -> str:
    """A cookie value that is sent as it is, such as a key; one that no cookie can hold is percent-encoded."""
    return text if _OCTETS.fullmatch(text) else cookie_text(text)
