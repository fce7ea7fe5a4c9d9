"""The statuses of a document ("200", "4XX", "default"): what each means, and the runtime's error class for it."""

from __future__ import annotations

from http import HTTPStatus

# The names of runtime/results/status_errors.py; a test holds the two together.
_BY_STATUS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "402": "PaymentRequired",
    "403": "Forbidden",
    "404": "NotFound",
    "405": "MethodNotAllowed",
    "406": "NotAcceptable",
    "408": "RequestTimeout",
    "409": "Conflict",
    "410": "Gone",
    "412": "PreconditionFailed",
    "413": "PayloadTooLarge",
    "415": "UnsupportedMediaType",
    "422": "UnprocessableContent",
    "429": "TooManyRequests",
    "500": "InternalServerError",
    "501": "NotImplementedByServer",
    "502": "BadGateway",
    "503": "ServiceUnavailable",
    "504": "GatewayTimeout",
}
_BY_CLASS = {"3": "RedirectError", "4": "RequestRejected", "5": "ServerError"}
STATUS_ERROR = "StatusError"
BASE_ERROR = "ClientError"


def is_error(status: str) -> bool:
    """Whether a declared response is one that makes a call raise; 304 is an outcome."""
    return status == "default" or (status[:1] in ("3", "4", "5") and status != "304")


def error_class(status: str) -> str:
    """The most specific error class for a declared status."""
    return _BY_STATUS.get(status) or _BY_CLASS.get(status[:1], STATUS_ERROR)


def phrase(status: str) -> str:
    """The reason phrase of a status, for documentation."""
    if status == "default":
        return "Any other status"
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return ""
