"""JSON files that are compared byte by byte: one text for one value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(value: Mapping[str, object]) -> bytes:
    """Keys in order, two spaces, a newline at the end; half of a surrogate pair is written as an escape."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode("utf-8", "backslashreplace")


def laid_out(value: Mapping[str, object], depth: int) -> bytes:
    """The same, but what nests deeper than `depth` is on one line, so that large values stay small."""
    return f"{_laid_out(value, depth, chr(10))}\n".encode("utf-8", "backslashreplace")


def _laid_out(value: object, depth: int, end: str) -> str:
    if not depth or not value or not isinstance(value, dict | list):
        return _ENCODER.encode(value)
    inner = f"{end}  "
    if isinstance(value, dict):
        members = sorted(cast("dict[str, object]", value).items())
        lines = [f"{_ENCODER.encode(name)}: {_laid_out(one, depth - 1, inner)}" for name, one in members]
        return f"{{{inner}{f',{inner}'.join(lines)}{end}}}"
    items = [_laid_out(one, depth - 1, inner) for one in cast("list[object]", value)]
    return f"[{inner}{f',{inner}'.join(items)}{end}]"
