"""Values that are likely to tell two schemas apart: of their own names and words, and few others."""

from __future__ import annotations

import random
from typing import Any

_NUMBERS: list[Any] = [0, 1, 2, 3, 4, 5, 6, 99, 100, -1, 0.1, 0.2, 0.5, 1.5, 0.001]


class TellingValues:
    """Draws values of the names and words that the schemas of a pair have."""

    def __init__(self, chance: random.Random, schemas: list[Any]) -> None:
        names, words = set[str](), set[str]()
        _collect(schemas, names, words)
        self._chance = chance
        self._names = [*sorted(names), "m1", "m2"] if names else ["a", "b", "c", "aaaa", "x", "xa"]
        self._scalars: list[Any] = [None, True, False, "", "1", *_NUMBERS, *sorted(words) * 4]
        self._scalars += [letter * length for length in range(1, 8) for letter in "abx"]

    def value(self, depth: int) -> Any:
        kind = self._chance.randrange(4 if depth > 1 else 6)
        if kind < 3:
            return self._chance.choice(self._scalars)
        if kind == 3:
            return [self.value(depth + 1)] * self._chance.randrange(12)
        if kind == 4:
            return [self.value(depth + 1) for _ in range(self._chance.randrange(4))]
        names = self._chance.sample(self._names, min(self._chance.randrange(7), len(self._names)))
        return {name: self.value(depth + 1) for name in names}


def _collect(value: Any, names: set[str], words: set[str]) -> None:
    """The names of properties, and the texts that are listed."""
    if isinstance(value, list):
        words.update(one for one in value if isinstance(one, str))
        for one in value:
            _collect(one, names, words)
    elif isinstance(value, dict):
        required = value.get("required")
        names.update(value.get("properties", {}), value.get("dependentSchemas", {}))
        names.update(required if isinstance(required, list) else [])  # parameters are required or not
        for one in value.values():
            words.update([one] if isinstance(one, str) else [])
            _collect(one, names, words)
