"""The runtime of a generated client: everything that does not differ from API to API. Its names are listed here."""

from importlib import import_module
from typing import TYPE_CHECKING

from .client.async_client import AsyncClient
from .client.client import SyncClient
from .client.core import Settings
from .client.resource import AsyncResource, Resource
from .http.async_pool import AsyncPooledTransport
from .http.pool import PooledTransport
from .json_schema.violations import Violation
from .messages.credentials import SecurityScheme
from .messages.operation import Body, Encoding, Media, Operation, Parameter, Response
from .messages.options import CallOptions, Configuration, Limits, Retries, Validation
from .messages.partial_declaration import PartialDeclaration
from .messages.validation import InvalidResponseError
from .observe.hooks import Attempt, AttemptEnd, AttemptHook, AttemptResult
from .observe.journal import AsyncJournal, Intent, IntentOutcome, Journal
from .results.api_response import ApiResponse, NotModified, Reply
from .results.error_body import ErrorBody, Problem, ServiceError
from .results.errors import (
    CallTimeoutError,
    ClientClosedError,
    ClientError,
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    CredentialsError,
    DeadlineExceededError,
    Invalid,
    JournalError,
    Outcome,
    PoolTimeoutError,
    ProtocolError,
    ReadError,
    ReadTimeoutError,
    RequestValidationError,
    ResponseDecodeError,
    ResponseError,
    TransportError,
    WriteError,
    WriteTimeoutError,
)
from .results.partial_success import Matched, PartialSuccess
from .results.status_errors import (
    BadGateway,
    BadRequest,
    Conflict,
    Forbidden,
    GatewayTimeout,
    Gone,
    InternalServerError,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    NotImplementedByServer,
    PayloadTooLarge,
    PaymentRequired,
    PreconditionFailed,
    RedirectError,
    RequestRejected,
    RequestTimeout,
    ServerError,
    ServiceUnavailable,
    StatusError,
    TooManyRequests,
    Unauthorized,
    UnprocessableContent,
    UnsupportedMediaType,
)
from .types.files import FileContent
from .types.models import OpenRequestModel, RequestModel, ResponseModel
from .values.unset import UNSET, Unset

if TYPE_CHECKING:
    from .observe.intent_record import IntentRecord
    from .sqlite.async_sqlite_journal import AsyncSqliteJournal
    from .sqlite.sqlite_journal import IntentRefusedError, SqliteJournal

__all__ = [
    "UNSET",
    "ApiResponse",
    "AsyncClient",
    "AsyncJournal",
    "AsyncPooledTransport",
    "AsyncResource",
    "AsyncSqliteJournal",
    "Attempt",
    "AttemptEnd",
    "AttemptHook",
    "AttemptResult",
    "BadGateway",
    "BadRequest",
    "Body",
    "CallOptions",
    "CallTimeoutError",
    "ClientClosedError",
    "ClientError",
    "Configuration",
    "ConfigurationError",
    "Conflict",
    "ConnectError",
    "ConnectTimeoutError",
    "CredentialsError",
    "DeadlineExceededError",
    "Encoding",
    "ErrorBody",
    "FileContent",
    "Forbidden",
    "GatewayTimeout",
    "Gone",
    "Intent",
    "IntentOutcome",
    "IntentRecord",
    "IntentRefusedError",
    "InternalServerError",
    "Invalid",
    "InvalidResponseError",
    "Journal",
    "JournalError",
    "Limits",
    "Matched",
    "Media",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "NotImplementedByServer",
    "NotModified",
    "OpenRequestModel",
    "Operation",
    "Outcome",
    "Parameter",
    "PartialDeclaration",
    "PartialSuccess",
    "PayloadTooLarge",
    "PaymentRequired",
    "PoolTimeoutError",
    "PooledTransport",
    "PreconditionFailed",
    "Problem",
    "ProtocolError",
    "ReadError",
    "ReadTimeoutError",
    "RedirectError",
    "Reply",
    "RequestModel",
    "RequestRejected",
    "RequestTimeout",
    "RequestValidationError",
    "Resource",
    "Response",
    "ResponseDecodeError",
    "ResponseError",
    "ResponseModel",
    "Retries",
    "SecurityScheme",
    "ServerError",
    "ServiceError",
    "ServiceUnavailable",
    "Settings",
    "SqliteJournal",
    "StatusError",
    "SyncClient",
    "TooManyRequests",
    "TransportError",
    "Unauthorized",
    "UnprocessableContent",
    "Unset",
    "UnsupportedMediaType",
    "Validation",
    "Violation",
    "WriteError",
    "WriteTimeoutError",
]

_ON_FIRST_USE = {
    "AsyncSqliteJournal": ".sqlite.async_sqlite_journal",
    "IntentRecord": ".observe.intent_record",
    "IntentRefusedError": ".sqlite.sqlite_journal",
    "SqliteJournal": ".sqlite.sqlite_journal",
}
"""What few programs need, and what takes a noticeable time to import."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _ON_FIRST_USE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_ON_FIRST_USE[name], __name__), name)
