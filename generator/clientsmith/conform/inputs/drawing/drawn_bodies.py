"""Keeps drawn values by what their schema says, so that the processes of a run draw each of them only once."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path


class DrawnBodies:
    """JSON texts by the key of what they were drawn from; in files of a folder too, if there is one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, key: str, draw: Callable[[], Iterable[str]]) -> tuple[str, ...]:
        """The texts of a key, drawn when they are first asked for."""
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        if name not in self._known:
            with self._held(name):
                kept = self._read(name)
                self._known[name] = self._written(name, tuple(draw())) if kept is None else kept
        return self._known[name]

    @contextmanager
    def _held(self, name: str) -> Generator[None]:
        """Let one process draw, while others that want the same wait for it."""
        if self._folder is None:
            yield
            return
        with (self._folder / f"{name}.lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _read(self, name: str) -> tuple[str, ...] | None:
        if self._folder is None:
            return None
        try:
            return tuple(json.loads((self._folder / name).read_text("ascii")))
        except FileNotFoundError:
            return None

    def _written(self, name: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        if self._folder is not None:
            descriptor, temporary = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump(texts, file)
            Path(temporary).replace(self._folder / name)
        return texts
