"""Calls of a generated client with drawn inputs: what reached the wire, what came back, sync and asyncio alike."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, TypeVar

from clientsmith.conform.client.call_inputs import CallInputs, NoSuchArgumentError, arguments_for
from clientsmith.conform.client.credentials import credentials_of
from clientsmith.conform.client.package import ClientPackage, PackageError
from clientsmith.conform.client.scripted import Respond, ScriptedTransport
from clientsmith.conform.client.side_by_side import CallsTogether
from clientsmith.conform.model import Exchange, Mode, Part
from clientsmith.traffic.message import HttpRequest, HttpResponse

T = TypeVar("T")

_OF_VALIDATION: Final = "breaks the API's description"
"""In every warning of the validation modes; a billing call with an unknown outcome is warned about in other words."""


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call: a result or an error, the requests that reached the wire, warnings that were logged."""

    result: object
    error: Exception | None
    requests: tuple[HttpRequest, ...]
    warnings: tuple[str, ...]
    seconds: float


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.found: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(record)


class Caller:
    """One client of a package in one mode, with settings that stay."""

    def __init__(self, package: ClientPackage, mode: Mode, *, bare: bool = False, **settings: Any) -> None:
        """`bare` passes no credentials: the client has to find its own."""
        self.package = package
        self.mode: Mode = mode
        self.wire = ScriptedTransport()
        chosen = package.get(package.client if mode == "sync" else package.async_client)
        given = ({} if bare else credentials_of(package)) | {"transport": self.wire} | settings
        given = {name: value for name, value in given.items() if package.takes(name)}
        if given["transport"] is None:
            del given["transport"]
        self.client: Any = chosen(**given)
        self._loop = asyncio.new_event_loop() if mode == "async" else None
        self.records = _Records()
        self._fitting: set[tuple[Callable[..., Any], tuple[str, ...]]] = set()
        """Methods with names of arguments that are known to fit."""
        self._logger = logging.getLogger(package.module.__name__)
        self._logger.setLevel(logging.DEBUG)
        self._logger.propagate = False
        self._listen()

    def _listen(self) -> None:
        """Take over the logger, which the clients of a package share; only one of them is in use at a time."""
        self._logger.handlers = [self.records]

    def shut(self) -> None:
        """Close the client, so that nothing more can be sent."""
        if self._loop is None:
            self.client.close()
        else:
            self._loop.run_until_complete(self.client.aclose())

    def close(self) -> None:
        """Close the client and its event loop."""
        self._logger.removeHandler(self.records)
        self.shut()
        if self._loop is not None:
            self._loop.close()

    def method(self, operation: str) -> Callable[..., Any]:
        """The bound method of an operation. Raises PackageError if there is none of the name in the manifest."""
        path = self.package.operations[operation].method
        try:
            return reduce(getattr, path.split("."), self.client)  # type: ignore[no-any-return]
        except AttributeError as error:
            raise PackageError(f"{operation} ought to be called {path}: {error}") from None

    def call(self, operation: str, inputs: CallInputs, respond: Respond, **options: Any) -> Called:
        """Call the method of an operation. Raises NoSuchArgumentError if its signature cannot say the inputs."""
        arguments = arguments_for(self.package, operation, inputs, options)
        return self._call(self.method(operation), arguments, respond)

    def call_changed(
        self,
        operation: str,
        inputs: CallInputs,
        respond: Respond,
        change: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> Called:
        """The same with arguments that a function changed on their way."""
        arguments = change(arguments_for(self.package, operation, inputs, {}))
        return self._call(self.method(operation), arguments, respond)

    def call_for_response(self, operation: str, inputs: CallInputs) -> Called:
        """The same over the client's own connections; the result is the raw response."""
        arguments = arguments_for(self.package, operation, inputs, {})
        method = self.method(operation)
        self._bind(method, arguments)

        def blocking(**given: Any) -> Any:
            return self.client.with_response(method, **given).response

        async def awaited(**given: Any) -> Any:
            return (await self.client.with_response(method, **given)).response

        return self._call(blocking if self._loop is None else awaited, arguments, lambda _: HttpResponse(500))

    def _call(self, method: Callable[..., Any], arguments: dict[str, Any], respond: Respond) -> Called:
        self._bind(method, arguments)
        self.wire.respond = respond
        self.wire.requests = []
        self.wire.timeouts = []
        self.records.found = []
        self._listen()
        began = time.perf_counter()
        result: object = None
        error: Exception | None = None
        try:
            result = method(**arguments) if self._loop is None else self._awaited(method, arguments)
        except Exception as raised:
            error = raised
        seconds = time.perf_counter() - began
        logged = tuple(one.getMessage() for one in self.records.found if one.levelno == logging.WARNING)
        logged = tuple(text for text in logged if _OF_VALIDATION in text)
        return Called(result, error, tuple(self.wire.requests), logged, seconds)

    def _awaited(self, method: Callable[..., Any], arguments: dict[str, Any]) -> object:
        async def run() -> object:
            return await method(**arguments)

        return self.run(run())

    def call_together(
        self,
        operation: str,
        inputs: CallInputs,
        options: Sequence[Mapping[str, Any]],
        *,
        ready: Callable[[], bool] = lambda: True,
        done: Callable[[], None] = lambda: None,
    ) -> list[object]:
        """What calls end in, results and errors, that run side by side.

        All but the first start once things are `ready`, or have not become so for long; `done` is called as each ends.
        """
        self._listen()
        given = [arguments_for(self.package, operation, inputs, one) for one in options]
        calls = CallsTogether(self.method(operation), given, ready, done)
        return calls.in_threads() if self._loop is None else self.run(calls.in_loop())

    def run(self, step: Coroutine[Any, Any, T]) -> T:
        """Run something in the event loop of an asyncio client."""
        assert self._loop is not None
        return self._loop.run_until_complete(step)

    def _bind(self, method: Callable[..., Any], arguments: dict[str, Any]) -> None:
        """Raise NoSuchArgumentError for a call that Python itself refuses, such as one without a required argument."""
        names = (method, tuple(arguments))
        if names in self._fitting:
            return
        try:
            inspect.signature(method).bind(**arguments)
        except TypeError as error:
            raise NoSuchArgumentError(str(error)) from None
        self._fitting.add(names)


def exchange_of(
    operation: str, part: Part, mode: Mode, called: Called, response: HttpResponse | None, began: float
) -> Exchange | None:
    """The last exchange of a call for the HAR; None if nothing was sent."""
    if not called.requests:
        return None
    return Exchange(operation, part, mode, began, called.seconds, called.requests[-1], response)
