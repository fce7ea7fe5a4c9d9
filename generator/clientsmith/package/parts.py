"""Files of which only marked parts are generated: what people write around the parts survives; no disk access.

A part is what is between the lines `<!-- clientsmith: begin NAME -->` and `<!-- clientsmith: end NAME -->`. The
manifest holds a digest of each part, and none of what is around them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clientsmith.package.line_ends import with_lf

_MARK = re.compile(rb"<!-- clientsmith: (begin|end) ([0-9A-Za-z][0-9A-Za-z.+-]*(?: [a-z]+)?) -->[ \t]*\r?\n?")
_START = b"<!-- clientsmith:"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BrokenMarkError(ValueError):
    """The marks of a file do not delimit parts; `line` is that of the mark at fault."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Part:
    """A part in a file: what is between its marks, where it begins and ends in bytes, marks included, and its line."""

    name: str
    content: bytes
    start: int
    end: int
    line: int

    @property
    def digest(self) -> str:
        """The SHA-256 of the content with the line ends that it was generated with."""
        return hashlib.sha256(with_lf(self.content)).hexdigest()

    @property
    def is_converted(self) -> bool:
        """Whether it has the line ends of Windows."""
        return b"\r\n" in self.content


def composed(parts: Iterable[tuple[str, str]]) -> bytes:
    """A file of nothing but these parts, each a name and its lines."""
    return b"\n".join(_marked(name, text.encode()) for name, text in parts)


def _marked(name: str, content: bytes) -> bytes:
    mark = f"<!-- clientsmith: {{}} {name} -->\n"
    return mark.format("begin").encode() + content + mark.format("end").encode()


def read_parts(data: bytes, order: Iterable[str] = ()) -> dict[str, Part]:
    """The parts of a file by name, as they follow each other; raises BrokenMarkError.

    `order` names parts that must follow each other in that order, as far as they are there.
    """
    found: dict[str, Part] = {}
    opened: tuple[str, int, int, int] | None = None
    position = len(_BYTE_ORDER_MARK) if data.startswith(_BYTE_ORDER_MARK) else 0
    for line, text in enumerate(data[position:].splitlines(keepends=True), start=1):
        start, position = position, position + len(text)
        if not text.lstrip().startswith(_START):
            continue
        mark = _MARK.fullmatch(text)
        if mark is None:
            raise BrokenMarkError(line, "is not a mark that clientsmith writes")
        kind, name = mark[1], mark[2].decode()
        if kind == b"begin" and opened is not None:
            raise BrokenMarkError(line, f"begins the part {name} inside the part {opened[0]}")
        if kind == b"begin":
            if name in found:
                raise BrokenMarkError(
                    line, f"begins the part {name} again, which begins in line {found[name].line}"
                )
            opened = (name, start, position, line)
        elif opened is None or opened[0] != name:
            inside = "" if opened is None else f" inside the part {opened[0]}"
            raise BrokenMarkError(line, f"ends the part {name}, which does not begin{inside}")
        else:
            _, begin, inner, first = opened
            found[name], opened = Part(name, data[inner:start], begin, position, first), None
    if opened is not None:
        raise BrokenMarkError(opened[3], f"begins the part {opened[0]}, which does not end")
    _check_order(found, order)
    return found


def _check_order(found: Mapping[str, Part], order: Iterable[str]) -> None:
    wanted = [name for name in order if name in found]
    present = [name for name in found if name in set(wanted)]
    for name, other in zip(present, wanted, strict=True):
        if name != other:
            raise BrokenMarkError(
                found[name].line, f"begins the part {name}, which belongs behind the part {other}"
            )


def has_other_text(data: bytes, parts: Mapping[str, Part]) -> bool:
    """Whether people wrote something around the parts."""
    outside, position = b"", 0
    for part in parts.values():
        outside, position = outside + data[position : part.start], part.end
    return bool((outside + data[position:]).removeprefix(_BYTE_ORDER_MARK).strip())


def merged(data: bytes, generated: bytes) -> bytes:
    """The file `data` with the parts that `generated` has, and all that people wrote around them.

    A part that is not there yet comes before the next one that is, else at the end. Line ends become LF.
    Raises BrokenMarkError.
    """
    text = with_lf(data).removeprefix(_BYTE_ORDER_MARK)
    due = read_parts(generated)
    result, position = b"", 0
    for part in read_parts(text, due).values():
        result, position = result + text[position : part.start], part.end
        while part.name in due:
            name = next(iter(due))
            result += _marked(name, due.pop(name).content) + (b"" if name == part.name else b"\n")
    result += text[position:]
    for name, part in due.items():
        result += (b"" if result.endswith(b"\n") or not result else b"\n") + (b"\n" if result else b"")
        result += _marked(name, part.content)
    return result
