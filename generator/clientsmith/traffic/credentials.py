"""Whether a request carries the credentials that the document demands, and those that the server was told to accept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence

from clientsmith.openapi.security import SecurityScheme
from clientsmith.traffic.message import HttpRequest


def are_good(
    alternatives: Sequence[Sequence[SecurityScheme]],
    request: HttpRequest,
    query: Iterable[tuple[str, str]],
    accepted: frozenset[str],
) -> bool:
    """Whether one of the alternatives is satisfied in full.

    `accepted` holds tokens, for Basic `user:password`; without any, every credential that looks like one will do.
    """
    if not alternatives:
        return True
    return any(
        all(_is_good(_token(one, request, query), accepted) for one in alternative)
        for alternative in alternatives
    )


def _is_good(token: str | None, accepted: frozenset[str]) -> bool:
    return bool(token) and (not accepted or token in accepted)


def _token(credential: SecurityScheme, request: HttpRequest, query: Iterable[tuple[str, str]]) -> str | None:
    """What a request gives as that credential; None where it gives nothing of the kind."""
    if credential.location == "query":
        return next((value for name, value in query if name == credential.name), None)
    if credential.location == "cookie":
        cookies = [part.strip().partition("=") for part in (request.header("cookie") or "").split(";")]
        return next((value for name, _, value in cookies if name == credential.name), None)
    value = (request.header(credential.name) or "").strip()
    if not value.lower().startswith(credential.prefix):
        return None
    token = value[len(credential.prefix) :].strip()
    return _user_and_password(token) if credential.prefix == "basic " else token


def _user_and_password(token: str) -> str | None:
    """`user:password` as RFC 7617 wraps it."""
    try:
        text = base64.b64decode(token, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None
    return text if ":" in text else None


def challenge(alternatives: Sequence[Sequence[SecurityScheme]]) -> str:
    """The value of WWW-Authenticate (RFC 9110 section 11.6.1)."""
    kinds = [one.prefix.strip() for alternative in alternatives for one in alternative if one.prefix]
    names = {"basic": 'Basic realm="api"', "bearer": "Bearer", "digest": "Digest"}
    return (
        ", ".join(dict.fromkeys(names.get(kind, kind.capitalize()) for kind in kinds)) or 'ApiKey realm="api"'
    )
