"""How calls fail: the class, outcome, words and cause of every error, for networks, statuses, interruptions."""

from __future__ import annotations

import asyncio
import copy
import pickle
from collections.abc import Callable
from typing import Any

import httpx

from clientsmith.conform.client.call_inputs import arguments_for
from clientsmith.conform.client.calls import Caller
from clientsmith.conform.client.credentials import holds_secret
from clientsmith.conform.client.scripted import WORDS, always, failing
from clientsmith.conform.contract.responses.odd_answers import is_described
from clientsmith.conform.promises.network import BREAKDOWNS
from clientsmith.conform.promises.promise_case import PromiseCase, content_of, ending, outcome_of
from clientsmith.conform.promises.time_bounds import AMPLE, until
from clientsmith.conform.run.status_meaning import error_name, outcome
from clientsmith.traffic.message import HttpResponse

_QUOTING = (httpx.LocalProtocolError, httpx.RemoteProtocolError)
"""Their words quote what was sent or received, credentials among it."""
_STATUSES = (*range(300, 600), 600, 799, 999)


class Interruption(BaseException):
    """From outside, as a KeyboardInterrupt is, and known to nobody."""


def check_failures(case: PromiseCase) -> None:
    """Let the network, the service and the program itself break a call off, and look at what its caller sees."""
    part = _FailuresPart.of_case(case)
    part.network()
    part.statuses()
    part.copies()
    part.interruption()
    if case.mode == "async":
        part.cancellation()


class _FailuresPart(PromiseCase):
    def network(self) -> None:
        caller = self.context.caller(self.mode, retries=None)
        for kind, name, known in BREAKDOWNS:
            status = kind.__name__
            called = self.call(caller, failing(kind))
            error: Any = called.error
            said = f"{status} ends in {error!r:.200}, not in {name} ({known})"
            self.check(ending(error) == (name, known), "wrong-error", said, status=status)
            self._words(kind, error, known)
            is_same = error.url.split("?")[0] == called.requests[0].target.split("?")[0]
            is_same = is_same and error.method == self.operation.method
            said = f"the error is one of {error.method} {error.url}"
            self.check(is_same, "error-says-nothing", said, status=status)
            self._cause(kind, error)
            silent = str(self.call(caller, failing(kind, "")).error)
            is_whole = "::" not in silent and ": (" not in silent and " (" in silent
            said = f"{status} without words is reported as {silent:.200}"
            self.check(is_whole, "error-says-nothing", said, status=status)

    def _words(self, kind: type[Exception], error: Any, known: str) -> None:
        """An error names the operation, the words of the original unless they quote the request, and the outcome."""
        text = str(error)
        words = kind.__name__ if kind in _QUOTING or not issubclass(kind, httpx.HTTPError) else WORDS
        where = f"({error.method} {error.url}; outcome: {known})"
        passed = all(one in text for one in (f"{self.operation.id}: ", f": {words} (", where))
        said = f"{kind.__name__} is reported as {text!r:.300}"
        self.check(
            passed and (words == WORDS) is (WORDS in text), "error-says-nothing", said, status=kind.__name__
        )

    def _cause(self, kind: type[Exception], error: Any) -> None:
        """The original comes along, without what could show the request; mistakes in a transport keep their place."""
        cause, name = error.__cause__, kind.__name__
        has_frames = cause.__traceback__ is not None
        passed = type(cause) is kind and has_frames is not issubclass(kind, httpx.HTTPError)
        said = f"the cause of {name} is {cause!r:.200}, with frames: {has_frames}"
        self.check(passed, "wrong-cause", said, status=name)
        request: httpx.Request | None = getattr(cause, "_request", None)
        if isinstance(cause, httpx.RequestError):
            lines = [] if request is None else [value.decode("latin-1") for _, value in request.headers.raw]
            passed = request is not None and (request.method, str(request.url)) == (error.method, error.url)
            passed = passed and not any(map(holds_secret, lines))
            self.check(passed, "secret-shown", f"the request that {name} holds is {request!r}")

    def statuses(self) -> None:
        caller = self.context.caller(self.mode, retries=None)
        for status in _STATUSES:
            if status == 304 and is_described(self.operation, status):
                continue
            answer = HttpResponse(status, (("X-Request-Id", "id-1"),), b"busy")
            error: Any = self.call(caller, always(answer)).error
            name, known = error_name(status), outcome(self.operation, status)
            facts = (*ending(error), error.status, error.content, error.request_id)
            expected = name, known, status, b"busy", "id-1"
            said = f"{status} ends in {facts}, not in {expected}"
            self.check(facts == expected, "wrong-error", said, status=str(status))
            is_empty = (error.error, error.code, error.body) == (None, None, None)
            said = f"the body of {status} is read as {error.error!r}, {error.body!r}"
            self.check(is_empty and error.headers["x-request-id"] == "id-1", "error-says-nothing", said)
            text, where = str(error), f"({error.method} {error.url}; request id id-1; outcome: {known})"
            passed = text.startswith(f"{self.operation.id}: {status}") and text.endswith(where)
            said = f"{status} is reported as {text:.200}"
            self.check(passed and text == error.message, "error-says-nothing", said)

    def copies(self) -> None:
        """Errors travel between processes with all they say; clients do not, for they hold credentials."""
        caller = self.context.caller(self.mode, retries=None)
        twice = self.context.caller(self.mode, unlimited=True)
        bad = self.get("CallOptions")(headers={"X-A": "\n"})
        for error in (
            self.call(caller, lambda _: HttpResponse(404, (), b'{"code": 5, "message": "m"}')).error,
            self.call(caller, failing(httpx.ReadError)).error,
            self.call(twice, lambda _: HttpResponse(429, (("Retry-After", "0"),))).error,
            self.call_with(caller, bad).error,
        ):
            for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
                is_same = type(again) is type(error) and str(again) == str(error)
                is_same = is_same and _facts(again) == _facts(error)
                self.check(is_same, "error-lost-on-its-way", f"a copy of {error!r:.150} is {again!r:.150}")
        for take in (pickle.dumps, copy.copy, copy.deepcopy):
            try:
                found = repr(take(caller.client))
            except TypeError as error:
                found = str(error)
            passed = type(caller.client).__name__ in found and "cannot be pickled or copied" in found
            self.check(passed, "client-copied", f"{take.__name__} of a client gives {found:.150}")

    def interruption(self) -> None:
        """What comes from outside goes through as it is, and the hooks see an unknown outcome."""
        reported: list[Any] = []
        with self.client(hooks=[_listener(reported)]) as caller:
            caught: BaseException | None = None
            try:
                self.call(caller, failing(Interruption))
            except Interruption as raised:
                caught = raised
        passed = type(caught) is Interruption and str(caught) == WORDS
        self.check(passed, "interruption-swallowed", f"it ends in {caught!r}")
        facts = [(str(one.outcome), one.status, one.error is caught, one.retry_in) for one in reported]
        self.equal(facts, [("unknown", None, True, None)], "hook-not-called", "the hooks saw")

    def cancellation(self) -> None:
        """A task that is cancelled while it waits for an answer, or between two attempts."""
        for stalls, known in ((True, "unknown"), (False, "not_processed")):
            reported: list[Any] = []
            retries = self.get("Retries")(attempts=2, longest_delay=5.0)
            with self.client(hooks=[_listener(reported)], retries=retries) as caller:
                caught = self._cancelled(caller, reported, stalls=stalls)
            self.check(caught, "cancellation-swallowed", "a call that was cancelled did not end so")
            facts = [(str(one.outcome), one.status) for one in reported]
            expected = [(known, None if stalls else 429)]
            self.equal(facts, expected, "hook-not-called", "of a cancelled call the hooks saw")

    def _cancelled(self, caller: Caller, reported: list[Any], *, stalls: bool) -> bool:
        arguments = arguments_for(self.context.package, self.operation.id, self.inputs, {})
        busy = HttpResponse(429, (("Retry-After", "5"),))
        caller.wire.respond = lambda _: busy
        caller.wire.stalls = stalls

        async def run() -> bool:
            task: asyncio.Future[Any] = asyncio.ensure_future(caller.method(self.operation.id)(**arguments))
            await until(lambda: caller.wire.held > 0 or bool(reported) or task.done())
            # The call now waits for its answer, or has to wait before its next attempt.
            await asyncio.sleep(0)
            task.cancel()
            try:
                await asyncio.wait_for(asyncio.shield(task), AMPLE)
            except asyncio.CancelledError:
                return task.cancelled()
            except Exception:
                return False
            return False

        return caller.run(run())


def _facts(error: Any) -> tuple[object, ...]:
    names = ("operation", "method", "url", "attempts", "status", "body", "problems", "code")
    stated = [getattr(error, name, None) for name in names]
    return outcome_of(error), len(error.earlier), content_of(getattr(error, "response", None)), *stated


def _listener(reported: list[Any]) -> Callable[[Any], Callable[[Any], None]]:
    return lambda _: reported.append
