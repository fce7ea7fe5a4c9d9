# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The body of an answer as bytes, never more of it than the limit allows; how it arrives is the clients' business."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx

_SLICE: Final = 1024
"""Compressed bytes that are unpacked in one go: at the best ratio of deflate they become about a megabyte."""

UNREADABLE: Final = "cannot be decompressed"


def too_long(limit: int) -> str:
    """What is wrong with a body beyond the limit."""
    return f"is longer than {limit} bytes"


def loaded(response: httpx.Response, limit: int) -> tuple[bytes, str]:
    """A body that its transport has read, if it is not too long; httpx has unpacked it, unless it is `x-gzip`."""
    content = response.content
    if len(content) > limit:
        return b"", too_long(limit)
    stated: str = response.headers.get("content-encoding", "")
    return unpack(response, content, limit) if "x-gzip" in stated.lower() else (content, "")


def unpack(response: httpx.Response, content: bytes, limit: int) -> tuple[bytes, str]:
    """The body without its content coding, and what is wrong with it, if anything; then there are no bytes."""
    stated: str = response.headers.get("content-encoding", "")
    if not stated or not content:
        return content, ""
    codings = [name for name in map(_coding, stated.split(",")) if name]
    if not codings:
        return content, ""
    if len(codings) > 1:  # one inside the other: the inner one would be unpacked without a bound
        return b"", UNREADABLE
    packed = httpx.Response(200, headers={"content-encoding": codings[0]}, stream=_Slices(content))
    whole = bytearray()
    try:
        for chunk in packed.iter_bytes():
            whole += chunk
            if len(whole) > limit:
                return b"", too_long(limit)
    except httpx.DecodingError:
        return b"", UNREADABLE
    # httpx passes on what it cannot decode.
    unpacked = bytes(whole)
    return (unpacked, "") if unpacked != content else (b"", UNREADABLE)


def _coding(name: str) -> str:
    """The name of a coding, empty if it changes nothing; `x-gzip` is another name of gzip (RFC 9110 8.4.1.3)."""
    known = name.strip().lower()
    return {"x-gzip": "gzip", "identity": ""}.get(known, known)


class _Slices(httpx.SyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._content), _SLICE):
            yield self._content[start : start + _SLICE]
