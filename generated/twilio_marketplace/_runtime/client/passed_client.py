# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What an `http_client` that is passed in adds to each request: headers, cookies, params and auth; ours win.

httpx adds these as it builds a request, and these requests are built here. Read anew for each call: they may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

import httpx

from ..http.headers import FRAMING, PROXY, HeaderTable, add_given, add_header
from ..messages.credentials import SecurityScheme
from ..messages.parameters import percent
from ..messages.request import PreparedRequest
from ..results.errors import ConfigurationError, RequestValidationError

_AUTHORIZATION: Final = "authorization"
HttpClient: TypeAlias = "httpx.Client | httpx.AsyncClient"


class PassedClient:
    """An `http_client` of the caller's; `bills` says whether an operation of the API does."""

    def __init__(self, client: HttpClient, *, bills: bool) -> None:
        self._client = client
        self._bills = bills
        self._auth()
        self._headers()

    def holds_credentials(self, schemes: Iterable[SecurityScheme]) -> bool:
        """Whether it has what may be credentials of one of the schemes, so that the package needs none."""
        client = self._client
        names = {
            "header": client.headers,
            "query": client.params,
            "cookie": {one.name for one in client.cookies.jar},
        }
        return client.auth is not None or any(scheme.wire in names[scheme.location] for scheme in schemes)

    def add_to(self, prepared: PreparedRequest, *, credentials: bool) -> Mapping[str, str]:
        """Add what a request lacks, but no auth if it has `credentials`; returns what of that may be secret."""
        try:
            whole = httpx.Request("GET", prepared.url)
        except (httpx.InvalidURL, ValueError):
            return {}  # refused with a message when it is sent
        ours = {name.decode("ascii").lower() for name, _ in prepared.headers}
        table = self._headers()
        auth = None if credentials or _AUTHORIZATION in ours else self._auth()
        if type(auth) is httpx.BasicAuth:
            signed = next(auth.sync_auth_flow(whole))
            add_header(table, "Authorization", signed.headers["Authorization"])
        else:
            prepared.auth = auth
        cookies = self._cookies(whole, table)
        prepared.headers = [*_with_cookies(prepared.headers, cookies), *_others(table, ours)]
        params = self._client.params.multi_items()
        prepared.add_query([(percent(name), percent(value)) for name, value in params])
        added = {name: value.decode("latin-1") for name, (_, value) in table.items() if name not in ours}
        return {**dict(params), **added, "cookie": "; ".join(cookies)}

    def _headers(self) -> HeaderTable:
        table: HeaderTable = {}
        for name, value in self._client.headers.items():
            if name in PROXY:
                raise ConfigurationError(f"http_client: its header {name} would reach the service")
            if name not in FRAMING:
                try:
                    add_given(table, {name: value})
                except RequestValidationError as error:
                    raise ConfigurationError(f"http_client: {error.message}") from None
        return table

    def _auth(self) -> httpx.Auth | None:
        """Its auth. Raises ConfigurationError for one that may send a request twice, if an operation bills."""
        auth = self._client.auth
        if auth is not None and self._bills and type(auth) is not httpx.BasicAuth:
            raise ConfigurationError(
                f"http_client: its auth {type(auth).__name__} may send one request several times, and an operation of "
                "this API bills: use httpx.BasicAuth, or pass the credentials to this client"
            )
        return auth

    def _cookies(self, request: httpx.Request, table: HeaderTable) -> list[str]:
        """The cookies for a request as `name=value`: those of a header of its own, else those of its jar."""
        own = table.pop("cookie", None)
        if own is not None:
            text = own[1].decode("latin-1")
        else:
            self._client.cookies.set_cookie_header(request)
            text = request.headers.get("Cookie", "")
        return [pair for pair in map(str.strip, text.split(";")) if pair]


def _others(table: HeaderTable, ours: set[str]) -> list[tuple[bytes, bytes]]:
    return [pair for name, pair in table.items() if name not in ours]


def _with_cookies(headers: list[tuple[bytes, bytes]], cookies: list[str]) -> list[tuple[bytes, bytes]]:
    """The headers with the cookies that they lack, in one Cookie header (RFC 6265 section 5.4)."""
    sent = [value.decode("latin-1") for name, value in headers if name.lower() == b"cookie"]
    names = {pair.partition("=")[0].strip() for value in sent for pair in value.split(";")}
    new = [pair for pair in cookies if pair.partition("=")[0] not in names]
    if not new:
        return headers
    rest: list[Any] = [pair for pair in headers if pair[0].lower() != b"cookie"]
    return [*rest, (b"Cookie", "; ".join([*sent, *new]).encode("latin-1"))]
