"""Options: what a caller may set for one call, and what generated code says about the API as a whole."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import httpx

from .credentials import SecurityScheme
from .errors import ConfigurationError
from .unset import UNSET, Unset

DEFAULT_TIMEOUT: Final = 30.0
"""Seconds for each of connect, read, write and waiting for a connection."""

DEFAULT_DEADLINE: Final = 300.0
"""Seconds for a whole call, every attempt and pause included."""

TimeoutOption = float | httpx.Timeout | None
Validation = Literal["lenient", "warn", "strict"]
"""What becomes of a successful response that breaks the API's description but can be read: nothing, a warning in the
log for each violation, or a ResponseDecodeError."""


@dataclass(frozen=True)
class Retries:
    """How often and how patiently a call is tried. Which failures are tried again is not for options to say:

    what was provably not sent or not processed always is, what has an unknown outcome only where the operation is
    idempotent, and never a call that bills. `attempts` counts the first one. Pauses grow from `first_delay` by doubling
    up to `longest_delay`, all in seconds, each drawn at random between 0 and that (full jitter); a `Retry-After` is
    waited for as it says, up to `longest_delay`. `budget` is read where the client is made: as many retries it may
    spend over all its calls, and every ten calls that succeed give one back.
    """

    attempts: int = 5
    first_delay: float = 0.1
    longest_delay: float = 30.0
    budget: int = 20


@dataclass(frozen=True)
class Limits:
    """What a client takes at most: bytes of one response body (decompressed), levels of nested JSON, connections."""

    response_bytes: int = 64 * 2**20
    json_depth: int = 200
    connections: int = 100


@dataclass(frozen=True)
class CallOptions:
    """Options of one call.

    `timeout` is in seconds for each step of an attempt, `deadline` for the whole call (None waits for ever).
    `intent_id` names a billing call in the journal. `headers` win over all others. `extra_query` and `extra_body` add
    what the API description does not know: query parameters, and fields of a JSON object or form.
    """

    timeout: TimeoutOption | Unset = UNSET
    deadline: float | Unset | None = UNSET
    retries: Retries | Unset | None = UNSET
    validation: Validation | Unset = UNSET
    intent_id: str | None = None
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
