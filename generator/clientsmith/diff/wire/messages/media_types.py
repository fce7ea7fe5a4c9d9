"""Finds which media type of an old body is which of a new one: by name, else by the range that covers one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clientsmith.document.model import Node
from clientsmith.openapi import media_type

_USUAL = "charset=utf-8"
_BOUNDARY = "boundary="


def matched(
    old: Mapping[str, Node], new: Mapping[str, Node]
) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Pairs of media types, those that are gone and those that are new."""
    ours, theirs = ({media_key(name): name for name in sorted(side)} for side in (old, new))
    pairs = [(name, theirs[key]) for key, name in ours.items() if key in theirs]
    gone = [name for key, name in ours.items() if key not in theirs]
    added = [name for key, name in theirs.items() if key not in ours]
    covered = [(name, _best(new, name)) for name in gone]
    covering = [(_best(old, name), name) for name in added]
    pairs += [(mine, other) for mine, other in covered if other is not None]
    pairs += [(mine, other) for mine, other in covering if mine is not None]
    left = {mine for mine, _ in pairs}, {other for _, other in pairs}
    return (
        list(dict.fromkeys(pairs)),
        [name for name in gone if name not in left[0]],
        [name for name in added if name not in left[1]],
    )


def media_key(name: str) -> tuple[str, ...]:
    """Equal for media types that are written in other ways."""
    return media_type.essence(name), *sorted(_parameters(name))


def covers(declared: str, actual: str) -> bool:
    """Whether a declared media type speaks of another one: of its type, with at least the parameters declared."""
    return media_type.matches(declared, actual) and _parameters(declared) <= _parameters(actual)


def _best(declared: Iterable[str], actual: str) -> str | None:
    return media_type.best([one for one in declared if covers(one, actual)], actual)


def _parameters(name: str) -> frozenset[str]:
    """Those that tell media types apart: UTF-8 is what everybody writes, and each message has its own boundary."""
    parts = (part.strip().lower().replace('"', "") for part in name.split(";")[1:])
    return frozenset(part for part in parts if part not in ("", _USUAL) and not part.startswith(_BOUNDARY))
