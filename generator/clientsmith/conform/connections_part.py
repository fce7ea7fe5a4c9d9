"""A client's own connections: which are used again, how each way of breaking one ends, that waiting has an end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from clientsmith.conform.calls import Caller, arguments_for
from clientsmith.conform.credentials_part import environment
from clientsmith.conform.peer import Act, Peer, reply, sends, stalls
from clientsmith.conform.promised import Promised, fate

_SHORT = 0.15
"""Seconds that a call may take where it is to be cut off."""
_SOON = 1.5
"""Seconds within which it has to be over then."""
_BODY = b"x" * 150_000
_CHUNKED = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
_HALF = b"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nabc"


def check_connections(of: Promised) -> None:
    """Watch and break the connections of a client that has none but its own, over the loopback."""
    part = _ConnectionsPart(of.context, of.operation, of.findings, of.inputs, of.mode)
    part.again()
    part.broken()
    part.patience()
    part.refused()
    part.room()
    part.fresh()
    part.left()
    part.proxies()
    if of.mode == "async":
        part.loops()


class _ConnectionsPart(Promised):
    @contextmanager
    def _at(self, *acts: Act, **settings: Any) -> Generator[tuple[Peer, Caller]]:
        with (
            Peer(*acts) as peer,
            self.client(**{"transport": None, "base_url": peer.url, "timeout": 5.0, **settings}) as caller,
        ):
            yield peer, caller

    def _twice(self, *acts: Act, **settings: Any) -> tuple[list[bytes | None], list[int]]:
        """The bodies that two calls were answered with, and the connections that they came over."""
        bodies: list[bytes | None] = []
        with self._at(*acts, **settings) as (peer, caller):
            for _ in range(2):
                error: Any = self.call(caller, _unused).error
                bodies.append(getattr(error, "content", None))
                time.sleep(0.02)  # for the close of the other side to arrive
        return bodies, [one.connection for one in peer.arrived]

    def again(self) -> None:
        """An open connection with nothing left in it is used again, any other one is not."""
        chunks = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        for name, act, due, numbers in (
            ("an open connection", sends(reply(b"abcde")), b"abcde", [1, 1]),
            ("chunks", sends(_CHUNKED, chunks), b"abcde", [1, 1]),
            ("a large body", sends(reply(_BODY)), _BODY, [1, 1]),
            ("pieces", sends(*([bytes([one]) for one in reply(b"abcde")])), b"abcde", [1, 1]),
            ("no body", sends(reply()), b"", [1, 1]),
            ("Connection: close", sends(reply(b"abcde", "Connection: close")), b"abcde", [1, 2]),
            ("a close", sends(reply(b"abcde"), stays=False), b"abcde", [1, 2]),
            ("a body up to the close", sends(b"HTTP/1.1 404 Not Found\r\n\r\nabcde", stays=False), b"abcde", [1, 2]),
            ("a second answer", sends(reply(b"abcde") + reply(b"other")), b"abcde", [1, 2]),
            ("HTTP/1.0", sends(reply(b"abcde").replace(b"1.1", b"1.0", 1), stays=False), b"abcde", [1, 2]),
        ):  # fmt: skip
            bodies, used = self._twice(act)
            self.holds(
                bodies == [due, due] and used == numbers, "connection-mixed-up",
                f"after {name} two calls got {[str(one)[:20] for one in bodies]} by connections {used}, not {numbers}",
            )  # fmt: skip
        with self._at(sends(reply())) as (peer, caller):
            self.call(caller, _unused)
        heads = [one.content.partition(b"\r\n\r\n")[0] for one in peer.arrived]
        host = peer.url.removeprefix("http://")
        starts = f"{self.operation.method} /".encode(), f"\r\nHost: {host}\r\n".encode()
        self.holds(
            len(heads) == 1 and heads[0].startswith(starts[0]) and starts[1] in heads[0], "request-broken",
            f"over a connection of its own a client sends {heads}",
        )  # fmt: skip

    def broken(self) -> None:
        """Each of these may have been done by the service: nothing says that it was not."""
        for name, act, kind in (
            ("no answer", sends(stays=False), ("ProtocolError", "ReadError")),
            ("half a body", sends(_HALF, stays=False), ("ProtocolError",)),
            ("no HTTP", sends(b"conform nonsense\r\n\r\n"), ("ProtocolError",)),
            ("half a head", sends(b"HTTP/1.1 404", stays=False), ("ProtocolError",)),
            ("a broken chunk", sends(_CHUNKED + b"zz\r\nabc"), ("ProtocolError",)),
        ):  # fmt: skip
            with self._at(act, sends(reply(b"well")), limits=self.get("Limits")(connections=1)) as (
                peer,
                caller,
            ):
                error: Any = self.call(caller, _unused).error
                after: Any = self.call(caller, _unused).error
            self.holds(
                type(error).__name__ in kind and fate(error) == "unknown" and "nonsense" not in str(error),
                "wrong-error",
                f"{name} ends in {error!r:.200}, not in {' or '.join(kind)}", status=name,
            )  # fmt: skip
            used = [one.connection for one in peer.arrived]
            self.holds(
                getattr(after, "content", None) == b"well" and used == [1, 2], "connection-mixed-up",
                f"after {name} the next call ends in {after!r:.150} over the connections {used}", status=name,
            )  # fmt: skip

    def patience(self) -> None:
        drips = sends(*[b"HTTP/1.1 404 Not Found\r\nContent-Length: 90\r\n\r\n", *[b"x"] * 80], pause=0.03)
        for name, act, options, kind in (
            ("no answer", stalls(), {"timeout": _SHORT}, "ReadTimeoutError"),
            ("half a body", stalls(_HALF), {"timeout": _SHORT}, "ReadTimeoutError"),
            ("half a head", stalls(b"HTTP/1.1 404 N"), {"timeout": _SHORT}, "ReadTimeoutError"),
            ("no answer", stalls(), {"deadline": _SHORT}, "DeadlineExceededError"),
            ("half a body", stalls(_HALF), {"deadline": _SHORT}, "DeadlineExceededError"),
            ("drops of a body", drips, {"deadline": _SHORT}, "DeadlineExceededError"),
            ("no answer", stalls(), {"deadline": _SHORT, "timeout": None}, "DeadlineExceededError"),
        ):  # fmt: skip
            with self._at(act, limits=self.get("Limits")(connections=1)) as (peer, caller):
                called = self.call(caller, _unused, **options)
                peer.acts = [sends(reply(b"well"))]
                after: Any = self.call(caller, _unused).error
            error: Any = called.error
            self.holds(
                type(error).__name__ == kind and fate(error) == "unknown" and called.seconds < _SOON,
                "wrong-error",
                f"{name} with {options} ends in {error!r:.200} after {called.seconds:.2f} s, not in {kind}",
                status=f"{name} {options}",
            )  # fmt: skip
            self.holds(
                getattr(after, "content", None) == b"well",
                "connection-mixed-up",
                f"after {name} the next call ends in {after!r:.150}",
            )
        with self._at(
            sends(stays=False),
            sends(reply(b"well")),
            retries=self.get("Retries")(attempts=2, first_delay=0.0),
        ) as (peer, caller):
            error = self.call(caller, _unused).error
        due = 2 if self.is_repeatable(self.operation) else 1
        self.holds(
            len(peer.arrived) == due,
            "wrong-number-of-attempts",
            f"a call without an answer was made {len(peer.arrived)} times",
        )

    def refused(self) -> None:
        """Nobody listens: not one byte left."""
        with Peer(sends(reply())) as gone:
            url = gone.url
        with self.client(transport=None, base_url=url, timeout=5.0) as caller:
            error: Any = self.call(caller, _unused).error
        self.holds(
            type(error).__name__ == "ConnectError" and fate(error) == "not_sent", "wrong-error",
            f"where nobody listens a call ends in {error!r:.200}",
        )  # fmt: skip

    def room(self) -> None:
        """As many connections as are allowed, and no more: who finds none free waits as long as he is told to."""
        limits, slow = self.get("Limits"), sends(reply(b"first"), pause=0.4)
        for options, kind in (
            ({"timeout": _SHORT}, "PoolTimeoutError"),
            ({"deadline": _SHORT}, "DeadlineExceededError"),
        ):
            with self._at(slow, sends(reply(b"first")), limits=limits(connections=1)) as (peer, caller):
                first, second = caller.call_together(self.operation.id, self.inputs, ({}, options))
                third: Any = self.call(caller, _unused).error
            facts = (
                type(second).__name__,
                fate(second),
                getattr(first, "content", None),
            )
            self.holds(
                facts == (kind, "not_sent", b"first") and getattr(third, "content", None) == b"first", "wrong-error",
                f"with one connection in use, one with {options} ends in {second!r:.200}, the first in {first!r:.99}",
                status=str(options),
            )  # fmt: skip
            self.holds(len(peer.arrived) == 2, "sent-past-limit", f"{len(peer.arrived)} requests arrived")
        with self._at(sends(reply(b"both"), pause=0.25), limits=limits(connections=2)) as (peer, caller):
            both = caller.call_together(self.operation.id, self.inputs, ({}, {}))
            self.call(caller, _unused)
        used = [one.connection for one in peer.arrived]
        self.holds(
            [getattr(one, "content", None) for one in both] == [b"both"] * 2 and used[:2] == [1,
            2] and used[2] in (1, 2),
            "connection-mixed-up", f"two calls at a time and one after them went over the connections {used}",
        )  # fmt: skip

    def fresh(self) -> None:
        """With `reuse_within=0` a call that cannot be repeated has a connection that no earlier answer can disturb."""
        name = "PooledTransport" if self.mode == "sync" else "AsyncPooledTransport"
        for operation in self.context.operations():
            inputs = self.context.usual_inputs(operation)
            if inputs is None:
                continue
            with self._at(sends(reply()), transport=self.get(name)(reuse_within=0.0)) as (peer, caller):
                for _ in range(2):
                    caller.call(operation.id, inputs, _unused)
            used = [one.connection for one in peer.arrived]
            due = [1, 1] if self.is_repeatable(operation) else [1, 2]
            self.holds(
                used == due,
                "connection-mixed-up",
                f"{operation.id} goes over the connections {used}, not {due}",
            )
            with self._at(sends(reply()), transport=self.get(name)()) as (peer, caller):
                for _ in range(2):
                    caller.call(operation.id, inputs, _unused)
            used = [one.connection for one in peer.arrived]
            self.holds(
                used == [1, 1], "connection-mixed-up", f"{operation.id} goes over the connections {used}"
            )
            whole = [(one.content, one.reads) for one in peer.arrived]
            self.holds(
                len(set(whole)) == 1 and whole[0][1] == 1, "request-in-pieces",
                f"two calls of {operation.id} came in {[reads for _, reads in whole]} pieces",
            )  # fmt: skip

    def left(self) -> None:
        """A client that is closed leaves no connection behind."""
        with self._at(sends(reply())) as (peer, caller):
            self.call(caller, _unused)
            open_ones = list(peer.closed)
            caller.shut()
            ends = time.monotonic() + _SOON
            while not peer.closed and time.monotonic() < ends:
                time.sleep(0.005)
            closed = list(peer.closed)
        self.holds(
            (open_ones, closed) == ([], [1]),
            "connection-left",
            f"closed were {open_ones}, after close() {closed}",
        )

    def proxies(self) -> None:
        """The environment's proxies unless they are not to be asked, and those of a transport before them."""
        transport = self.get("PooledTransport" if self.mode == "sync" else "AsyncPooledTransport")
        with Peer(sends(reply())) as gone:
            nobody = gone.url
        every = [
            name
            for one in ("http", "all", "https", "no")
            for name in (f"{one}_proxy", f"{one}_PROXY".upper())
        ]
        target = "http://127.0.0.1:9"
        for variables, made, is_asked in (
            ({"http_proxy": "{}"}, {}, True), ({"all_proxy": "{}"}, {}, True), ({"https_proxy": "{}"}, {}, False),
            ({"http_proxy": "{}", "no_proxy": "127.0.0.1"}, {}, False),
            ({"http_proxy": "{}"}, {"trust_env": False}, False),
            ({"http_proxy": nobody}, {"proxy": "{}"}, True), ({}, {"proxy": "{}"}, True),
            ({"http_proxy": "host"}, {}, True),
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
                    environment(every, given),
                    self.client(base_url=target, transport=transport(**options), timeout=5.0) as caller,
                ):
                    errors: list[Any] = [self.call(caller, _unused).error for _ in range(2)]
            lines = [one.content.split(b" ")[1] for one in peer.arrived]
            got = [(type(one).__name__, fate(one)) for one in errors]
            due = [("NotFound", "rejected")] * 2 if is_asked else [("ConnectError", "not_sent")] * 2
            whole = all(one.startswith(f"{target}/".encode()) for one in lines)
            self.holds(
                got == due and len(lines) == 2 * is_asked and whole, "proxy-ignored",
                f"with {variables} and {made} two calls end in {got}; the proxy was asked for {lines}",
            )  # fmt: skip
            used = [one.connection for one in peer.arrived]
            self.holds(
                used in ([], [1, 1]),
                "connection-mixed-up",
                f"through a proxy they go over the connections {used}",
            )
        for name, act, known in (
            ("no answer", sends(stays=False), "unknown"),
            ("half a body", sends(_HALF, stays=False), "unknown"),
        ):
            with (
                Peer(act) as peer,
                self.client(base_url=target, transport=transport(proxy=peer.url), timeout=5.0) as caller,
            ):
                error: Any = self.call(caller, _unused).error
            self.holds(fate(error) == known, "wrong-outcome", f"{name} through a proxy is {error!r:.200}")
        with self.client(base_url=target, transport=transport(proxy=nobody), timeout=5.0) as caller:
            error = self.call(caller, _unused).error
        self.holds(
            fate(error) == "not_sent", "wrong-outcome", f"a proxy that is not there gives {error!r:.200}"
        )

    def loops(self) -> None:
        """Another event loop gets connections of its own; a call that is cancelled leaves none behind."""
        arguments = arguments_for(self.context.package, self.operation.id, self.inputs, {})
        with self._at(sends(reply(b"well"))) as (peer, caller):
            bodies: list[object] = []
            for _ in range(2):
                error: Any = asyncio.run(_ended(caller.method(self.operation.id), arguments))
                bodies.append(getattr(error, "content", None))
        used = [one.connection for one in peer.arrived]
        self.holds(
            (bodies, used) == ([b"well"] * 2, [1, 2]),
            "connection-mixed-up",
            f"two event loops got {bodies} over {used}",
        )
        with self._at(stalls(), sends(reply(b"well")), limits=self.get("Limits")(connections=1)) as (
            peer,
            caller,
        ):
            cancelled = caller.run(_cancelled(caller.method(self.operation.id), arguments))
            after: Any = self.call(caller, _unused).error
        used = [one.connection for one in peer.arrived]
        self.holds(
            cancelled and getattr(after, "content", None) == b"well" and used == [1, 2], "connection-mixed-up",
            f"after a cancelled call ({cancelled}) the next one ends in {after!r:.150} over {used}",
        )  # fmt: skip


async def _ended(method: Any, arguments: dict[str, Any]) -> object:
    try:
        return await method(**arguments)
    except Exception as error:
        return error


async def _cancelled(method: Any, arguments: dict[str, Any]) -> bool:
    task: asyncio.Future[Any] = asyncio.ensure_future(method(**arguments))
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


def _unused(_: object) -> Any:
    raise AssertionError("this client has connections of its own")
