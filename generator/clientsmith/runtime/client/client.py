"""The blocking client that generated ones derive from: it owns the connections and does all waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import httpx
from typing_extensions import ParamSpec, Self, TypeVar

from ..http.bounded_body import loaded, too_long, unpack
from ..http.following import END_WITHIN, LOOK_AFTER, Following, following
from ..http.link import OWN, SHARED, foreign_link
from ..http.pool import PooledTransport
from ..http.transport import without_frames
from ..messages.operation import Operation
from ..messages.options import CallOptions, Configuration
from ..results.api_response import Reply
from ..results.errors import ClientClosedError, ClientError, ConfigurationError
from ..values.first_use import load_for_calls
from ..values.unset import UNSET
from .call import Call
from .core import DEFAULTS, Core, Settings, called_through, capture, unpicklable

P = ParamSpec("P")
T = TypeVar("T")


def _sent_through(http_client: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Send a request that is complete except for the auth of the http_client."""
    return http_client.send(request, stream=True, auth=request.extensions.get("auth"), follow_redirects=False)


class SyncClient:
    """Base of generated clients; safe to share between threads."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        credentials: Mapping[str, tuple[str | None, ...]],
        settings: Settings = DEFAULTS,
        http_client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        load_for_calls(asynchronous=False)
        self._core = Core(configuration, credentials, settings, http_client)
        self._closed = False
        self._http = http_client
        self._transport: httpx.BaseTransport | None = None
        if http_client is None:
            if transport is None:
                transport = PooledTransport(connections=self._core.limits.connections)
            if not isinstance(transport, httpx.BaseTransport):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise ConfigurationError("transport must be an httpx.BaseTransport")
            self._link = (
                (SHARED if transport.reuse_for_billing else OWN)
                if isinstance(transport, PooledTransport)
                else foreign_link(transport, trace="trace", bills=configuration.bills)
            )
            self._transport = transport
            self._core.carried_by(transport)
            self._send: Callable[[httpx.Request], httpx.Response] = transport.handle_request
            return
        if transport is not None:
            raise ConfigurationError("pass http_client or transport, not both")
        if not isinstance(http_client, httpx.Client):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError("http_client must be an httpx.Client")
        self._link = foreign_link(http_client, trace="trace", bills=configuration.bills)
        self._core.carried_by(http_client)
        self._send = partial(_sent_through, http_client)

    def _call(
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
        return self._make(call)

    def _make(self, call: Call[T]) -> T:
        """Make a call, attempt by attempt, and note how it ended."""
        try:
            result = self._run(call)
        except BaseException as error:
            call.ended(error)
            if isinstance(error, ClientError):
                raise
            # From outside, as an interrupt is; the frames on its way hold the request.
            raise error.with_traceback(None)  # noqa: B904 - the same error
        call.ended(None)
        return result

    def _run(self, call: Call[T]) -> T:
        while True:
            try:
                try:
                    return self._attempt(call)
                except ClientError as error:
                    failed = error
                pause = call.pause_after(failed)
                if call.held is None:
                    call.go_on(failed, pause)
                    time.sleep(pause or 0.0)
                else:
                    self._watch(call, call.held, failed, pause)
            finally:
                self._release(call)

    def _watch(self, call: Call[Any], held: httpx.Response, failed: ClientError, pause: float | None) -> None:
        """Wait for the next attempt with an eye on the connection of the last answer."""
        began = time.monotonic()
        followed = following(held, LOOK_AFTER)
        ended = followed is not Following.NOTHING
        call.watched(failed, followed, long_enough=ended or time.monotonic() - began >= 0.9 * LOOK_AFTER)
        call.go_on(failed, pause)
        left = began + max(pause or 0.0, LOOK_AFTER) - time.monotonic()
        if left > 0 and not ended and following(held, left) is Following.DATA:
            raise call.taken_back()
        time.sleep(max(began + (pause or 0.0) - time.monotonic(), 0.0))

    def _release(self, call: Call[Any]) -> None:
        held, call.held = call.held, None
        if held is not None:
            held.close()

    def _attempt(self, call: Call[T]) -> T:
        if self._closed or (self._http is not None and self._http.is_closed):
            raise ClientClosedError("this client has been closed", operation=call.operation.id)
        answer, failure = None, None
        try:
            response = self._send(call.start(self._link))
            try:
                content, defect = self._read(call, response)
                answer = self._core.received(call, response, content, defect)
                if call.must_end(answer):
                    call.followed = following(response, call.attempt_state.cap(END_WITHIN) or 0.0)
            finally:
                if not call.hold(response):
                    response.close()
        except Exception as error:  # whatever a transport raises, the caller gets an error of ours
            failure = call.failure(error, foreign=bool(self._link.trace))
        if answer is None:
            # Raised out here, so that the error does not carry the frames of the transport along.
            raise failure or call.past_deadline()
        return call.answered(answer)

    def _read(self, call: Call[Any], response: httpx.Response) -> tuple[bytes, str]:
        limit = self._core.limits.response_bytes
        if response.is_stream_consumed:
            return loaded(response, limit)
        content = bytearray()
        for chunk in cast("httpx.SyncByteStream", response.stream):
            content += chunk
            if len(content) > limit:
                return b"", too_long(limit)
            if call.attempt_state.expired:
                raise httpx.ReadTimeout("the deadline has passed")
        return unpack(response, bytes(content), limit)

    def with_response(self, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Reply[T]:
        """Call a method and get its result together with the response it came in."""
        with capture() as captured:
            return captured.reply(called_through(method)(*args, **kwargs))

    def close(self) -> None:
        """Close the connections, unless they belong to an http_client that was passed in; calls under way may end."""
        self._closed = True
        if self._transport is not None:
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        core: Core | None = getattr(self, "_core", None)  # shown too where its construction failed
        return f"<{type(self).__name__} {core.base_url if core else 'without settings'}>"

    def __reduce__(self) -> str:
        raise unpicklable(self)
