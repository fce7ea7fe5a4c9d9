"""Content codings undone (RFC 9110, section 8.4), within a limit: a HAR holds what a body says, not its coding."""

from __future__ import annotations

import zlib

MAX_DECODED = 64 * 1024 * 1024
CODINGS = frozenset({"gzip", "x-gzip", "deflate", "identity"})


class UnreadableBodyError(Exception):
    """A body cannot be looked into; the message says why."""


_MAX_CODINGS = 4
"""Each may take as long as the longest body does."""


def decoded(body: bytes, coding: str | None, limit: int = MAX_DECODED) -> bytes:
    """A body without its codings, given as the Content-Encoding header writes them, of at most `limit` bytes.

    Raises UnreadableBodyError.
    """
    names = [name.strip().lower() for name in (coding or "").split(",") if name.strip()] if body else []
    if len(names) > _MAX_CODINGS:
        raise UnreadableBodyError(f"the body has more than {_MAX_CODINGS} content codings")
    for name in reversed(names):
        body = _decoded(body, name, limit)
    return body


def _decoded(data: bytes, coding: str, limit: int) -> bytes:
    if coding not in CODINGS:
        raise UnreadableBodyError(f"the content coding {coding!r:.40} cannot be read")
    if coding == "identity":
        return data
    window = 47 if coding != "deflate" else zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS
    decoder = zlib.decompressobj(window)
    try:
        plain = decoder.decompress(data, limit)
    except zlib.error as error:
        raise UnreadableBodyError(f"the body is not {coding}: {error}") from None
    if not decoder.eof and not decoder.unconsumed_tail:
        raise UnreadableBodyError(f"the {coding} body ends too early")
    if decoder.unconsumed_tail or decoder.unused_data:
        raise UnreadableBodyError(f"the body has more than {limit // 1024**2} MiB, or a second {coding} part")
    return plain
