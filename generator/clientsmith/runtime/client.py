"""The two clients that generated ones derive from: they own the connection and send; all else is shared and pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
from typing_extensions import ParamSpec, Self, TypeVar

from .api_response import Reply
from .core import Core, Settings, capture, received
from .errors import ClientClosedError, ConfigurationError
from .operation import Operation
from .options import CallOptions, Configuration, TimeoutOption
from .response import decode
from .transport import from_httpx
from .unset import UNSET, Unset

P = ParamSpec("P")
T = TypeVar("T")


class SyncClient:
    """Base of generated clients; safe to share between threads."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        credentials: Mapping[str, tuple[str | None, ...]],
        base_url: str | None = None,
        timeout: TimeoutOption | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
        http_client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._core = Core(configuration, credentials, Settings(base_url, timeout, headers))
        self._owned = http_client is None
        self._closed = False
        if http_client is None:
            http_client = httpx.Client(transport=transport, follow_redirects=False)
        elif transport is not None:
            raise ConfigurationError("pass http_client or transport, not both")
        elif not isinstance(http_client, httpx.Client):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError("http_client must be an httpx.Client")
        self._http = http_client

    def _call(
        self,
        operation: Operation[T],
        arguments: tuple[Any, ...],
        body: Any = UNSET,
        options: CallOptions | None = None,
    ) -> T:
        if self._closed or self._http.is_closed:
            raise ClientClosedError("this client has been closed", operation=operation.id)
        prepared, request = self._core.request(operation, arguments, body, options)
        try:
            # Without auth, httpx also leaves the netrc file alone.
            response = self._http.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                content = response.read()
            except httpx.DecodingError:
                content = None
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise from_httpx(error, operation.id, prepared.method, prepared.shown_url) from error
        result: T = decode(operation, received(prepared, response, content), prepared.content)
        return result

    def with_response(self, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Reply[T]:
        """Call a method and get its result together with the response it came in."""
        with capture() as captured:
            return captured.reply(method(*args, **kwargs))

    def close(self) -> None:
        """Close the connections, unless they belong to an http_client that was passed in."""
        self._closed = True
        if self._owned:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._core.base_url}>"

    def __reduce__(self) -> str:
        raise TypeError(
            f"{type(self).__name__} holds connections and credentials and cannot be pickled or copied"
        )


class AsyncClient:
    """Base of generated asyncio clients."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        credentials: Mapping[str, tuple[str | None, ...]],
        base_url: str | None = None,
        timeout: TimeoutOption | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._core = Core(configuration, credentials, Settings(base_url, timeout, headers))
        self._owned = http_client is None
        self._closed = False
        if http_client is None:
            http_client = httpx.AsyncClient(transport=transport, follow_redirects=False)
        elif transport is not None:
            raise ConfigurationError("pass http_client or transport, not both")
        elif not isinstance(http_client, httpx.AsyncClient):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError("http_client must be an httpx.AsyncClient")
        self._http = http_client

    async def _call(
        self,
        operation: Operation[T],
        arguments: tuple[Any, ...],
        body: Any = UNSET,
        options: CallOptions | None = None,
    ) -> T:
        if self._closed or self._http.is_closed:
            raise ClientClosedError("this client has been closed", operation=operation.id)
        prepared, request = self._core.request(operation, arguments, body, options)
        try:
            # Without auth, httpx also leaves the netrc file alone.
            response = await self._http.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                content = await response.aread()
            except httpx.DecodingError:
                content = None
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise from_httpx(error, operation.id, prepared.method, prepared.shown_url) from error
        result: T = decode(operation, received(prepared, response, content), prepared.content)
        return result

    async def with_response(
        self, method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Reply[T]:
        """Call a method and get its result together with the response it came in."""
        with capture() as captured:
            return captured.reply(await method(*args, **kwargs))

    async def aclose(self) -> None:
        """Close the connections, unless they belong to an http_client that was passed in."""
        self._closed = True
        if self._owned:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._core.base_url}>"

    def __reduce__(self) -> str:
        raise TypeError(
            f"{type(self).__name__} holds connections and credentials and cannot be pickled or copied"
        )


class Resource:
    """Base of generated resources: a group of operations of one client."""

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def _call(
        self,
        operation: Operation[T],
        arguments: tuple[Any, ...],
        body: Any = UNSET,
        *,
        options: CallOptions | None = None,
    ) -> T:
        return self._client._call(operation, arguments, body, options)  # pyright: ignore[reportPrivateUsage]


class AsyncResource:
    """Base of generated asyncio resources."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def _call(
        self,
        operation: Operation[T],
        arguments: tuple[Any, ...],
        body: Any = UNSET,
        *,
        options: CallOptions | None = None,
    ) -> T:
        return await self._client._call(operation, arguments, body, options)  # pyright: ignore[reportPrivateUsage]
