"""The pool of a client: room for so many connections, fresh ones where it matters, proxies, none left behind."""

from __future__ import annotations

import asyncio
import threading
import time
from functools import partial
from typing import Any

import httpx

from clientsmith.conform.client.calls import arguments_for
from clientsmith.conform.client.environment import PROXIES, environment
from clientsmith.conform.promises.connections.connections_part import HALF, SHORT, SOON, Connected, unused
from clientsmith.conform.promises.connections.peer import Peer, holds_back, reply, sends, stalls
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of
from clientsmith.document.extensions import BILLS

_SECURE = "https://127.0.0.1:9"
_ELSEWHERE = "https://upstream.invalid"  # its proxy alone would look it up
"""For what has to go through a tunnel: nothing listens on the discard port (RFC 863)."""


def check_pool(case: PromiseCase) -> None:
    """Fill the pool of a client, and take it through other event loops, proxies and its end."""
    part = _PoolPart.of_case(case)
    part.room()
    part.fresh()
    part.left()
    part.proxies()
    if case.mode == "async":
        part.loops()


class _PoolPart(Connected):
    def room(self) -> None:
        """As many connections as are allowed, and no more: who finds none free waits as long as he is told to."""
        limits = self.get("Limits")
        for options, kind in (
            ({"timeout": SHORT}, "PoolTimeoutError"),
            ({"deadline": SHORT}, "DeadlineExceededError"),
        ):
            ended = threading.Event()
            slow, quick = holds_back(reply(b"first"), ended.is_set), sends(reply(b"first"))
            with self.peer_for(slow, quick, limits=limits(connections=1)) as (peer, caller):
                first, second = caller.call_together(
                    self.operation.id, self.inputs, ({}, options), ready=peer.is_busy, done=ended.set
                )
                third: Any = self.call(caller, unused).error
            facts = (
                type(second).__name__,
                outcome_of(second),
                getattr(first, "content", None),
            )
            self.check(
                facts == (kind, "not_sent", b"first") and getattr(third, "content", None) == b"first", "wrong-error",
                f"with one connection in use, one with {options} ends in {second!r:.200}, the first in {first!r:.99}",
                status=str(options),
            )  # fmt: skip
            self.check(len(peer.arrived) == 2, "sent-past-limit", f"{len(peer.arrived)} requests arrived")
        with self.peer_for(limits=limits(connections=2)) as (peer, caller):
            peer.acts = [holds_back(reply(b"both"), lambda: len(peer.arrived) > 1)]
            both = caller.call_together(self.operation.id, self.inputs, ({}, {}), ready=peer.is_busy)
            self.call(caller, unused)
        used = [one.connection for one in peer.arrived]
        self.check(
            [getattr(one, "content", None) for one in both] == [b"both"] * 2 and sorted(used[:2]) == [1, 2]
            and (used[2] in (1, 2)) is self.is_repeatable(self.operation),
            "connection-mixed-up", f"two calls at a time and one after them went over the connections {used}",
        )  # fmt: skip

    def fresh(self) -> None:
        """A call that bills has a connection of its own, unless reuse is chosen; with `reuse_within=0` others have too.

        A call that may be made twice goes first, because its connection is kept whatever it is answered with.
        """
        made = self.get("PooledTransport" if self.mode == "sync" else "AsyncPooledTransport")
        for operation in self.context.operations():
            inputs = self.context.usual_inputs(operation)
            if inputs is None:
                continue
            repeatable, bills = self.is_repeatable(operation), operation.node.mapping.get(BILLS) is True
            for options, is_kept in (
                ({}, not bills),
                ({"reuse_for_billing": True}, True),
                ({"reuse_within": 0.0}, repeatable),
                ({"reuse_within": 0.0, "reuse_for_billing": True}, repeatable),
            ):
                with self.peer_for(sends(reply()), transport=made(**options)) as (peer, caller):
                    self.call(caller, unused)
                    caller.call(operation.id, inputs, unused)
                used = [one.connection for one in peer.arrived]
                expected = [1, 1] if is_kept and self.is_repeatable(self.operation) else [1, 2]
                self.check(
                    used == expected, "connection-mixed-up",
                    f"with {options} {operation.id} goes over the connections {used}, not {expected}",
                )  # fmt: skip
                says = [_says_close(one.content) for one in peer.arrived][1:]
                is_alone = bills and not options.get("reuse_for_billing")
                self.check(
                    says == [is_alone], "connection-left",
                    f"with {options} {operation.id} asks for its connection to be closed: {says}, not {is_alone}",
                )  # fmt: skip
            with self.peer_for(sends(reply()), transport=made()) as (peer, caller):
                for _ in range(2):
                    caller.call(operation.id, inputs, unused)
                if not repeatable:
                    peer.wait(partial(peer.has_closed, 1))
                closed = list(peer.closed)
            self.check(
                repeatable or 1 in closed, "connection-left", f"of two connections {closed} were closed"
            )
            whole = [(one.content, one.reads) for one in peer.arrived]
            self.check(
                len(set(whole)) == 1 and whole[0][1] == 1, "request-in-pieces",
                f"two calls of {operation.id} came in {[reads for _, reads in whole]} pieces",
            )  # fmt: skip

    def left(self) -> None:
        """A client that is closed leaves no connection behind."""
        with self.peer_for(sends(reply())) as (peer, caller):
            self.call(caller, unused)
            open_ones = list(peer.closed)
            caller.shut()
            ends = time.monotonic() + SOON
            while not peer.closed and time.monotonic() < ends:
                time.sleep(0.005)
            closed = list(peer.closed)
        self.check(
            closed == [1] and (not open_ones or not self.is_repeatable(self.operation)),
            "connection-left",
            f"closed were {open_ones}, after close() {closed}",
        )

    def proxies(self) -> None:
        """The environment's proxies, for other machines only, and those of a transport before them."""
        transport = self.get("PooledTransport" if self.mode == "sync" else "AsyncPooledTransport")
        with Peer(sends(reply())) as gone:
            nobody = gone.url
        target = "http://127.0.0.1:9"
        for variables, made, is_asked in (
            ({"http_proxy": "{}"}, {}, False), ({"all_proxy": "{}"}, {}, False), ({"https_proxy": "{}"}, {}, False),
            ({"http_proxy": "host", "no_proxy": "example.com"}, {}, False),
            ({"http_proxy": nobody}, {"proxy": "{}"}, True), ({}, {"proxy": "{}"}, True),
            ({"http_proxy": nobody}, {"proxy": "{}", "trust_env": False}, True),
        ):  # fmt: skip
            with Peer(sends(reply(b"well"))) as peer:
                address = peer.url.removeprefix("http://")
                given = {
                    name: address if one == "host" else one.format(peer.url)
                    for name, one in variables.items()
                }
                options = {
                    name: one.format(peer.url) if isinstance(one, str) else one for name, one in made.items()
                }
                with (
                    environment(PROXIES, given),
                    self.client(base_url=target, transport=transport(**options), timeout=5.0) as caller,
                ):
                    errors: list[Any] = [self.call(caller, unused).error for _ in range(2)]
            lines = [one.content.split(b" ")[1] for one in peer.arrived]
            got = [(type(one).__name__, outcome_of(one)) for one in errors]
            known = "unknown" if self.bills else "rejected"  # it forwards over connections of its own
            expected = [("NotFound", known)] * 2 if is_asked else [("ConnectError", "not_sent")] * 2
            whole = all(one.startswith(f"{target}/".encode()) for one in lines)
            self.check(
                got == expected and len(lines) == 2 * is_asked and whole, "proxy-ignored",
                f"with {variables} and {made} two calls end in {got}; the proxy was asked for {lines}",
            )  # fmt: skip
            used = [one.connection for one in peer.arrived]
            self.check(
                used in ([], [1, 1] if self.is_repeatable(self.operation) else [1, 2]),
                "connection-mixed-up",
                f"through a proxy they go over the connections {used}",
            )
        for name, act, known in (
            ("no answer", sends(stays=False), "unknown"),
            ("half a body", sends(HALF, stays=False), "unknown"),
        ):
            with (
                Peer(act) as peer,
                self.client(base_url=target, transport=transport(proxy=peer.url), timeout=5.0) as caller,
            ):
                error: Any = self.call(caller, unused).error
            self.check(
                outcome_of(error) == known, "wrong-outcome", f"{name} through a proxy is {error!r:.200}"
            )
        with (
            Peer(stalls()) as peer,
            self.client(base_url=target, transport=transport(proxy=peer.url), timeout=SHORT) as caller,
        ):
            called = self.call(caller, unused)
        self.check(
            type(called.error).__name__ == "ReadTimeoutError" and called.seconds < SOON, "wrong-error",
            f"a proxy that does not answer gives {called.error!r:.200} after {called.seconds:.2f} s",
        )  # fmt: skip
        foreign: Any = httpx.HTTPTransport if self.mode == "sync" else httpx.AsyncHTTPTransport
        for made in (transport, foreign):
            with (
                Peer(sends(stays=False)) as peer,
                self.client(base_url=_SECURE, transport=made(proxy=peer.url), timeout=5.0) as caller,
            ):
                error = self.call(caller, unused).error
            asked = [one.content.split(b" ")[0] for one in peer.arrived]
            self.check(
                outcome_of(error) == "not_sent" and asked == [b"CONNECT"], "wrong-outcome",
                f"a proxy that gives no tunnel, asked for {asked}, gives {error!r:.200}",
            )  # fmt: skip
        for variable, form in (("https_proxy", "{}"), ("all_proxy", "{}"), ("https_proxy", "host")):
            with Peer(sends(stays=False)) as peer:
                value = peer.url.removeprefix("http://") if form == "host" else form.format(peer.url)
                with (
                    environment(PROXIES, {variable: value}),
                    self.client(base_url=_ELSEWHERE, transport=transport(), timeout=5.0) as caller,
                ):
                    error = self.call(caller, unused).error
            asked = [one.content.split(b" ")[0] for one in peer.arrived]
            self.check(
                outcome_of(error) == "not_sent" and asked == [b"CONNECT"], "proxy-ignored",
                f"with {variable} the proxy of the environment was asked for {asked}: {error!r:.200}",
            )  # fmt: skip
        with self.client(base_url=target, transport=transport(proxy=nobody), timeout=5.0) as caller:
            error = self.call(caller, unused).error
        self.check(
            outcome_of(error) == "not_sent",
            "wrong-outcome",
            f"a proxy that is not there gives {error!r:.200}",
        )

    def loops(self) -> None:
        """Another event loop gets connections of its own; a call that is cancelled leaves none behind."""
        arguments = arguments_for(self.context.package, self.operation.id, self.inputs, {})
        with self.peer_for(sends(reply(b"well"))) as (peer, caller):
            bodies: list[object] = []
            for _ in range(2):
                error: Any = asyncio.run(_ended(caller.method(self.operation.id), arguments))
                bodies.append(getattr(error, "content", None))
        used = [one.connection for one in peer.arrived]
        self.check(
            (bodies, used) == ([b"well"] * 2, [1, 2]),
            "connection-mixed-up",
            f"two event loops got {bodies} over {used}",
        )
        with self.peer_for(stalls(), sends(reply(b"well")), limits=self.get("Limits")(connections=1)) as (
            peer,
            caller,
        ):
            cancelled = caller.run(_cancelled(caller.method(self.operation.id), arguments, peer))
            after: Any = self.call(caller, unused).error
        used = [one.connection for one in peer.arrived]
        self.check(
            cancelled and getattr(after, "content", None) == b"well" and used == [1, 2], "connection-mixed-up",
            f"after a cancelled call ({cancelled}) the next one ends in {after!r:.150} over {used}",
        )  # fmt: skip


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
    latest = time.monotonic() + SOON
    while not peer.is_busy() and time.monotonic() < latest:
        await asyncio.sleep(0.002)
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()
