"""The typed surface that a package on disk carries."""

from __future__ import annotations

SURFACE = "_surface.json"
