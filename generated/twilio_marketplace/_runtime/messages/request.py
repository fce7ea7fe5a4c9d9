# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""From an operation and its arguments to the exact request, without I/O: both clients send what comes out of here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import httpx

from ..http.base_url import filled_path
from ..http.headers import HeaderTable, add_given, add_header, header_value
from ..http.hops import exposed, refuse_exposure
from ..results.errors import RequestValidationError
from ..types.schemas import RequestCheck, hinted
from ..types.taken_apart import CannotBeSentError, Plain
from ..values.json_codec import JsonError
from ..values.plain_text import Secrets, credentials_in, excerpt
from ..values.unset import UNSET
from .body import encoded_body
from .credentials import Applied
from .operation import Operation, Parameter
from .options import CallOptions
from .parameters import query_pairs, written

_HIDDEN: Final = "***"
_WITH_LENGTH: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods that name a length even where there is no body (RFC 9110 section 8.6)."""
_CONTENT_TYPE: Final = b"Content-Type"
_NOTHING: Final[tuple[Applied, Mapping[str, str]]] = (Applied(), {})


class _ShownURL(httpx.URL):
    """A URL with credentials in it, which httpx would log and show: as text it has them replaced."""

    def __init__(self, url: str, shown: str) -> None:
        super().__init__(url)
        self._shown = shown

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"URL({self._shown!r})"


class PreparedRequest:
    """A request ready to send. `shown_url` and `repr` hold no credentials; `url` and `headers` do.

    `listener` is the host beyond this machine that could read it, if there is one: then no header of `secret` is added.
    """

    __slots__ = (
        "_given", "_secrets", "auth", "content", "headers", "listener", "method", "operation", "secret", "shown_url",
        "url",
    )  # fmt: skip

    def __init__(
        self,
        operation: str,
        method: str,
        url: str,
        shown_url: str,
        headers: list[tuple[bytes, bytes]],
        content: bytes | None,
    ) -> None:
        self.operation = operation
        self.method = method
        self.url = url
        self.shown_url = shown_url
        self.headers = headers
        self.content = content
        self.auth: httpx.Auth | None = None
        """The auth with which an http_client that was passed in signs the request when it sends it."""
        self._given: tuple[Applied, Mapping[str, str]] = _NOTHING
        self._secrets: Secrets | None = None
        self.listener = ""
        self.secret: frozenset[str] = frozenset()

    @property
    def secrets(self) -> Secrets:
        """The credentials of this request and the headers that the caller gave, to be kept out of every text."""
        if self._secrets is None:
            applied, given = self._given
            theirs = [text for name, value in given.items() for text in credentials_in(name, value)]
            self._secrets = Secrets(chain(applied.secrets, theirs)) if theirs else applied.hidden
        return self._secrets

    def hide(self, applied: Applied, given: Mapping[str, str]) -> None:
        """Name what has to be kept out of every text: credentials, and the headers that the caller gave."""
        self._given = (applied, given)

    def shown(self, text: str | None) -> str | None:
        """What may be shown of a short text of the answer, in at most 200 bytes."""
        return None if text is None else excerpt(text, 200, self.secrets)

    def keep_from(self, listener: str, secret: frozenset[str], credentials: Applied) -> None:
        """Let no credential reach `listener`; `secret` names the headers that hold one. Raises CredentialsError."""
        if not listener:
            return
        if credentials or self.auth is not None:
            raise exposed(self.operation, listener)
        self.listener, self.secret = listener, secret
        refuse_exposure(self.operation, listener, [name.decode("ascii") for name, _ in self.headers], secret)

    def add_query(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Add encoded pairs whose names the query does not have yet; their values are hidden."""
        query = self.url.partition("?")[2]
        new = [(name, value) for name, value in pairs if f"&{name}=" not in f"&{query}"]
        joint = "&" if query else "?"
        self.url = _with_query(self.url, joint, new)
        self.shown_url = _with_query(self.shown_url, joint, [(name, _HIDDEN) for name, _ in new])

    def headers_with(self, more: HeaderTable) -> list[tuple[bytes, bytes]]:
        """The headers with others in the place of those of the same name. Raises CredentialsError."""
        if not more:
            return self.headers
        refuse_exposure(self.operation, self.listener, more, self.secret)
        kept = [pair for pair in self.headers if pair[0].decode("ascii").lower() not in more]
        return [*kept, *more.values()]

    def request(
        self, headers: list[tuple[bytes, bytes]], extensions: dict[str, Any], *, close: bool = False
    ) -> httpx.Request:
        """The request for httpx; `close` asks the server to close the connection after its answer (RFC 9112 9.6).

        Raises RequestValidationError if the URL is none.
        """
        try:
            url = httpx.URL(self.url)
        except (httpx.InvalidURL, ValueError):
            url = None
        if url is None or not url.host:
            raise RequestValidationError.because(f"{self.operation}: URL", "is too long or not a URL")
        # Given a stream, httpx adds no headers of its own, which takes it as long as all the rest.
        content = self.content or b""
        framed = [(b"Host", url.netloc), *headers]
        if self.auth is not None:
            extensions = {**extensions, "auth": self.auth}
        if close:
            framed.append((b"Connection", b"close"))
        if self.content is not None or self.method in _WITH_LENGTH:
            framed.append((b"Content-Length", b"%d" % len(content)))
        request = httpx.Request(
            self.method, url, headers=framed, stream=httpx.ByteStream(content), extensions=extensions
        )
        if self.url != self.shown_url:
            request.url = _ShownURL(self.url, self.shown_url)
        return request

    def __repr__(self) -> str:
        return f"<PreparedRequest {self.method} {self.shown_url}>"

    def __reduce__(self) -> str:
        raise TypeError("a prepared request holds credentials and cannot be pickled or copied")


def prepare(
    operation: Operation[Any],
    arguments: Sequence[Any],
    body: Any,
    *,
    base_url: str,
    headers: HeaderTable,
    credentials: Applied,
    options: CallOptions,
    check: RequestCheck | None = None,
) -> PreparedRequest:
    """Check and encode everything. Raises RequestValidationError, which names the operation."""
    try:
        parts = _Parts(credentials, headers)
        content = parts.add_arguments(operation, arguments, body, options, check)
        path = filled_path(operation.path, parts.path)
        if options.extra_query:
            parts.add_extra_query(options)
        parts.headers["accept"] = parts.headers.get("accept") or (b"Accept", operation.accept)
        parts.finish(credentials, options)
    except RequestValidationError as error:
        if not error.operation:
            error.operation = operation.id
            error.args = (f"{operation.id}: {error.message}",)
        raise
    url = base_url + path
    joint = "&" if "?" in path else "?"
    return PreparedRequest(
        operation.id,
        operation.method,
        _with_query(url, joint, parts.query),
        _with_query(url, joint, parts.shown_query),
        list(parts.headers.values()),
        content,
    )


class _Parts:
    """The pieces of one request while they are being collected."""

    __slots__ = ("cookies", "headers", "path", "query", "shown_query")

    def __init__(self, credentials: Applied, headers: HeaderTable) -> None:
        self.path: dict[str, str] = {}
        self.query: list[tuple[str, str]] = []
        self.shown_query = self.query
        self.headers: HeaderTable = {**credentials.headers, **headers}
        self.cookies: list[str] = []

    def add_arguments(
        self,
        operation: Operation[Any],
        arguments: Sequence[Any],
        body: Any,
        options: CallOptions,
        check: RequestCheck | None,
    ) -> bytes | None:
        """The content of the body, if there is one. Raises RequestValidationError for everything that is refused."""
        refusals = self._add_parameters(operation, arguments, check)
        encoded = None
        if not (refusals and operation.body is not None and operation.body.reads_files):
            try:
                encoded = encoded_body(operation.body, body, options.extra_body, check)
            except RequestValidationError as error:
                refusals.append(error)
        if refusals:
            raise RequestValidationError.together(refusals)
        if encoded is None:
            return None
        content_type, content = encoded
        self.headers["content-type"] = (_CONTENT_TYPE, header_value("Content-Type", content_type))
        return content

    def _add_parameters(
        self, operation: Operation[Any], arguments: Sequence[Any], check: RequestCheck | None
    ) -> list[RequestValidationError]:
        """Add what can be sent; returns why the others cannot."""
        refusals: list[RequestValidationError] = []
        for parameter, value in zip(operation.parameters, arguments, strict=True):
            if value is not UNSET:
                subject = _subject(parameter)
                try:
                    encoded = parameter.schema.checked(value, subject, check, parameter.schema_key)
                    self._add(parameter, written(parameter, encoded, operation.parameters))
                except RequestValidationError as error:
                    refusals.append(hinted(error, subject, value, parameter.hints))
            elif parameter.required or parameter.location == "path":
                refusals.append(RequestValidationError.because(_subject(parameter), "is required"))
        return refusals

    def _add(self, parameter: Parameter, found: Any) -> None:
        location = parameter.location
        if location == "path":
            self.path[parameter.wire] = found
        elif location == "query":
            self.query += found or ()
        elif location == "cookie":
            self.cookies += found or ()
        elif found is not None:
            add_header(self.headers, parameter.wire, found)

    def add_extra_query(self, options: CallOptions) -> None:
        for name, value in (options.extra_query or {}).items():
            listed = list(value) if isinstance(value, (set, frozenset)) else value
            try:
                self.query += query_pairs(name, Plain().of(listed), "form", True)
            except (JsonError, CannotBeSentError, UnicodeEncodeError, RecursionError):
                raise RequestValidationError.because(
                    f"extra_query {name!r}", "cannot be sent in a URL"
                ) from None

    def finish(self, credentials: Applied, options: CallOptions) -> None:
        """Add the credentials, except those that an argument is in the place of, and the caller's own headers."""
        if credentials.query:
            given, secret = [dict(pairs) for pairs in (self.query, credentials.query)]
            self.query = [*self.query, *(pair for pair in credentials.query if pair[0] not in given)]
            self.shown_query = [(name, _HIDDEN if name in secret else text) for name, text in self.query]
        if credentials.cookies:
            names = {pair.partition("=")[0] for pair in self.cookies}
            others = [pair for pair in credentials.cookies if pair.partition("=")[0] not in names]
            self.cookies = [*others, *self.cookies]
        if self.cookies:
            self.headers["cookie"] = (b"Cookie", header_value("Cookie", "; ".join(self.cookies)))
        if options.headers:
            add_given(self.headers, options.headers)


def _subject(parameter: Parameter) -> str:
    return f"{parameter.location} parameter {parameter.wire!r}"


def _with_query(url: str, joint: str, pairs: list[tuple[str, str]]) -> str:
    if not pairs:
        return url
    return url + joint + "&".join([f"{key}={text}" for key, text in pairs])
