"""Proxies: those of the environment for other machines only, that of a transport before them, and how they fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import httpx

from clientsmith.conform.client.calls import Called
from clientsmith.conform.client.environment import PROXIES, variables_set
from clientsmith.conform.promises.connections.connections_part import EARLIER, HALF, Connected, unused
from clientsmith.conform.promises.connections.peer import Act, Peer, reply, sends, stalls
from clientsmith.conform.promises.promise_case import PromiseCase, ending, outcome_of
from clientsmith.conform.promises.time_bounds import AMPLE, is_slow, until_on_time

_TARGET = "http://127.0.0.1:9"
"""Nothing listens on the discard port (RFC 863)."""
_SECURE = "https://127.0.0.1:9"
"""For what has to go through a tunnel."""
_ELSEWHERE = "https://upstream.invalid"  # its proxy alone would look it up


class _Chosen(NamedTuple):
    """Variables of the environment, options of a transport, and whether a call to this machine goes to the proxy.

    `{url}` and `{host}` are those of the proxy; nothing listens at `{nobody}`.
    """

    variables: dict[str, str]
    options: dict[str, str | bool]
    is_asked: bool


_CHOSEN = (
    _Chosen({"http_proxy": "{url}"}, {}, False),
    _Chosen({"all_proxy": "{url}"}, {}, False),
    _Chosen({"https_proxy": "{url}"}, {}, False),
    _Chosen({"http_proxy": "{host}", "no_proxy": "example.com"}, {}, False),
    _Chosen({"http_proxy": "{nobody}"}, {"proxy": "{url}"}, True),
    _Chosen({}, {"proxy": "{url}"}, True),
    _Chosen({"http_proxy": "{nobody}"}, {"proxy": "{url}", "trust_env": False}, True),
)


class _Tunnel(NamedTuple):
    """A variable that names the proxy of a call to another machine, and how it names it."""

    variable: str
    form: str


_TUNNELS = (
    _Tunnel("https_proxy", "{url}"),
    _Tunnel("all_proxy", "{url}"),
    _Tunnel("https_proxy", "{host}"),
)


def check_proxies(case: PromiseCase) -> None:
    """Put a proxy between a client and what it calls, in every way that one can be configured."""
    part = _ProxiesPart.of_case(case)
    with Peer(sends(reply())) as gone:
        nobody = gone.url
    part.chosen(nobody)
    part.failing()
    part.tunnels()
    part.gone(nobody)


class _Stalled(NamedTuple):
    """A call through a proxy that does not answer, with its timeout, and what the proxy was asked for."""

    bound: float
    called: Called
    asked: list[bytes]


def _is_late(found: _Stalled) -> bool:
    """Whether a busy machine explains the end: the proxy was asked too late, or the end was noticed long after."""
    kind, _ = ending(found.called.error)
    return not found.asked or kind in EARLIER or is_slow(found.called.seconds, found.bound)


class _ProxiesPart(Connected):
    def chosen(self, nobody: str) -> None:
        for variables, options, is_asked in _CHOSEN:
            with Peer(sends(reply(b"well"))) as peer:
                given = {name: _named(one, peer, nobody) for name, one in variables.items()}
                made = {name: _named(one, peer, nobody) for name, one in options.items()}
                transport = self.pooled(**made)
                with (
                    variables_set(PROXIES, given),
                    self.client(base_url=_TARGET, transport=transport, timeout=AMPLE) as caller,
                ):
                    errors: list[Any] = [self.call(caller, unused).error for _ in range(2)]
            lines = [one.content.split(b" ")[1] for one in peer.arrived]
            got = [ending(one) for one in errors]
            known = "unknown" if self.bills else "rejected"  # it forwards over connections of its own
            expected = [("NotFound", known)] * 2 if is_asked else [("ConnectError", "not_sent")] * 2
            passed = got == expected and len(lines) == 2 * is_asked
            passed = passed and all(one.startswith(f"{_TARGET}/".encode()) for one in lines)
            said = f"with {variables} and {options} two calls end in {got}; the proxy was asked for {lines}"
            self.check(passed, "proxy-ignored", said)
            used = peer.used
            passed = used in ([], [1, 1] if self.is_repeatable(self.operation) else [1, 2])
            self.check(passed, "connection-mixed-up", f"through a proxy they go over the connections {used}")

    def _through(
        self, act: Act, target: str, made: Callable[..., Any], timeout: float = AMPLE
    ) -> tuple[Called, list[bytes]]:
        """A call through a proxy that acts so, and the methods of the requests that the proxy got."""
        with (
            Peer(act) as peer,
            self.client(base_url=target, transport=made(proxy=peer.url), timeout=timeout) as caller,
        ):
            called = self.call(caller, unused)
        return called, _methods(peer)

    def _stalled(self, bound: float) -> _Stalled:
        return _Stalled(bound, *self._through(stalls(), _TARGET, self.pooled, bound))

    def failing(self) -> None:
        """What a proxy was asked for may have been done, unless it was asked for a tunnel alone."""
        for name, act in (("no answer", sends(stays=False)), ("half a body", sends(HALF, stays=False))):
            error = self._through(act, _TARGET, self.pooled)[0].error
            passed = outcome_of(error) == "unknown"
            self.check(passed, "wrong-outcome", f"{name} through a proxy is {error!r:.200}")
        bound, called, _ = until_on_time(self._stalled, _is_late)
        passed = ending(called.error)[0] == "ReadTimeoutError" and not is_slow(called.seconds, bound)
        said = f"a proxy that does not answer gives {called.error!r:.200} after {called.seconds:.2f} s"
        said = f"{said}, with a timeout of {bound} s"
        self.check(passed, "wrong-error", said)
        foreign: Any = httpx.HTTPTransport if self.mode == "sync" else httpx.AsyncHTTPTransport
        for made in (self.pooled, foreign):
            called, asked = self._through(sends(stays=False), _SECURE, made)
            passed = outcome_of(called.error) == "not_sent" and asked == [b"CONNECT"]
            said = f"a proxy that gives no tunnel, asked for {asked}, gives {called.error!r:.200}"
            self.check(passed, "wrong-outcome", said)

    def tunnels(self) -> None:
        for variable, form in _TUNNELS:
            with (
                Peer(sends(stays=False)) as peer,
                variables_set(PROXIES, {variable: _named(form, peer)}),
                self.client(base_url=_ELSEWHERE, transport=self.pooled(), timeout=AMPLE) as caller,
            ):
                error = self.call(caller, unused).error
            asked = _methods(peer)
            passed = outcome_of(error) == "not_sent" and asked == [b"CONNECT"]
            said = f"with {variable} the proxy of the environment was asked for {asked}: {error!r:.200}"
            self.check(passed, "proxy-ignored", said)

    def gone(self, nobody: str) -> None:
        with self.client(base_url=_TARGET, transport=self.pooled(proxy=nobody), timeout=AMPLE) as caller:
            error = self.call(caller, unused).error
        passed = outcome_of(error) == "not_sent"
        self.check(passed, "wrong-outcome", f"a proxy that is not there gives {error!r:.200}")


def _named(form: Any, peer: Peer, nobody: str = "") -> Any:
    """An option with the addresses in it; what is not text stays as it is."""
    if not isinstance(form, str):
        return form
    return form.format(url=peer.url, host=peer.url.removeprefix("http://"), nobody=nobody)


def _methods(peer: Peer) -> list[bytes]:
    return [one.content.split(b" ")[0] for one in peer.arrived]
