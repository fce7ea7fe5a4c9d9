"""A journal in an SQLite file, blocking or asyncio, to be asked and refused things by the parts that look at it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from clientsmith.conform.promises.promise_case import PromiseCase

_URL = "https://conform.invalid/v1"


class _Blocking:
    """An asyncio journal that is used as a blocking one; every call comes from another event loop."""

    def __init__(self, journal: Any) -> None:
        self.journal = journal

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def method(*args: Any, **kwargs: Any) -> Any:
            return asyncio.run(self._awaited(name, args, kwargs))

        return method

    async def _awaited(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        made = getattr(self.journal, name)(*args, **kwargs)
        return [one async for one in made] if hasattr(made, "__aiter__") else await made


@dataclass
class Written(PromiseCase):
    """Where the journals of a package are written, and what they are told: intents that are never sent."""

    folder: Path = field(default_factory=Path)

    @property
    def kind(self) -> Any:
        """The class of the journals of this mode."""
        return self.get("SqliteJournal" if self.mode == "sync" else "AsyncSqliteJournal")

    @contextmanager
    def journal(self, name: str, **settings: Any) -> Generator[Any]:
        """A journal in the file of that name, to be used without awaiting."""
        made = self.kind(self.folder / name, **settings)
        if self.mode == "sync":
            with made as journal:
                yield journal
        else:
            yield _Blocking(made)
            asyncio.run(made.aclose())

    def own(self, journal: Any) -> Any:
        """The journal itself."""
        return journal.journal if self.mode == "async" else journal

    def intent(self, id: str, body: bytes = b'{"conform": 1}') -> Any:
        """An intent under that id."""
        return self.get("Intent").of("conformed", "POST", _URL, body, id)

    def outcome(self, name: str, attempts: int = 1, content: bytes | None = None, error: Any = None) -> Any:
        """How a call ended; `content` is the body of its answer, if there was one."""
        answer = None
        if content is not None:
            answer = self.get("ApiResponse")(
                202, httpx.Headers({"X-Request-Id": "id-1"}), content, "POST", _URL
            )
        return self.get("IntentOutcome")(self.get("Outcome")(name), attempts, answer, error)

    def refused(self, kind: str, words: tuple[str, ...], work: Callable[..., object], *args: object) -> Any:
        """The error of what must not go well, which names its reason."""
        try:
            found: object = work(*args)
        except Exception as error:
            found = error
        passed = type(found).__name__ == kind and all(one in str(found) for one in words)
        self.check(
            passed, "journal-accepts", f"not {kind} with {words} but {found!r:.300}", status=" ".join(words)
        )
        return found

    def remembers(self, passed: bool, message: str) -> None:
        """Count a comparison of what a journal gives back with what it was told."""
        self.check(passed, "journal-forgets", message)
