"""Parameters of a request read back into values, in every style, and held against their schemas; bodies elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from clientsmith.document.model import render_pointer
from clientsmith.document.validation.violations import Violation
from clientsmith.json_values import codec
from clientsmith.json_values.codec import JsonError, Value
from clientsmith.jsonschema.validators import Schemas
from clientsmith.openapi import media_type
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.own_members import SPREADING, members_of_parameters
from clientsmith.openapi.parameter import Location, Parameter
from clientsmith.traffic.message import Finding, HttpRequest
from clientsmith.traffic.pairs import Pairs
from clientsmith.traffic.styles import StyleDecoder, form_decoded, percent_decoded, unchanged

_Read: TypeAlias = "tuple[Value | JsonError]"
"""One value that was there, which may be null; the reason where it could not be read."""


@dataclass(slots=True)
class Parameters:
    """The decoded parameters of a request by place and name, and what is wrong with them.

    `undeclared` are the query parameters that the document does not know, as they stood, percent-encoding undone.
    """

    path: dict[str, Value] = field(default_factory=dict[str, Value])
    query: dict[str, Value] = field(default_factory=dict[str, Value])
    header: dict[str, Value] = field(default_factory=dict[str, Value])
    cookie: dict[str, Value] = field(default_factory=dict[str, Value])
    undeclared: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    findings: list[Finding] = field(default_factory=list[Finding])

    def values(self, location: Location) -> dict[str, Value]:
        """The values of one place."""
        places = {"path": self.path, "query": self.query, "header": self.header, "cookie": self.cookie}
        return places[location]


def findings(violations: Iterable[Violation], part: str, id: str) -> list[Finding]:
    """Violations of a schema as findings about one part of a message."""
    return [Finding(id, part, render_pointer(one.pointer), one.message) for one in violations]


class ParameterDecoder:
    """Decodes the parameters of one operation; made once per operation."""

    def __init__(self, operation: DescribedOperation, texts: StyleDecoder, schemas: Schemas) -> None:
        self._texts = texts
        self._schemas = schemas
        declared = operation.parameters
        self._by_location = {
            location: tuple(one for one in declared if one.location == location)
            for location in ("path", "query", "header", "cookie")
        }
        self._credentials = frozenset(
            one.name for alternative in operation.security for one in alternative if one.location == "query"
        )
        self._members = {
            location: members_of_parameters(operation, location, texts.branches) for location in SPREADING
        }
        cookies = self._by_location["cookie"]
        is_raw = bool(cookies) and all(one.style == "cookie" for one in cookies)
        self._escaped_cookies = None if is_raw else frozenset(one.name for one in cookies)
        self._is_query_unread = any(node.text("in") == "querystring" for _, node in operation.obstacles)

    def decode(self, request: HttpRequest, path_texts: dict[str, str], pairs: Pairs) -> Parameters:
        """Every parameter of a request; `pairs` are those of its query."""
        found = Parameters()
        for parameter in self._by_location["path"]:
            self._keep(parameter, self._path(parameter, path_texts.get(parameter.name, "")), found)
        self._decode_query(pairs, found)
        for parameter in self._by_location["header"]:
            text = request.header(parameter.name)
            read = None if text is None else (header_value(self._texts, parameter, text),)
            self._keep(parameter, read, found)
        if self._by_location["cookie"]:
            cookies = _cookie_pairs(request.header("cookie") or "", self._escaped_cookies)
            for parameter in self._by_location["cookie"]:
                self._keep(parameter, self._pairs(parameter, cookies)[0], found)
        return found

    def _decode_query(self, pairs: Pairs, found: Parameters) -> None:
        taken = set(self._credentials)
        for parameter in self._by_location["query"]:
            value, names = self._pairs(parameter, pairs)
            taken |= names
            self._keep(parameter, value, found)
        for name, text in pairs:
            if name not in taken and not self._is_query_unread:
                found.undeclared.append((name, form_decoded(text)))

    def _path(self, parameter: Parameter, text: str) -> _Read:
        texts, schema, explode = self._texts, parameter.schema, parameter.explode
        if parameter.media_type is not None:
            return (_content(texts, parameter, percent_decoded(text)),)
        if parameter.style == "label":
            return (texts.label(text, schema, explode, percent_decoded),)
        if parameter.style == "matrix":
            return (texts.matrix(parameter.name, text, schema, explode, percent_decoded),)
        return (texts.simple(text, schema, explode, percent_decoded),)

    def _pairs(self, parameter: Parameter, pairs: Pairs) -> tuple[_Read | None, frozenset[str]]:
        decode = form_decoded if parameter.location == "query" else percent_decoded
        if parameter.media_type is not None:
            own = pairs.of(parameter.name)
            value = (_content(self._texts, parameter, decode(own[0])),) if own else None
            return value, frozenset([parameter.name])
        own_members = self._members[parameter.location][parameter.name]
        # OpenAPI 3.2: style `cookie` is `form` without any escaping.
        style, decode = ("form", unchanged) if parameter.style == "cookie" else (parameter.style, decode)
        found = self._texts.form(
            parameter.name, pairs, parameter.schema, style, parameter.explode, own_members, decode
        )
        return (None, frozenset()) if found is None else ((found[0],), found[1])

    def _keep(self, parameter: Parameter, value: _Read | None, found: Parameters) -> None:
        if value is None:
            if parameter.required:
                found.findings.append(Finding("missing-parameter", parameter.label, "", "it is required"))
            return
        read = value[0]
        if isinstance(read, JsonError):
            found.findings.append(Finding("invalid-parameter", parameter.label, "", str(read)))
            return
        read = self._texts.as_listed(read, parameter.schema)
        found.values(parameter.location)[parameter.name] = read
        if parameter.schema is not None:
            wrong = self._schemas.check(parameter.schema, read, "request")
            found.findings += findings(wrong, parameter.label, "invalid-parameter")


def header_value(texts: StyleDecoder, parameter: Parameter, text: str) -> Value | JsonError:
    """The value of a header of a request or a response; the reason if it cannot be read."""
    if parameter.media_type is not None:
        return _content(texts, parameter, text)
    return texts.simple(text.strip(), parameter.schema, parameter.explode, unchanged)


def _content(texts: StyleDecoder, parameter: Parameter, text: str) -> Value | JsonError:
    """A parameter that is a document: text in other media types than JSON, in which only an object has to be JSON."""
    is_json = media_type.codec(parameter.media_type or "") == "json"
    if not is_json and not texts.branches.types(parameter.schema) & {"array", "object"}:
        return texts.scalar(text, parameter.schema)
    try:
        return codec.read(text)
    except JsonError as error:
        return error if is_json else text


def _cookie_pairs(header: str, escaped: frozenset[str] | None) -> Pairs:
    """The pairs of a Cookie header; a name that is no parameter's is the key of an object, percent-encoded.

    `escaped` are the names of the parameters; None if no parameter of the operation has names that are escaped.
    """
    found: list[tuple[str, str]] = []
    for part in header.split(";"):
        name, _, text = part.strip().partition("=")
        if name:
            is_plain = escaped is None or name in escaped
            found.append((name if is_plain else percent_decoded(name), text.strip('"')))
    return Pairs(found)
