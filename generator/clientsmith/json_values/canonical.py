"""JSON files that are compared byte by byte: one text for one value."""

from __future__ import annotations

import json
from collections.abc import Mapping


def canonical(value: Mapping[str, object]) -> bytes:
    """Keys in order, two spaces, a newline at the end; half of a surrogate pair is written as an escape."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode("utf-8", "backslashreplace")
