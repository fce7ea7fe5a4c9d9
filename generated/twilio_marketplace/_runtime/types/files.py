# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Which values are files: bytes, open binary files, or either with a file name and a content type; reads none."""

from __future__ import annotations

from typing import Any

from ..values.shapes import is_tuple


def is_file(value: Any) -> bool:
    """Whether a value has one of the forms of a file; whether it can be read is not known yet."""
    if is_tuple(value):
        return 2 <= len(value) <= 3 and isinstance(value[0], str) and _is_raw(value[1])
    return _is_raw(value)


def _is_raw(value: Any) -> bool:
    return isinstance(value, (bytes, bytearray, memoryview)) or hasattr(value, "read")
