# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What both clients share besides the codecs: checked settings, the start of calls, and capturing raw responses."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import httpx
from typing_extensions import ParamSpec, TypeVar

from ..http.base_url import checked_base_url, refuse_misleading, server_url
from ..http.headers import HeaderTable, add_given, add_header
from ..http.hops import Hops
from ..messages.answered import ResponseCheck
from ..messages.credentials import Credentials
from ..messages.operation import Operation
from ..messages.options import (
    NO_OPTIONS,
    CallOptions,
    Configuration,
    Limits,
    Retries,
    TimeoutOption,
    Validation,
    checked_deadline,
    checked_flag,
    checked_headers,
    checked_hooks,
    checked_limits,
    checked_options,
    checked_validation,
    timeout_steps,
)
from ..messages.request import prepare
from ..observe.hooks import AttemptHook
from ..results.api_response import ApiResponse, Reply
from ..results.errors import ClientError, ConfigurationError, RequestValidationError
from ..types.schemas import RequestCheck
from ..values.unset import UNSET, Unset
from .call import Call
from .plan import Plan
from .retry import RetryBudget, checked_retries

if TYPE_CHECKING:
    from .passed_client import PassedClient

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """The settings of a client as they were passed to it."""

    base_url: str | None = None
    allow_http: bool = False
    timeout: TimeoutOption | Unset = UNSET
    deadline: float | Unset | None = UNSET
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    retries: Retries | Unset | None = UNSET
    validation: Validation = "lenient"
    check_requests: bool = True
    limits: Limits | None = None
    hooks: Sequence[AttemptHook] = ()


DEFAULTS: Final = Settings()


class Core:
    """The I/O-free half of a client."""

    def __init__(
        self,
        configuration: Configuration,
        credentials: Mapping[str, tuple[str | None, ...]],
        settings: Settings,
        http_client: object = None,
    ) -> None:
        self._own_base_url = settings.base_url is not None
        self._allow_http = checked_flag("allow_http", settings.allow_http)
        self.base_url = _base_url(configuration, settings)
        self._timeouts = timeout_steps(settings.timeout)
        self._deadline = checked_deadline(settings.deadline)
        self._retries = checked_retries(settings.retries)
        self._budget = RetryBudget(self._retries.budget)
        self._schemas = configuration.schemas
        self._decimals = configuration.decimals
        self._check = self._check_of(settings.validation)
        self._request_schemas = configuration.request_schemas
        self._checks_requests = checked_flag("check_requests", settings.check_requests)
        self._hooks = checked_hooks(settings.hooks)
        self.journaled = False
        """Whether billing calls are written down; set by clients that can."""
        self.limits = checked_limits(settings.limits)
        self._headers = _client_headers(configuration.user_agent, settings.headers)
        self._given = dict(settings.headers or {})
        self._passed = _passed(http_client, configuration)
        self._credentials = Credentials(
            configuration.schemes,
            credentials,
            required=configuration.requires_credentials,
            elsewhere=self._passed is not None and self._passed.holds_credentials(configuration.schemes),
        )
        self._servers: dict[str, str] = {}
        self._hops = Hops(None)

    def carried_by(self, carrier: object) -> None:
        """Note the transport or the http_client that requests leave by."""
        self._hops = Hops(carrier, allow_http=self._allow_http)
        self._hops.refuse_proxy(self.base_url)

    def begin(
        self, operation: Operation[T], arguments: tuple[Any, ...], body: Any, options: CallOptions | None
    ) -> Call[T]:
        """A call that is ready to be made. Raises RequestValidationError or ConfigurationError."""
        try:
            return self._begin(operation, arguments, body, options)
        except RecursionError:  # wherever in the encoding of a deep value the stack ran out
            raise RequestValidationError(
                f"{operation.id}: the arguments are nested too deeply to be sent from here",
                operation=operation.id,
            ) from None

    def _begin(
        self, operation: Operation[T], arguments: tuple[Any, ...], body: Any, options: CallOptions | None
    ) -> Call[T]:
        options = checked_options(options)
        plan = self._plan(operation, options)
        applied = self._credentials.for_operation(operation.security)
        base_url = self.base_url if operation.server is None else self._server(operation.server)
        prepared = prepare(
            operation,
            arguments,
            body,
            base_url=base_url,
            headers=self._headers,
            credentials=applied,
            options=options,
            check=self._request_check(options),
        )
        given = {**self._given, **options.headers} if options.headers else self._given
        if self._passed is not None:
            given = {**self._passed.add_to(prepared, credentials=bool(applied)), **given}
        prepared.hide(applied, given)
        prepared.keep_from(self._hops.listener(base_url), self._credentials.header_names, applied)
        return Call(operation, prepared, plan)

    def _plan(self, operation: Operation[Any], options: CallOptions) -> Plan:
        retries, timeouts, deadline = self._retries, self._timeouts, self._deadline
        check, intent_id = self._check, ""
        if options is not NO_OPTIONS:
            if options.retries is not UNSET:
                retries = checked_retries(options.retries)
            if options.timeout is not UNSET:
                timeouts = timeout_steps(options.timeout)
            if options.deadline is not UNSET:
                deadline = checked_deadline(options.deadline)
            if options.validation is not UNSET:
                check = self._check_of(options.validation)
            if options.intent_id is not None:
                self._check_intent_id(operation, options.intent_id)
                intent_id = options.intent_id
        ends = None if deadline is None else time.monotonic() + deadline
        return Plan(retries, self._budget, self._hooks, timeouts, ends, check, intent_id)

    def _check_of(self, mode: Validation) -> ResponseCheck | None:
        """What a validation mode checks responses with; None for `lenient`, and if the API has no schema of any."""
        if checked_validation(mode) == "lenient" or self._schemas is None:
            return None
        return self._schemas.check(strict=mode == "strict")

    def _request_check(self, options: CallOptions) -> RequestCheck | None:
        """What the arguments of a call are checked with besides their types."""
        wanted = self._checks_requests
        if options.check_requests is not UNSET:
            wanted = checked_flag("check_requests", options.check_requests)
        return self._request_schemas if wanted else None

    def _check_intent_id(self, operation: Operation[Any], intent_id: str) -> None:
        """An intent id that nothing reads would protect from nothing."""
        if not operation.bills or not self.journaled:
            needs = "a client with a journal" if operation.bills else "an operation that bills"
            raise ConfigurationError(f"intent_id needs {needs}", operation=operation.id)
        if not isinstance(intent_id, str) or not intent_id:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError("intent_id must be a text that is not empty", operation=operation.id)

    def received(self, call: Call[Any], response: httpx.Response, content: bytes, defect: str) -> ApiResponse:
        """The answer in our own type."""
        prepared = call.prepared
        answer = ApiResponse(
            response.status_code,
            response.headers,
            content,
            prepared.method,
            prepared.shown_url,
            response.http_version,
            response.reason_phrase,
            defect,
            self.limits.json_depth,
            self._decimals,
        )
        call.arrived(answer)
        captured = _captured.get()
        if captured is not None:
            captured.response = answer
        return answer

    def _server(self, server: str) -> str:
        """The base URL of an operation with a server of its own; a base URL chosen by the caller wins."""
        if self._own_base_url:
            return self.base_url
        if server not in self._servers:
            url = server_url(server, self.base_url, allow_http=self._allow_http)
            self._hops.refuse_proxy(url)
            self._servers[server] = url
        return self._servers[server]


def _passed(http_client: object, configuration: Configuration) -> PassedClient | None:
    if not isinstance(http_client, (httpx.Client, httpx.AsyncClient)):
        return None
    from .passed_client import PassedClient

    return PassedClient(http_client, bills=configuration.bills)


def _base_url(configuration: Configuration, settings: Settings) -> str:
    documented = configuration.base_url
    if settings.base_url is None:
        return checked_base_url(documented, allow_http=settings.allow_http)
    url = checked_base_url(settings.base_url, allow_http=settings.allow_http)
    refuse_misleading(url, [*filter(None, (documented,)), *configuration.servers], configuration.common_path)
    return url


def _client_headers(user_agent: str, given: Mapping[str, str] | None) -> HeaderTable:
    table: HeaderTable = {}
    try:
        add_header(table, "User-Agent", user_agent)
        add_header(table, "Accept-Encoding", "gzip, deflate")
        add_given(table, checked_headers(given))
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


def called_through(method: Callable[P, T]) -> Callable[P, T]:
    """What `with_response` calls; if the method is deprecated, whoever called `with_response` gets the warning."""
    message: str | None = getattr(method, "__deprecated__", None)
    inner: Any = getattr(method, "__wrapped__", None)
    if message is None or inner is None:
        return method
    warnings.warn(message, DeprecationWarning, stacklevel=3)
    owner = getattr(method, "__self__", None)
    return cast("Callable[P, T]", inner if owner is None else inner.__get__(owner))


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


def unpicklable(client: object) -> TypeError:
    """The error of whoever tries to pickle or copy a client."""
    return TypeError(
        f"{type(client).__name__} holds connections and credentials and cannot be pickled or copied"
    )
