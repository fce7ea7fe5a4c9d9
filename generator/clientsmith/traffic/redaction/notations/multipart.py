"""Multipart bodies taken apart as leniently as some receiver might (RFC 2046, section 5.1; RFC 7578), each byte kept.

Lines may end with LF, heads may be folded, names may be extended (RFC 8187), and the boundary may be known from the
body alone. What is in the parts is not looked at here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_FIRST_LINE = re.compile(rb"\s{0,100}--([^\r\n]{1,200}?)[ \t]*\r?\n(?=[^\r\n]*:)")
_HEAD_END = re.compile(rb"\r?\n\r?\n|\r\r")
_FOLD = re.compile(r"\r?\n[ \t]+")
_NAME = re.compile(
    r";\s*name(\*[0-9]{0,3}\*?)?\s*=\s*(?:\"((?:[^\"\\\r\n]|\\.)*)\"|([^;\s\"]+))", re.IGNORECASE
)
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One part: its head and content as bytes of the body, and what the head says; names of headers in lower case."""

    start: int
    head_end: int
    end: int
    headers: dict[str, str]
    name: str


def boundary_of(body: bytes, declared: str | None) -> bytes | None:
    """The boundary that is declared, if the body has it, else the one that the body begins with."""
    boundary = declared.encode("latin-1", "replace") if declared else None
    if boundary and (b"--" + boundary) in body:
        return boundary
    line = _FIRST_LINE.match(body)
    return line[1] if line is not None else None


def parts_of(body: bytes, boundary: bytes) -> list[BodyPart]:
    """The parts in their order, the preamble and what follows the last one left out."""
    delimiter = re.compile(rb"(?:\A|\r\n|\n|\r)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=[\r\n]|\Z)")
    marks = list(delimiter.finditer(body))
    parts: list[BodyPart] = []
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(body)
        if mark[1] is None:
            parts.append(_part(body, mark.end(), end))
    return parts


def _part(body: bytes, start: int, end: int) -> BodyPart:
    gap = _HEAD_END.search(body, start, end)
    head_end = gap.end() if gap is not None else end
    head = _FOLD.sub(" ", body[start:head_end].decode("utf-8", "replace"))
    headers = {
        header[1].lower(): header[2].strip()
        for line in head.splitlines()
        if (header := _HEADER.fullmatch(line.strip())) is not None
    }
    return BodyPart(start, head_end, end, headers, _name(headers.get("content-disposition", "")))


def _name(disposition: str) -> str:
    """The name of a field; one that comes in pieces or percent-encoded is put together (RFC 2231, section 3)."""
    pieces: list[str] = []
    plain = ""
    for mark, quoted, bare in _NAME.findall(disposition):
        written = re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
        if mark.endswith("*"):
            rest = written.split("'", 2)[-1]
            written = unquote_to_bytes(rest).decode("utf-8", "replace")
        if mark:
            pieces.append(written)
        else:
            plain = written
    return "".join(pieces) or plain
