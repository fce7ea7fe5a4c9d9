"""What the processes of one run have drawn, in files, so that each schema is drawn from once and gives all the same."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value


class DrawnFiles:
    """A folder with a file for each thing that is drawn: one value a line, and a line end behind the last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def values(self, key: object, draw: Callable[[], Iterable[Value]]) -> tuple[Value, ...]:
        """What was drawn under a key whose `repr` names it, drawn now if it has not been; others wait for it."""
        name = hashlib.sha256(repr(key).encode("utf-8", "backslashreplace")).hexdigest()
        with (self._folder / name).open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            lines = file.read().split(b"\n")
            if (
                lines != [b""] and lines[-1] == b""
            ):  # Whoever was killed while it wrote has left no last line end.
                return tuple(map(codec.read, lines[1:-1]))
            values = tuple(draw())
            file.truncate(0)
            file.write(b"".join(f"{codec.write(value)}\n".encode() for value in (len(values), *values)))
            return values
