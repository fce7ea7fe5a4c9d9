"""Which part of the request log one answer shows, and as what: redaction and JSON cost time for every byte."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clientsmith.openapi import charsets, media_type
from clientsmith.serve.log.log_entry import LogEntry
from clientsmith.traffic.message import Finding, Headers

LONGEST_BODY = 64 * 1024
"""Bytes of the longest body that is shown as JSON and on the page."""
_MOST = 2 * 1024 * 1024
"""Bytes of the exchanges in one answer."""
_NOT_SEARCHED = "not shown: it may quote a body that is not shown either"


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it is shown, not redacted yet; the lengths of the bodies that are left out of it, else None."""

    entry: LogEntry
    omitted_request: int | None = None
    omitted_response: int | None = None


def whole(entry: LogEntry) -> Shown:
    """An entry with its bodies, whatever their lengths, but for those that cannot be searched for secrets."""
    return _without(entry, longest=entry.size)


def without_long_bodies(entry: LogEntry) -> Shown:
    """An entry without bodies that are too long, or in no character set that could be searched for secrets."""
    return _without(entry, longest=LONGEST_BODY)


def _without(entry: LogEntry, longest: int) -> Shown:
    request, answer = entry.request, entry.answer
    is_too_large = any(finding.id == "too-large" for finding in answer.findings)
    sent = _omitted(request.body, request.headers, 0 if is_too_large else longest)
    received = _omitted(answer.response.body, answer.response.headers, longest)
    if sent is None and received is None:
        return Shown(entry)
    response = answer.response if received is None else replace(answer.response, body=b"")
    # What a finding quotes is known to be secret only if the body was searched.
    findings = answer.findings if sent is None else tuple(_unquoted(finding) for finding in answer.findings)
    shown = replace(
        entry,
        request=request if sent is None else replace(request, body=b""),
        answer=replace(answer, response=response, findings=findings),
    )
    return Shown(shown, sent, received)


def _omitted(body: bytes, headers: Headers, longest: int) -> int | None:
    stated = next((value for name, value in headers if name.lower() == "content-type"), "")
    charset = media_type.parameter(stated, "charset")
    is_readable = charset is None or charsets.codec_of(charset) is not None
    return len(body) if len(body) > longest or (body and not is_readable) else None


def _unquoted(finding: Finding) -> Finding:
    is_quoting = finding.part == "body" and finding.id not in ("malformed-body", "too-large")
    return replace(finding, message=_NOT_SEARCHED) if is_quoting else finding


def last_that_fit(entries: Sequence[Shown]) -> list[Shown]:
    """The last entries that one answer shows, in their order."""
    kept: list[Shown] = []
    left = _MOST
    for view in reversed(entries):
        left -= view.entry.size
        if left < 0:
            break
        kept.append(view)
    return kept[::-1]


def entry_json(redacted: LogEntry, shown: Shown) -> dict[str, object]:
    """A redacted entry as JSON values."""
    answer, request, response = redacted.answer, redacted.request, redacted.answer.response
    return {
        "number": redacted.number,
        "time": redacted.time,
        "duration": redacted.duration,
        "method": request.method,
        "target": request.target,
        "status": response.status,
        "source": answer.source,
        "operation": answer.operation,
        "entry": answer.entry,
        "findings": [
            {"id": finding.id, "part": finding.part, "pointer": finding.pointer, "message": finding.message}
            for finding in answer.findings
        ],
        "fault": None if answer.fault is None else answer.fault.name,
        "request": _message(request.headers, request.body, shown.omitted_request),
        "response": _message(response.headers, response.body, shown.omitted_response),
    }


def _message(headers: Headers, body: bytes, omitted: int | None) -> dict[str, object]:
    """A body as text if it is UTF-8, else in base64; the length of one that is left out."""
    listed = {"headers": [list(pair) for pair in headers]}
    if omitted is not None:
        return {**listed, "body": None, "omitted": omitted}
    try:
        return {**listed, "body": body.decode()}
    except UnicodeDecodeError:
        return {**listed, "body": None, "base64": base64.b64encode(body).decode("ascii")}
