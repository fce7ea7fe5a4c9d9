"""How calls fail: the class, outcome, words and cause of every error, for networks, statuses, interruptions."""

from __future__ import annotations

import asyncio
import copy
import pickle
from collections.abc import Callable
from typing import Any

import httpx

from clientsmith.conform.client.calls import Caller, arguments_for, holds_secret
from clientsmith.conform.client.scripted import WORDS, always, failing
from clientsmith.conform.contract.odd_answers import is_described
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of
from clientsmith.conform.run.outcomes import error_name, outcome
from clientsmith.traffic.message import HttpResponse

_NETWORK: tuple[tuple[type[Exception], str, str], ...] = (
    (httpx.ConnectError, "ConnectError", "not_sent"), (httpx.ConnectTimeout, "ConnectTimeoutError", "not_sent"),
    (httpx.ProxyError, "ConnectError", "not_sent"), (httpx.PoolTimeout, "PoolTimeoutError", "not_sent"),
    (httpx.WriteError, "WriteError", "unknown"), (httpx.WriteTimeout, "WriteTimeoutError", "unknown"),
    (httpx.ReadError, "ReadError", "unknown"), (httpx.ReadTimeout, "ReadTimeoutError", "unknown"),
    (httpx.UnsupportedProtocol, "ProtocolError", "not_sent"), (httpx.LocalProtocolError, "ProtocolError", "not_sent"),
    (httpx.RemoteProtocolError, "ProtocolError", "unknown"), (httpx.CloseError, "TransportError", "unknown"),
    (httpx.DecodingError, "TransportError", "unknown"), (httpx.TooManyRedirects, "TransportError", "unknown"),
    (OSError, "TransportError", "unknown"), (ValueError, "TransportError", "unknown"),
    (ZeroDivisionError, "TransportError", "unknown"),
)  # fmt: skip
"""What a transport may raise, the class that it becomes, and what is then known of the request."""
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
        for kind, name, known in _NETWORK:
            called = self.call(caller, failing(kind))
            error: Any = called.error
            self.check(
                type(error).__name__ == name and outcome_of(error) == known, "wrong-error",
                f"{kind.__name__} ends in {error!r:.200}, not in {name} ({known})", status=kind.__name__,
            )  # fmt: skip
            text, target = str(error), called.requests[0].target
            words = kind.__name__ if kind in _QUOTING or not issubclass(kind, httpx.HTTPError) else WORDS
            expected = (
                f"{self.operation.id}: ",
                f": {words} (",
                f"({error.method} {error.url}; outcome: {known})",
            )
            self.check(
                all(one in text for one in expected) and (words == WORDS or WORDS not in text), "error-says-nothing",
                f"{kind.__name__} is told as {text!r:.300}", status=kind.__name__,
            )  # fmt: skip
            self.check(
                error.method == self.operation.method and error.url.split("?")[0] == target.split("?")[0],
                "error-says-nothing", f"the error is one of {error.method} {error.url}", status=kind.__name__,
            )  # fmt: skip
            self._cause(kind, error)
            silent: Any = self.call(caller, failing(kind, "")).error
            self.check(
                "::" not in str(silent) and ": (" not in str(silent) and " (" in str(silent), "error-says-nothing",
                f"{kind.__name__} without words is told as {silent!s:.200}", status=kind.__name__,
            )  # fmt: skip

    def _cause(self, kind: type[Exception], error: Any) -> None:
        """The original comes along, without what could show the request; mistakes in a transport keep their place."""
        cause = error.__cause__
        is_own = issubclass(kind, httpx.HTTPError)
        self.check(
            type(cause) is kind and (cause.__traceback__ is None) is is_own, "wrong-cause",
            f"the cause of {kind.__name__} is {cause!r:.200}, with frames: {cause.__traceback__ is not None}",
            status=kind.__name__,
        )  # fmt: skip
        request: httpx.Request | None = getattr(cause, "_request", None)
        if isinstance(cause, httpx.RequestError):
            lines = [] if request is None else [value.decode("latin-1") for _, value in request.headers.raw]
            passed = request is not None and (request.method, str(request.url)) == (error.method, error.url)
            self.check(
                passed and not any(map(holds_secret, lines)), "secret-shown",
                f"the request that {kind.__name__} holds is {request!r}",
            )  # fmt: skip

    def statuses(self) -> None:
        caller = self.context.caller(self.mode, retries=None)
        for status in _STATUSES:
            if status == 304 and is_described(self.operation, status):
                continue
            answer = HttpResponse(status, (("X-Request-Id", "id-1"),), b"busy")
            error: Any = self.call(caller, always(answer)).error
            name, known = error_name(status), outcome(self.operation, status)
            facts = type(error).__name__, outcome_of(error), error.status, error.content, error.request_id
            expected = name, known, status, b"busy", "id-1"
            self.check(
                facts == expected,
                "wrong-error",
                f"{status} ends in {facts}, not in {expected}",
                status=str(status),
            )
            self.check(
                (error.error, error.code, error.body) == (None, None,
                None) and error.headers["x-request-id"] == "id-1",
                "error-says-nothing", f"the body of {status} is read as {error.error!r}, {error.body!r}",
            )  # fmt: skip
            words = f"{self.operation.id}: {status}"
            where = f"({error.method} {error.url}; request id id-1; outcome: {known})"
            self.check(
                str(error).startswith(words) and str(error).endswith(where) and str(error) == error.message,
                "error-says-nothing", f"{status} is told as {error!s:.200}",
            )  # fmt: skip

    def copies(self) -> None:
        """Errors travel between processes with all they say; clients do not, for they hold credentials."""
        caller = self.context.caller(self.mode, retries=None)
        twice = self.context.caller(self.mode, unlimited=True)
        bad = self.get("CallOptions")(headers={"X-A": "\n"})
        for error in (
            self.call(caller, lambda _: HttpResponse(404, (), b'{"code": 5, "message": "m"}')).error,
            self.call(caller, failing(httpx.ReadError)).error,
            self.call(twice, lambda _: HttpResponse(429, (("Retry-After", "0"),))).error,
            caller.call_changed(
                self.operation.id, self.inputs, lambda _: HttpResponse(404), lambda given: given | {"options": bad}
            ).error,
        ):  # fmt: skip
            for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
                self.check(
                    type(again) is type(error) and str(again) == str(error) and _facts(again) == _facts(error),
                    "error-lost-on-its-way", f"a copy of {error!r:.150} is {again!r:.150}",
                )  # fmt: skip
        for take in (pickle.dumps, copy.copy, copy.deepcopy):
            try:
                found = repr(take(caller.client))
            except TypeError as error:
                found = str(error)
            passed = type(caller.client).__name__ in found and "cannot be pickled or copied" in found
            self.check(passed, "client-copied", f"{take.__name__} of a client gives {found:.150}")

    def interruption(self) -> None:
        """What comes from outside goes through as it is, and the hooks are told that nothing is known."""
        reported: list[Any] = []
        with self.client(hooks=[_listener(reported)]) as caller:
            caught: BaseException | None = None
            try:
                self.call(caller, failing(Interruption))
            except Interruption as raised:
                caught = raised
        self.check(
            type(caught) is Interruption and str(caught) == WORDS,
            "interruption-swallowed",
            f"it ends in {caught!r}",
        )
        facts = [(str(one.outcome), one.status, one.error is caught, one.retry_in) for one in reported]
        self.check(
            facts == [("unknown", None, True, None)], "hook-not-called", f"the hooks were told {facts}"
        )

    def cancellation(self) -> None:
        """A task that is cancelled while it waits for an answer, or between two attempts."""
        for stalls, known in ((True, "unknown"), (False, "not_processed")):
            reported: list[Any] = []
            retries = self.get("Retries")(attempts=2, longest_delay=5.0)
            with self.client(hooks=[_listener(reported)], retries=retries) as caller:
                caught = self._cancelled(caller, stalls=stalls)
            self.check(caught, "cancellation-swallowed", "a call that was cancelled did not end so")
            facts = [(str(one.outcome), one.status) for one in reported]
            expected = [(known, None if stalls else 429)]
            self.check(
                facts == expected,
                "hook-not-called",
                f"of a cancelled call the hooks were told {facts}, not {expected}",
            )

    def _cancelled(self, caller: Caller, *, stalls: bool) -> bool:
        arguments = arguments_for(self.context.package, self.operation.id, self.inputs, {})
        busy = HttpResponse(429, (("Retry-After", "5"),))
        caller.wire.respond = lambda _: busy
        caller.wire.stalls = stalls

        async def run() -> bool:
            task: asyncio.Future[Any] = asyncio.ensure_future(caller.method(self.operation.id)(**arguments))
            await asyncio.sleep(0.02)
            task.cancel()
            try:
                await asyncio.wait_for(asyncio.shield(task), 1.0)
            except asyncio.CancelledError:
                return task.cancelled()
            except Exception:
                return False
            return False

        return caller.run(run())


def _facts(error: Any) -> tuple[object, ...]:
    response = getattr(error, "response", None)
    return (
        outcome_of(error), error.operation, error.method, error.url, error.attempts, len(error.earlier),
        getattr(error, "status", None), getattr(error, "body", None), getattr(error, "problems", None),
        getattr(error, "code", None), response.content if response is not None else None,
    )  # fmt: skip


def _listener(reported: list[Any]) -> Callable[[Any], Callable[[Any], None]]:
    return lambda _: reported.append
