"""Whether a request carries the credentials that the document demands; what they are worth is not judged."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from clientsmith.replay.described import Credential
from clientsmith.replay.exchange import HttpRequest


def are_present(
    alternatives: Sequence[Sequence[Credential]], request: HttpRequest, query_names: frozenset[str]
) -> bool:
    """Whether one of the alternatives is satisfied: every credential of it is there and looks like one of its kind."""
    if not alternatives:
        return True
    return any(
        all(_is_present(one, request, query_names) for one in alternative) for alternative in alternatives
    )


def _is_present(credential: Credential, request: HttpRequest, query_names: frozenset[str]) -> bool:
    if credential.location == "query":
        return credential.name in query_names
    if credential.location == "cookie":
        cookies = (request.header("cookie") or "").split(";")
        return any(cookie.partition("=")[0].strip() == credential.name for cookie in cookies)
    value = (request.header(credential.name) or "").strip()
    if not value.lower().startswith(credential.prefix):
        return False
    token = value[len(credential.prefix) :].strip()
    return _is_basic(token) if credential.prefix == "basic " else bool(token)


def _is_basic(token: str) -> bool:
    """User and password as RFC 7617 writes them."""
    try:
        return b":" in base64.b64decode(token, validate=True)
    except (binascii.Error, ValueError):
        return False


def challenge(alternatives: Sequence[Sequence[Credential]]) -> str:
    """The value of WWW-Authenticate (RFC 9110 section 11.6.1)."""
    kinds = [one.prefix.strip() for alternative in alternatives for one in alternative if one.prefix]
    names = {"basic": 'Basic realm="api"', "bearer": "Bearer", "digest": "Digest"}
    return (
        ", ".join(dict.fromkeys(names.get(kind, kind.capitalize()) for kind in kinds)) or 'ApiKey realm="api"'
    )
