"""Options: what a caller may set for one call, and what generated code says about the API as a whole."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from .credentials import SecurityScheme
from .errors import ConfigurationError
from .unset import UNSET, Unset

DEFAULT_TIMEOUT: Final = 30.0
"""Seconds for each of connect, read, write and waiting for a connection."""

TimeoutOption = float | httpx.Timeout | None


@dataclass(frozen=True)
class CallOptions:
    """Options of one call.

    `timeout` is in seconds (None waits for ever). `headers` win over all others. `extra_query` and `extra_body` add
    what the API description does not know: query parameters, and fields of a JSON object or form.
    """

    timeout: TimeoutOption | Unset = UNSET
    headers: Mapping[str, str] | None = None
    extra_query: Mapping[str, str | int | float | bool | Sequence[str | int | float | bool]] | None = None
    extra_body: Mapping[str, Any] | None = None


NO_OPTIONS: Final = CallOptions()


@dataclass(frozen=True)
class Configuration:
    """What generated code says about its API: title, default base URL, user agent and security schemes."""

    title: str
    base_url: str | None
    user_agent: str
    schemes: tuple[SecurityScheme, ...] = ()
    requires_credentials: bool = False


def timeout_extension(timeout: TimeoutOption) -> dict[str, Any]:
    """The form in which httpx's transports take a timeout. Raises ConfigurationError for what is none."""
    if isinstance(timeout, httpx.Timeout):
        return timeout.as_dict()
    if timeout is None:
        return httpx.Timeout(None).as_dict()
    number = isinstance(timeout, (int, float)) and not isinstance(timeout, bool)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not number or not math.isfinite(timeout) or timeout <= 0:
        raise ConfigurationError(
            "timeout must be a positive number of seconds, an httpx.Timeout, or None for no limit"
        )
    return httpx.Timeout(timeout).as_dict()
