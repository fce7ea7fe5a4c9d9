"""The recorder: passes each request on, checks both directions against the document, redacts, and writes the tape.

The tape is written before the caller gets the answer: what was answered is on disk. Whatever was not passed on, not
answered or not kept is counted as a failure, and told.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from clientsmith.record.upstream import UpstreamError, origin_form
from clientsmith.serve.http.slow_lane import SlowLane
from clientsmith.traffic.content_coding import UnreadableBodyError
from clientsmith.traffic.exchange_check import Seen, Traffic
from clientsmith.traffic.message import Finding, HttpRequest, HttpResponse
from clientsmith.traffic.problem import problem
from clientsmith.traffic.redaction import opaque
from clientsmith.traffic.redaction.exchanges import RedactedExchange, Redactor
from clientsmith.traffic.redaction.known_secrets import TooManySecretsError
from clientsmith.traffic.tapes.har_tape import RecordedExchange

_LOGGER = logging.getLogger("clientsmith.record")
_NUMBER: contextvars.ContextVar[int] = contextvars.ContextVar("number", default=0)
"""Of the exchange that the task of a connection is about."""


class Tape(Protocol):
    """Where exchanges go."""

    def append(self, exchange: RecordedExchange) -> None:
        """Write one exchange, so that it is there after a crash; raises OSError, and the tape is as before."""
        ...


@dataclass(frozen=True, slots=True)
class Passed:
    """What an observer is told of one request: nothing in it is secret.

    `failure` says why there was no answer, or why the exchange is not on the tape. `notes` are for the reader.
    """

    number: int
    method: str
    target: str
    status: int
    operation: str | None
    duration: float
    is_taped: bool
    findings: tuple[Finding, ...] = ()
    redacted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    failure: str | None = None


@dataclass(slots=True)
class Totals:
    """What came of a run."""

    exchanges: int = 0
    taped: int = 0
    findings: int = 0
    failures: int = 0
    redacted: int = 0
    opaque: int = 0
    """Exchanges with a body that could not be read; they count as failures too, unless they were to be kept."""


@dataclass(slots=True)
class _Kept:
    """What came of examining one exchange: what is told of it, and what counts."""

    passed: Passed
    is_opaque: bool = False


_Redact = Callable[..., RedactedExchange]


class Recorder:
    """Answers requests by asking the service behind it; used in one event loop.

    Looking at an exchange and writing it down happens in one thread beside the loop, so that others are passed on.
    """

    def __init__(
        self,
        traffic: Traffic,
        redactor: Redactor,
        send: Callable[[HttpRequest], Awaitable[HttpResponse]],
        tape: Tape | None,
        observe: Callable[[Passed], None],
        stop: Callable[[], None],
        *,
        conforming_only: bool = False,
        keep_opaque: bool = False,
    ) -> None:
        """Without a tape nothing is written; with `conforming_only` no exchange that has findings is.

        Exchanges whose bodies cannot be searched for secrets are written with `keep_opaque` only. `stop` is called when
        the tape cannot be written any more.
        """
        self._traffic = traffic
        self._redactor = redactor
        self._send = send
        self._tape = tape
        self._observe = observe
        self._stop = stop
        self._conforming_only = conforming_only
        self._keep_opaque = keep_opaque
        self._lane = SlowLane()
        self._notes: set[asyncio.Task[None]] = set()
        self.totals = Totals()
        self.tape_error: OSError | None = None
        """Why the tape could not be written; nothing is recorded after that."""
        self.redaction_error: TooManySecretsError | None = None
        """Why no exchange can be redacted any more; nothing is recorded or reported of one after that."""

    async def respond(self, request: HttpRequest) -> HttpResponse:
        """The answer of the service, byte for byte; a problem of our own where there is none."""
        number = self._begin()
        clock = time.perf_counter()
        failed = partial(self._failed, number, request)
        reason = _not_passed_on(request)
        if reason is not None:
            return await self._answered_here(failed(501, reason), 501, reason)
        request = replace(request, target=origin_form(request.target))
        started = time.time()
        try:
            response = await self._send(request)
        except UpstreamError as error:
            duration = time.perf_counter() - clock
            return await self._answered_here(
                failed(error.status, str(error), duration), error.status, str(error)
            )
        except asyncio.CancelledError:
            failed(0, "the recorder stopped before the service had answered", time.perf_counter() - clock)
            raise
        except Exception:
            _LOGGER.exception("%s %.200s was not passed on", request.method, request.target)
            reason = "this is a bug in clientsmith; its standard error says more"
            return await self._answered_here(failed(500, reason), 500, reason)
        duration = time.perf_counter() - clock
        await asyncio.shield(self._note(partial(self._examine, number, request, response, started, duration)))
        return response

    async def aclose(self) -> None:
        """Wait until everything that was passed on is written down and told."""
        while self._notes:
            await asyncio.gather(*self._notes)
        await self._lane.close()

    # What the front says of calls that never came here, or whose answers did not arrive; see `front_connection`.

    def refused(self, request: HttpRequest | None, status: int, reason: str) -> None:
        """Count a request that was not passed on."""
        self._failed(self._begin(), request or HttpRequest("?", ""), status, f"not passed on: {reason}")

    def undelivered(self, request: HttpRequest, status: int, reason: str) -> None:
        """Count an answer that did not arrive."""
        self._failed(_NUMBER.get(), request, status, f"the answer was not passed on: {reason}")

    # What is counted and told.

    def _begin(self) -> int:
        self.totals.exchanges += 1
        _NUMBER.set(self.totals.exchanges)
        return self.totals.exchanges

    async def _answered_here(self, noted: asyncio.Task[None], status: int, reason: str) -> HttpResponse:
        await asyncio.shield(noted)
        return problem(status, reason)

    def _failed(
        self, number: int, request: HttpRequest, status: int, reason: str, duration: float = 0.0
    ) -> asyncio.Task[None]:
        """Count a failure; the task ends when it has been told."""
        return self._note(partial(self._failure, number, request, status, reason, duration))

    def _note(self, examine: Callable[[], _Kept]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._count(examine))
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)
        return task

    async def _count(self, examine: Callable[[], _Kept]) -> None:
        had_ended = self._has_ended
        kept = await self._lane.run(examine)
        passed = kept.passed
        self.totals.findings += len(passed.findings)
        self.totals.taped += passed.is_taped
        self.totals.redacted += len(passed.redacted) if passed.is_taped else 0
        self.totals.failures += passed.failure is not None
        self.totals.opaque += kept.is_opaque
        self._observe(passed)
        if self._has_ended and not had_ended:
            self._stop()

    @property
    def _has_ended(self) -> bool:
        return self.tape_error is not None or self.redaction_error is not None

    # What happens in the thread.

    def _failure(self, number: int, request: HttpRequest, status: int, reason: str, duration: float) -> _Kept:
        path = self._redactor.text(request.target.partition("#")[0].partition("?")[0])
        return _Kept(Passed(number, request.method, path, status, None, duration, False, failure=reason))

    def _examine(
        self, number: int, request: HttpRequest, response: HttpResponse, started: float, duration: float
    ) -> _Kept:
        try:
            return self._examined(number, request, response, started, duration)
        except Exception:
            _LOGGER.exception("%s %.200s was passed on and not recorded", request.method, request.target)
            reason = "neither checked nor recorded, by a bug in clientsmith; its standard error says more"
            return self._failure(number, request, response.status, reason, duration)

    def _examined(
        self, number: int, request: HttpRequest, response: HttpResponse, started: float, duration: float
    ) -> _Kept:
        unreadable: UnreadableBodyError | None = None
        plain, received = request, response
        try:
            plain, received = opaque.readable_request(request), opaque.readable_response(response)
        except UnreadableBodyError as error:
            if not self._keep_opaque:
                reason = f"neither checked nor recorded: {error}"
                kept = self._failure(number, request, response.status, reason, duration)
                return replace(kept, is_opaque=True)
            unreadable = error
        seen = self._traffic.check(plain, received)
        redact = self._redactor.redact if unreadable is None else self._redact_bytes
        redacted = self._redacted(redact, plain, received, seen)
        if redacted is None:
            return self._unredacted(number, response.status, duration)
        name = seen.operation.id if seen.operation is not None else None
        taped = RecordedExchange(
            redacted.request, redacted.response, started, duration, name, redacted.places
        )
        is_wanted = self._tape is not None and not (seen.findings and self._conforming_only)
        is_taped = is_wanted and self._write(taped)
        notes = [f"what stands for the {place} breaks its schema" for place in redacted.unfit]
        if unreadable is not None:
            notes.append(f"kept without a search for secrets: {unreadable}")
        passed = Passed(
            number,
            request.method,
            redacted.request.target,
            response.status,
            name,
            duration,
            is_taped,
            tuple(self._told(one) for one in seen.findings),
            redacted.places,
            tuple(notes),
            "not recorded: the tape cannot be written" if is_wanted and not is_taped else None,
        )
        return _Kept(passed, unreadable is not None)

    def _redact_bytes(self, request: HttpRequest, response: HttpResponse, *about: Any) -> RedactedExchange:
        """The redaction of bodies that are not text, or not in a character set that is known."""
        hidden = replace(request, headers=opaque.hidden(request.headers))
        received = replace(response, headers=opaque.hidden(response.headers))
        found = self._redactor.redact(hidden, received, *about)
        return replace(
            found,
            request=replace(found.request, headers=opaque.shown(found.request.headers, request.headers)),
            response=replace(found.response, headers=opaque.shown(found.response.headers, response.headers)),
        )

    def _redacted(
        self, redact: _Redact, request: HttpRequest, response: HttpResponse, seen: Seen
    ) -> RedactedExchange | None:
        """The exchange without secrets; None once there are more secrets than can be looked for."""
        if self.redaction_error is None:
            try:
                return redact(request, response, seen.operation, seen.path_texts)
            except TooManySecretsError as error:
                self.redaction_error = error
        return None

    def _unredacted(self, number: int, status: int, duration: float) -> _Kept:
        """An exchange of which nothing may be shown."""
        failure = f"neither checked nor recorded: {self.redaction_error}"
        return _Kept(Passed(number, "-", "-", status, None, duration, False, failure=failure))

    def _told(self, finding: Finding) -> Finding:
        text = self._redactor.text
        return Finding(finding.id, text(finding.part), text(finding.pointer), text(finding.message))

    def _write(self, exchange: RecordedExchange) -> bool:
        if self._tape is None or self.tape_error is not None:
            return False
        try:
            self._tape.append(exchange)
        except OSError as error:
            self.tape_error = error
            return False
        return True


def _not_passed_on(request: HttpRequest) -> str | None:
    """Why a request is not one for a reverse proxy."""
    if request.target == "*" or request.method == "CONNECT":
        return f"{request.method} {request.target:.100} is not passed on"
    options = (request.header("upgrade") or "").lower()
    return "WebSocket connections are not passed on" if "websocket" in options else None
