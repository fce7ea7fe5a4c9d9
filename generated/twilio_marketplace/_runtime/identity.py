"""Which runtime this is: what packages that share it compare with what they were generated for."""

from __future__ import annotations

from typing import Final

RELEASE: Final = "4c83157cbcc2d2fd5f01bb6f84ec2ca08f83d0706930a4af92252e90d5d82417"
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
