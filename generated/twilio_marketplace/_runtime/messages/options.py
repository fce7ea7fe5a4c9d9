# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Options: what a caller may set for one call, and what generated code says about the API as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal, get_args

import httpx

from ..observe.hooks import AttemptHook
from ..results.errors import ConfigurationError
from ..types.schemas import RequestCheck
from ..values.shapes import is_mapping
from ..values.unset import UNSET, Unset
from .answered import ResponseChecks
from .credentials import SecurityScheme

_LONGEST: Final = 1e9
"""Seconds; more than sockets can wait."""
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
    `check_requests=False` leaves out the check of what schemas say beyond the models.
    `intent_id` names a billing call in the journal. `headers` win over all others. `extra_query` and `extra_body` add
    what the API description does not know: query parameters, and fields of a JSON object or form.
    """

    timeout: TimeoutOption | Unset = UNSET
    deadline: float | Unset | None = UNSET
    retries: Retries | Unset | None = UNSET
    validation: Validation | Unset = UNSET
    check_requests: bool | Unset = UNSET
    intent_id: str | None = None
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    extra_query: Mapping[str, str | int | float | bool | Sequence[str | int | float | bool]] | None = field(
        default=None, repr=False
    )
    extra_body: Mapping[str, Any] | None = field(default=None, repr=False)


NO_OPTIONS: Final = CallOptions()


@dataclass(frozen=True)
class Configuration:
    """What generated code says about its API: title, default base URL, user agent, security schemes, whether any
    operation bills, and what responses and requests are checked with, if there is anything to check.

    `servers` are the other documented URLs, with `{name}` for a variable of any value; `common_path` is what all
    paths of operations begin with. With `decimals`, numbers without a type are read as Decimals.
    """

    title: str
    base_url: str | None
    user_agent: str
    schemes: tuple[SecurityScheme, ...] = ()
    requires_credentials: bool = False
    bills: bool = False
    schemas: ResponseChecks | None = None
    servers: tuple[str, ...] = ()
    common_path: str = ""
    request_schemas: RequestCheck | None = None
    decimals: bool = False


def timeout_steps(timeout: TimeoutOption | Unset) -> dict[str, float | None]:
    """Seconds for each step of an attempt, as httpx's transports take them. Raises ConfigurationError."""
    if timeout is UNSET:
        timeout = DEFAULT_TIMEOUT
    steps: dict[str, float | None] = (
        timeout.as_dict()
        if isinstance(timeout, httpx.Timeout)
        else dict.fromkeys(("connect", "read", "write", "pool"), timeout)
    )
    if not all(step is None or _is_duration(step) for step in steps.values()):
        raise ConfigurationError(
            "timeout must be a positive number of seconds, an httpx.Timeout of such, or None for no limit"
        )
    return steps


def checked_deadline(deadline: float | Unset | None) -> float | None:
    """Seconds for a whole call, None for no limit. Raises ConfigurationError."""
    if deadline is UNSET:
        return DEFAULT_DEADLINE
    if deadline is not None and not _is_duration(deadline):
        raise ConfigurationError("deadline must be a positive number of seconds, or None for no limit")
    return deadline


def checked_validation(mode: Validation) -> Validation:
    """One of the modes. Raises ConfigurationError."""
    if mode not in get_args(Validation):
        raise ConfigurationError(f"validation must be one of {', '.join(get_args(Validation))}")
    return mode


def checked_flag(name: str, flag: bool) -> bool:
    """A setting that is on or off. Raises ConfigurationError."""
    if not isinstance(flag, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(f"{name} must be True or False")
    return flag


def checked_limits(limits: Limits | None) -> Limits:
    """The limits to keep. Raises ConfigurationError."""
    limits = Limits() if limits is None else limits
    if not isinstance(limits, Limits):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError("limits must be a Limits object")
    for limit in fields(limits):
        value = getattr(limits, limit.name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ConfigurationError(f"Limits.{limit.name} must be a whole number of at least 1")
    return limits


def _is_duration(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= _LONGEST


def checked_options(options: CallOptions | None) -> CallOptions:
    """The options of a call. Raises ConfigurationError for what is none, or holds what is none."""
    if options is None:
        return NO_OPTIONS
    if not isinstance(options, CallOptions):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError("options must be a CallOptions object")
    for name in ("headers", "extra_query", "extra_body"):
        given: object = getattr(options, name)
        if given is not None and not (is_mapping(given) and all(isinstance(key, str) for key in given)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError(f"CallOptions.{name} must be a mapping with names as its keys")
    return options


def checked_headers(headers: Mapping[str, str] | None) -> Mapping[str, str]:
    """The headers of a client. Raises ConfigurationError for what is no mapping."""
    if headers is not None and not is_mapping(headers):
        raise ConfigurationError("headers must be a mapping of names to values")
    return headers or {}


def checked_hooks(hooks: Sequence[AttemptHook]) -> tuple[AttemptHook, ...]:
    """The hooks of a client. Raises ConfigurationError for what cannot be called."""
    listed = tuple(hooks) if isinstance(hooks, (list, tuple)) else None
    if listed is None or not all(map(callable, listed)):
        raise ConfigurationError("hooks must be a list of functions")
    return listed
