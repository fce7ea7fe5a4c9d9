"""One call of the Marketplace client, blocking or asyncio, against a real server: what came of it and what was told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

import httpx

from tests.patience import PATIENCE
from twilio_marketplace import (
    AsyncMarketplaceClient,
    CallOptions,
    ClientError,
    MarketplaceClient,
    PartialSuccess,
    Retries,
)

Mode = Literal["sync", "async"]
Name = Literal["fetch", "update", "report"]

MODES: Final[tuple[Mode, ...]] = ("sync", "async")
OPERATIONS: Final[tuple[Name, ...]] = ("fetch", "update", "report")
IDS: Final = {"fetch": "fetchListing", "update": "updateListing", "report": "reportUsage"}
KEY: Final = "SK" + "0" * 32
SECRET: Final = "canary-one+/&?=%aeb1"
"""Looked for in all that a client says; full of what is written in another way elsewhere."""
LISTING: Final = "XB" + "a" * 32
INSTALLATION: Final = "XE" + "a" * 32
ITEM: Final = "BI" + "a" * 32
PATHS: Final = {
    "fetch": f"/Listing/{LISTING}",
    "update": f"/Listing/{LISTING}",
    "report": f"/InstalledAddOns/{INSTALLATION}/Usage",
}
METHODS: Final = {"fetch": "GET", "update": "POST", "report": "POST"}
IMPATIENT: Final = httpx.Timeout(10, read=0.15)
"""Gives up soon on a silent server, and on nothing else, however busy the machine is."""
SOON: Final = Retries(attempts=3, first_delay=0.001, longest_delay=0.01)
"""Retries that cost no time."""
ITEMS: Final = [{"sid": ITEM, "quantity": Decimal("12.355")}]
ARGUMENTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "fetch": (LISTING, {}),
    "update": (LISTING, {"pricing": {"body": "Free"}}),
    "report": (INSTALLATION, {"billable_items": ITEMS}),
}


def decoded(result: Any) -> Any:
    """The answer itself, also where the call gives it as a part of its result."""
    return result.result if isinstance(result, PartialSuccess) else result


@dataclass
class Told:
    """What a journal and a hook were told; it is a journal for both kinds of clients through `journal`."""

    events: list[tuple[str, Any, Any]] = field(default_factory=list)
    starts: list[Any] = field(default_factory=list)
    ends: list[Any] = field(default_factory=list)
    pairs: list[tuple[Any, Any]] = field(default_factory=list)

    def hook(self, attempt: Any) -> Callable[[Any], None]:
        self.starts.append(attempt)

        def end(result: Any) -> None:
            self.ends.append(result)
            self.pairs.append((attempt, result))

        return end

    def ends_of(self, number: int) -> list[Any]:
        """How the attempts with this number ended."""
        return [result for attempt, result in self.pairs if attempt.number == number]

    def journal(self, mode: Mode) -> Any:
        return _Journal(self) if mode == "sync" else _AsyncJournal(self)

    @property
    def intents(self) -> list[Any]:
        return [intent for kind, intent, _ in self.events if kind == "before"]

    @property
    def outcomes(self) -> list[Any]:
        return [outcome for kind, _, outcome in self.events if kind == "after"]


@dataclass
class _Journal:
    told: Told

    def before_send(self, intent: Any) -> None:
        self.told.events.append(("before", intent, None))

    def after_outcome(self, intent: Any, outcome: Any) -> None:
        self.told.events.append(("after", intent, outcome))


@dataclass
class _AsyncJournal:
    told: Told

    async def before_send(self, intent: Any) -> None:
        await asyncio.sleep(0)
        self.told.events.append(("before", intent, None))

    async def after_outcome(self, intent: Any, outcome: Any) -> None:
        await asyncio.sleep(0)
        self.told.events.append(("after", intent, outcome))


@dataclass
class Ended:
    """A result or an exception, never both."""

    result: Any = None
    error: BaseException | None = None
    told: Told = field(default_factory=Told)

    @property
    def failure(self) -> ClientError:
        """The error, which has to be one of ours."""
        assert isinstance(self.error, ClientError), repr(self.error or self.result)
        return self.error


def client_for(mode: Mode, url: str, told: Told | None = None, wiring: str = "own", **settings: Any) -> Any:
    """A client with connections of its own, or over an httpx transport that is passed in."""
    told = told or Told()
    options: dict[str, Any] = {
        "base_url": url, "timeout": PATIENCE, "retries": SOON, "journal": told.journal(mode), "hooks": [told.hook]
    }  # fmt: skip
    if wiring == "transport":
        options["transport"] = httpx.HTTPTransport() if mode == "sync" else httpx.AsyncHTTPTransport()
    made = MarketplaceClient if mode == "sync" else AsyncMarketplaceClient
    return made(KEY, SECRET, **(options | settings))


def method_of(client: Any, name: str) -> Any:
    return client.usages.report if name == "report" else getattr(client.listings, name)


def invoke(client: Any, name: str, options: CallOptions | None = None) -> Any:
    """The call: a result of a blocking client, a coroutine of an asyncio one."""
    subject, keywords = ARGUMENTS[name]
    return method_of(client, name)(subject, options=options, **keywords)


def run(
    mode: Mode,
    name: str,
    url: str,
    *,
    options: CallOptions | None = None,
    wiring: str = "own",
    **settings: Any,
) -> Ended:
    """Make a client, call once, close it."""
    ended = Ended()
    if mode == "sync":
        _run_sync(ended, name, url, options, wiring, settings)
    else:
        asyncio.run(_run_async(ended, name, url, options, wiring, settings))
    return ended


def _run_sync(
    ended: Ended, name: str, url: str, options: CallOptions | None, wiring: str, settings: Any
) -> None:
    with ExitStack() as stack:
        if wiring == "client":
            settings["http_client"] = stack.enter_context(httpx.Client())
        client = stack.enter_context(client_for("sync", url, ended.told, wiring, **settings))
        try:
            ended.result = invoke(client, name, options)
        except Exception as error:
            ended.error = error


async def _run_async(
    ended: Ended, name: str, url: str, options: CallOptions | None, wiring: str, settings: Any
) -> None:
    async with AsyncExitStack() as stack:
        if wiring == "client":
            settings["http_client"] = await stack.enter_async_context(httpx.AsyncClient())
        client = await stack.enter_async_context(client_for("async", url, ended.told, wiring, **settings))
        try:
            ended.result = await invoke(client, name, options)
        except Exception as error:
            ended.error = error
