"""The runtime of a generated client: everything that does not differ from API to API. Its names are listed here."""

from importlib import import_module
from typing import TYPE_CHECKING

from .api_response import ApiResponse, NotModified, Reply
from .async_client import AsyncClient
from .async_pool import AsyncPooledTransport
from .client import SyncClient
from .core import Settings
from .credentials import SecurityScheme
from .error_body import ErrorBody, Problem, ServiceError
from .errors import (
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
from .files import FileContent
from .hooks import Attempt, AttemptEnd, AttemptHook, AttemptResult
from .journal import AsyncJournal, Intent, IntentOutcome, Journal
from .models import OpenRequestModel, RequestModel, ResponseModel
from .operation import Body, Encoding, Media, Operation, Parameter, Response
from .options import CallOptions, Configuration, Limits, Retries, Validation
from .partial_declaration import PartialDeclaration
from .partial_success import Matched, PartialSuccess
from .pool import PooledTransport
from .resource import AsyncResource, Resource
from .status_errors import (
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
from .unset import UNSET, Unset
from .validation import InvalidResponseError
from .violations import Violation

if TYPE_CHECKING:
    from .async_sqlite_journal import AsyncSqliteJournal
    from .intent_record import IntentRecord
    from .sqlite_journal import IntentRefusedError, SqliteJournal

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
    "AsyncSqliteJournal": ".async_sqlite_journal",
    "IntentRecord": ".intent_record",
    "IntentRefusedError": ".sqlite_journal",
    "SqliteJournal": ".sqlite_journal",
}
"""What few programs need, and what takes a noticeable time to import."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _ON_FIRST_USE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_ON_FIRST_USE[name], __name__), name)
