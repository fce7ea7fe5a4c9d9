# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Which runtime this is: what packages that share it compare with what they were generated for."""

from __future__ import annotations

from typing import Final

RELEASE: Final = "da8b3527a450a437adc76200b9f0a8e360ba619d5670013181f970492c52ebc7"
"""The SHA-256 of all modules of the runtime, those of other features included."""
FEATURES: Final[tuple[str, ...]] = (
    "core",
    "encodings",
    "forms",
    "journal",
    "json_schema",
    "partial_success",
)
"""The features that are here."""
