# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Credentials: where they come from, which an operation gets, how they are written; they are never shown."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..http.headers import HeaderTable, add_header
from ..results.errors import CredentialsError, RequestValidationError
from ..values.cookies import opaque_cookie
from ..values.json_codec import base_value
from ..values.plain_text import Secrets
from .parameters import percent

Given = Mapping[str, tuple[str | None, ...]]


@dataclass(frozen=True)
class SecurityScheme:
    """One security scheme: its kind, the client's arguments, and alternatives of environment variables."""

    key: str
    kind: Literal["basic", "bearer", "api-key"]
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, ...], ...] = ()
    location: Literal["header", "query", "cookie"] = "header"
    wire: str = "Authorization"


class Applied:
    """What the credentials of one security alternative add to a request; its repr shows nothing of it."""

    __slots__ = ("cookies", "headers", "hidden", "query", "secrets")

    def __init__(self) -> None:
        self.secrets: list[str] = []
        """What is never to be repeated in a text."""
        self.hidden = Secrets(self.secrets)
        """The same in all of its forms, which are worked out once for all calls."""
        self.headers: HeaderTable = {}
        self.query: list[tuple[str, str]] = []
        self.cookies: list[str] = []

    def __bool__(self) -> bool:
        return bool(self.headers or self.query or self.cookies)

    def __repr__(self) -> str:
        return "<Applied: hidden>"

    def __reduce__(self) -> str:
        raise TypeError("credentials cannot be pickled or copied")


class Credentials:
    """The credentials of a client by security scheme, read once when the client is made."""

    def __init__(
        self, schemes: tuple[SecurityScheme, ...], given: Given, *, required: bool, elsewhere: bool = False
    ) -> None:
        """`required` refuses a client without any, unless an http_client has them (`elsewhere`)."""
        self._schemes = {scheme.key: scheme for scheme in schemes}
        self._values: dict[str, tuple[str, ...]] = {}
        self._applied: dict[tuple[tuple[str, ...], ...], Applied] = {}
        self.header_names = frozenset(
            {"authorization"} | {scheme.wire.lower() for scheme in schemes if scheme.location == "header"}
        )
        """The headers that hold a credential whoever sets them, in lower case."""
        for scheme in schemes:
            values = _given(scheme, given.get(scheme.key, ())) or _from_environment(scheme)
            if values is not None:
                _apply(scheme, values, Applied())  # refuses now what could not be sent later
                self._values[scheme.key] = values
        self._elsewhere = elsewhere
        if required and schemes and not self._values and not elsewhere:
            raise CredentialsError(f"no credentials: {self._advice(tuple(self._schemes))}")

    def for_operation(self, security: tuple[tuple[str, ...], ...]) -> Applied:
        """What the first alternative adds whose schemes all have credentials; an empty one is the last resort."""
        applied = self._applied.get(security)
        if applied is None:
            applied = self._applied[security] = self._choose(security)
        return applied

    def _choose(self, security: tuple[tuple[str, ...], ...]) -> Applied:
        applied = Applied()
        for alternative in security:
            if alternative and all(key in self._values for key in alternative):
                for key in alternative:
                    _apply(self._schemes[key], self._values[key], applied)
                return applied
        if not security or () in security or self._elsewhere:
            return applied
        keys = tuple(dict.fromkeys(key for alternative in security for key in alternative))
        raise CredentialsError(f"this operation needs credentials: {self._advice(keys)}")

    def _advice(self, keys: tuple[str, ...]) -> str:
        ways: list[str] = []
        for scheme in (self._schemes[key] for key in keys if key in self._schemes):
            ways.append(f"pass {' and '.join(scheme.arguments)}")
            ways += [f"set {' and '.join(names)}" for names in scheme.environment]
        return ", or ".join(dict.fromkeys(ways)) or f"this client has no scheme called {', '.join(keys)}"

    def __repr__(self) -> str:
        return f"<Credentials for {', '.join(sorted(self._values)) or 'nothing'}>"

    def __reduce__(self) -> str:
        raise TypeError("credentials cannot be pickled or copied")


def _given(scheme: SecurityScheme, values: tuple[str | None, ...]) -> tuple[str, ...] | None:
    present = tuple(base_value(value) for value in values if value is not None)
    if not present:
        return None
    if len(present) < len(values):
        missing = [name for name, value in zip(scheme.arguments, values, strict=False) if value is None]
        raise CredentialsError(
            f"{' and '.join(missing)} is missing: credentials are given whole or not at all"
        )
    return present


def _from_environment(scheme: SecurityScheme) -> tuple[str, ...] | None:
    for names in scheme.environment:
        values = tuple(os.environ.get(name, "") for name in names)
        if all(values):
            return values
    return None


def _apply(scheme: SecurityScheme, values: tuple[str, ...], applied: Applied) -> None:
    named = scheme.arguments[0] if scheme.arguments else scheme.key
    if not all(isinstance(value, str) for value in values):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise CredentialsError(f"{' and '.join(scheme.arguments)} must be str")
    if not values[0]:
        raise CredentialsError(f"{named} is empty")
    refused = False
    try:
        _write(scheme, values, named, applied)
    except (RequestValidationError, UnicodeEncodeError):
        refused = True
    if refused:  # raised out here, so that the original, which quotes the value, does not come along
        raise CredentialsError(f"{named} holds characters that cannot be sent")


def _write(scheme: SecurityScheme, values: tuple[str, ...], named: str, applied: Applied) -> None:
    applied.secrets += values
    if scheme.kind == "basic":
        basic = _basic(values, named)
        applied.secrets.append(basic.partition(" ")[2])
        add_header(applied.headers, "Authorization", basic)
    elif scheme.kind == "bearer":
        add_header(applied.headers, "Authorization", f"Bearer {values[0]}")
    elif scheme.location == "header":
        add_header(applied.headers, scheme.wire, values[0])
    elif scheme.location == "query":
        applied.query.append((percent(scheme.wire), percent(values[0])))
    else:
        applied.cookies.append(f"{scheme.wire}={opaque_cookie(values[0])}")


def _basic(values: tuple[str, ...], named: str) -> str:
    """RFC 7617: the user name may hold no colon."""
    user, secret = values[0], values[1] if len(values) > 1 else ""
    if ":" in user:
        raise CredentialsError(f"{named} must not contain a colon")
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode("ascii")
