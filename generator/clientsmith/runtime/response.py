"""From a received response to the result of the call or the error that names what happened; no I/O."""

from __future__ import annotations

from typing import Any, Final, NoReturn

from pydantic import ValidationError

from . import json_codec
from .api_response import ApiResponse, NotModified
from .error_body import read_error_body
from .errors import ClientError, Outcome, ResponseDecodeError
from .json_codec import JsonError
from .media_type import Range, parse_content_type
from .operation import Media, Operation, Response
from .options import Validation
from .partial_declaration import PartialDeclaration
from .schemas import describe
from .status_errors import StatusError, class_for
from .validation import InvalidResponseError, summary, violations_of, warn

_TOLERATED = frozenset({Range("text", "plain"), Range("application", "octet-stream")})
REPEATABLE: Final = frozenset({Outcome.NOT_PROCESSED, Outcome.REJECTED})
"""Outcomes of an answer after which the same call may be made again, by the client or by whoever reads its journal."""
_NOT_MODIFIED = NotModified()
_NOTHING: Any = object()
"""No JSON at all, as opposed to null."""


def decode(
    operation: Operation[Any],
    response: ApiResponse,
    sent: bytes | None = None,
    validation: Validation = "lenient",
    doubt: str = "",
) -> Any:
    """What the call returns; `sent` is the request body. Raises StatusError or ResponseDecodeError, nothing else.

    `doubt` is a reason why the answer may belong to another call: a refusal then leaves the outcome unknown.
    """
    status = response.status
    declared = operation.response_for(status)
    if 200 <= status < 300:
        result = _decode_success(operation, response, declared, validation)
        partial = declared.partial if declared is not None else None
        return result if partial is None else _in_part(operation, response, partial, result, sent)
    if _says_not_modified(status, declared):
        return _NOT_MODIFIED
    error = _status_error(operation, response, declared, validation)
    if doubt and error.outcome in REPEATABLE:
        put_in_doubt(error, doubt)
    raise error


def put_in_doubt(error: ClientError, doubt: str) -> None:
    """Have an error say that its answer may belong to another call, and why."""
    known = error.message.removesuffix(f"outcome: {error.outcome})")
    error.outcome = Outcome.UNKNOWN
    text = f"{known}outcome: {error.outcome}, as the answer may be another call's: {doubt})"
    error.args = (text, *error.args[1:])


def outcome_of(operation: Operation[Any], status: int) -> Outcome:
    """What a status says about the request that it answers."""
    declared = operation.response_for(status)
    if 200 <= status < 300 or _says_not_modified(status, declared):
        return Outcome.SUCCEEDED
    return (
        Outcome.NOT_PROCESSED
        if declared is not None and declared.not_processed
        else class_for(status).outcome
    )


def _says_not_modified(status: int, declared: Response | None) -> bool:
    return status == 304 and declared is not None and declared.status != "default"


def _decode_success(
    operation: Operation[Any], response: ApiResponse, declared: Response | None, validation: Validation
) -> Any:
    if declared is None:
        if operation.gives_nothing:
            return None
        _refuse(operation, response, "this success status is not described")
    if not declared.media or operation.method == "HEAD":
        return None
    if response.defect:
        _refuse(operation, response, f"the body {response.defect}")
    if not response.content and response.status in (204, 205):
        return None
    media = _choose(declared.media, response.content_type)
    if not response.content and (media is None or media.codec == "json"):
        # Text and files may well be empty; JSON never is.
        _refuse(operation, response, "the body is empty")
    if media is None:
        _refuse(operation, response, f"the content type {response.content_type[:80]!r} is not described")
    try:
        return _decode_media(operation, media, response, validation)
    except JsonError as error:
        _refuse(operation, response, f"the body is not JSON: {error}")
    except ValidationError as error:
        _refuse(operation, response, f"the body has the wrong shape: {describe(error)}")
    except RecursionError:
        _refuse(operation, response, "the body is nested too deeply")


def _in_part(
    operation: Operation[Any],
    response: ApiResponse,
    partial: PartialDeclaration,
    result: Any,
    sent: bytes | None,
) -> Any:
    if not response.content:
        _refuse(operation, response, "the body is empty")
    # The answer as it was before decoding: a decoded number may be a float, and items are compared digit by digit.
    return partial.judge(result, response.value, json_codec.parse(sent) if sent else None)


def _decode_media(
    operation: Operation[Any], media: Media, response: ApiResponse, validation: Validation
) -> Any:
    if media.codec != "json":
        return response.content if media.codec == "binary" else response.text
    value = response.value
    if validation == "strict" and (violations := violations_of(media, value)):
        message = _refusal(operation, response, f"the body breaks its description: {summary(violations)}")
        raise InvalidResponseError(message, response=response, operation=operation.id, violations=violations)
    if validation == "warn":
        warn(operation, response, violations_of(media, value))
    return media.schema.decode(value)


def _choose(declared: tuple[Media, ...], header: str) -> Media | None:
    """The declared media type that fits best; a missing or vague header is read as the only one there is."""
    actual = parse_content_type(header).range
    if actual is not None:
        ranked = [(rank, media) for media in declared if (rank := media.range.rank(actual)) is not None]
        if ranked:
            return min(ranked, key=lambda pair: pair[0])[1]
    is_vague = actual is None or actual in _TOLERATED
    return declared[0] if is_vague and len(declared) == 1 else None


def _refuse(operation: Operation[Any], response: ApiResponse, reason: str) -> NoReturn:
    raise ResponseDecodeError(
        _refusal(operation, response, reason), response=response, operation=operation.id
    )


def _refusal(operation: Operation[Any], response: ApiResponse, reason: str) -> str:
    return f"{operation.id}: answered {response.status}, but {reason} ({_where(response, Outcome.UNKNOWN)})"


def _status_error(
    operation: Operation[Any], response: ApiResponse, declared: Response | None, validation: Validation
) -> StatusError:
    value = _json_or_nothing(response)
    error = None if value is _NOTHING else read_error_body(value)
    kind = class_for(response.status)
    outcome = outcome_of(operation, response.status)
    summary = error.summary if error else ""
    words = ": ".join(part for part in (f"{response.status} {response.reason}".strip(), summary) if part)
    return kind(
        f"{operation.id}: {words} ({_where(response, outcome)})",
        response=response,
        operation=operation.id,
        error=error,
        body=_error_body(operation, declared, response, value, validation),
        outcome=outcome,
    )


def _where(response: ApiResponse, outcome: Outcome) -> str:
    request_id = f"; request id {response.request_id}" if response.request_id else ""
    return f"{response.method} {response.url}{request_id}; outcome: {outcome}"


def _json_or_nothing(response: ApiResponse) -> Any:
    """JSON by content, whatever the content type says: error pages are often mislabelled."""
    try:
        return response.value
    except JsonError:
        return _NOTHING


def _error_body(
    operation: Operation[Any],
    declared: Response | None,
    response: ApiResponse,
    value: Any,
    validation: Validation,
) -> Any:
    """The body in the type declared for the status, if it is of that type; else the plain JSON value."""
    media = _choose(declared.media, response.content_type) if declared is not None else None
    if value is _NOTHING:
        return None
    if media is None or media.codec != "json":
        return value
    if validation != "lenient":  # the error itself is what has to be raised
        warn(operation, response, violations_of(media, value))
    try:
        return media.schema.decode(value)
    except (ValidationError, RecursionError):
        return value
