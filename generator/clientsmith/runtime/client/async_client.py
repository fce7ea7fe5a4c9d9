"""The asyncio client that generated ones derive from; step by step what `client` does, awaited."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import httpx
from typing_extensions import ParamSpec, Self, TypeVar

from ..http.async_pool import AsyncPooledTransport
from ..http.bounded_body import loaded, too_long, unpack
from ..http.following import END_WITHIN, LOOK_AFTER, Following, async_following
from ..http.link import OWN, SHARED, foreign_link
from ..http.transport import without_frames
from ..messages.operation import Operation
from ..messages.options import CallOptions, Configuration
from ..results.api_response import Reply
from ..results.errors import ClientClosedError, ClientError, ConfigurationError
from ..values.first_use import load_for_calls
from ..values.unset import UNSET
from .call import Call
from .core import DEFAULTS, Core, Settings, called_through, capture, unpicklable

if TYPE_CHECKING:
    from anyio import CancelScope

P = ParamSpec("P")
T = TypeVar("T")


async def _sent_through(http_client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """Send a request that is complete except for the auth of the http_client."""
    return await http_client.send(
        request, stream=True, auth=request.extensions.get("auth"), follow_redirects=False
    )


class AsyncClient:
    """Base of generated asyncio clients."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        credentials: Mapping[str, tuple[str | None, ...]],
        settings: Settings = DEFAULTS,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        load_for_calls(asynchronous=True)
        self._core = Core(configuration, credentials, settings, http_client)
        self._closed = False
        self._http = http_client
        self._transport: httpx.AsyncBaseTransport | None = None
        if http_client is None:
            if transport is None:
                transport = AsyncPooledTransport(connections=self._core.limits.connections)
            if not isinstance(transport, httpx.AsyncBaseTransport):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise ConfigurationError("transport must be an httpx.AsyncBaseTransport")
            self._link = (
                (SHARED if transport.reuse_for_billing else OWN)
                if isinstance(transport, AsyncPooledTransport)
                else foreign_link(transport, trace="async_trace", bills=configuration.bills)
            )
            self._transport = transport
            self._core.carried_by(transport)
            self._send: Callable[[httpx.Request], Awaitable[httpx.Response]] = transport.handle_async_request
            return
        if transport is not None:
            raise ConfigurationError("pass http_client or transport, not both")
        if not isinstance(http_client, httpx.AsyncClient):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError("http_client must be an httpx.AsyncClient")
        self._link = foreign_link(http_client, trace="async_trace", bills=configuration.bills)
        self._core.carried_by(http_client)
        self._send = partial(_sent_through, http_client)

    async def _call(
        self,
        operation: Operation[T],
        arguments: tuple[Any, ...],
        body: Any = UNSET,
        options: CallOptions | None = None,
    ) -> T:
        try:
            call = self._core.begin(operation, arguments, body, options)
        except ClientError as error:
            without_frames(error)  # they hold the headers, credentials among them
            raise error from None
        return await self._make(call)

    async def _make(self, call: Call[T]) -> T:
        """Make a call, attempt by attempt, and note how it ended."""
        try:
            result = await self._run(call)
        except BaseException as error:
            call.ended(error)
            if isinstance(error, ClientError):
                raise
            # From outside, as a cancellation is; the frames on its way hold the request.
            raise error.with_traceback(None)  # noqa: B904 - the same error
        call.ended(None)
        return result

    async def _run(self, call: Call[T]) -> T:
        import anyio

        while True:
            try:
                try:
                    return await self._attempt(call)
                except ClientError as error:
                    failed = error
                pause = call.pause_after(failed)
                if call.held is None:
                    call.go_on(failed, pause)
                    await anyio.sleep(pause or 0.0)
                else:
                    await self._watch(call, call.held, failed, pause)
            finally:
                await self._release(call)

    async def _watch(
        self, call: Call[Any], held: httpx.Response, failed: ClientError, pause: float | None
    ) -> None:
        """Wait for the next attempt with an eye on the connection of the last answer."""
        import anyio

        began = time.monotonic()
        followed = await async_following(held, LOOK_AFTER)
        ended = followed is not Following.NOTHING
        call.watched(failed, followed, long_enough=ended or time.monotonic() - began >= 0.9 * LOOK_AFTER)
        call.go_on(failed, pause)
        left = began + max(pause or 0.0, LOOK_AFTER) - time.monotonic()
        if left > 0 and not ended and await async_following(held, left) is Following.DATA:
            raise call.taken_back()
        await anyio.sleep(max(began + (pause or 0.0) - time.monotonic(), 0.0))

    async def _release(self, call: Call[Any]) -> None:
        held, call.held = call.held, None
        if held is not None:
            await held.aclose()

    async def _attempt(self, call: Call[T]) -> T:
        if self._closed or (self._http is not None and self._http.is_closed):
            raise ClientClosedError("this client has been closed", operation=call.operation.id)
        answer, failure = None, None
        with _deadline(call):
            try:
                response = await self._send(call.start(self._link))
                try:
                    content, defect = await self._read(response)
                    answer = self._core.received(call, response, content, defect)
                    if call.must_end(answer):
                        call.followed = await async_following(response, END_WITHIN)
                finally:
                    if not call.hold(response):
                        await response.aclose()
            except Exception as error:  # whatever a transport raises, the caller gets an error of ours
                failure = call.failure(error, foreign=bool(self._link.trace))
        if answer is None:
            # Raised out here, so that the error does not carry the frames of the transport along.
            raise failure or call.past_deadline()
        return call.answered(answer)

    async def _read(self, response: httpx.Response) -> tuple[bytes, str]:
        limit = self._core.limits.response_bytes
        if response.is_stream_consumed:
            return loaded(response, limit)
        content = bytearray()
        async for chunk in cast("httpx.AsyncByteStream", response.stream):
            content += chunk
            if len(content) > limit:
                return b"", too_long(limit)
        return unpack(response, bytes(content), limit)

    def with_response(
        self, method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[Any, Any, Reply[T]]:
        """Call a method and get its result together with the response it came in; to be awaited."""
        return self._with_response(called_through(method), *args, **kwargs)

    async def _with_response(
        self, method: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> Reply[T]:
        with capture() as captured:
            return captured.reply(await method(*args, **kwargs))

    async def aclose(self) -> None:
        """Close the connections, unless they belong to an http_client that was passed in; calls under way may end."""
        self._closed = True
        if self._transport is not None:
            await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        core: Core | None = getattr(self, "_core", None)  # shown too where its construction failed
        return f"<{type(self).__name__} {core.base_url if core else 'without settings'}>"

    def __reduce__(self) -> str:
        raise unpicklable(self)


def _deadline(call: Call[Any]) -> CancelScope:
    """What cuts an attempt off at the deadline of its call, wherever it is waiting."""
    import anyio

    ends = call.plan.deadline
    return anyio.CancelScope(
        deadline=math.inf if ends is None else anyio.current_time() + ends - time.monotonic()
    )
