"""Which members an object may have if another object is written member by member beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from .json_codec import JsonError


@dataclass(frozen=True)
class OwnMembers:
    """Names that belong to something else in the same query, Cookie header or form.

    `taken` are declared there; with `only`, every name but those would be read as part of another object.
    """

    taken: Collection[str] = ()
    only: Collection[str] | None = None

    def refuse_others(self, members: dict[str, Any]) -> None:
        """Raise JsonError for a member that would be read as part of something else."""
        for key, item in members.items():
            is_own = key not in self.taken and (self.only is None or key in self.only)
            if item is not None and not is_own:
                raise JsonError(
                    f"has the member {key!r}, which this style cannot tell from what is sent beside the object"
                )
