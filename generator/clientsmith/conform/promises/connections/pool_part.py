"""The pool of a client: no more connections than allowed, fresh ones if it matters, none left behind."""

from __future__ import annotations

import asyncio
import threading
import time
from functools import partial
from typing import Any, NamedTuple

from clientsmith.conform.client.call_inputs import arguments_for
from clientsmith.conform.promises.connections.connections_part import Connected, unused
from clientsmith.conform.promises.connections.peer import Peer, holds_back, reply, sends, stalls
from clientsmith.conform.promises.promise_case import PromiseCase, content_of, ending
from clientsmith.conform.promises.time_bounds import AMPLE, BOUNDS


class _Full(NamedTuple):
    """How long a call may wait for a free connection, and the error that it ends in."""

    options: dict[str, float]
    kind: str


# A bound may bite before the call waits for a connection, and the error is the same.
_FULL = (
    _Full({"timeout": BOUNDS[0]}, "PoolTimeoutError"),
    _Full({"deadline": BOUNDS[0]}, "DeadlineExceededError"),
)


class _Reuse(NamedTuple):
    """Options of a transport, and which calls use a connection again besides those that may be made twice."""

    options: dict[str, float | bool]
    if_billing: bool
    otherwise: bool


_REUSES = (
    _Reuse({}, False, True),
    _Reuse({"reuse_for_billing": True}, True, True),
    _Reuse({"reuse_within": 0.0}, False, False),
    _Reuse({"reuse_within": 0.0, "reuse_for_billing": True}, False, False),
)


def check_pool(case: PromiseCase) -> None:
    """Fill the pool of a client, and take it through other event loops and its end."""
    part = _PoolPart.of_case(case)
    part.room()
    part.fresh()
    part.left()
    if case.mode == "async":
        part.loops()


class _PoolPart(Connected):
    def room(self) -> None:
        """Never more connections than allowed: a call that finds none free waits as long as it may."""
        limits = self.get("Limits")
        for options, kind in _FULL:
            ended = threading.Event()
            slow, quick = holds_back(reply(b"first"), ended.is_set), sends(reply(b"first"))
            with self.peer_for(slow, quick, limits=limits(connections=1)) as (peer, caller):
                first, second = caller.call_together(
                    self.operation.id, self.inputs, ({}, options), ready=peer.is_busy, done=ended.set
                )
                third: Any = self.call(caller, unused).error
            passed = (
                ending(second) == (kind, "not_sent") and content_of(first) == content_of(third) == b"first"
            )
            said = f"with one connection in use, one with {options} ends in {second!r:.200}, the first in {first!r:.99}"
            self.check(passed, "wrong-error", said, status=str(options))
            self.check(len(peer.arrived) == 2, "sent-past-limit", f"{len(peer.arrived)} requests arrived")
        with self.peer_for(limits=limits(connections=2)) as (peer, caller):
            peer.acts = [holds_back(reply(b"both"), lambda: len(peer.arrived) > 1)]
            both = caller.call_together(self.operation.id, self.inputs, ({}, {}), ready=peer.is_busy)
            self.call(caller, unused)
        used = peer.used
        passed = list(map(content_of, both)) == [b"both"] * 2 and sorted(used[:2]) == [1, 2]
        passed = passed and (used[2] in (1, 2)) is self.is_repeatable(self.operation)
        said = f"two calls at a time and one after them went over the connections {used}"
        self.check(passed, "connection-mixed-up", said)

    def fresh(self) -> None:
        """A call that bills has a connection of its own, unless reuse is chosen; with `reuse_within=0` others have too.

        A call that may be made twice goes first, because its connection is kept whatever it is answered with.
        """
        for operation in self.context.operations():
            inputs = self.context.usual_inputs(operation)
            if inputs is not None:
                second = PromiseCase(self.context, operation, self.findings, inputs, self.mode)
                for options, if_billing, otherwise in _REUSES:
                    is_kept = if_billing if second.bills else otherwise or second.is_repeatable(operation)
                    self._kept(second, options, is_kept=is_kept)
                self._closed(second)

    def _kept(self, second: PromiseCase, options: dict[str, float | bool], *, is_kept: bool) -> None:
        with self.peer_for(sends(reply()), transport=self.pooled(**options)) as (peer, caller):
            self.call(caller, unused)
            second.call(caller, unused)
        used = peer.used
        expected = [1, 1] if is_kept and self.is_repeatable(self.operation) else [1, 2]
        name = f"with {options} {second.operation.id}"
        said = f"{name} goes over the connections {used}, not {expected}"
        self.check(used == expected, "connection-mixed-up", said)
        says = [_says_close(one.content) for one in peer.arrived][1:]
        is_alone = second.bills and not options.get("reuse_for_billing")
        said = f"{name} asks for its connection to be closed: {says}, not {is_alone}"
        self.check(says == [is_alone], "connection-left", said)

    def _closed(self, twice: PromiseCase) -> None:
        """The same call twice: each comes in one piece; if it may not be made twice, its connection is closed."""
        repeatable = twice.is_repeatable(twice.operation)
        with self.peer_for(sends(reply()), transport=self.pooled()) as (peer, caller):
            for _ in range(2):
                twice.call(caller, unused)
            if not repeatable:
                peer.wait(partial(peer.has_closed, 1))
            closed = list(peer.closed)
        said = f"of two connections {closed} were closed"
        self.check(repeatable or 1 in closed, "connection-left", said)
        whole = [(one.content, one.reads) for one in peer.arrived]
        said = f"two calls of {twice.operation.id} came in {[reads for _, reads in whole]} pieces"
        self.check(len(set(whole)) == 1 and whole[0][1] == 1, "request-in-pieces", said)

    def left(self) -> None:
        """A client that is closed leaves no connection behind."""
        with self.peer_for(sends(reply())) as (peer, caller):
            self.call(caller, unused)
            open_ones = list(peer.closed)
            caller.shut()
            peer.wait(partial(peer.has_closed, 1))
            closed = list(peer.closed)
        passed = closed == [1] and (not open_ones or not self.is_repeatable(self.operation))
        self.check(passed, "connection-left", f"closed were {open_ones}, after close() {closed}")

    def loops(self) -> None:
        """Another event loop gets connections of its own; a call that is cancelled leaves none behind."""
        arguments = arguments_for(self.context.package, self.operation.id, self.inputs, {})
        with self.peer_for(sends(reply(b"well"))) as (peer, caller):
            bodies: list[object] = []
            for _ in range(2):
                error: Any = asyncio.run(_ended(caller.method(self.operation.id), arguments))
                bodies.append(content_of(error))
        used = peer.used
        said = f"two event loops got {bodies} over {used}"
        self.check((bodies, used) == ([b"well"] * 2, [1, 2]), "connection-mixed-up", said)
        one_at_a_time = self.get("Limits")(connections=1)
        with self.peer_for(stalls(), sends(reply(b"well")), limits=one_at_a_time) as (peer, caller):
            cancelled = caller.run(_cancelled(caller.method(self.operation.id), arguments, peer))
            after: Any = self.call(caller, unused).error
        used = peer.used
        passed = cancelled and content_of(after) == b"well" and used == [1, 2]
        said = f"after a cancelled call ({cancelled}) the next one ends in {after!r:.150} over {used}"
        self.check(passed, "connection-mixed-up", said)


def _says_close(request: bytes) -> bool:
    return b"\r\nconnection: close\r\n" in request.partition(b"\r\n\r\n")[0].lower() + b"\r\n"


async def _ended(method: Any, arguments: dict[str, Any]) -> object:
    try:
        return await method(**arguments)
    except Exception as error:
        return error


async def _cancelled(method: Any, arguments: dict[str, Any], peer: Peer) -> bool:
    """Cancel a call whose request has arrived."""
    task: asyncio.Future[Any] = asyncio.ensure_future(method(**arguments))
    latest = time.monotonic() + AMPLE
    while not peer.is_busy() and time.monotonic() < latest:
        await asyncio.sleep(0.002)
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()
