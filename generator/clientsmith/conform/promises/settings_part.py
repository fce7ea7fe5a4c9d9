"""What a client and a call are told to do: headers, patience, limits, hooks, credentials, journal, another client."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs, urlsplit

import httpx

from clientsmith.conform.client.calls import Called, Caller
from clientsmith.conform.client.scripted import ScriptedTransport, always, not_found
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.conform.promises.time_bounds import until_on_time
from clientsmith.conform.run.status_meaning import gives_redirect
from clientsmith.document.extensions import BILLS
from clientsmith.traffic.message import HttpResponse

_NOWHERE = "http://127.0.0.1:9"
"""For clients that must not use connections of their own: nothing listens on the discard port (RFC 863)."""
_WORDS = {"code": 20404, "message": "conform words", "more_info": "about", "status": 404}
_PROBLEM = {"type": "about:blank", "title": "conform title", "detail": "conform detail", "status": 404}
_DEEP = b'{"conform": [[[[[[1]]]]]]}'
_DEADLINES = (0.2, 1.0, 3.0)
"""Seconds that a call may take, one after the other until its answer comes in time."""
_REPORTS = ((_WORDS, ("20404", "conform words")), (_PROBLEM, ("conform title", "conform detail")))
"""What services say of an error in both usual forms, and the words that have to be in the message."""


def check_error_objects(case: PromiseCase) -> None:
    """Check the errors of an operation against what a service says of them."""
    _SettingsPart.of_case(case).error_objects()


def check_client_settings(case: PromiseCase) -> None:
    """Check a client against its own arguments, by an operation that stands for all."""
    part = _SettingsPart.of_case(case)
    part.headers()
    part.patience()
    part.limits()
    part.hooks()
    part.another_client()
    part.other_connections()
    part.closed()
    part.budget()


class _Limited(NamedTuple):
    """A call that was limited: its deadline, the pause that it was asked for, and how it went."""

    bound: float
    pause: int
    called: Called

    @property
    def is_cut_off(self) -> bool:
        """Whether the deadline ended the call and not the answer, or the pause was made all the same."""
        limited = getattr(self.called.error, "status", None) == 429
        return len(self.called.requests) < 2 and (not limited or self.called.seconds >= self.pause)


class _SettingsPart(PromiseCase):
    def headers(self) -> None:
        with self.client(headers={"X-Conform": "client", "X-Kept": "kept"}) as caller:
            options = {"headers": {"X-Conform": "call"}, "extra_query": {"conform": "a b&c"}}
            sent = self.call(caller, not_found, **options).requests
        got = [(one.header("x-conform"), one.header("x-kept")) for one in sent]
        said = f"headers of client and call arrive as {got}"
        self.check(got == [("call", "kept")], "headers-ignored", said)
        query = [parse_qs(urlsplit(one.target).query).get("conform") for one in sent]
        self.check(query == [["a b&c"]], "query-ignored", f"extra_query arrives as {query}")
        agents = [one.header("user-agent") or "" for one in sent]
        passed = all(one and not one.startswith("python-httpx") for one in agents)
        self.check(passed, "no-user-agent", f"User-Agent is {agents}")

    def patience(self) -> None:
        with self.client(timeout=7.5) as caller:
            for options, expected in (({}, 7.5), ({"timeout": 3.25}, 3.25)):
                self.call(caller, not_found, **options)
                steps = [cast("dict[str, float]", one) for one in caller.wire.timeouts]
                passed = bool(steps) and all(set(one.values()) == {expected} for one in steps)
                self.check(passed, "timeout-ignored", f"{expected} s became {steps}")
        for of_client in (True, False):
            # A deadline that passed before its answer, or before its request, may have come too soon.
            limited = until_on_time(partial(self._limited, of_client), lambda one: one.is_cut_off, _DEADLINES)
            called = limited.called
            passed = len(called.requests) == 1 and not limited.is_cut_off
            said = f"{limited.bound} s for the call were {called.seconds:.1f} s and {len(called.requests)} requests"
            self.check(passed, "deadline-ignored", f"{said}, which end in {called.error!r:.200}")

    def _limited(self, of_client: bool, bound: float) -> _Limited:
        """A call that may be made again only long after its deadline, which the client or the call states."""
        pause = 1 + ceil(2 * bound)
        busy = HttpResponse(429, (("Retry-After", str(pause)),))
        retries = self.get("Retries")(attempts=2, longest_delay=float(pause))
        settings: dict[str, Any] = {"deadline": bound}
        options: dict[str, Any] = {}
        if not of_client:
            settings, options = options, settings
        with self.client(retries=retries, **settings) as caller:
            return _Limited(bound, pause, self.call(caller, always(busy), **options))

    def limits(self) -> None:
        answer = self.success()
        if answer is None or len(answer.body) < 2:  # a limit is at least one byte
            return
        decode_error = self.get("ResponseDecodeError")
        with self.client(limits=self.get("Limits")(response_bytes=len(answer.body) - 1)) as caller:
            error = self.call(caller, always(answer)).error
        said = f"an answer that is too large: {error!r:.200}"
        self.check(isinstance(error, decode_error), "limit-ignored", said)
        with self.client(limits=self.get("Limits")(json_depth=4)) as caller:
            error = self.call(caller, always(replace(answer, body=_DEEP))).error
        passed = isinstance(error, decode_error) or "json" not in (answer.header("content-type") or "")
        self.check(passed, "limit-ignored", f"an answer that is too deep: {error!r:.200}")
        headers = (*answer.headers, ("Content-Encoding", "gzip"))
        packed = replace(answer, headers=headers, body=gzip.compress(answer.body))
        with self.client() as caller:
            results = [self.call(caller, always(one)).result for one in (answer, packed)]
        said = f"a compressed answer gives {results[1]!r:.200}"
        self.check(same(*map(_whole, results)), "not-unpacked", said)

    def hooks(self) -> None:
        started: list[Any] = []
        ended: list[Any] = []

        def hook(attempt: Any) -> Callable[[Any], None]:
            attempt.headers["X-Hook"] = f"hooked-{attempt.number}"
            started.append((attempt.operation, attempt.method, attempt.number))
            return lambda result: ended.append((result.status, str(result.outcome)))

        def broken(_: Any) -> None:
            raise ValueError("of a hook")

        def breaks_at_end(_: Any) -> Callable[[Any], None]:
            return broken

        retries = self.get("Retries")(attempts=2, first_delay=0.0)
        with self.client(hooks=[broken, hook, breaks_at_end], retries=retries) as caller:
            left = [HttpResponse(429, (("X-Request-Id", "id-1"),)), HttpResponse(404)]
            called = self.call(caller, lambda _: left.pop(0))
            records = [one.levelname for one in caller.records.found if hasattr(one, "attempt")]
            self._log(caller.records.found)
        expected = [(self.operation.id, self.operation.method, number) for number in (1, 2)]
        self.equal(started, expected, "hook-not-called", "hooks saw")
        self.equal(
            ended, [(429, "not_processed"), (404, "rejected")], "hook-not-called", "hooks saw the ends"
        )
        sent = [one.header("x-hook") for one in called.requests]
        self.check(sent == ["hooked-1", "hooked-2"], "hook-header-lost", f"headers of hooks arrive as {sent}")
        passed = isinstance(called.error, self.get("NotFound"))
        self.check(passed, "hook-breaks-call", f"the call ends in {called.error!r:.200}")
        passed = [one for one in records if one != "ERROR"] == ["INFO", "DEBUG"]
        self.check(passed, "not-logged", f"two attempts gave {records}")

    def _log(self, records: list[logging.LogRecord]) -> None:
        """A record for each attempt with all that a machine may want of it, and in words."""
        found = [vars(one) for one in records if one.levelname in ("INFO", "DEBUG")]
        names = ("operation", "method", "path", "attempt", "status", "request_id", "outcome")
        got = [tuple(one.get(name) for name in names) for one in found]
        call = self.operation.id, self.operation.method, self.operation.path
        expected = [(*call, 1, 429, "id-1", "not_processed"), (*call, 2, 404, None, "rejected")]
        self.equal(got, expected, "not-logged", "the records of two attempts say")
        words = [one.getMessage() for one in records if one.levelname in ("INFO", "DEBUG")]
        starts = [f"{' '.join(call)}: attempt {facts} in " for facts in ("1 429", "2 404")]
        passed = len(words) == 2 and all(map(str.startswith, words, starts))
        passed = passed and "; trying again in " in words[0] and "again" not in words[1]
        passed = passed and all(0 <= one["duration"] < 5 for one in found)
        self.check(passed, "not-logged", f"two attempts are logged as {words}")
        failed = [(one.getMessage(), vars(one)) for one in records if one.levelname == "ERROR"]
        reported = [(text, facts.get("operation"), facts.get("attempt")) for text, facts in failed]
        wanted = (f"a hook failed at {self.operation.id}: ValueError: of a hook", self.operation.id)
        passed = reported == [(*wanted, number) for number in (1, 1, 2, 2)]
        self.check(passed, "not-logged", f"the failures of hooks are logged as {reported}")

    def another_client(self) -> None:
        wire = ScriptedTransport()
        kind = httpx.Client if self.mode == "sync" else httpx.AsyncClient
        made: Any = kind(transport=wire, headers={"X-Conform-Own": "yes", "User-Agent": "conform-own"})
        with self.client(transport=None, http_client=made, base_url=_NOWHERE) as caller:
            caller.wire = wire
            moved = HttpResponse(302, (("Location", "/elsewhere"),))
            called = self.call(caller, always(moved))
        number = len(called.requests)
        kept = isinstance(called.error, self.get("RedirectError"))
        if gives_redirect(self.operation, moved.status):
            kept = isinstance(called.result, self.get("Redirect"))
        said = f"through an httpx client a redirect gives {number} requests and {called.error!r:.200}"
        self.check(number == 1 and kept, "client-ignored", said)
        added = [(one.header("x-conform-own"), one.header("user-agent")) for one in called.requests]
        passed = all(own == "yes" and agent != "conform-own" for own, agent in added)
        said = f"the headers of an httpx client do not take part, or win: {added}"
        self.check(passed, "client-ignored", said)

    def other_connections(self) -> None:
        """Connections that are not the client's own are closed after every request, if any call of the API bills."""
        every = tuple(self.context.operations())
        free = [one for one in every if one.node.mapping.get(BILLS) is not True]
        bills = len(free) < len(every)
        inputs = ((one, self.context.usual_inputs(one)) for one in free)
        operation, given = next(((one, some) for one, some in inputs if some), (self.operation, self.inputs))
        kind: Any = httpx.Client if self.mode == "sync" else httpx.AsyncClient
        for name in ("transport", "http_client"):
            wire = ScriptedTransport()
            wire.in_process = False
            passed = wire if name == "transport" else kind(transport=wire)
            settings = {"base_url": _NOWHERE, "transport": None, name: passed}
            with self.client(**settings) as caller:
                caller.wire = wire
                sent = caller.call(operation.id, given, not_found).requests
            says = [one.header("connection") == "close" for one in sent]
            said = f"with `{name}`, requests ask for their connection to be closed: {says}, not {bills}"
            self.check(says == [bills], "connection-left", said, status=name)

    def closed(self) -> None:
        caller = Caller(self.context.package, self.mode, **self.base_url)
        caller.shut()
        called = self.call(caller, not_found)
        caller.close()
        passed = not called.requests and called.error is not None
        self.check(passed, "closed-goes-on", f"a closed client sends {len(called.requests)} requests")

    def budget(self) -> None:
        retries = self.get("Retries")(attempts=5, first_delay=0.0, longest_delay=0.0, budget=1)
        with self.client(retries=retries) as caller:
            numbers = [len(self.call(caller, always(HttpResponse(429))).requests) for _ in range(2)]
        said = f"with one retry to spend two calls made {numbers} requests"
        self.check(numbers == [2, 1], "budget-ignored", said)

    def error_objects(self) -> None:
        """What a service says of an error, in both usual forms, is in the message and in `error` (RFC 9457)."""
        caller = self.context.caller(self.mode, retries=None)
        for reported, texts in _REPORTS:
            whole = {**reported, "other": [1]}
            answer = httpx.Response(404, json=whole)
            placed = HttpResponse(404, (("Content-Type", "application/json"),), answer.content)
            error: Any = self.call(caller, always(placed)).error
            got: Any = getattr(error, "error", None)
            text = str(error)
            passed = all(one in text for one in (*texts, "Not Found"))
            self.check(passed, "error-says-nothing", f"{text!r:.300}")
            shown = {key: getattr(got, key, None) for key in reported}
            passed = shown == reported and same(whole, plain(dict(got.data)))
            self.check(passed, "error-loses-body", f"the error says {got!r:.300}")


def _whole(result: object) -> object:
    return plain(getattr(result, "result", result))
