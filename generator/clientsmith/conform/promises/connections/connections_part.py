"""A client's own connections: which are used again, how each way of breaking one ends, that waiting has an end."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Any

from clientsmith.conform.client.calls import Caller
from clientsmith.conform.client.environment import PROXIES, environment
from clientsmith.conform.promises.connections.peer import Act, Peer, reply, sends, stalls
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of

SHORT = 0.1
"""Seconds that a call may take where it is to be cut off."""
SOON = 1.5
"""Seconds within which it has to be over then."""
_BODY = b"x" * 150_000
_CHUNKED = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
HALF = b"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nabc"


def check_connections(case: PromiseCase) -> None:
    """Watch and break the connections of a client that has none but its own, over the loopback."""
    part = _ConnectionsPart.of_case(case)
    part.again()
    part.broken()
    part.patience()
    part.refused()


class Connected(PromiseCase):
    """An operation that is called over a client's own connections."""

    @contextmanager
    def peer_for(self, *acts: Act, **settings: Any) -> Generator[tuple[Peer, Caller]]:
        """A server that acts so, and a client of its own that calls it and closes what it opens."""
        with warnings.catch_warnings(record=True) as left:
            warnings.simplefilter("always", ResourceWarning)
            with (
                environment(PROXIES, {}),
                Peer(*acts) as peer,
                self.client(
                    **{"transport": None, "base_url": peer.url, "timeout": 5.0, **settings}
                ) as caller,
            ):
                yield peer, caller
        self.check(
            not left,
            "connection-left",
            f"the garbage collector has to close {[str(one.message) for one in left]}",
        )


class _ConnectionsPart(Connected):
    def _twice(self, act: Act, *, closes: bool) -> tuple[list[bytes | None], list[int]]:
        """The bodies that two calls were answered with, and the connections that they came over."""
        bodies: list[bytes | None] = []
        with self.peer_for(act) as (peer, caller):
            for number in range(2):
                error: Any = self.call(caller, unused).error
                bodies.append(getattr(error, "content", None))
                if closes:
                    peer.wait(partial(peer.has_closed, number + 1))
        return bodies, [one.connection for one in peer.arrived]

    def again(self) -> None:
        """An open connection with nothing left in it is used again, any other one is not.

        None is after a refusal of a call that may not be made twice: what else comes on it would be another call's.
        """
        chunks = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        for name, act, expected, numbers in (
            ("an open connection", sends(reply(b"abcde")), b"abcde", [1, 1]),
            ("chunks", sends(_CHUNKED, chunks), b"abcde", [1, 1]),
            ("a large body", sends(reply(_BODY)), _BODY, [1, 1]),
            ("pieces", sends(*([bytes([one]) for one in reply(b"abcde")])), b"abcde", [1, 1]),
            ("no body", sends(reply()), b"", [1, 1]),
            ("Connection: close", sends(reply(b"abcde", "Connection: close"), stays=False), b"abcde", [1, 2]),
            ("a close", sends(reply(b"abcde"), stays=False), b"abcde", [1, 2]),
            ("a body up to the close", sends(b"HTTP/1.1 404 Not Found\r\n\r\nabcde", stays=False), b"abcde", [1, 2]),
            ("a second answer", sends(reply(b"abcde") + reply(b"other")), b"abcde", [1, 2]),
            ("HTTP/1.0", sends(reply(b"abcde").replace(b"1.1", b"1.0", 1), stays=False), b"abcde", [1, 2]),
        ):  # fmt: skip
            kept = numbers == [1, 1] and self.is_repeatable(self.operation)
            over = [1, 1] if kept else [1, 2]
            bodies, used = self._twice(act, closes=not kept and name != "a second answer")
            self.check(
                bodies == [expected, expected] and used == over, "connection-mixed-up",
                f"after {name} two calls got {[str(one)[:20] for one in bodies]} by connections {used}, not {over}",
            )  # fmt: skip
        with self.peer_for(sends(reply())) as (peer, caller):
            self.call(caller, unused)
        heads = [one.content.partition(b"\r\n\r\n")[0] for one in peer.arrived]
        host = peer.url.removeprefix("http://")
        starts = f"{self.operation.method} /".encode(), f"\r\nHost: {host}\r\n".encode()
        self.check(
            len(heads) == 1 and heads[0].startswith(starts[0]) and starts[1] in heads[0], "request-broken",
            f"over a connection of its own a client sends {heads}",
        )  # fmt: skip

    def broken(self) -> None:
        """Each of these may have been done by the service: nothing says that it was not."""
        for name, act, kind in (
            ("no answer", sends(stays=False), ("ProtocolError", "ReadError")),
            ("half a body", sends(HALF, stays=False), ("ProtocolError",)),
            ("no HTTP", sends(b"conform nonsense\r\n\r\n"), ("ProtocolError",)),
            ("half a head", sends(b"HTTP/1.1 404", stays=False), ("ProtocolError",)),
            ("a broken chunk", sends(_CHUNKED + b"zz\r\nabc"), ("ProtocolError",)),
        ):  # fmt: skip
            with self.peer_for(act, sends(reply(b"well")), limits=self.get("Limits")(connections=1)) as (
                peer,
                caller,
            ):
                error: Any = self.call(caller, unused).error
                after: Any = self.call(caller, unused).error
            self.check(
                type(error).__name__ in kind and outcome_of(error) == "unknown" and "nonsense" not in str(error),
                "wrong-error",
                f"{name} ends in {error!r:.200}, not in {' or '.join(kind)}", status=name,
            )  # fmt: skip
            used = [one.connection for one in peer.arrived]
            self.check(
                getattr(after, "content", None) == b"well" and used == [1, 2], "connection-mixed-up",
                f"after {name} the next call ends in {after!r:.150} over the connections {used}", status=name,
            )  # fmt: skip

    def patience(self) -> None:
        drips = sends(*[b"HTTP/1.1 404 Not Found\r\nContent-Length: 90\r\n\r\n", *[b"x"] * 80], pause=0.03)
        for name, act, options, kind in (
            ("no answer", stalls(), {"timeout": SHORT}, "ReadTimeoutError"),
            ("half a body", stalls(HALF), {"timeout": SHORT}, "ReadTimeoutError"),
            ("half a head", stalls(b"HTTP/1.1 404 N"), {"timeout": SHORT}, "ReadTimeoutError"),
            ("no answer", stalls(), {"deadline": SHORT}, "DeadlineExceededError"),
            ("half a body", stalls(HALF), {"deadline": SHORT}, "DeadlineExceededError"),
            ("drops of a body", drips, {"deadline": SHORT}, "DeadlineExceededError"),
            ("no answer", stalls(), {"deadline": SHORT, "timeout": None}, "DeadlineExceededError"),
        ):  # fmt: skip
            with self.peer_for(act, limits=self.get("Limits")(connections=1)) as (peer, caller):
                called = self.call(caller, unused, **options)
                peer.acts = [sends(reply(b"well"))]
                after: Any = self.call(caller, unused).error
            error: Any = called.error
            where = getattr(error, "method", ""), getattr(error, "url", ""), getattr(error, "operation", "")
            self.check(
                where[0] == self.operation.method and where[1].startswith(peer.url) and where[2] == self.operation.id,
                "error-says-nothing", f"{name} with {options} ends in an error of {where}", status=f"{name} {options}",
            )  # fmt: skip
            self.check(
                type(error).__name__ == kind and outcome_of(error) == "unknown" and called.seconds < SOON,
                "wrong-error",
                f"{name} with {options} ends in {error!r:.200} after {called.seconds:.2f} s, not in {kind}",
                status=f"{name} {options}",
            )  # fmt: skip
            self.check(
                getattr(after, "content", None) == b"well",
                "connection-mixed-up",
                f"after {name} the next call ends in {after!r:.150}",
            )
        with self.peer_for(
            sends(stays=False),
            sends(reply(b"well")),
            retries=self.get("Retries")(attempts=2, first_delay=0.0),
        ) as (peer, caller):
            error = self.call(caller, unused).error
        expected = 2 if self.is_repeatable(self.operation) else 1
        self.check(
            len(peer.arrived) == expected,
            "wrong-number-of-attempts",
            f"a call without an answer was made {len(peer.arrived)} times",
        )

    def refused(self) -> None:
        """Nobody listens: not one byte left."""
        with Peer(sends(reply())) as gone:
            url = gone.url
        with environment(PROXIES, {}), self.client(transport=None, base_url=url, timeout=5.0) as caller:
            error: Any = self.call(caller, unused).error
        self.check(
            type(error).__name__ == "ConnectError" and outcome_of(error) == "not_sent"
            and os.strerror(errno.ECONNREFUSED) in str(error), "wrong-error",
            f"where nobody listens a call ends in {error!r:.200}",
        )  # fmt: skip


def unused(_: object) -> Any:
    """Would answer for a client without connections of its own."""
    raise AssertionError("this client has connections of its own")
