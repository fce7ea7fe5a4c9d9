# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What became of each item of a call that can succeed in part: values only; `partial_declaration` works them out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Generic

from typing_extensions import TypeVar

ResultT = TypeVar("ResultT", covariant=True)
SentT = TypeVar("SentT", covariant=True)
ReceivedT = TypeVar("ReceivedT", covariant=True)


@dataclass(frozen=True)
class Matched(Generic[SentT, ReceivedT]):
    """An item as it was sent, and what the service says of it."""

    sent: SentT
    received: ReceivedT


@dataclass(frozen=True, repr=False)
class PartialSuccess(Generic[ResultT, SentT, ReceivedT]):
    """The result of a call that the service may have carried out for some of the items only.

    Every item that was sent is in exactly one of `accepted`, `rejected`, `undecided` and `unmentioned`, in the order
    in which they were sent. Ask `all_submitted` first: only if it is true, all of them were accepted.
    """

    result: ResultT
    """The whole answer, decoded."""
    accepted: tuple[Matched[SentT, ReceivedT], ...]
    """Items that the service says it has accepted."""
    rejected: tuple[Matched[SentT, ReceivedT], ...]
    """Items that the service says it has not accepted."""
    undecided: tuple[Matched[SentT, ReceivedT], ...]
    """Items that the service answers without saying yes or no."""
    unmentioned: tuple[SentT, ...]
    """Items that were sent and are not in the answer: what became of them is unknown."""
    unexpected: tuple[ReceivedT, ...]
    """What is in the answer and was never sent, or is there more often than it was sent."""
    total: Decimal | None = None
    """The sum over the accepted items as the service states it; None where it states none, or no number."""
    computed_total: Decimal | None = None
    """The same sum worked out here, exactly; None where an amount is missing or no number."""
    total_matches: bool | None = None
    """Whether the two are equal; False where either is None. None where the API has no such sum."""

    @property
    def all_submitted(self) -> bool:
        """Whether every item that was sent was accepted, and nothing in the answer raises a doubt about it."""
        doubts = (self.rejected, self.undecided, self.unmentioned, self.unexpected)
        return not any(doubts) and self.total_matches is not False

    def __repr__(self) -> str:
        names = ("accepted", "rejected", "undecided", "unmentioned", "unexpected")
        counts = " ".join(f"{name}={len(getattr(self, name))}" for name in names)
        return f"<PartialSuccess {counts} total_matches={self.total_matches}>"
