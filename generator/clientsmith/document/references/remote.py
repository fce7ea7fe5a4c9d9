"""Fetching referenced documents over the network, for users who allowed it; nothing else of `document` connects.

No environment is read but for certificates (SSL_CERT_FILE, SSL_CERT_DIR): no proxy, no netrc; there are no cookies, and
redirects are not followed.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from functools import cache
from ssl import SSLContext
from typing import TYPE_CHECKING, Final

import httpcore
import httpx

from clientsmith import __version__
from clientsmith.document.references.remote_address import AddressError, CheckedBackend, Deadline, HostRules
from clientsmith.input_file import MAX_BYTES

if TYPE_CHECKING:
    from types import TracebackType

MAX_DOCUMENTS: Final = 500
TOTAL_SECONDS: Final = 60.0
DOCUMENT_SECONDS: Final = 20.0

_CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""Content codings (RFC 9110, section 8.4.1) by the window bits that zlib knows them by."""
_HEADERS: list[tuple[bytes | str, bytes | str]] = [
    ("accept", "application/json, application/yaml, */*;q=0.8"),
    ("accept-encoding", "gzip"),
    ("user-agent", f"clientsmith/{__version__}"),
]
_NO_DOCUMENTS = ("text/html", "application/xhtml+xml", "image/", "audio/", "video/", "multipart/")


class FetchError(Exception):
    """A remote document could not be had; the text says why."""


class RefusedError(FetchError):
    """A remote document was not asked for, since its URL or its address is not allowed."""

    def __init__(self, message: str, *, may_be_named: bool = False) -> None:
        super().__init__(message)
        self.may_be_named = may_be_named


class SpentError(FetchError):
    """A limit over all remote documents of a run is reached; no further one is fetched."""


class RemoteDocuments:
    """Fetches documents one by one, within one total of number, time and bytes. Close it, or use it in `with`.

    `public` allows hosts at public addresses, `named` those hosts wherever they are. Only https is fetched; http from
    named hosts on this machine.
    """

    def __init__(self, *, public: bool, named: Collection[str] = ()) -> None:
        self._rules = HostRules(public, named)
        self._backend = CheckedBackend(self._rules)
        self._pool: httpcore.ConnectionPool | None = None
        self._deadline: Deadline | None = None
        self._number = 0
        self._bytes = 0

    def __enter__(self) -> RemoteDocuments:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.close()

    def fetch(self, url: str) -> bytes:
        """The body at a URL with its content coding undone; raises FetchError."""
        target = self._checked(url)
        if self._deadline is None:
            self._deadline = Deadline(TOTAL_SECONDS)
        self._number += 1
        if self._number > MAX_DOCUMENTS:
            raise SpentError(f"more than {MAX_DOCUMENTS} remote documents are referred to")
        self._backend.deadline = Deadline(DOCUMENT_SECONDS)
        self._backend.deadline.at = min(self._backend.deadline.at, self._deadline.at)
        self._backend.is_tls = target.scheme == "https"
        try:
            return self._exchange_anew(target)
        except AddressError as error:
            raise RefusedError(
                str(error), may_be_named=not self._rules.names(target.raw_host.decode())
            ) from error
        except httpcore.TimeoutException as error:
            if self._backend.deadline.at == self._deadline.at:
                raise SpentError(f"remote documents took longer than {TOTAL_SECONDS:g} seconds") from error
            raise FetchError(f"it did not arrive within {DOCUMENT_SECONDS:g} seconds") from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            OSError,
        ) as error:
            raise FetchError(str(error) or type(error).__name__) from error

    def _checked(self, text: str) -> httpx.URL:
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, ValueError) as error:
            raise RefusedError(f"this is not a URL: {error}") from error
        host = url.raw_host.decode("ascii")
        if url.userinfo:
            raise RefusedError("a URL that holds credentials is not fetched")
        if not host or url.scheme not in ("http", "https"):
            raise RefusedError("only https is fetched")
        if not self._rules.names(host):
            if url.scheme == "http":
                raise RefusedError("only https is fetched, and http from this machine", may_be_named=True)
            if not self._rules.public:
                raise RefusedError("its host is not one of those that are allowed", may_be_named=True)
        return url

    def _exchange_anew(self, url: httpx.URL) -> bytes:
        """As `_exchange`, once more if the server had given up the connection that was kept for it."""
        opened = self._backend.opened
        try:
            return self._exchange(url)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            if self._backend.opened != opened:
                raise
            return self._exchange(url)

    def _exchange(self, url: httpx.URL) -> bytes:
        if self._pool is None:
            self._pool = httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=self._backend)
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        with self._pool.stream("GET", target, headers=_HEADERS) as response:
            headers = [
                (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers
            ]
            _demand_document(response.status, headers)
            return self._decoded(response.iter_stream(), _coding(headers))

    def _decoded(self, chunks: Iterable[bytes], coding: str | None) -> bytes:
        decoder = None if coding is None else zlib.decompressobj(_CODINGS[coding])
        data = bytearray()
        for chunk in chunks:
            left = MAX_BYTES - self._bytes
            try:
                piece = chunk if decoder is None else decoder.decompress(chunk, left + 1)
            except zlib.error as error:
                raise FetchError(f"its content is not what {coding} makes: {error}") from error
            self._bytes += max(len(chunk), len(piece))
            if self._bytes > MAX_BYTES:
                raise SpentError(f"remote documents are larger than {MAX_BYTES // 1024**2} MiB together")
            data += piece
            if decoder is not None and decoder.unused_data:
                raise FetchError(f"its content goes on after the end of what {coding} makes")
        if decoder is not None and not decoder.eof:
            raise FetchError(f"its content ends before the end of what {coding} makes")
        return bytes(data)


@cache
def _trusted() -> SSLContext:
    return httpx.create_ssl_context()


def _demand_document(status: int, headers: list[tuple[str, str]]) -> None:
    if status != 200:
        elsewhere = next((value for name, value in headers if name == "location"), None)
        onward = f" and names {elsewhere:.200}; redirects are not followed" if elsewhere is not None else ""
        raise FetchError(f"the server answered {status}{onward}")
    kind = next((value for name, value in headers if name == "content-type"), "").strip().lower()
    if kind.startswith(_NO_DOCUMENTS):
        raise FetchError(f"the server answered with {kind:.60}, which is not a document")


def _coding(headers: list[tuple[str, str]]) -> str | None:
    """The one content coding of a body, None without any; raises FetchError for more than one and for unknown ones."""
    listed = [
        part.strip().lower()
        for name, value in headers
        if name == "content-encoding"
        for part in value.split(",")
    ]
    codings = [part for part in listed if part not in ("", "identity")]
    if len(codings) > 1:
        raise FetchError("its content is coded more than once")
    if codings and codings[0] not in _CODINGS:
        raise FetchError(f"its content coding {codings[0]!r:.40} is not known")
    return codings[0] if codings else None
