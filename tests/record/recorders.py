"""A recorder in a thread of this process, and raw HTTP over a socket, for the tests here."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from clientsmith.record.examiner import Examiner, Passed
from clientsmith.record.proxy_server import Losses, ProxyLimits, ProxyServer, bind
from clientsmith.record.recorder import Recorder
from clientsmith.record.upstream import Upstream, parse_origin
from clientsmith.traffic.exchange_check import ExchangeChecker
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.redaction.exchanges import Redactor
from clientsmith.traffic.redaction.secret_names import secret_names
from clientsmith.traffic.tapes.har_tape import HarTape, open_tape
from tests.patience import PATIENCE
from tests.unit.traffic.recording import resolved

T = TypeVar("T")
SPEC = Path(__file__).parents[2] / "spec" / "marketplace.yaml"


class ProxyThread:
    """A `ProxyServer` whose loop runs in a thread."""

    def __init__(
        self,
        respond: Callable[[HttpRequest], Awaitable[HttpResponse]],
        limits: ProxyLimits | None = None,
        losses: Losses | None = None,
    ) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._proxy = ProxyServer(respond, limits, losses)
        listening = bind("127.0.0.1", 0)
        self.port: int = listening.getsockname()[1]
        self.url = self.run(self._proxy.start(listening))

    def run(self, awaitable: Awaitable[T]) -> T:
        """The result of something that runs in the loop."""

        async def run() -> T:
            return await awaitable

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(10)

    def close_only(self) -> None:
        """Stop serving; the loop goes on."""
        self.run(self._proxy.close(1))

    def close(self) -> None:
        self.close_only()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class RecorderThread(ProxyThread):
    """A recorder in front of an upstream; `passed` is what it told."""

    def __init__(
        self,
        upstream: str,
        tape: Path | None = None,
        *,
        spec: str | None = None,
        redact: tuple[str, ...] = (),
        timeout: float = PATIENCE,
        conforming_only: bool = False,
        keep_opaque: bool = False,
        limits: ProxyLimits | None = None,
    ) -> None:
        document = resolved(spec if spec is not None else SPEC.read_text())
        self.passed: list[Passed] = []
        self.is_stopped = False
        self._upstream = Upstream(parse_origin(upstream), timeout=timeout)
        self.tape: HarTape | None = open_tape(str(tape), upstream) if tape is not None else None
        examiner = Examiner(
            ExchangeChecker(document),
            Redactor(document, secret_names(document, redact)),
            self.tape,
            conforming_only=conforming_only,
            keep_opaque=keep_opaque,
        )
        self.recorder = Recorder(examiner, self._upstream.send, self.passed.append, self._stop)
        super().__init__(self.recorder.respond, limits, self.recorder)

    def _stop(self) -> None:
        self.is_stopped = True

    def close(self) -> None:
        self.close_only()
        self.run(self.recorder.aclose())
        self.run(self._upstream.aclose())
        super().close()
        if self.tape is not None:
            self.tape.close()


def raw_exchange(port: int, *pieces: bytes, half_close: bool = False) -> bytes:
    """Everything that comes back until the server closes, after the pieces were sent one by one."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        for piece in pieces:
            connection.sendall(piece)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while data := connection.recv(65536):
            received += data
        return received
