"""From a received response to the result of the call or the error that names what happened; no I/O."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from ..results.api_response import ApiResponse, NotModified
from ..results.error_body import read_error_body
from ..results.errors import ClientError, Outcome, ResponseDecodeError
from ..results.status_errors import StatusError, class_for
from ..types.schemas import describe
from ..values import json_codec
from ..values.json_codec import JsonError
from ..values.media_type import Range, parse_content_type
from ..values.plain_text import NO_SECRETS, Secrets, excerpt
from .operation import Media, Operation, Response
from .options import Validation
from .partial_declaration import PartialDeclaration
from .validation import InvalidResponseError, summary, violations_of, warn

_TOLERATED = frozenset({Range("text", "plain"), Range("application", "octet-stream")})
REPEATABLE: Final = frozenset({Outcome.NOT_PROCESSED, Outcome.REJECTED})
"""Outcomes of an answer after which the same call may be made again, by the client or by whoever reads its journal."""
_NOT_MODIFIED = NotModified()
# Bytes that a message shows of what a server sent: 1.6 kB altogether.
_REASON: Final = 200
_DETAIL: Final = 1200
_ID: Final = 200
_NOTHING: Any = object()
"""No JSON at all, as opposed to null."""


def decode(
    operation: Operation[Any],
    response: ApiResponse,
    sent: bytes | None = None,
    validation: Validation = "lenient",
    secrets: Secrets = NO_SECRETS,
) -> Any:
    """What the call returns; `sent` is the request body, `secrets` is what no message may repeat.

    Raises StatusError or ResponseDecodeError, nothing else.
    """
    status = response.status
    answered = _Answered(operation, response, operation.response_for(status), validation, secrets)
    declared = answered.declared
    if 200 <= status < 300:
        result = _decode_success(answered)
        partial = declared.partial if declared is not None else None
        return result if partial is None else _in_part(answered, partial, result, sent)
    if _says_not_modified(status, declared):
        return _NOT_MODIFIED
    raise _status_error(answered)


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


class _Answered:
    """An answer with what it is read by."""

    __slots__ = ("declared", "operation", "response", "secrets", "validation")

    def __init__(
        self,
        operation: Operation[Any],
        response: ApiResponse,
        declared: Response | None,
        validation: Validation,
        secrets: Secrets,
    ) -> None:
        self.operation = operation
        self.response = response
        self.declared = declared
        self.validation: Validation = validation
        self.secrets = secrets

    def excerpt(self, text: str, most: int) -> str:
        """What a message may show of a text of the answer."""
        return excerpt(text, most, self.secrets)

    def where(self, outcome: Outcome) -> str:
        """The request, its id and the outcome."""
        response = self.response
        request_id = self.excerpt(response.request_id or "", _ID)
        named = f"; request id {request_id}" if request_id else ""
        return f"{response.method} {response.url}{named}; outcome: {outcome}"

    def refusal(self, reason: str) -> str:
        """The message about a success that cannot be read."""
        shown = self.excerpt(reason, _DETAIL)
        where = self.where(Outcome.UNKNOWN)
        return f"{self.operation.id}: answered {self.response.status}, but {shown} ({where})"

    def refused(self, reason: str) -> ResponseDecodeError:
        """The error about a success that cannot be read."""
        return ResponseDecodeError(self.refusal(reason), response=self.response, operation=self.operation.id)


def _decode_success(answered: _Answered) -> Any:
    operation, response, declared = answered.operation, answered.response, answered.declared
    if declared is None:
        if operation.gives_nothing:
            return None
        raise answered.refused("this success status is not described")
    if not declared.media or operation.method == "HEAD":
        return None
    if response.defect:
        raise answered.refused(f"the body {response.defect}")
    if not response.content and response.status in (204, 205):
        return None
    media = _choose(declared.media, response.content_type)
    if not response.content and (media is None or media.codec == "json"):
        # Text and files may well be empty; JSON never is.
        raise answered.refused("the body is empty")
    if media is None:
        raise answered.refused(f"the content type {response.content_type[:80]!r} is not described")
    try:
        return _decode_media(answered, media)
    except JsonError as error:
        reason = f"the body is not JSON: {error}"
    except ValidationError as error:
        reason = f"the body has the wrong shape: {describe(error)}"
    except RecursionError:
        reason = "the body is nested too deeply"
    raise answered.refused(reason)  # out here, so that the error does not carry along what quotes the body


def _in_part(answered: _Answered, partial: PartialDeclaration, result: Any, sent: bytes | None) -> Any:
    if not answered.response.content:
        raise answered.refused("the body is empty")
    try:
        asked = json_codec.parse(sent, depth=len(sent)) if sent else None
    except JsonError:  # nested more deeply than can be read from here
        raise answered.refused("what was sent cannot be compared with it") from None
    # The answer as it was before decoding: a decoded number may be a float, and items are compared digit by digit.
    return partial.judge(result, answered.response.value, asked)


def _decode_media(answered: _Answered, media: Media) -> Any:
    response = answered.response
    if media.codec != "json":
        return response.content if media.codec == "binary" else response.text
    value = response.value
    if answered.validation == "strict" and (violations := violations_of(media, value)):
        raise InvalidResponseError(
            answered.refusal(f"the body breaks its description: {summary(violations)}"),
            response=response,
            operation=answered.operation.id,
            violations=violations,
        )
    if answered.validation == "warn":
        warn(answered.operation, response, violations_of(media, value), answered.secrets)
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


def _status_error(answered: _Answered) -> StatusError:
    response = answered.response
    value = _json_or_nothing(response)
    error = None if value is _NOTHING else read_error_body(value)
    kind = class_for(response.status)
    outcome = outcome_of(answered.operation, response.status)
    reason = answered.excerpt(response.reason, _REASON)
    said = answered.excerpt(error.summary, _DETAIL) if error else ""
    words = ": ".join(part for part in (f"{response.status} {reason}".strip(), said) if part)
    return kind(
        f"{answered.operation.id}: {words} ({answered.where(outcome)})",
        response=response,
        operation=answered.operation.id,
        error=error,
        body=_error_body(answered, value),
        outcome=outcome,
    )


def _json_or_nothing(response: ApiResponse) -> Any:
    """JSON by content, whatever the content type says: error pages are often mislabelled."""
    try:
        return response.value
    except JsonError:
        return _NOTHING


def _error_body(answered: _Answered, value: Any) -> Any:
    """The body in the type declared for the status, if it is of that type; else the plain JSON value."""
    response, declared = answered.response, answered.declared
    media = _choose(declared.media, response.content_type) if declared is not None else None
    if value is _NOTHING:
        return None
    if media is None or media.codec != "json":
        return value
    if answered.validation != "lenient":  # the error itself is what has to be raised
        warn(answered.operation, response, violations_of(media, value), answered.secrets)
    try:
        return media.schema.decode(value)
    except (ValidationError, RecursionError):
        return value
