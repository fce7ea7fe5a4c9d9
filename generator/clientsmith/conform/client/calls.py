"""Calls of a generated client with drawn inputs: what reached the wire, what came back, sync and asyncio alike.

Nothing leaves the process: a transport of httpx hands each request to a function and takes its answer.
"""

from __future__ import annotations

import asyncio
import base64
import inspect
import logging
import re
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final, TypeVar

import httpx

from clientsmith.conform.client.package import ClientPackage, PackageError
from clientsmith.conform.model import Exchange, Mode, Part
from clientsmith.json_values.codec import Value
from clientsmith.openapi.parameter import Location
from clientsmith.traffic.message import HttpRequest, HttpResponse

T = TypeVar("T")
Respond = Callable[[HttpRequest], HttpResponse]
"""What answers a request; it may raise an error of httpx in the place of a network that fails."""


_OF_VALIDATION: Final = "breaks the API's description"
"""In every warning of the validation modes; a billing call with an unknown outcome is warned about in other words."""


_LONGEST: Final = 5.0
"""Seconds to wait for things to be ready."""
_POLL: Final = 0.002
"""Seconds between two looks at whether things are ready."""


class Absent:
    """The type of `ABSENT`."""


ABSENT: Final = Absent()
"""No body, as opposed to one that is null."""

SECRET: Final = "conform-secret-0f9e8d7c"
"""Is part of every credential, so that it can be looked for wherever it must not be."""


_BASE64 = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")


def holds_secret(text: str) -> bool:
    """Whether a credential can be read in a text, as it is or in base64 (RFC 7617)."""
    return SECRET in text or any(SECRET.encode() in _unwrapped(one) for one in _BASE64.findall(text))


def _unwrapped(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


@dataclass(frozen=True, slots=True)
class CallInputs:
    """The arguments of a call as the document names them: parameters by place and name, and the body."""

    parameters: Mapping[tuple[Location, str], Value] = field(
        default_factory=dict[tuple[Location, str], Value]
    )
    body: Value | Absent = ABSENT
    extras: bool = True
    """Whether members of the body without an argument may go through `CallOptions.extra_body`."""


class NoSuchArgumentError(TypeError):
    """The typed signature has no way to say this, so no caller can send it."""


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


class ScriptedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Keeps every request and answers with whatever function is set."""

    in_process = True
    """Says to generated clients that no connection is involved."""

    def __init__(self) -> None:
        self.respond: Respond = lambda _: HttpResponse(500)
        self.requests: list[HttpRequest] = []
        self.timeouts: list[object] = []
        """What each request says of how long to wait (`extensions["timeout"]` of httpx)."""
        self.stalls = False
        """Whether requests of an asyncio client are never answered."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answered(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        if self.stalls:
            await asyncio.Event().wait()
        return self._answered(request, body)

    def _answered(self, request: httpx.Request, body: bytes) -> httpx.Response:
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        )
        host = request.url.netloc.decode("latin-1")
        target = f"{request.url.scheme}://{host}{request.url.raw_path.decode('latin-1')}"
        sent = HttpRequest(request.method, target, headers, body)
        self.requests.append(sent)
        self.timeouts.append(request.extensions.get("timeout"))
        answer = self.respond(sent)
        return httpx.Response(
            answer.status,
            headers=list(answer.headers),
            stream=httpx.ByteStream(answer.body),
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
        )


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
        self, operation: str, inputs: CallInputs, respond: Respond, change: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Called:  # fmt: skip
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
        self, operation: str, inputs: CallInputs, options: Sequence[Mapping[str, Any]], *,
        ready: Callable[[], bool] = lambda: True, done: Callable[[], None] = lambda: None,
    ) -> list[object]:  # fmt: skip
        """What calls end in, results and errors, that run side by side.

        All but the first start once things are `ready`, or have not become so for long; `done` is called as each ends.
        """
        self._listen()
        latest = time.monotonic() + _LONGEST
        method = self.method(operation)
        given = [arguments_for(self.package, operation, inputs, one) for one in options]

        def blocking(number: int) -> object:
            while number and not ready() and time.monotonic() < latest:
                time.sleep(_POLL)
            try:
                return method(**given[number])
            except Exception as error:
                return error
            finally:
                done()

        async def awaited(number: int) -> object:
            while number and not ready() and time.monotonic() < latest:
                await asyncio.sleep(_POLL)
            try:
                return await method(**given[number])
            finally:
                done()

        async def side_by_side() -> list[object]:
            return await asyncio.gather(*map(awaited, range(len(given))), return_exceptions=True)

        if self._loop is not None:
            return self.run(side_by_side())
        with ThreadPoolExecutor(len(given)) as threads:
            return list(threads.map(blocking, range(len(given))))

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


def credentials_of(package: ClientPackage) -> dict[str, str]:
    """Constructor arguments for every security scheme, the same in each run."""
    return {
        name: f"{package.prefixes.get(key, '')}{_token(name)}"
        for key, names in package.credentials.items()
        for name in names
    }


def tokens_of(package: ClientPackage) -> tuple[str, ...]:
    """The same in the form that a server accepts: `user:password` for two arguments, else the token."""
    return tuple(":".join(map(_token, names)) for names in package.credentials.values())


def _token(argument: str) -> str:
    return f"{SECRET}-{argument}"


def arguments_for(
    package: ClientPackage, operation: str, inputs: CallInputs, options: Mapping[str, Any]
) -> dict[str, Any]:
    """The keyword arguments that say the inputs. Raises NoSuchArgumentError."""
    surface = package.operations[operation]
    given: dict[str, Any] = {}
    for (place, name), value in inputs.parameters.items():
        known = surface.arguments.get(place, {})
        if name not in known:
            raise NoSuchArgumentError(f"{surface.method} has no argument for the {place} parameter {name!r}")
        given[known[name]] = value
    chosen = dict(options)
    if not isinstance(inputs.body, Absent):
        given |= _body(surface.arguments.get("body", {}), inputs.body, chosen, may_add=inputs.extras)
    if chosen:
        given["options"] = package.get("CallOptions")(**chosen)
    return given


def _body(names: Mapping[str, str], body: Value, options: dict[str, Any], *, may_add: bool) -> dict[str, Any]:
    if "" in names:
        return {names[""]: body}
    if not isinstance(body, dict):
        raise NoSuchArgumentError("a body of keyword arguments cannot be anything but an object")
    extra = {key: value for key, value in body.items() if key not in names}
    if extra and not may_add:
        raise NoSuchArgumentError(f"there is no argument for {sorted(extra)[:5]}")
    if extra:
        options["extra_body"] = extra | options.get("extra_body", {})
    return {names[key]: value for key, value in body.items() if key in names}


def exchange_of(
    operation: str, part: Part, mode: Mode, called: Called, response: HttpResponse | None, began: float
) -> Exchange | None:
    """The last exchange of a call for the HAR; None if nothing was sent."""
    if not called.requests:
        return None
    return Exchange(operation, part, mode, began, called.seconds, called.requests[-1], response)
