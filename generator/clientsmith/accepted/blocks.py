"""Files of entries as text: what is above all entries, and the lines of each, so that what people wrote survives."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from clientsmith.diagnostics.model import Place


def blocks(text: str, places: Iterable[Place]) -> tuple[str, list[str]]:
    """What is above all entries, and the lines of each with the comments that belong to it."""
    lines = list(io.StringIO(text))  # Lines of TOML and YAML: others end texts that these quote.
    starts = [*(_start(lines, place) for place in places), len(lines)]
    return "".join(lines[: starts[0]]), ["".join(lines[a:b]) for a, b in pairwise(starts)]


def _start(lines: list[str], place: Place) -> int:
    """The index of the line at which an entry begins, with the comments right above it."""
    start = 0 if place.span is None else place.span.line - 1
    while start and lines[start - 1].lstrip().startswith("#") and start > 1:
        start -= 1
    return start


def write_whole(file: str, text: str) -> None:
    """Write a file as a whole, or not at all."""
    path = Path(file)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
