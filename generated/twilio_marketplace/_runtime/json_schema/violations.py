# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What a value can do to a schema: fit it, break it in named places, or neither for certain; nothing is checked."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Path: TypeAlias = "tuple[str | int, ...]"
_LONGEST: Final = 60
_DEEPEST: Final = 20


class Knowledge(enum.Enum):
    """What is known of a value that breaks nothing."""

    FITS = "fits"
    UNSURE = "unsure"


FITS: Final = Knowledge.FITS
UNSURE: Final = Knowledge.UNSURE
Unsure: TypeAlias = Literal[Knowledge.UNSURE]


@dataclass(frozen=True)
class Violation:
    """One place in which a value breaks the API's description.

    `path` leads to it, `keyword` is the JSON Schema keyword that it breaks, `reason` says how. None of them holds a
    value from there; names of members are in `path`.
    """

    path: Path
    keyword: str
    reason: str

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer (RFC 6901), with long and unprintable names shortened and escaped."""
        steps = [shown(str(step)).replace("~", "~0").replace("/", "~1") for step in self.path[:_DEEPEST]]
        return "".join(f"/{step}" for step in steps) + ("/..." if len(self.path) > _DEEPEST else "")

    def __str__(self) -> str:
        return f"{self.pointer or 'the body'} {self.reason}"


Verdict: TypeAlias = "Violation | Knowledge"


def shown(text: str) -> str:
    """A short printable form of a text that may come from anywhere."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    return short if short.isprintable() else ascii(short)[1:-1]
