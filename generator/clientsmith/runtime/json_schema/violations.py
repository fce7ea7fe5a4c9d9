"""What a value can do to a schema: fit it, break it in named places, or neither for certain; nothing is checked."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from ..values.shapes import is_object

Path: TypeAlias = "tuple[str | int, ...]"
_LONGEST: Final = 60
_DEEPEST: Final = 20
_MOST_NAMED: Final = 5


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


def fits_several(schema: dict[str, Any], fitting: list[int]) -> str:
    """Why a value that fits the alternatives of those numbers is refused: which they are, and what tells them apart."""
    named = [_name(schema["oneOf"][number], number) for number in fitting]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    reason = f"fits several alternatives of which one alone may fit: {', '.join(named[:_MOST_NAMED])}{more}"
    # Without its discriminator a value is checked by such a schema, in which no property may name a member.
    properties = schema.get("properties")
    tags = [name for name, one in properties.items() if one is False] if is_object(properties) else []
    return f"{reason}; property '{shown(tags[0])}' says which is meant" if len(tags) == 1 else reason


def _name(schema: Any, number: int) -> str:
    """What the document calls an alternative; its number, from 1, if it has no name."""
    name = schema.get("$ref") if is_object(schema) else None
    return shown(name) if isinstance(name, str) else f"number {number + 1}"
