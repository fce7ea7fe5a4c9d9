"""Which runtime this is: what packages that share it compare with what they were generated for."""

from __future__ import annotations

from typing import Final

RELEASE: Final = "a01ad325b05fa9d0abc9e8465318e1626e42d3e2a165d51d038d815297f9b669"
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
