# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""From a received response to the result of the call or the error that names what happened; no I/O."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from ..results.api_response import ApiResponse, NotModified, Redirect
from ..results.error_body import read_error_body
from ..results.errors import ClientError, Outcome, ResponseDecodeError
from ..results.status_errors import StatusError, class_for
from ..types.schemas import describe
from ..values import json_codec
from ..values.json_codec import JsonError
from ..values.media_type import Range, parse_content_type
from ..values.plain_text import NO_SECRETS, Secrets
from .answered import MOST_SHOWN, Answered, ResponseCheck
from .operation import ItemJudge, Media, Operation, Response

_TOLERATED = frozenset({Range("text", "plain"), Range("application", "octet-stream")})
REPEATABLE: Final = frozenset({Outcome.NOT_PROCESSED, Outcome.REJECTED})
"""Outcomes of an answer after which the same call may be made again, by the client or by whoever reads its journal."""
_NOT_MODIFIED = NotModified()
_ANY_JSON: Final = Media("application/json", "json", Any)
_REASON: Final = 200
"""Bytes of a reason phrase that a message shows."""
_NOTHING: Any = object()
"""A body that could not be read, as opposed to null."""


class _NotTextError(ValueError):
    """The bytes of a body are not text in its charset, or nobody knows the charset; says which."""


def decode(
    operation: Operation[Any],
    response: ApiResponse,
    sent: bytes | None = None,
    check: ResponseCheck | None = None,
    secrets: Secrets = NO_SECRETS,
) -> Any:
    """What the call returns; `sent` is the request body, `secrets` what no message may repeat.

    Raises StatusError or ResponseDecodeError, nothing else.
    """
    status = response.status
    answered = Answered(operation, response, operation.response_for(status), secrets)
    declared = answered.declared
    if 200 <= status < 300:
        if operation.takes_any_success:
            return _undescribed_success(answered, check)
        result = _decode_success(answered, check)
        partial = declared.partial if declared is not None else None
        return result if partial is None else _in_part(answered, partial, result, sent)
    if _says_not_modified(status, declared):
        return _NOT_MODIFIED
    location = response.headers.get("location")
    if location is not None and operation.redirects(status):
        return Redirect(status, location)
    raise _status_error(answered, check)


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


def _decode_success(answered: Answered, check: ResponseCheck | None) -> Any:
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
    if not response.content and (media is None or (media.codec == "json" and not _is_text(media, response))):
        # Text and files may well be empty; JSON never is.
        raise answered.refused("the body is empty")
    if media is None:
        raise answered.refused(f"the content type {response.content_type[:80]!r} is not described")
    binds = operation.bills or (check is not None and check.strict)
    try:
        return _decode_media(answered, media, check, whole=binds)
    except JsonError as error:
        reason = f"the body is not JSON: {error}"
    except _NotTextError as error:
        reason = str(error)
    except ValidationError as error:
        value = None if _is_text(media, response) else response.value
        reason = f"the body has the wrong shape: {describe(error, value)}"
    except RecursionError:
        reason = "the body is nested too deeply"
    raise answered.refused(reason)  # out here, so that the error does not carry along what quotes the body


def _undescribed_success(answered: Answered, check: ResponseCheck | None) -> Any:
    """The body in the type of `default` if it is of that, else as any JSON, else as bytes; None if there is none."""
    response, declared = answered.response, answered.declared
    if response.defect:
        raise answered.refused(f"the body {response.defect}")
    if not response.content or answered.operation.method == "HEAD":
        return None
    media = _choose(declared.media, response.content_type) if declared is not None else None
    actual = parse_content_type(response.content_type).range
    tried = [media] if media is not None else []
    tried += [_ANY_JSON] if actual is None or actual.is_json else []
    decoded = (_decoded_if_it_fits(answered, each, check) for each in tried)
    return next((value for value in decoded if value is not _NOTHING), response.content)


def _decoded_if_it_fits(answered: Answered, media: Media, check: ResponseCheck | None) -> Any:
    try:
        return _decode_media(answered, media, check, whole=True)
    except (JsonError, ValidationError, RecursionError, ResponseDecodeError, _NotTextError):
        return _NOTHING


def _in_part(answered: Answered, partial: ItemJudge, result: Any, sent: bytes | None) -> Any:
    if not answered.response.content:
        raise answered.refused("the body is empty")
    try:
        asked = json_codec.parse(sent, depth=len(sent)) if sent else None
    except JsonError:  # nested more deeply than can be read from here
        raise answered.refused("what was sent cannot be compared with it") from None
    # The answer as it was before decoding: a decoded number may be a float, and items are compared digit by digit.
    return partial.judge(result, answered.response.value, asked)


def _decode_media(answered: Answered, media: Media, check: ResponseCheck | None, *, whole: bool) -> Any:
    """The body in its type; if it need not be `whole`, required members may be absent."""
    response = answered.response
    if media.codec != "json":
        return response.content if media.codec == "binary" else _exact_text(response)
    value = _exact_text(response) if _is_text(media, response) else response.value
    if check is not None:
        check.success(answered, media, value)
    try:
        return media.schema.decode(value, decimals=response.decimals)
    except ValidationError:
        if whole:
            raise
    return media.schema.decode_with_gaps(value, decimals=response.decimals)


def _exact_text(response: ApiResponse) -> str:
    """The body as text in its declared charset, UTF-8 if none is declared. Raises _NotTextError."""
    declared = parse_content_type(response.content_type)
    if declared.unknown:
        raise _NotTextError(f"its charset {declared.unknown[:80]!r} is not known")
    charset = declared.charset or "utf-8"
    try:
        return response.content.decode(charset)
    except UnicodeError:
        raise _NotTextError(f"the body is not text in {charset}") from None


def _is_text(media: Media, response: ApiResponse) -> bool:
    """Whether a body of any media type is a string that came as text: what it is called decides, not the range."""
    actual = parse_content_type(response.content_type).range
    return (
        media.annotation is str and "*" in media.media_type and actual is not None and actual.type == "text"
    )


def _choose(declared: tuple[Media, ...], header: str) -> Media | None:
    """The declared media type that fits best; a missing or vague header is read as the only one there is."""
    actual = parse_content_type(header).range
    if actual is not None:
        ranked = [(rank, media) for media in declared if (rank := media.range.rank(actual)) is not None]
        if ranked:
            return min(ranked, key=lambda pair: pair[0])[1]
    is_vague = actual is None or actual in _TOLERATED
    requested = [media for media in declared if media.requested]
    return requested[0] if is_vague and len(requested) == 1 else None


def _status_error(answered: Answered, check: ResponseCheck | None) -> StatusError:
    response = answered.response
    value = _json_or_nothing(response)
    error = None if value is _NOTHING else read_error_body(_any_json(response, value))
    kind = class_for(response.status)
    outcome = outcome_of(answered.operation, response.status)
    reason = answered.excerpt(response.reason, _REASON)
    said = answered.excerpt(error.summary, MOST_SHOWN) if error else ""
    words = ": ".join(part for part in (f"{response.status} {reason}".strip(), said) if part)
    return kind(
        f"{answered.operation.id}: {words} ({answered.where(outcome)})",
        response=response,
        operation=answered.operation.id,
        error=error,
        body=_error_body(answered, value, check),
        outcome=outcome,
    )


def _json_or_nothing(response: ApiResponse) -> Any:
    """JSON by content, whatever the content type says: error pages are often mislabelled."""
    try:
        return response.value
    except JsonError:
        return _NOTHING


def _error_body(answered: Answered, value: Any, check: ResponseCheck | None) -> Any:
    """The body in the type declared for the status, if it is of that type; else the plain JSON value."""
    response, declared = answered.response, answered.declared
    media = _choose(declared.media, response.content_type) if declared is not None else None
    if value is _NOTHING:
        return None
    if media is None or media.codec != "json":
        return _any_json(response, value)
    if check is not None:
        check.error(answered, media, value)
    try:
        return media.schema.decode(value, decimals=response.decimals)
    except (ValidationError, RecursionError):
        return _any_json(response, value)


def _any_json(response: ApiResponse, value: Any) -> Any:
    """A JSON value that has no type."""
    return _ANY_JSON.schema.decode(value, decimals=response.decimals)
