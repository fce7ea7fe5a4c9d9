"""Exchanges written as HAR 1.2: single entries, and whole logs with the same bytes for the same content."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias
from urllib.parse import unquote_plus

from clientsmith.openapi import media_type
from clientsmith.traffic import charsets
from clientsmith.traffic.message import Headers, HttpRequest, HttpResponse
from clientsmith.traffic.tapes.har import CUSTOM

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def entry(
    request: HttpRequest,
    response: HttpResponse | None,
    *,
    base_url: str = "http://127.0.0.1",
    started: float = 0.0,
    duration: float = 0.0,
    custom: Mapping[str, Json] | None = None,
    comment: str = "",
) -> dict[str, Json]:
    """One entry; `started` in seconds since the epoch, `duration` in seconds, `custom` what clientsmith notes.

    A response that never came has the status 0, as browsers write it.
    """
    when = datetime.fromtimestamp(started, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    milliseconds = round(duration * 1000, 3)
    members: dict[str, Json] = {
        "cache": {},
        "request": _request(request, base_url),
        "response": _response(response or HttpResponse(0)),
        "startedDateTime": when,
        "time": milliseconds,
        "timings": {"receive": 0, "send": 0, "wait": milliseconds},
    }
    noted: dict[str, Json] = {CUSTOM: dict(custom)} if custom else {}
    return noted | members | ({"comment": comment} if comment else {})


def log(
    entries: list[Json], creator: str = "clientsmith", version: str = "", comment: str = ""
) -> dict[str, Json]:
    """A whole HAR with its entries last; `creator` names the tool and its version."""
    members: dict[str, Json] = {"version": "1.2", "creator": {"name": creator, "version": version}}
    if comment:
        members["comment"] = comment
    members["entries"] = entries
    return {"log": members}


def render(har: Mapping[str, Json]) -> bytes:
    """A HAR as a file holds it: sorted keys, so that equal ones have equal bytes."""
    return _encoded(json.dumps(har, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def written(members: Mapping[str, Json]) -> bytes:
    """An entry, or a whole HAR, on one line."""
    return _encoded(json.dumps(members, ensure_ascii=False))


def _encoded(text: str) -> bytes:
    """JSON text as bytes; half of a surrogate pair, which UTF-8 cannot hold, becomes an escape of JSON."""
    return text.encode("utf-8", "backslashreplace")


def _request(request: HttpRequest, base_url: str) -> dict[str, Json]:
    members: dict[str, Json] = {
        "bodySize": len(request.body),
        "cookies": [],
        "headers": _headers(request.headers),
        "headersSize": -1,
        "httpVersion": f"HTTP/{request.http_version}",
        "method": request.method,
        "queryString": _query(request.target),
        "url": request.target
        if "://" in request.target.partition("?")[0]
        else base_url.rstrip("/") + request.target,
    }
    if request.body:
        content_type = request.header("content-type") or ""
        text, encoding = _text(request.body, content_type)
        posted: dict[str, Json] = {"mimeType": content_type, "params": [], "text": text}
        members["postData"] = {**posted, **({"_encoding": encoding} if encoding else {})}
    return members


def _response(response: HttpResponse) -> dict[str, Json]:
    content_type = response.header("content-type") or ""
    text, encoding = _text(response.body, content_type)
    content: dict[str, Json] = {"mimeType": content_type, "size": len(response.body)}
    if response.body:
        content |= {"text": text, **({"encoding": encoding} if encoding else {})}
    return {
        "bodySize": len(response.body),
        "content": content,
        "cookies": [],
        "headers": _headers(response.headers),
        "headersSize": -1,
        "httpVersion": "HTTP/1.1",
        "redirectURL": response.header("location") or "",
        "status": response.status,
        "statusText": response.reason,
    }


def _headers(headers: Headers) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers]


def _query(target: str) -> list[Json]:
    pairs = [part.partition("=") for part in target.partition("#")[0].partition("?")[2].split("&") if part]
    return [{"name": unquote_plus(name), "value": unquote_plus(value)} for name, _, value in pairs]


def _text(body: bytes, content_type: str) -> tuple[str, str]:
    """The body as text where reading it again gives the same bytes, else in base64; and the name of the encoding."""
    charset = media_type.parameter(content_type, "charset")
    try:
        text = charsets.decoded(body, charset)
        if charsets.encoded(text, charset) == body and "\0" not in text:
            return text, ""
    except ValueError:
        pass
    return base64.b64encode(body).decode("ascii"), "base64"
