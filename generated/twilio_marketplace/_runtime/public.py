# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The names that users of a client meet. A package exports those of the features that it has."""

from .http.async_pool import AsyncPooledTransport as AsyncPooledTransport
from .http.pool import PooledTransport as PooledTransport
from .json_schema.violations import Violation as Violation
from .messages.options import CallOptions as CallOptions
from .messages.options import Limits as Limits
from .messages.options import Retries as Retries
from .messages.options import Validation as Validation
from .messages.validation import InvalidResponseError as InvalidResponseError
from .observe.hooks import Attempt as Attempt
from .observe.hooks import AttemptEnd as AttemptEnd
from .observe.hooks import AttemptHook as AttemptHook
from .observe.hooks import AttemptResult as AttemptResult
from .observe.intent_record import IntentRecord as IntentRecord
from .observe.journal import AsyncJournal as AsyncJournal
from .observe.journal import Intent as Intent
from .observe.journal import IntentOutcome as IntentOutcome
from .observe.journal import Journal as Journal
from .observe.journal import JournalError as JournalError
from .results.api_response import ApiResponse as ApiResponse
from .results.api_response import NotModified as NotModified
from .results.api_response import Redirect as Redirect
from .results.api_response import Reply as Reply
from .results.error_body import ErrorBody as ErrorBody
from .results.error_body import Problem as Problem
from .results.error_body import ServiceError as ServiceError
from .results.errors import AbsentMemberError as AbsentMemberError
from .results.errors import CallTimeoutError as CallTimeoutError
from .results.errors import ClientClosedError as ClientClosedError
from .results.errors import ClientError as ClientError
from .results.errors import ConfigurationError as ConfigurationError
from .results.errors import ConnectError as ConnectError
from .results.errors import ConnectTimeoutError as ConnectTimeoutError
from .results.errors import CredentialsError as CredentialsError
from .results.errors import DeadlineExceededError as DeadlineExceededError
from .results.errors import Invalid as Invalid
from .results.errors import Outcome as Outcome
from .results.errors import PoolTimeoutError as PoolTimeoutError
from .results.errors import ProtocolError as ProtocolError
from .results.errors import ReadError as ReadError
from .results.errors import ReadTimeoutError as ReadTimeoutError
from .results.errors import RequestValidationError as RequestValidationError
from .results.errors import ResponseDecodeError as ResponseDecodeError
from .results.errors import ResponseError as ResponseError
from .results.errors import TransportError as TransportError
from .results.errors import WriteError as WriteError
from .results.errors import WriteTimeoutError as WriteTimeoutError
from .results.partial_success import Matched as Matched
from .results.partial_success import PartialSuccess as PartialSuccess
from .results.status_errors import BadGateway as BadGateway
from .results.status_errors import BadRequest as BadRequest
from .results.status_errors import Conflict as Conflict
from .results.status_errors import Forbidden as Forbidden
from .results.status_errors import GatewayTimeout as GatewayTimeout
from .results.status_errors import Gone as Gone
from .results.status_errors import InternalServerError as InternalServerError
from .results.status_errors import MethodNotAllowed as MethodNotAllowed
from .results.status_errors import NotAcceptable as NotAcceptable
from .results.status_errors import NotFound as NotFound
from .results.status_errors import NotImplementedByServer as NotImplementedByServer
from .results.status_errors import PayloadTooLarge as PayloadTooLarge
from .results.status_errors import PaymentRequired as PaymentRequired
from .results.status_errors import PreconditionFailed as PreconditionFailed
from .results.status_errors import RedirectError as RedirectError
from .results.status_errors import RequestRejected as RequestRejected
from .results.status_errors import RequestTimeout as RequestTimeout
from .results.status_errors import ServerError as ServerError
from .results.status_errors import ServiceUnavailable as ServiceUnavailable
from .results.status_errors import StatusError as StatusError
from .results.status_errors import TooManyRequests as TooManyRequests
from .results.status_errors import Unauthorized as Unauthorized
from .results.status_errors import UnprocessableContent as UnprocessableContent
from .results.status_errors import UnsupportedMediaType as UnsupportedMediaType
from .sqlite.async_sqlite_journal import AsyncSqliteJournal as AsyncSqliteJournal
from .sqlite.sqlite_journal import IntentRefusedError as IntentRefusedError
from .sqlite.sqlite_journal import SqliteJournal as SqliteJournal
from .values.unset import UNSET as UNSET
from .values.unset import Unset as Unset
