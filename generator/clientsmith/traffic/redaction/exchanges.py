"""Exchanges without credentials and without anything named secret, as they go to disk; `secret_names` says what is.

Identifiers, such as the SID of an account, are not secrets: paths and bodies would not fit the document without them.
The credentials of an Authorization header go as a whole, user name included. A name that the user adds goes everywhere.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi import media_type
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.routing import normalized
from clientsmith.traffic.message import Headers, HttpRequest, HttpResponse
from clientsmith.traffic.redaction.body_redaction import redact_body
from clientsmith.traffic.redaction.known_secrets import WINDOW, KnownSecrets, TooManySecretsError
from clientsmith.traffic.redaction.redaction import Redaction, SecretPlace
from clientsmith.traffic.redaction.secret_names import SecretNames, looks_random
from clientsmith.traffic.redaction.substitutes import REDACTED, Substitutes, schemas_at
from clientsmith.traffic.redaction.text_redaction import form, redact_text

_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
_ALSO_SECRET = frozenset({"authentication-info", "proxy-authentication-info"})
_SCHEMES = frozenset({"basic", "bearer", "digest", "dpop", "hoba", "mutual", "negotiate", "oauth", "token"})
_ATTRIBUTES = (
    "domain",
    "expires",
    "httponly",
    "max-age",
    "partitioned",
    "path",
    "priority",
    "samesite",
    "secure",
)
_MOST_PASSES = 8
_COOKIE_SHORTEST = 16
"""Cookies hold languages and themes as well: a short value is not searched for elsewhere."""


@dataclass(frozen=True, slots=True)
class RedactedExchange:
    """What may be written; `places` names what was taken out, `unfit` those substitutes that break the document."""

    request: HttpRequest
    response: HttpResponse
    places: tuple[str, ...]
    unfit: tuple[str, ...]


class Redactor:
    """Redacts one exchange after the other and remembers the secrets it met; not for several threads at once."""

    def __init__(self, resolved: ResolvedDocument, names: SecretNames) -> None:
        self._resolved = resolved
        self.names = names
        self._known_secrets = KnownSecrets()
        self._substitutes = Substitutes(resolved)

    def redact(
        self,
        request: HttpRequest,
        response: HttpResponse,
        operation: DescribedOperation | None,
        path_texts: dict[str, str] | None = None,
    ) -> RedactedExchange:
        """The exchange without secrets; bodies have no content coding. Raises TooManySecretsError."""
        for _ in range(_MOST_PASSES):
            known = len(self._known_secrets)
            redaction = self._pass()
            sent = _request(redaction, request, operation, path_texts or {})
            received = _response(redaction, response, operation)
            if len(self._known_secrets) == known:
                return RedactedExchange(
                    sent, received, self._shown(redaction.places), self._shown(redaction.unfit)
                )
            # Something was learned that an earlier part of the same exchange may hold as well.
        raise TooManySecretsError(
            f"an exchange gave away other secrets each of the {_MOST_PASSES} times it was read"
        )

    def text(self, text: str) -> str:
        """A message without the secrets that were met so far; nothing of it if no more can be looked for."""
        try:
            return self._pass().addresses(SecretPlace(""), text)
        except TooManySecretsError:
            return REDACTED

    def _shown(self, places: Iterable[str]) -> tuple[str, ...]:
        """Places without the secrets in the names that lead to them."""
        return tuple(dict.fromkeys(self._known_secrets.redact(place) for place in places))

    def _pass(self) -> Redaction:
        return Redaction(self._resolved, self.names, self._known_secrets, self._substitutes)


def _request(
    redaction: Redaction,
    request: HttpRequest,
    operation: DescribedOperation | None,
    path_texts: dict[str, str],
) -> HttpRequest:
    content_type = request.header("content-type") or ""
    media = _media(operation.body_contents, content_type) if operation is not None else None
    body = redact_body(redaction, SecretPlace("request body"), request.body, content_type, media)
    path, mark, query = request.target.partition("?")
    target = _path(redaction, path, operation, path_texts)
    if mark:
        target += mark + form(
            redaction,
            lambda name: SecretPlace(f"request query parameter '{name}'"),
            query,
            lambda name: _parameter(redaction, operation, "query", name),
        )
    headers = _headers(redaction, "request", request.headers, operation, len(body), body != request.body)
    method = redaction.scrub(SecretPlace("request method"), request.method)
    return replace(request, method=method, target=target, headers=headers, body=body)


def _response(
    redaction: Redaction, response: HttpResponse, operation: DescribedOperation | None
) -> HttpResponse:
    content_type = response.header("content-type") or ""
    declared = operation.response(response.status) if operation is not None else None
    media = _media(declared.contents, content_type) if declared is not None else None
    body = redact_body(redaction, SecretPlace("response body"), response.body, content_type, media)
    headers = _headers(redaction, "response", response.headers, None, len(body), body != response.body)
    reason = redaction.addresses(SecretPlace("response reason phrase"), response.reason)
    return replace(response, headers=headers, body=body, reason=reason)


def _media(contents: dict[str, Node], content_type: str) -> Node | None:
    name = media_type.best(contents, content_type)
    return contents[name] if name is not None else None


def _parameter(
    redaction: Redaction, operation: DescribedOperation | None, location: str, name: str
) -> list[Node]:
    for parameter in operation.parameters if operation is not None else ():
        same = parameter.name == name or (location == "header" and parameter.name.lower() == name.lower())
        if same and parameter.location == location:
            return schemas_at(redaction.resolved, parameter.schema, ())
    return []


def _path(
    redaction: Redaction, path: str, operation: DescribedOperation | None, path_texts: dict[str, str]
) -> str:
    substitutes: set[str] = set()
    for name, text in path_texts.items():
        substitute = _path_text(redaction, name, text, operation)
        if substitute != text:
            substitutes.add(substitute)
            path = "/".join(
                normalized(segment).replace(text, substitute) if text in normalized(segment) else segment
                for segment in path.split("/")
            )
    if not substitutes:
        path = redaction.addresses(SecretPlace("request path"), path)
    # A substitute may look like the secret, since it fits the same schema.
    return "/".join(
        segment if segment in substitutes else _segment(redaction, segment) for segment in path.split("/")
    )


def _path_text(redaction: Redaction, name: str, text: str, operation: DescribedOperation | None) -> str:
    """What replaces a parameter of the path, so that the path still fits the document."""
    place, value = SecretPlace(f"request path parameter '{name}'"), unquote(text)
    if not redaction.names.hides((name,), value) and redaction.addresses(place, value) == value:
        return text
    return quote(redaction.string(place, value, _parameter(redaction, operation, "path", name)), safe="")


def _segment(redaction: Redaction, segment: str) -> str:
    """A segment without what looks like a credential once percent-encoding is undone."""
    plain = unquote(segment)
    kept = redaction.addresses(SecretPlace("request path"), plain)
    return segment if kept == plain else quote(kept, safe="")


def _headers(
    redaction: Redaction,
    side: str,
    headers: Headers,
    operation: DescribedOperation | None,
    length: int,
    is_changed: bool,
) -> Headers:
    def redacted(name: str, value: str) -> str:
        place, key = SecretPlace(f"{side} header {name}"), name.lower()
        if key == "content-length":
            return str(length) if is_changed else value
        if key in _CREDENTIALS:
            return _credentials(redaction, place, value)
        if key in ("cookie", "set-cookie"):
            return _cookies(redaction, place, value, is_set=key == "set-cookie")
        if key == "sec-websocket-protocol":
            return _protocols(redaction, place, value)
        if key in _ALSO_SECRET or redaction.names.hides((name,), value):
            return redaction.string(place, value, _parameter(redaction, operation, "header", name))
        return redact_text(redaction, place, value, depth=1)

    def name_of(name: str) -> str:
        return redaction.scrub(SecretPlace(f"{side} header name"), name)

    return tuple((name_of(name), redacted(name_of(name), value)) for name, value in headers)


def _credentials(redaction: Redaction, place: SecretPlace, value: str) -> str:
    """A known scheme stays, so that a tape still shows which kind of credentials was sent."""
    scheme, blank, rest = value.partition(" ")
    if not blank or scheme.lower() not in _SCHEMES:
        return redaction.string(place, value, [])
    redaction.string(place, rest.strip(), [])
    if scheme.lower() != "basic":
        return f"{scheme} {REDACTED}"
    return f"{scheme} {base64.b64encode(f'{REDACTED}:{REDACTED}'.encode()).decode()}"


def _protocols(redaction: Redaction, place: SecretPlace, value: str) -> str:
    """Browsers cannot set headers of a WebSocket: an item that is not a protocol is a credential, `bearer, <token>`."""
    items = value.split(",")
    for number in range(1, len(items)):
        name, item = items[number - 1].strip(), items[number].strip()
        if redaction.names.hides((name,), item):
            items[number] = items[number].replace(item, redaction.string(place, item, []))
    return redaction.addresses(place, ",".join(items))


def _cookies(redaction: Redaction, place: SecretPlace, value: str, *, is_set: bool) -> str:
    kept: list[str] = []
    for number, part in enumerate(re.split(r";\s*", value)):
        name, equals, content = part.partition("=")
        if is_set and number and name.strip().lower() in _ATTRIBUTES:
            kept.append(part)
        elif equals:
            is_sure = redaction.names.hides((name.strip(),), content) or looks_random(content)
            shortest = WINDOW if is_sure else _COOKIE_SHORTEST
            kept.append(f"{name}={redaction.string(place, content, [], shortest=shortest)}")
        elif part:
            kept.append(redaction.string(place, part, [], shortest=_COOKIE_SHORTEST))
    return "; ".join(kept)
