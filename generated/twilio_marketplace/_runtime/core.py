"""What both clients share besides the codecs: checked settings, request building, and capturing raw responses."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx
from typing_extensions import TypeVar

from .api_response import ApiResponse, Reply
from .base_url import checked_base_url, server_url
from .credentials import Credentials
from .errors import ClientError, ConfigurationError, RequestValidationError
from .headers import HeaderTable, add_given, add_header
from .operation import Operation
from .options import DEFAULT_TIMEOUT, NO_OPTIONS, CallOptions, Configuration, TimeoutOption, timeout_extension
from .request import PreparedRequest, prepare
from .unset import UNSET, Unset

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """The settings of a client as they were passed to it."""

    base_url: str | None
    timeout: TimeoutOption | Unset
    headers: Mapping[str, str] | None


class Core:
    """The I/O-free half of a client."""

    def __init__(
        self,
        configuration: Configuration,
        credentials: Mapping[str, tuple[str | None, ...]],
        settings: Settings,
    ) -> None:
        self._own_base_url = settings.base_url is not None
        self.base_url = checked_base_url(settings.base_url if self._own_base_url else configuration.base_url)
        timeout = DEFAULT_TIMEOUT if settings.timeout is UNSET else settings.timeout
        self._extensions = {"timeout": timeout_extension(timeout)}
        self._headers = _client_headers(configuration.user_agent, settings.headers)
        self._credentials = Credentials(
            configuration.schemes, credentials, required=configuration.requires_credentials
        )
        self._servers: dict[str, str] = {}

    def request(
        self, operation: Operation[Any], arguments: tuple[Any, ...], body: Any, options: CallOptions | None
    ) -> tuple[PreparedRequest, httpx.Request]:
        """The request to send, and its description for errors."""
        options = options or NO_OPTIONS
        extensions = self._extensions
        if options.timeout is not UNSET:
            extensions = {"timeout": timeout_extension(options.timeout)}
        prepared = prepare(
            operation,
            arguments,
            body,
            base_url=self.base_url if operation.server is None else self._server(operation.server),
            headers=self._headers,
            credentials=self._credentials.for_operation(operation.security),
            options=options,
        )
        try:
            request = httpx.Request(
                prepared.method,
                prepared.url,
                headers=prepared.headers,
                content=prepared.content,
                extensions=dict(extensions),
            )
        except (httpx.InvalidURL, ValueError):
            raise RequestValidationError.because(f"{operation.id}: URL", "is too long or not a URL") from None
        return prepared, request

    def _server(self, server: str) -> str:
        """The base URL of an operation with a server of its own; a base URL chosen by the caller wins."""
        if self._own_base_url:
            return self.base_url
        if server not in self._servers:
            self._servers[server] = server_url(server, self.base_url)
        return self._servers[server]


def _client_headers(user_agent: str, given: Mapping[str, str] | None) -> HeaderTable:
    table: HeaderTable = {}
    try:
        add_header(table, "User-Agent", user_agent)
        add_header(table, "Accept-Encoding", "gzip, deflate")
        add_given(table, given or {})
    except RequestValidationError as error:
        raise ConfigurationError(error.message) from None
    return table


class Captured:
    """The last response received inside a `capture` block."""

    __slots__ = ("response",)

    def __init__(self) -> None:
        self.response: ApiResponse | None = None

    def reply(self, result: T) -> Reply[T]:
        """The result together with the response. Raises ClientError where no call was made."""
        if self.response is None:
            raise ClientError("with_response needs a method of this client: the function made no call")
        return Reply(result, self.response)


_captured: ContextVar[Captured | None] = ContextVar("captured", default=None)


@contextmanager
def capture() -> Generator[Captured, None, None]:
    """Collect the response of the calls made inside, in this thread or task only."""
    captured = Captured()
    token = _captured.set(captured)
    try:
        yield captured
    finally:
        _captured.reset(token)


def received(prepared: PreparedRequest, response: httpx.Response, content: bytes | None) -> ApiResponse:
    """The response in our own type; `content` is None where it could not be decompressed."""
    answer = ApiResponse(
        response.status_code,
        response.headers,
        content or b"",
        prepared.method,
        prepared.shown_url,
        response.http_version,
        response.reason_phrase,
        intact=content is not None,
    )
    captured = _captured.get()
    if captured is not None:
        captured.response = answer
    return answer
