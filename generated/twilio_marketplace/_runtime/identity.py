"""Which runtime this is: what packages that share it compare with what they were generated for."""

from __future__ import annotations

from typing import Final

RELEASE: Final = "8fb8fc3c1f8d8807e00fdf65ca354bee6441133a459b927128b2ad9323815970"
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
