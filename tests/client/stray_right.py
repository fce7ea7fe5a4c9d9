"""What is right in a cell of the grid of stray answers, and why; the only place that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tests.client.calls import Mode
from tests.client.stray_columns import Column
from tests.client.stray_rows import Row

Post = Literal["report", "update"]
"""The operation that bills, and a POST without the mark."""
DELAYS: Final = (0.0, 0.0005, 0.001, 0.002, 0.005)
_DENIALS: Final = frozenset({"not_sent", "not_processed", "rejected"})


@dataclass(frozen=True)
class Cell:
    """One place in the grid; `late` is in seconds."""

    row: Row
    column: Column
    mode: Mode
    post: Post
    journal: bool
    late: float = 0.0

    def __str__(self) -> str:
        journal = "journal" if self.journal else "no journal"
        late = f"{self.late * 1000:g} ms late"
        return f"{self.row.name} | {self.column.name} | {self.mode} {self.post}, {journal}, {late}"

    @property
    def bills(self) -> bool:
        return self.post == "report"

    @property
    def waits(self) -> bool:
        """Whether a right client waits, for an end or for a while, to see that nothing follows a refusal."""
        return not self.row.accepts and (self.row.ends != "properly" or not self.bills)

    @property
    def alone(self) -> bool:
        """Whether each post has a connection that carries nothing else: those of our pool if they bill, all through
        the transports of httpx, whose clients say `Connection: close`. The first post after a request that others
        made through a shared httpx client still rides on the connection of that one.
        """
        if self.column.multiplexed or self.column.shared:
            return False
        return self.bills or not self.column.pooled

    @property
    def proven(self) -> bool:
        """Whether the client can know that nobody else's answer can arrive: not behind a proxy that is spoken to in
        the clear, and not on a connection that others have used.
        """
        return not (self.column.forward or self.column.shared)


@dataclass(frozen=True)
class Seen:
    """What came of one post: its outcome, how often the server carried it out, whether the result is its own, how often it
    came on a connection that had carried another request, and what a journal kept.
    """

    outcome: str
    accepted: int
    own: bool
    followed: int = 0
    kept: str | None = None


def wrong(cell: Cell, seen: Seen) -> str:
    """Why what came of a post is wrong; empty when it is right."""
    if seen.accepted > 1:
        return "posted and carried out twice"
    if seen.accepted and seen.outcome in _DENIALS:
        return f"{seen.outcome}, but it was carried out"
    if not seen.accepted and not _may_be_lost(cell, seen.outcome):
        return f"{seen.outcome}, but it was never carried out"
    if cell.alone and seen.followed:
        return "posted on a connection that had carried another request"
    right = expected(cell)
    if seen.outcome not in right:
        return f"{seen.outcome}, not {' or '.join(sorted(right))}"
    if (
        seen.outcome == "succeeded"
        and cell.bills
        and cell.row.kind == "after"
        and cell.alone
        and not seen.own
    ):
        return "succeeded with the answer to another call"
    if seen.kept is not None and seen.kept != seen.outcome:
        return f"{seen.outcome}, but the journal says {seen.kept}"
    return ""


def _may_be_lost(cell: Cell, outcome: str) -> bool:
    """Whether a post may have this outcome although it was not carried out. Servers that carry out whatever arrives leave
    `not_sent`; HTTP/2 may end the connection under a request. On a kept connection a stray success is one that nobody
    can tell from the own one, and a client that closes then may do so before its request has been read.
    """
    if cell.column.multiplexed or outcome == "not_sent":
        return outcome != "succeeded"
    if cell.row.accepts:
        return cell.row.kind == "after" and not cell.alone
    return outcome != "succeeded"


def expected(cell: Cell) -> frozenset[str]:
    """The outcomes that are right in a cell; more than one if it is a race, or two answers are equally true."""
    return frozenset(_BY_KIND[cell.row.kind](cell))


def _after(cell: Cell) -> set[str]:
    """A stray answer behind that of an earlier call. On a connection of its own a post cannot meet it. On a kept one it
    may, if it comes after the last look; then what it says is not to be believed.
    """
    return {"succeeded"} if cell.alone else {"succeeded", "unknown"}


def _first(cell: Cell) -> set[str]:
    """A stray answer ahead of the post's own, on the same connection, after the request has left. 1xx is no answer. A
    success is believed, since making the call again is what could do harm. What allows that is not: two answers came.
    HTTP/2 knows that the stray one belongs to no request, and may end the connection for it.
    """
    if cell.column.multiplexed:
        return {"succeeded", "unknown"}
    if cell.row.stray == "103":
        return {"succeeded"}
    return {"succeeded", "unknown"} if cell.row.stray == "202" else {"unknown"}


def _early(cell: Cell) -> set[str]:
    """An answer before any request. If it is there before the first byte leaves, our pool takes another connection,
    and gives up, with nothing sent, if each one is like that; the packet that ends a handshake of TLS 1.2 brings it in
    time for certain. Otherwise it is a race, and ends like a stray answer that is first.
    """
    if cell.column.multiplexed:
        return {"succeeded", "unknown", "not_sent"}
    in_time = cell.column.pooled and cell.column.serves == "tls12" and not cell.late and cell.bills
    if cell.row.always:
        return {"not_sent"} if in_time else {"not_sent", "unknown"}
    return {"succeeded"} if in_time else {"succeeded", "unknown"}


def _limited(cell: Cell) -> set[str]:
    """An honest 429, and a 202 for the next attempt. It has to be tried again if the 429 is proven to be the only
    answer: by the end of the connection for a call that bills, by silence during the pause for another post.
    """
    if cell.column.multiplexed or (cell.proven and cell.row.ends != "never"):
        return {"succeeded"}
    if not cell.bills:
        return {"succeeded"} if cell.proven and cell.column.pooled else {"succeeded", "unknown"}
    if cell.proven and not cell.column.pooled:
        # The connection was opened for the attempt; whether its end is waited for too is for the transport.
        return {"succeeded", "unknown"}
    return {"unknown"}


def _refused(cell: Cell) -> set[str]:
    """An honest 404. As `_limited`, but nothing is tried again."""
    if cell.column.multiplexed or (cell.proven and cell.row.ends != "never"):
        return {"rejected"}
    if not cell.bills:
        return {"rejected"} if cell.proven and cell.column.pooled else {"rejected", "unknown"}
    if cell.proven and not cell.column.pooled:
        return {"rejected", "unknown"}
    return {"unknown"}


_BY_KIND: Final = {
    "after": _after, "first": _first, "early": _early, "limited": _limited, "refused": _refused
}  # fmt: skip
