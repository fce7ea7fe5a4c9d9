"""Answers that may belong to another call: whether a refusal counts depends on what follows it on its connection.

An HTTP/1.1 answer belongs to a request by its place alone (RFC 9112 section 9.3.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from clientsmith.conform.client.calls import Called
from clientsmith.conform.client.environment import PROXIES, variables_set
from clientsmith.conform.promises.connections.connections_part import Connected, unused
from clientsmith.conform.promises.connections.peer import (
    Act,
    deaf_server,
    reply,
    resets,
    sends,
    stalls,
)
from clientsmith.conform.promises.promise_case import PromiseCase, content_of, ending
from clientsmith.conform.promises.time_bounds import AMPLE, BOUNDS, TRIES, until_on_time

_REFUSAL = reply(b"no")
_STRAY = reply(b"of another call")
_LIMITED = reply(b"busy", "Retry-After: 0", status="429 Too Many Requests")
_LIMITED_LONG = _LIMITED.replace(b"Retry-After: 0", b"Retry-After: 9")
_RESET = resets(_REFUSAL)
_CHUNKS = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n"
_NO_LENGTH = b"HTTP/1.1 404 Not Found\r\n\r\nno"
_SOON = 0.02
"""Seconds after which a second answer comes: within the time that a refusal is watched, unless the machine is busy."""
_PAUSES = (0.4, 0.4, 2.0, 2.0, 6.0)
"""Seconds between two attempts, one after the other until the second answer has come within them."""
_RESETS = (0.05, 0.2, 0.6)
"""Seconds until a connection is reset, one after the other until the answer was read before."""
_HELD = (0.3, 1.5, 5.0)
"""Seconds that a step of a call may take while another call pauses for twice as long."""
_AGAIN = (0.0,) * TRIES
_SLOWEST = 8.0
"""Seconds that a busy machine may add to what is allowed."""
_MUCH = 5_000_000
"""More bytes than the buffers of a connection to `deaf_server` hold."""


class _Refusal(NamedTuple):
    """What arrives on a connection; the outcome of a call that bills, and of another that may not be made twice."""

    name: str
    act: Act
    if_billing: str
    otherwise: str


_REFUSALS = (
    _Refusal("an answer", sends(_REFUSAL), "rejected", "rejected"),
    _Refusal("chunks", sends(_CHUNKS), "rejected", "rejected"),
    _Refusal("an answer and a reset", _RESET, "rejected", "rejected"),
    _Refusal("an answer on a connection that stays open", stalls(_REFUSAL), "unknown", "rejected"),
    _Refusal("two answers at once", sends(_REFUSAL + _STRAY), "unknown", "unknown"),
    _Refusal("a second answer soon after", sends(_REFUSAL, _STRAY, pause=_SOON), "unknown", "unknown"),
    _Refusal("half an answer after it", sends(_REFUSAL + _STRAY[:20]), "unknown", "unknown"),
    _Refusal("no length", sends(_NO_LENGTH, stays=False), "unknown", "unknown"),
)


class _Limited(NamedTuple):
    """What comes with a 429, and how often the call is made then."""

    name: str
    act: Act
    calls: int


def check_strays(case: PromiseCase) -> None:
    """Answer too often, too early or without an end, and check what the client reports."""
    for part in _kinds(case):
        part.refused()
        part.limited()
        part.queued()
        part.held()
    _StrayPart.of_case(case).deaf()


def _kinds(case: PromiseCase) -> Iterator[_StrayPart]:
    """One operation for each kind: those that bill, those that may not be made twice, and the rest."""
    kinds: set[tuple[bool, bool]] = set()
    for operation in case.context.operations():
        inputs = case.context.usual_inputs(operation)
        if inputs is None:
            continue
        part = _StrayPart(case.context, operation, case.findings, inputs, case.mode)
        kind = part.bills, part.is_repeatable(operation)
        if kind not in kinds:
            kinds.add(kind)
            yield part


class _StrayPart(Connected):
    def refused(self) -> None:
        """A refusal counts only if nothing shows that it may be the answer to another call."""
        for name, act, if_billing, otherwise in _REFUSALS:
            expected = if_billing if self.bills else otherwise
            if self.is_repeatable(self.operation):
                expected = "rejected"
            found = partial(self._refusal, act)
            wanted = ("NotFound", expected, b"no", 1)
            facts = until_on_time(found, partial(_is_late, wanted), _RESETS if act is _RESET else _AGAIN)
            said = f"a refusal with {name} gives {facts}, not {expected}"
            self.check(facts == wanted, "wrong-outcome", said, status=name)

    def _refusal(self, act: Act, after: float) -> tuple[object, ...]:
        with self.peer_for(resets(_REFUSAL, after) if act is _RESET else act) as (peer, caller):
            error = self.call(caller, unused).error
        return *ending(error), content_of(error), len(peer.arrived)

    def limited(self) -> None:
        """A call is made again after a 429 only if that is the only answer, however long the pause is."""
        again = 2 if self.is_repeatable(self.operation) else 1
        rows = [
            _Limited("alone", sends(_LIMITED), 2),
            _Limited("with a second answer", sends(_LIMITED + _STRAY), again),
            _Limited("with a second answer in the pause", sends(_LIMITED_LONG, _STRAY, pause=0.15), again),
        ]
        # A call that may be made twice is made again at once, and the stray answer may be its own.
        if again == 1:
            soon = sends(_LIMITED, _STRAY, pause=_SOON)
            rows.append(_Limited("with a second answer soon after", soon, 1))
        for name, act, number in rows:
            expected, other = ("unknown", 1), ("rejected", 2)
            if number == 2:
                expected, other = other, expected
            # The other is right if what follows the 429 comes late: a second answer, or the close.
            found = partial(self._limit, act)
            facts = until_on_time(found, partial(_is_other, other), _PAUSES)
            passed = facts[1:] == expected and (facts[0] == "NotFound") is (number == 2)
            self.check(passed, "wrong-outcome", f"a 429 {name} gives {facts}, not {expected}", status=name)

    def _limit(self, act: Act, pause: float) -> tuple[str, str, int]:
        retries = self.get("Retries")(attempts=2, first_delay=pause, longest_delay=pause)
        with self.peer_for(act, sends(_REFUSAL), retries=retries) as (peer, caller):
            error = self.call(caller, unused).error
        return *ending(error), len(peer.arrived)

    def queued(self) -> None:
        """A connection on which an answer waits before the request is not used, also when reuse is chosen."""
        first = next((part for part in _kinds(self) if part.is_repeatable(part.operation)), None)
        if first is None:
            return
        acts = sends(reply(b"first"), _STRAY, pause=_SOON), sends(_REFUSAL)
        for options in ({}, {"reuse_for_billing": True}):
            with self.peer_for(*acts, transport=self.pooled(**options)) as (peer, caller):
                first.call(caller, unused)
                peer.wait(peer.has_answered)
                error: Any = self.call(caller, unused).error
            facts = content_of(error), peer.used
            said = f"with {options}, after an unrequested answer, a call ends in {facts}"
            self.check(facts == (b"no", [1, 2]), "connection-mixed-up", said, status=str(options))

    def held(self) -> None:
        """A connection that is watched takes no place from other calls."""
        if self.bills or self.is_repeatable(self.operation):
            return
        both = until_on_time(self._held, lambda found: not isinstance(found[1], self.get("NotFound")), _HELD)
        said = f"with one connection, a call in the pause of another ends in {both[1]!r:.200}"
        self.check(list(map(content_of, both)) == [b"no"] * 2, "connection-left", said)

    def _held(self, bound: float) -> list[object]:
        settings = {
            "retries": self.get("Retries")(attempts=2, first_delay=0.0, longest_delay=2 * bound),
            "limits": self.get("Limits")(connections=1),
        }
        with self.peer_for(sends(_LIMITED_LONG), sends(_REFUSAL), **settings) as (peer, caller):
            options: tuple[dict[str, Any], ...] = ({}, {"timeout": bound})
            return caller.call_together(self.operation.id, self.inputs, options, ready=peer.is_busy)

    def deaf(self) -> None:
        """A server that does not read keeps nobody waiting for longer than is allowed."""
        self._unread("timeout", {}, "WriteTimeoutError")
        self._unread("deadline", {"timeout": None}, "DeadlineExceededError")

    def _unread(self, bounded: str, others: dict[str, float | None], kind: str) -> None:
        """Make a call that no server reads, with a bound that outlasts the preparation of such a request."""

        def unread(bound: float) -> tuple[float, Called]:
            with (
                deaf_server() as url,
                variables_set(PROXIES, {}),
                self.client(transport=None, base_url=url, timeout=AMPLE) as caller,
            ):
                headers = {"X-Conform": "x" * _MUCH}
                return bound, self.call(caller, unused, headers=headers, **others, **{bounded: bound})

        # Until the request is on its way, nothing was sent, and another step may have taken too long.
        bound, called = until_on_time(unread, lambda found: ending(found[1].error)[1] == "not_sent", BOUNDS)
        facts = ending(called.error)
        passed = facts == (kind, "unknown") and called.seconds < bound + _SLOWEST
        said = (
            f"a server that does not read gives {facts} after {called.seconds:.2f} s with {bounded}={bound}"
        )
        self.check(passed, "wrong-error", said, status=bounded)


def _is_other(other: tuple[str, int], facts: tuple[str, str, int]) -> bool:
    return facts[1:] == other


def _is_late(wanted: tuple[object, ...], facts: tuple[object, ...]) -> bool:
    """Whether a busy machine explains the facts: what follows a refusal came late, or a reset before it was read."""
    return facts[0] == "ReadError" or (facts != wanted and (facts[0], *facts[2:]) == (wanted[0], *wanted[2:]))
