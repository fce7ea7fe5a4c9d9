"""A client's own connections: which are used again, how each way of breaking one ends, that waiting has an end."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from clientsmith.conform.client.calls import Called, Caller
from clientsmith.conform.client.environment import PROXIES, variables_set
from clientsmith.conform.promises.connections.peer import Act, Peer, drips, reply, sends, stalls
from clientsmith.conform.promises.promise_case import PromiseCase, content_of, ending, outcome_of
from clientsmith.conform.promises.time_bounds import AMPLE, is_slow, until_on_time

_BODY = b"x" * 150_000
_CHUNKED = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
_ENDLESS = b"HTTP/1.1 404 Not Found\r\n\r\nabcde"
HALF = b"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nabc"


def check_connections(case: PromiseCase) -> None:
    """Watch and break the connections of a client that has none but its own, over the loopback."""
    part = _ConnectionsPart.of_case(case)
    part.again()
    part.head()
    part.broken()
    part.patience()
    part.attempts()
    part.refused()


class _Kept(NamedTuple):
    """What the first answer on a connection is, its body, and whether the connection can be used again after it."""

    name: str
    act: Act
    body: bytes
    is_reusable: bool


_CHUNKS = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
_WHOLE = reply(b"abcde")
_KEPT = (
    _Kept("an open connection", sends(_WHOLE), b"abcde", True),
    _Kept("chunks", sends(_CHUNKED, _CHUNKS), b"abcde", True),
    _Kept("a large body", sends(reply(_BODY)), _BODY, True),
    _Kept("pieces", sends(*([bytes([one]) for one in _WHOLE])), b"abcde", True),
    _Kept("no body", sends(reply()), b"", True),
    _Kept("Connection: close", sends(reply(b"abcde", "Connection: close"), stays=False), b"abcde", False),
    _Kept("a close", sends(_WHOLE, stays=False), b"abcde", False),
    _Kept("a body up to the close", sends(_ENDLESS, stays=False), b"abcde", False),
    _Kept("a second answer", sends(_WHOLE + reply(b"other")), b"abcde", False),
    _Kept("HTTP/1.0", sends(_WHOLE.replace(b"1.1", b"1.0", 1), stays=False), b"abcde", False),
)


class _Broken(NamedTuple):
    """How a connection breaks, and the errors that it may end in."""

    name: str
    act: Act
    kinds: tuple[str, ...]


_BROKEN = (
    _Broken("no answer", sends(stays=False), ("ProtocolError", "ReadError")),
    _Broken("half a body", sends(HALF, stays=False), ("ProtocolError",)),
    _Broken("no HTTP", sends(b"conform nonsense\r\n\r\n"), ("ProtocolError",)),
    _Broken("half a head", sends(b"HTTP/1.1 404", stays=False), ("ProtocolError",)),
    _Broken("a broken chunk", sends(_CHUNKED + b"zz\r\nabc"), ("ProtocolError",)),
)


class _Slow(NamedTuple):
    """What keeps a call waiting, the option that ends the wait, the error that it ends in, and other options."""

    name: str
    act: Act
    bounded: str
    kind: str
    others: dict[str, float | None]


class _CutOff(NamedTuple):
    """A call that was cut off: by which bound, whether its request had arrived, and what followed."""

    called: Called
    bound: float
    has_arrived: bool
    names_url: bool
    after: object

    @property
    def is_late(self) -> bool:
        """Whether a busy machine explains the end: nothing held the call yet, or it was noticed long after."""
        kind, _ = ending(self.called.error)
        return not self.has_arrived or kind in EARLIER or is_slow(self.called.seconds, self.bound)


EARLIER = frozenset({"PoolTimeoutError", "ConnectTimeoutError", "WriteTimeoutError"})
"""Timeouts of the steps before an answer is waited for."""
_DRIPS = drips(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9000\r\n\r\n")
_SLOW = (
    _Slow("no answer", stalls(), "timeout", "ReadTimeoutError", {}),
    _Slow("half a body", stalls(HALF), "timeout", "ReadTimeoutError", {}),
    _Slow("half a head", stalls(b"HTTP/1.1 404 N"), "timeout", "ReadTimeoutError", {}),
    _Slow("no answer", stalls(), "deadline", "DeadlineExceededError", {}),
    _Slow("half a body", stalls(HALF), "deadline", "DeadlineExceededError", {}),
    _Slow("drops of a body", _DRIPS, "deadline", "DeadlineExceededError", {}),
    _Slow("no answer", stalls(), "deadline", "DeadlineExceededError", {"timeout": None}),
)


class Connected(PromiseCase):
    """An operation that is called over a client's own connections."""

    def pooled(self, **options: Any) -> Any:
        """A client's own transport, with those options."""
        return self.get("PooledTransport" if self.mode == "sync" else "AsyncPooledTransport")(**options)

    @contextmanager
    def peer_for(self, *acts: Act, **settings: Any) -> Generator[tuple[Peer, Caller]]:
        """A server that acts so, and a client of its own that calls it and closes what it opens."""
        with warnings.catch_warnings(record=True) as left:
            warnings.simplefilter("always", ResourceWarning)
            with variables_set(PROXIES, {}), Peer(*acts) as peer:
                own = {"transport": None, "base_url": peer.url, "timeout": AMPLE}
                with self.client(**{**own, **settings}) as caller:
                    yield peer, caller
        said = f"the garbage collector has to close {[str(one.message) for one in left]}"
        self.check(not left, "connection-left", said)


class _ConnectionsPart(Connected):
    def _twice(self, act: Act, *, closes: bool) -> tuple[list[object], list[int]]:
        """The bodies that two calls were answered with, and the connections that they came over."""
        bodies: list[object] = []
        with self.peer_for(act) as (peer, caller):
            for number in range(2):
                error: Any = self.call(caller, unused).error
                bodies.append(content_of(error))
                if closes:
                    peer.wait(partial(peer.has_closed, number + 1))
        return bodies, peer.used

    def again(self) -> None:
        """An open connection with nothing left in it is used again, any other one is not.

        None is after a refusal of a call that may not be made twice: what else comes on it would be another call's.
        """
        for name, act, expected, is_reusable in _KEPT:
            kept = is_reusable and self.is_repeatable(self.operation)
            over = [1, 1] if kept else [1, 2]
            bodies, used = self._twice(act, closes=not kept and name != "a second answer")
            got = [str(one)[:20] for one in bodies]
            said = f"after {name} two calls got {got} by connections {used}, not {over}"
            self.check(bodies == [expected, expected] and used == over, "connection-mixed-up", said)

    def head(self) -> None:
        with self.peer_for(sends(reply())) as (peer, caller):
            self.call(caller, unused)
        heads = [one.content.partition(b"\r\n\r\n")[0] for one in peer.arrived]
        host = peer.url.removeprefix("http://")
        passed = len(heads) == 1 and heads[0].startswith(f"{self.operation.method} /".encode())
        passed = passed and f"\r\nHost: {host}\r\n".encode() in heads[0]
        self.check(passed, "request-broken", f"over a connection of its own a client sends {heads}")

    def broken(self) -> None:
        """Each of these may have been done by the service: nothing says that it was not."""
        one_at_a_time = self.get("Limits")(connections=1)
        for name, act, kinds in _BROKEN:
            with self.peer_for(act, sends(reply(b"well")), limits=one_at_a_time) as (peer, caller):
                error: Any = self.call(caller, unused).error
                after: Any = self.call(caller, unused).error
            passed = type(error).__name__ in kinds and outcome_of(error) == "unknown"
            said = f"{name} ends in {error!r:.200}, not in {' or '.join(kinds)}"
            self.check(passed and "nonsense" not in str(error), "wrong-error", said, status=name)
            used = peer.used
            passed = content_of(after) == b"well" and used == [1, 2]
            said = f"after {name} the next call ends in {after!r:.150} over the connections {used}"
            self.check(passed, "connection-mixed-up", said, status=name)

    def patience(self) -> None:
        """A bound ends a call that the server holds, and its connection is not used again."""
        for slow in _SLOW:
            found = until_on_time(partial(self._cut_off, slow), lambda one: one.is_late)
            error: Any = found.called.error
            with_bound = f"{slow.name} with a {slow.bounded} of {found.bound} s and {slow.others}"
            status = f"{slow.name} {slow.bounded} {slow.others}"
            where = getattr(error, "method", ""), getattr(error, "operation", "")
            passed = where == (self.operation.method, self.operation.id) and found.names_url
            said = f"{with_bound} ends in an error of {where}"
            self.check(passed, "error-says-nothing", said, status=status)
            passed = ending(error) == (slow.kind, "unknown") and not is_slow(
                found.called.seconds, found.bound
            )
            said = (
                f"{with_bound} ends in {error!r:.200} after {found.called.seconds:.2f} s, not in {slow.kind}"
            )
            self.check(passed, "wrong-error", said, status=status)
            said = f"after {slow.name} the next call ends in {found.after!r:.150}"
            self.check(content_of(found.after) == b"well", "connection-mixed-up", said)

    def _cut_off(self, slow: _Slow, bound: float) -> _CutOff:
        options = {slow.bounded: bound, **slow.others}
        with self.peer_for(slow.act, limits=self.get("Limits")(connections=1)) as (peer, caller):
            called = self.call(caller, unused, **options)
            has_arrived = peer.is_busy()
            peer.acts = [sends(reply(b"well"))]
            after = self.call(caller, unused).error
        names_url = getattr(called.error, "url", "").startswith(peer.url)
        return _CutOff(called, bound, has_arrived, names_url, after)

    def attempts(self) -> None:
        """A call without an answer is made again only if it may be made twice."""
        retries = self.get("Retries")(attempts=2, first_delay=0.0)
        with self.peer_for(sends(stays=False), sends(reply(b"well")), retries=retries) as (peer, caller):
            self.call(caller, unused)
        number = len(peer.arrived)
        passed = number == (2 if self.is_repeatable(self.operation) else 1)
        self.check(passed, "wrong-number-of-attempts", f"a call without an answer was made {number} times")

    def refused(self) -> None:
        """Nobody listens: not one byte left."""
        with Peer(sends(reply())) as gone:
            url = gone.url
        with variables_set(PROXIES, {}), self.client(transport=None, base_url=url, timeout=AMPLE) as caller:
            error: Any = self.call(caller, unused).error
        passed = ending(error) == ("ConnectError", "not_sent") and os.strerror(errno.ECONNREFUSED) in str(
            error
        )
        self.check(passed, "wrong-error", f"a call to a port on which nothing listens ends in {error!r:.200}")


def unused(_: object) -> Any:
    """Would answer for a client without connections of its own."""
    raise AssertionError("this client has connections of its own")
