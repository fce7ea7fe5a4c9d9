"""Documents made to be dear: each kind puts one construct into a small description, drawn by a seed and a size."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from hostile_patterns import PATTERNS
from hostile_places import PLACES
from hostile_shapes import SHAPES
from hostile_wide import WIDE

Kind = Callable[[Random, int], dict[str, Any]]
KINDS: dict[str, Kind] = {**PATTERNS, **SHAPES, **PLACES, **WIDE}
"""A kind gives the document for a size: how often what is dear occurs in it, about."""


def drawn(seed: int, index: int, largest: int) -> tuple[str, bytes]:
    """The document of that number: its kind, all of which take their turn, and its text."""
    names = sorted(KINDS)
    name = names[index % len(names)]
    draw = Random(f"{seed}/{index}")
    size = int(2 ** draw.uniform(2, largest.bit_length() - 1)) if index >= len(names) else largest
    return name, json.dumps(KINDS[name](draw, size)).encode()
