"""The rules for the head of a request that h11 leaves open: what may be read in two ways is refused, not interpreted.

Two programs that disagree about where a request ends can be made to see different requests (request smuggling). h11 has
checked the grammar of RFC 9112 when this is asked; everything here is about requests that it accepts nevertheless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_HEADERS = 500
MAX_TARGET = 32 * 1024
"""Bytes of a request target; RFC 9112, section 3, asks for 8,000 at least."""
MAX_CHUNKS = 100_000
MAX_CHUNK_OVERHEAD = 1024 * 1024
"""Bytes of chunk sizes, chunk extensions and trailers of one request."""

_SUSPECT = re.compile(rb"\n(?:[ \t]|(?:content|transfer)[-_](?:length|encoding))", re.IGNORECASE)
_HOST_LINE = re.compile(rb"\nhost:[ \t]*+([^\r\n]*+)", re.IGNORECASE)
_LENGTH = re.compile(rb"[0-9]{1,19}")
_HOST = re.compile(rb"[^\s,/?#@\\]*[ \t]*")
_ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]")
_FRAMING = (b"content-length", b"transfer-encoding")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a head is not accepted: the status of the answer, and a sentence."""

    status: int
    reason: str


def refusal_of(head: bytes) -> Refusal | None:
    """Why the head of a request, up to and including its empty line, is refused; None if it is not."""
    count = head.count(b"\n")
    if head.count(b"\r\n") != count or head.count(b"\r") != count or b"\0" in head:
        return Refusal(400, "a line of the head ends in something other than CR LF, or holds a NUL")
    if count > MAX_HEADERS + 2:
        return Refusal(431, f"{count - 2} header lines; at most {MAX_HEADERS} are taken")
    method, target, version = head[: head.index(b"\r")].split(b" ")
    if len(target) > MAX_TARGET:
        return Refusal(414, f"a target of {len(target)} bytes; at most {MAX_TARGET} are taken")
    # Most requests have no body, and need no look at each of their lines.
    framing = _framing_of(head, version) if _SUSPECT.search(head) else None
    return framing or _target(method, target, _HOST_LINE.search(head))


def _framing_of(head: bytes, version: bytes) -> Refusal | None:
    framing: dict[bytes, list[bytes]] = {}
    for line in head[:-4].split(b"\r\n")[1:]:
        if line[:1] in (b" ", b"\t"):
            return Refusal(400, "a header is continued on a line that starts with a blank")
        name, _, value = line.partition(b":")
        lowered = name.lower()
        if lowered in _FRAMING:
            framing.setdefault(lowered, []).append(value.strip(b" \t"))
        elif lowered.replace(b"_", b"-") in _FRAMING:
            return Refusal(400, f"the header {name.decode('latin-1')} is read as another one by some servers")
    return _framing(framing, version)


def _framing(framing: dict[bytes, list[bytes]], version: bytes) -> Refusal | None:
    """RFC 9112, section 6.3: one header says where the body ends, once, in a way that all readers share."""
    lengths, codings = (framing.get(name, []) for name in _FRAMING)
    if lengths and codings:
        return Refusal(400, "Transfer-Encoding and Content-Length are both there (RFC 9112, section 6.3)")
    if len(lengths) > 1 or (lengths and not _LENGTH.fullmatch(lengths[0])):
        return Refusal(400, "Content-Length has to be there once, and to be one number")
    if codings and version == b"HTTP/1.0":
        return Refusal(400, "HTTP/1.0 has no Transfer-Encoding")
    if len(codings) > 1 or (codings and codings[0].lower() != b"chunked"):
        return Refusal(501, "no Transfer-Encoding but chunked is understood")
    return None


def _target(method: bytes, target: bytes, host: re.Match[bytes] | None) -> Refusal | None:
    """RFC 9112, section 3.2: the target is a path, a whole URL (its host counts then, not the header), or `*`."""
    if host is not None and not _HOST.fullmatch(host[1]):
        return Refusal(400, "the Host header is not a host with an optional port")
    if method == b"CONNECT" or target.startswith(b"/") or (target == b"*" and method in (b"OPTIONS", b"PRI")):
        return None
    return None if _ABSOLUTE.match(target) else Refusal(400, "the target is neither a path nor a URL")


class ChunkBudget:
    """What the framing of one chunked body may cost beside its content: chunks, and bytes that are not content."""

    __slots__ = ("_chunks", "_content", "_received")

    def __init__(self) -> None:
        self._chunks = self._content = self._received = 0

    def received(self, count: int) -> None:
        """So many bytes arrived, content or not."""
        self._received += count

    def content(self, count: int) -> None:
        """So many bytes of content were found in one piece."""
        self._chunks += 1
        self._content += count

    @property
    def refusal(self) -> Refusal | None:
        """Why the body is refused; None as long as it is not."""
        if self._chunks > MAX_CHUNKS:
            return Refusal(413, f"a body of more than {MAX_CHUNKS} chunks")
        if self._received - self._content > MAX_CHUNK_OVERHEAD:
            return Refusal(413, f"more than {MAX_CHUNK_OVERHEAD} bytes of chunk sizes and extensions")
        return None
