"""The HTTP server over a `Service`: listens, counts connections, hands out faults; `connection` speaks HTTP."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from clientsmith.serve.control import Control
from clientsmith.serve.faults import wire
from clientsmith.serve.faults.inject import FaultInjector
from clientsmith.serve.faults.rules import FaultRule, FaultRules, parse_rule
from clientsmith.serve.http.connection import Connection
from clientsmith.serve.http.heads import KnownHeads
from clientsmith.serve.http.hosting import Closable, ServerLimits, is_control
from clientsmith.serve.http.listening import Listening
from clientsmith.serve.http.outgoing import Outgoing, Step
from clientsmith.serve.http.worker_thread import WorkerThread
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, Fault, Finding, HttpRequest, HttpResponse
from clientsmith.traffic.problem import problem

_QUICK_BODY = 16 * 1024
"""Bytes of a request body up to which an answer is found in a moment."""
_TICK = 0.25
"""Seconds between two looks at who has taken too long."""
_LOGGER = logging.getLogger("clientsmith.serve")

Result = TypeVar("Result")
OnExchange = Callable[[HttpRequest, Answer, float], None]
"""Called after each answer, with the seconds it took to find it."""


class Server:
    """One listening socket; everything but `url`, `rules` and `service` belongs to the thread of its loop."""

    def __init__(
        self,
        service: Service,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: ServerLimits | None = None,
    ) -> None:
        self.service = service
        self.rules = FaultRules()
        self.limits = limits or ServerLimits()
        self.heads = KnownHeads()
        self.body_bytes = 0
        self.host_name, self._port = host, port
        self.on_exchange: tuple[OnExchange, ...] = ()
        """Each is called with every exchange, in the worker thread, because it may write to a file."""
        self._worker = WorkerThread()
        self._connections: set[Closable] = set()
        self._listening = Listening(lambda: Connection(self, self._loop), self._stop_refusing)
        self._ticking: asyncio.TimerHandle | None = None
        self._date = (0, "")
        self._injector = FaultInjector(service)
        self._control = Control(self)

    @property
    def address(self) -> tuple[str, int]:
        """The address and the port that it listens on."""
        return self._listening.address

    @property
    def url(self) -> str:
        """Where the server is, without a slash at the end."""
        host = self.address[0]
        return f"http://[{host}]:{self.address[1]}" if ":" in host else f"http://{host}:{self.address[1]}"

    @property
    def base_url(self) -> str:
        """What a client takes as its base URL: the server, with the path that the document has all calls begin with."""
        return self.url + self.service.checker.index.base_path

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return ipaddress.ip_address(self.address[0]).is_loopback

    async def start(self) -> None:
        """Listen. Raises OSError where the address cannot be had, such as a port in use."""
        self._loop = asyncio.get_running_loop()
        self.service.add_fault(self.rules)
        await self._listening.start(self.host_name, self._port)
        self._tick()

    async def close(self, grace: float = 0.5) -> None:
        """Stop listening, and give what is going out so many seconds to arrive."""
        self._listening.close()
        if self._ticking is not None:
            self._ticking.cancel()
        for connection in tuple(self._connections):
            connection.stop()
        until = self._loop.time() + grace
        while self._connections and self._loop.time() < until:
            await asyncio.sleep(0.005)
        for connection in tuple(self._connections):
            connection.abort()
        await asyncio.sleep(0)
        await self._worker.close()

    # Faults.

    def add_fault(self, rule: FaultRule | str) -> int:
        """Switch a fault on, now; returns the number to remove it by. Raises FaultError. For the thread of the loop."""
        if isinstance(rule, str):
            rule = parse_rule(rule, [operation.id for operation in self.service.operations])
        self._injector.check(rule)
        if self.rules not in self.service.faults:
            self.service.add_fault(self.rules)
        number = self.rules.add(rule)
        if rule.fault.name == "refuse":
            self._listening.refuse(float(rule.fault.values[0]))
        return number

    def remove_fault(self, number: int) -> bool:
        """Switch a fault off; whether it was on."""
        removed = self.rules.remove(number)
        self._listen_if_unrefused()
        return removed

    def clear_faults(self) -> None:
        """Switch every fault off."""
        self.rules.clear()
        self._listen_if_unrefused()

    def reset(self) -> None:
        """Back to the start: no faults, no scenario, an empty log."""
        self.service.clear()
        self.clear_faults()
        self.service.add_fault(self.rules)

    def _stop_refusing(self) -> None:
        for active in self.rules.active:
            if active.rule.fault.name == "refuse":
                self.rules.remove(active.id)
        self._listening.resume()

    def _listen_if_unrefused(self) -> None:
        if not any(active.rule.fault.name == "refuse" for active in self.rules.active):
            self._listening.resume()

    # Listening.

    def _tick(self) -> None:
        now = self._loop.time()
        for connection in tuple(self._connections):
            ends = connection.timeout.ends
            if ends is not None and ends < now:
                connection.expire()
        self._ticking = self._loop.call_later(_TICK, self._tick)

    # What connections ask for; see `hosting.Host`.

    def opened(self, connection: Closable) -> Fault | str | None:
        """Count a connection in: a fault that strikes now, or why it is turned away."""
        self._connections.add(connection)
        if len(self._connections) > self.limits.connections:
            return f"more than {self.limits.connections} connections are open"
        return self.rules.pick_on_connect()

    def closed(self, connection: Closable) -> None:
        """Count a connection out."""
        self._connections.discard(connection)

    def early(self, request: HttpRequest, *, asks: bool) -> Fault | None:
        """The fault that strikes after the headers of a request, by a rule or as its own headers ask for."""
        if is_control(request.target):
            return None
        fault = self._injector.early(request, self.rules, asks=asks)
        if fault is not None:
            self._note(request, Answer(HttpResponse(0), "refused", fault=fault), 0.0)
        return fault

    def answer(self, request: HttpRequest, *, asks: bool) -> Answer | asyncio.Future[Answer]:
        """The answer to a whole request, with its fault, faults of content already carried out.

        What may take longer comes as a future: it is found in a thread, and other connections go on meanwhile.
        """
        if is_control(request.target):
            if self._control.is_slow(request):
                return self._worker.run(partial(self._control.respond, request))
            return self._control.respond(request)
        if self.on_exchange or len(request.body) > _QUICK_BODY:
            return self._worker.run(partial(self._found, request, asks=asks))
        return self._found(request, asks=asks)

    def _found(self, request: HttpRequest, *, asks: bool) -> Answer:
        started = time.perf_counter()
        try:
            answer = self._injector.answer(request, self.rules, asks=asks)
        except Exception:
            _LOGGER.exception("no answer was found to %s %s", request.method, request.target)
            answer = Answer(
                problem(500, "this is a bug in clientsmith; its standard error says more"), "refused"
            )
        self._tell(request, answer, time.perf_counter() - started)
        return answer

    def plan(self, out: Outgoing, fault: Fault) -> Iterator[Step]:
        """How a response with a fault on the wire goes out."""
        return wire.steps(out, fault)

    def refused(self, request: HttpRequest, status: int, reason: str) -> Answer:
        """The answer to what is not a request, or none that is served; it is logged like every other."""
        answer = Answer(
            problem(status, reason), "refused", findings=(Finding("not-served", "request", "", reason),)
        )
        self._note(request, answer, 0.0)
        return answer

    def _note(self, request: HttpRequest, answer: Answer, seconds: float) -> None:
        """Log what never reached the service."""
        self.service.log.add(time.time(), request, answer, seconds)
        if self.on_exchange:
            self._worker.run(partial(self._tell, request, answer, seconds))

    def _tell(self, request: HttpRequest, answer: Answer, seconds: float) -> None:
        for tell in self.on_exchange:
            tell(request, answer, seconds)

    def date(self) -> str:
        """The value of the Date header, made once a second."""
        now = int(time.time())
        if self._date[0] != now:
            self._date = (now, formatdate(now, usegmt=True))
        return self._date[1]


class ThreadedServer:
    """A server in a thread of its own, for tests: `with ThreadedServer(service) as server: ... server.url`."""

    def __init__(
        self, service: Service, *, host: str = "127.0.0.1", port: int = 0, limits: ServerLimits | None = None
    ) -> None:
        self.service = service
        self._server = Server(service, host=host, port=port, limits=limits)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="clientsmith-server", daemon=True)
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result()
        except BaseException:
            self._end()
            raise
        self.url = self._server.url
        """Where the server is, without a slash at the end."""
        self.base_url = self._server.base_url
        """What a client takes as its base URL."""

    def add_fault(self, rule: FaultRule | str) -> int:
        """Switch a fault on, written as for `--fault`; returns the number to remove it by. Raises FaultError."""
        return self._run(lambda: self._server.add_fault(rule))

    def remove_fault(self, number: int) -> bool:
        """Switch a fault off; whether it was on."""
        return self._run(lambda: self._server.remove_fault(number))

    def clear_faults(self) -> None:
        """Switch every fault off."""
        self._run(self._server.clear_faults)

    def reset(self) -> None:
        """Back to the start: no faults, no scenario, an empty log."""
        self._run(self._server.reset)

    def close(self) -> None:
        """Stop; may be called twice."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._server.close(), self._loop).result()
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, function: Callable[[], Result]) -> Result:
        async def run() -> Result:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
