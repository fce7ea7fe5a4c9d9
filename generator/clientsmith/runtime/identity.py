"""Which runtime this is: what packages that share it compare with what they were generated for."""

from __future__ import annotations

from typing import Final

RELEASE: Final = "unreleased"
"""The SHA-256 of all modules of the runtime, those of other features included."""
FEATURES: Final[tuple[str, ...]] = ()
"""The features that are here."""
