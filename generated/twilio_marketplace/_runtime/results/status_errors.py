# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""One exception class for each status worth naming, and the choice between them.

    StatusError
    +- RedirectError                                            unknown: redirects are never followed
    +- RequestRejected                                          rejected: 4xx
    |  +- BadRequest Unauthorized PaymentRequired Forbidden NotFound MethodNotAllowed NotAcceptable
    |  |  Conflict Gone PreconditionFailed PayloadTooLarge UnsupportedMediaType UnprocessableContent
    |  +- RequestTimeout                                        unknown
    |  +- TooManyRequests                                       not processed
    +- ServerError                                              unknown: 5xx
       +- InternalServerError NotImplementedByServer BadGateway ServiceUnavailable GatewayTimeout

A status that the API declares as never processed overrides the outcome of its class.
"""

# ruff: noqa: N818 - classes of single statuses are called what HTTP calls the status

from __future__ import annotations

from typing import Any, Final

from .api_response import ApiResponse
from .error_body import ErrorBody
from .errors import Outcome, ResponseError


class StatusError(ResponseError):
    """The service answered with a status that is no success.

    `error` is the body read as the usual error object or as a problem document (told apart by keys), None if it is
    neither; `body` is the body in the declared type, else the plain JSON value, else None. `response` has the rest.
    """

    def __init__(
        self,
        message: str,
        *,
        response: ApiResponse,
        operation: str = "",
        error: ErrorBody | None = None,
        body: Any = None,
        outcome: Outcome | None = None,
    ) -> None:
        super().__init__(message, response=response, operation=operation)
        self.error = error
        self.body = body
        if outcome is not None:
            self.outcome = outcome

    @property
    def code(self) -> int | str | None:
        """The code of the service's own error list, if the body has one."""
        return self.error.code if self.error else None


class RedirectError(StatusError):
    """The service points elsewhere; redirects are never followed, because the target would receive the request."""


class RequestRejected(StatusError):
    """4xx: the service refused the request."""

    outcome = Outcome.REJECTED


class BadRequest(RequestRejected):
    """400"""


class Unauthorized(RequestRejected):
    """401: the credentials were not accepted."""


class PaymentRequired(RequestRejected):
    """402"""


class Forbidden(RequestRejected):
    """403: the credentials do not allow this."""


class NotFound(RequestRejected):
    """404"""


class MethodNotAllowed(RequestRejected):
    """405"""


class NotAcceptable(RequestRejected):
    """406"""


class RequestTimeout(RequestRejected):
    """408: the service gave up waiting; whether it acted is not known."""

    outcome = Outcome.UNKNOWN


class Conflict(RequestRejected):
    """409"""


class Gone(RequestRejected):
    """410"""


class PreconditionFailed(RequestRejected):
    """412"""


class PayloadTooLarge(RequestRejected):
    """413"""


class UnsupportedMediaType(RequestRejected):
    """415"""


class UnprocessableContent(RequestRejected):
    """422"""


class TooManyRequests(RequestRejected):
    """429: a limit was hit; the request was not processed."""

    outcome = Outcome.NOT_PROCESSED


class ServerError(StatusError):
    """5xx: the service failed; whether it acted is not known."""


class InternalServerError(ServerError):
    """500"""


class NotImplementedByServer(ServerError):
    """501"""


class BadGateway(ServerError):
    """502"""


class ServiceUnavailable(ServerError):
    """503"""


class GatewayTimeout(ServerError):
    """504"""


_BY_STATUS: Final[dict[int, type[StatusError]]] = {
    400: BadRequest,
    401: Unauthorized,
    402: PaymentRequired,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    406: NotAcceptable,
    408: RequestTimeout,
    409: Conflict,
    410: Gone,
    412: PreconditionFailed,
    413: PayloadTooLarge,
    415: UnsupportedMediaType,
    422: UnprocessableContent,
    429: TooManyRequests,
    500: InternalServerError,
    501: NotImplementedByServer,
    502: BadGateway,
    503: ServiceUnavailable,
    504: GatewayTimeout,
}
_BY_CLASS: Final[dict[int, type[StatusError]]] = {3: RedirectError, 4: RequestRejected, 5: ServerError}


def class_for(status: int) -> type[StatusError]:
    """The exception class of a status that is no success."""
    return _BY_STATUS.get(status) or _BY_CLASS.get(status // 100, StatusError)
