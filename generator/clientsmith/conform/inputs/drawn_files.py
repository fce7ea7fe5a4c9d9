"""What the processes of one run have drawn, in files, so that each schema is drawn from once and gives all the same."""

from __future__ import annotations

import fcntl
import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path

from clientsmith.json_values.codec import Value


class DrawnFiles:
    """A folder of this run alone with a file for each thing that is drawn.

    JSON would not do: it makes no difference between the number 1 and the Decimal 1, and clients may.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def values(self, key: object, draw: Callable[[], tuple[Value, ...]]) -> tuple[Value, ...]:
        """What was drawn under a key whose `repr` names it, drawn now if it has not been; others wait for it."""
        name = hashlib.sha256(repr(key).encode("utf-8", "backslashreplace")).hexdigest()
        file, unfinished = self._folder / name, self._folder / f"{name}.new"
        with unfinished.open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if file.exists():
                found: tuple[Value, ...] = pickle.loads(file.read_bytes())
                return found
            values = draw()
            held.truncate(0)  # of what somebody left who was killed
            held.write(pickle.dumps(values))
            held.flush()
            unfinished.replace(file)
            return values
