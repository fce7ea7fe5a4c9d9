"""One blocking and one asyncio client side by side, for many calls with generated arguments and answers."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings

from tests.client.answers import good
from tests.client.calls import KEY, SECRET, decoded, method_of
from tests.client.fault_server import Arrived, FaultServer, Wire, serving
from tests.patience import PATIENCE
from twilio_marketplace import AsyncMarketplaceClient, ClientError, Limits, MarketplaceClient


def examples(count: int) -> settings:
    """The same examples in every run; the fixtures that they share keep nothing between two of them."""
    return settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=count,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


@dataclass
class Pair:
    """Both clients and their server, which answers as `answer` says and then ends the connection if `last` is set."""

    server: FaultServer = field(init=False)
    blocking: Any = field(init=False)
    concurrent: Any = field(init=False)
    runner: asyncio.Runner = field(init=False)
    answer: Callable[[Arrived], bytes] = good
    last: bool = False
    closed: threading.Event = field(default_factory=threading.Event)

    def script(self, wire: Wire) -> None:
        request = wire.request()
        try:
            wire.send(self.answer(request))
        finally:
            if self.last:
                wire.close()
                self.closed.set()

    def both(self, name: str, *arguments: Any, **keywords: Any) -> tuple[list[Any], list[Arrived]]:
        """The outcomes of one call on both clients, errors among them, and the requests that arrived."""
        before = len(self.server.requests)
        outcomes = [
            self._one(lambda: decoded(method_of(self.blocking, name)(*arguments, **keywords))),
            self._one(
                lambda: decoded(self.runner.run(method_of(self.concurrent, name)(*arguments, **keywords)))
            ),
        ]
        return outcomes, self.server.requests[before:]

    def _one(self, run: Callable[[], Any]) -> Any:
        """One outcome, and the connection closed where it was the last one: else the next call might still take it."""
        self.closed.clear()
        outcome = caught(run)
        assert not self.last or self.closed.wait(PATIENCE)
        return outcome


def caught(run: Callable[[], Any]) -> Any:
    """The result, or the error of ours; any other exception is let through."""
    try:
        return run()
    except ClientError as error:
        return error


@contextlib.contextmanager
def pair() -> Iterator[Pair]:
    """Both clients for as long as the block runs; nothing is tried again."""
    made = Pair()
    with serving(made.script) as server, asyncio.Runner() as runner:
        made.server, made.runner = server, runner
        options: dict[str, Any] = {
            "base_url": server.url, "timeout": 10, "retries": None, "limits": Limits(response_bytes=10**6)
        }  # fmt: skip
        with MarketplaceClient(KEY, SECRET, **options) as blocking:
            made.blocking = blocking
            made.concurrent = AsyncMarketplaceClient(KEY, SECRET, **options)
            yield made
            runner.run(made.concurrent.aclose())


def same(outcomes: list[Any]) -> Any:
    """The one outcome that both clients came to."""
    first, second = outcomes
    if isinstance(first, ClientError):
        assert type(first) is type(second), outcomes
        assert (first.outcome, str(first)) == (second.outcome, str(second))
    else:
        assert first == second
    return first


def text_of(value: Any) -> str:
    """A value as JSON with every digit, the way the client itself writes it."""
    from twilio_marketplace._runtime.values.json_codec import write

    return write(value)
