"""Bodies that cannot be searched for secrets: in an unknown content coding or character set, broken, or too costly."""

from __future__ import annotations

import re
from dataclasses import replace

from clientsmith.openapi import charsets, media_type
from clientsmith.traffic import message_budget
from clientsmith.traffic.content_coding import MAX_DECODED, UnreadableBodyError, decoded
from clientsmith.traffic.message import Headers, HttpRequest, HttpResponse
from clientsmith.traffic.message_budget import Budget, BudgetError

MAX_REQUEST = 16 * 1024 * 1024
"""Bytes of a request body without its content coding."""
_HIDDEN = "application/octet-stream"
_BINARY = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", _HIDDEN)
_PART_CHARSET = re.compile(rb'^content-type:[^\r\n]*?charset="?([^\s;"]+)', re.IGNORECASE | re.MULTILINE)


def readable_request(request: HttpRequest) -> HttpRequest:
    """A request as a HAR holds it, whose readers undo no coding of a request; raises UnreadableBodyError."""
    coding = request.header("content-encoding")
    body = decoded(request.body, coding, MAX_REQUEST)
    _check(request.header("content-type") or "", body, message_budget.REQUEST)
    if coding is None:
        return request
    lengths = {"content-encoding": None, "content-length": str(len(body))}
    headers = [(name, lengths.get(name.lower(), value)) for name, value in request.headers]
    return replace(
        request, headers=tuple((name, value) for name, value in headers if value is not None), body=body
    )


def readable_response(response: HttpResponse) -> HttpResponse:
    """A response as a HAR holds it: without the coding that the headers still name; raises UnreadableBodyError."""
    body = decoded(response.body, response.header("content-encoding"), MAX_DECODED)
    _check(response.header("content-type") or "", body, message_budget.RESPONSE)
    return replace(response, body=body)


def _check(content_type: str, body: bytes, allowed: Budget) -> None:
    _check_charsets(content_type, body)
    kind = media_type.essence(content_type)
    if kind.startswith(_BINARY):
        return
    try:
        if len(body) > allowed.searched_bytes:
            raise BudgetError(f"it has {len(body)} bytes; at most {allowed.searched_bytes} are searched")
        if kind == media_type.FORM:
            allowed.check_form(body)
        allowed.check_json(body)
    except BudgetError as error:
        raise UnreadableBodyError(f"the body takes too long to be searched for secrets: {error}") from None


def _check_charsets(content_type: str, body: bytes) -> None:
    """Raise UnreadableBodyError for a body that is not in the character set that it names, or names one of no use."""
    if not body:
        return
    label = media_type.parameter(content_type, "charset")
    if label is not None:
        try:
            charsets.decoded(body, label)
        except ValueError as error:
            raise UnreadableBodyError(f"the body cannot be read: {error}") from None
    if media_type.essence(content_type).startswith("multipart/"):
        for charset in _PART_CHARSET.finditer(body):
            if charsets.codec_of(charset[1].decode("latin-1")) is None:
                raise UnreadableBodyError("a part of the body is in a character set that is not known here")


def hidden(headers: Headers) -> Headers:
    """The headers of a body that is to be searched as bytes, whatever it is called."""
    return tuple((name, _HIDDEN if name.lower() == "content-type" else value) for name, value in headers)


def shown(headers: Headers, original: Headers) -> Headers:
    """The way back from `hidden`."""
    stated = [value for name, value in original if name.lower() == "content-type"]
    return tuple(
        (name, stated.pop(0) if name.lower() == "content-type" else value) for name, value in headers
    )
