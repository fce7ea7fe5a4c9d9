"""Which runtime this is: what packages that share it compare with what they were generated for."""

from __future__ import annotations

from typing import Final

RELEASE: Final = "140914fb56329a8c58c6d7bc2187a913f46d8889c15e7e7ade7875f834373900"
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
