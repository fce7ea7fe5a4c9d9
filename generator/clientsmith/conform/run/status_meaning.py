"""Statuses: which one a key of the document stands for, and what a generated client makes of it.

The error classes and outcomes are written down from the promises of the README, not from the runtime, so that a change
there does not go unseen.
"""

from __future__ import annotations

from collections.abc import Mapping

from clientsmith.document.extensions import BILLS, NOT_PROCESSED
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.response import ResponseDeclaration

_NAMES = {
    400: "BadRequest",
    401: "Unauthorized",
    402: "PaymentRequired",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    408: "RequestTimeout",
    409: "Conflict",
    410: "Gone",
    412: "PreconditionFailed",
    413: "PayloadTooLarge",
    415: "UnsupportedMediaType",
    422: "UnprocessableContent",
    429: "TooManyRequests",
    500: "InternalServerError",
    501: "NotImplementedByServer",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}
_REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})


def concrete_status(operation: DescribedOperation, key: str) -> int:
    """A status that a key of the document speaks of: its own, the first free one of a range, an error for `default`."""
    if key.isdecimal():
        return int(key)
    declared: Mapping[str, ResponseDeclaration] = operation.responses
    if key != "default":
        lowest = int(key[0]) * 100
        return next(status for status in range(lowest, lowest + 100) if str(status) not in declared)
    if not any(one.startswith("2") for one in declared):
        return 200
    free = (
        status for status in (418, 500, 409, 599, 451) if operation.response(status) is declared["default"]
    )
    return next(free, 599)


def error_name(status: int) -> str:
    """The class that a status is raised as, by its reason phrase (RFC 9110 section 15); a base class for the rest."""
    if status in _NAMES:
        return _NAMES[status]
    if 300 <= status < 400:
        return "RedirectError"
    if 400 <= status < 500:
        return "RequestRejected"
    return "ServerError" if 500 <= status < 600 else "StatusError"


def takes_any_success(operation: DescribedOperation) -> bool:
    """Whether a success that is not described is a result: none is described, and the call does not bill."""
    is_named = any(key.startswith("2") for key in operation.responses)
    return not is_named and operation.node.mapping.get(BILLS) is not True


def gives_redirect(operation: DescribedOperation, status: int) -> bool:
    """Whether a redirect with a location is a result: a described one, if no success is; 303, or of GET and HEAD."""
    if not takes_any_success(operation) or status not in _REDIRECTS:
        return False
    is_described = operation.responses.keys() & {str(status), "3XX"}
    return bool(is_described) and (status == 303 or operation.method in ("GET", "HEAD"))


def outcome(operation: DescribedOperation, status: int) -> str:
    """What is known of a request that was answered so: `not_processed`, `rejected` or `unknown`."""
    declared = operation.response(status)
    if status == 429 or (declared is not None and declared.node.mapping.get(NOT_PROCESSED) is True):
        return "not_processed"
    return "rejected" if 400 <= status < 500 and status != 408 else "unknown"
