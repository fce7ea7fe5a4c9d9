"""The recorder: passes each request on, and has it checked and written to the tape before the caller gets the answer.

So what was answered is on disk. Whatever was not passed on, not answered or not kept is counted as a failure, and
reported.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from clientsmith.record.examiner import Examined, Examiner, Passed, PassedExchange
from clientsmith.record.upstream import UpstreamError, origin_form
from clientsmith.serve.http.worker_thread import WorkerThread
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.problem import problem

_LOGGER = logging.getLogger("clientsmith.record")
_NUMBER: contextvars.ContextVar[int] = contextvars.ContextVar("number", default=0)
"""Of the exchange that the task of a connection is about."""


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


class Recorder:
    """Answers requests by asking the service behind it; used in one event loop.

    Exchanges are examined in one thread beside the loop, so that others are passed on meanwhile.
    """

    def __init__(
        self,
        examiner: Examiner,
        send: Callable[[HttpRequest], Awaitable[HttpResponse]],
        observe: Callable[[Passed], None],
        stop: Callable[[], None],
    ) -> None:
        """`stop` is called when nothing can be recorded any more."""
        self.examiner = examiner
        self._send = send
        self._observe = observe
        self._stop = stop
        self._worker = WorkerThread()
        self._counting: set[asyncio.Task[None]] = set()
        self.totals = Totals()

    async def respond(self, request: HttpRequest) -> HttpResponse:
        """The answer of the service, byte for byte; a problem of our own if there is none."""
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
        exchange = PassedExchange(number, request, response, started, time.perf_counter() - clock)
        await asyncio.shield(self._count(partial(self.examiner.examine, exchange)))
        return response

    async def aclose(self) -> None:
        """Wait until everything that was passed on is written down and reported."""
        while self._counting:
            await asyncio.gather(*self._counting)
        await self._worker.close()

    # `Losses`: calls that never came here, or whose answers did not arrive.

    def refused(self, request: HttpRequest | None, status: int, reason: str) -> None:
        """Count a request that was not passed on."""
        self._failed(self._begin(), request or HttpRequest("?", ""), status, f"not passed on: {reason}")

    def undelivered(self, request: HttpRequest, status: int, reason: str) -> None:
        """Count an answer that did not arrive."""
        self._failed(_NUMBER.get(), request, status, f"the answer was not passed on: {reason}")

    # What is counted and reported.

    def _begin(self) -> int:
        self.totals.exchanges += 1
        _NUMBER.set(self.totals.exchanges)
        return self.totals.exchanges

    async def _answered_here(self, counted: asyncio.Task[None], status: int, reason: str) -> HttpResponse:
        await asyncio.shield(counted)
        return problem(status, reason)

    def _failed(
        self, number: int, request: HttpRequest, status: int, reason: str, duration: float = 0.0
    ) -> asyncio.Task[None]:
        """Count a failure; the task ends when it has been reported."""
        return self._count(partial(self.examiner.failure, number, request, status, reason, duration))

    def _count(self, examine: Callable[[], Examined]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._examined(examine))
        self._counting.add(task)
        task.add_done_callback(self._counting.discard)
        return task

    async def _examined(self, examine: Callable[[], Examined]) -> None:
        had_ended = self.examiner.has_ended
        examined = await self._worker.run(examine)
        passed = examined.passed
        self.totals.findings += len(passed.findings)
        self.totals.taped += passed.is_taped
        self.totals.redacted += len(passed.redacted) if passed.is_taped else 0
        self.totals.failures += passed.failure is not None
        self.totals.opaque += examined.is_opaque
        self._observe(passed)
        if self.examiner.has_ended and not had_ended:
            self._stop()


def _not_passed_on(request: HttpRequest) -> str | None:
    """Why a request is not one for a reverse proxy."""
    if request.target == "*" or request.method == "CONNECT":
        return f"{request.method} {request.target:.100} is not passed on"
    options = (request.header("upgrade") or "").lower()
    return "WebSocket connections are not passed on" if "websocket" in options else None
