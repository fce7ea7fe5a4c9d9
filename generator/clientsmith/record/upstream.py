"""The service behind the recorder: requests go to it as they came, its responses come back as they were sent.

Below httpx's client on purpose: no redirect is followed, no cookie kept, no content coding undone, no environment read.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from clientsmith.input_file import read_file
from clientsmith.traffic.content_coding import CODINGS
from clientsmith.traffic.message import Headers, HttpRequest, HttpResponse

_HOP_BY_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
})  # fmt: skip
"""About one connection, not about the message (RFC 9110, section 7.6.1)."""
_MAX_CHUNKS = 1_000_000
_TURN = 256
"""Chunks of an answer after which other exchanges go on; many may have arrived together."""
_ABSOLUTE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class UpstreamError(Exception):
    """The service gave no answer that can be passed on: `status` is what the caller gets, the message says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the service is: scheme, host and port, and the path that every target is put below."""

    url: str
    authority: str
    base_path: str

    @property
    def is_tls(self) -> bool:
        """Whether the service is reached over TLS."""
        return self.url.startswith("https:")


def parse_origin(text: str) -> Origin:
    """The origin that a URL names; ValueError says what is wrong with it."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"it is no URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it has to start with https:// or http:// and a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it may not hold credentials; callers send their own")
    if parts.query or parts.fragment:
        raise ValueError("it may not have a query or a fragment")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    authority = host if port is None else f"{host}:{port}"
    return Origin(f"{parts.scheme}://{authority}", authority, parts.path.rstrip("/"))


def _certificates(file: str) -> str:
    """The text of a PEM file, never empty: without any text the system's own certificates would be trusted."""
    return read_file(file).decode("ascii", "replace") or "none"


class Upstream:
    """Sends requests to one origin, over connections that are kept; to be used in one event loop."""

    def __init__(
        self,
        origin: Origin,
        *,
        ca_file: str | None = None,
        timeout: float = 60,
        largest: int = 64 * 1024 * 1024,
    ) -> None:
        """`ca_file` holds the only certificates that are trusted; `timeout` is in seconds for a whole exchange.

        Raises OSError or ssl.SSLError for a file that cannot be used.
        """
        self.origin = origin
        self._timeout = timeout
        self._largest = largest
        self._own_name = f"clientsmith-{secrets.token_hex(4)}"
        verify: ssl.SSLContext | bool = False
        if origin.is_tls:
            verify = (
                ssl.create_default_context(cadata=_certificates(ca_file))
                if ca_file is not None
                else httpx.create_ssl_context(trust_env=False)
            )
        self._transport = httpx.AsyncHTTPTransport(verify=verify, trust_env=False)

    async def send(self, request: HttpRequest) -> HttpResponse:
        """The answer of the service, without what is about the connection; raises UpstreamError."""
        if self._own_name in (request.header("via") or ""):
            raise UpstreamError(508, "the upstream leads back to this recorder")
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(request)
        except (TimeoutError, httpx.TimeoutException) as error:
            kind = "connection" if isinstance(error, httpx.ConnectTimeout) else "answer"
            raise UpstreamError(504, f"no {kind} from {self.origin.url} within {self._timeout:g} s") from None
        except httpx.ConnectError as error:
            raise UpstreamError(502, f"{self.origin.url} cannot be reached: {_reason(error)}") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UpstreamError(502, f"the exchange with {self.origin.url} broke: {_reason(error)}") from None

    async def _exchange(self, request: HttpRequest) -> HttpResponse:
        target = self.origin.base_path + origin_form(request.target)
        seconds = {
            "connect": self._timeout,
            "read": self._timeout,
            "write": self._timeout,
            "pool": self._timeout,
        }
        outgoing = httpx.Request(
            request.method,
            self.origin.url,
            headers=self._forwarded(request),
            content=request.body or None,
            extensions={"target": target.encode("latin-1", "replace"), "timeout": seconds},
        )
        response = await self._transport.handle_async_request(outgoing)
        try:
            if response.status_code < 200:
                raise UpstreamError(502, f"the answer is not final: its status is {response.status_code}")
            body = await self._body(response)
        finally:
            await response.aclose()
        raw = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
        if response.headers.get("transfer-encoding") is not None:
            # RFC 9112, section 6.3: it overrides Content-Length, which must not be passed on.
            raw = tuple(header for header in raw if header[0].lower() != "content-length")
        reason = response.extensions.get("reason_phrase", b"")
        return HttpResponse(response.status_code, end_to_end(raw), body, reason.decode("latin-1"))

    async def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        assert isinstance(response.stream, httpx.AsyncByteStream)
        chunks = 0
        async for chunk in response.stream:
            body += chunk
            chunks += 1
            if len(body) > self._largest:
                raise UpstreamError(502, f"the answer has more than {self._largest} bytes")
            if chunks > _MAX_CHUNKS:
                raise UpstreamError(502, f"the answer has more than {_MAX_CHUNKS} chunks")
            if chunks % _TURN == 0:
                await asyncio.sleep(0)
        return bytes(body)

    def _forwarded(self, request: HttpRequest) -> list[tuple[bytes, bytes]]:
        """The headers of a request as the service gets them, in their order, with a Host and a Via of our own."""
        forwarded = [("Host", self.origin.authority)]
        for name, value in end_to_end(request.headers):
            key = name.lower()
            if key == "accept-encoding":
                forwarded.append((name, _readable_codings(value)))
            elif key not in ("host", "expect"):
                forwarded.append((name, value))
        forwarded.append(("Via", f"{request.http_version} {self._own_name}"))
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in forwarded]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


def origin_form(target: str) -> str:
    """Path and query of a request target, also where it is a whole URL (RFC 9112, section 3.2)."""
    origin = _ABSOLUTE.match(target)
    rest = target[origin.end() :] if origin else target
    return rest if rest.startswith("/") else "/" + rest


def end_to_end(headers: Headers) -> Headers:
    """The headers that are about the message; those that `Connection` names are not."""
    named = {
        option.strip().lower()
        for name, value in headers
        if name.lower() == "connection"
        for option in value.split(",")
    }
    gone = _HOP_BY_HOP | named
    return tuple((name, value) for name, value in headers if name.lower() not in gone)


def _readable_codings(accept: str) -> str:
    """Of the content codings that a caller takes those that can be searched for secrets."""
    kept = [part.strip() for part in accept.split(",") if part.partition(";")[0].strip().lower() in CODINGS]
    return ", ".join(kept) or "identity"


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else text[:199] + "…"
