"""What the documented behaviour of a generated client makes of an answer: its error classes and outcomes by status.

Written down from the promises of the README, not from the runtime, so that a change there does not go unseen.
"""

from __future__ import annotations

from clientsmith.document.extensions import NOT_PROCESSED
from clientsmith.openapi.operation import DescribedOperation

_NAMES = {
    400: "BadRequest", 401: "Unauthorized", 402: "PaymentRequired", 403: "Forbidden", 404: "NotFound",
    405: "MethodNotAllowed", 406: "NotAcceptable", 408: "RequestTimeout", 409: "Conflict", 410: "Gone",
    412: "PreconditionFailed", 413: "PayloadTooLarge", 415: "UnsupportedMediaType", 422: "UnprocessableContent",
    429: "TooManyRequests", 500: "InternalServerError", 501: "NotImplementedByServer", 502: "BadGateway",
    503: "ServiceUnavailable", 504: "GatewayTimeout",
}  # fmt: skip


def error_name(status: int) -> str:
    """The class that a status is raised as, by its reason phrase (RFC 9110 section 15); a base class for the rest."""
    if status in _NAMES:
        return _NAMES[status]
    if 300 <= status < 400:
        return "RedirectError"
    if 400 <= status < 500:
        return "RequestRejected"
    return "ServerError" if 500 <= status < 600 else "StatusError"


def outcome(operation: DescribedOperation, status: int) -> str:
    """What is known of a request that was answered so: `not_processed`, `rejected` or `unknown`."""
    declared = operation.response(status)
    if status == 429 or (declared is not None and declared.node.mapping.get(NOT_PROCESSED) is True):
        return "not_processed"
    return "rejected" if 400 <= status < 500 and status != 408 else "unknown"
