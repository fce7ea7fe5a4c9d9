"""Requests and responses held against the document: what is in them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from clientsmith.document.model import Node
from clientsmith.document.operations import FoundOperation
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.validation.violations import Violation
from clientsmith.json_values.codec import JsonError, Value, equality_key
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.dialect import Direction
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.validators import Schemas
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.encoding import lacks_fields
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.response import headers
from clientsmith.openapi.routing import NoMethod, OperationIndex, normalized, split_target
from clientsmith.traffic import message_budget
from clientsmith.traffic.body_decoder import NO_BOUNDARY, BodyDecoder, BodyError
from clientsmith.traffic.credentials import are_good
from clientsmith.traffic.message import Finding, HttpRequest, HttpResponse
from clientsmith.traffic.parameters import ParameterDecoder, Parameters, findings, header_value
from clientsmith.traffic.styles import StyleDecoder, query_pairs

_MAX_UNKNOWN = 20
Refusal = Literal["path", "method", "credentials", "parameters", "media-type", "size", "body", "schema"]
"""Why a request cannot be answered, in the order in which the reasons count."""


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """What a request says by the document, and the first reason to refuse it, if any.

    `key` is equal for requests that ask for the same; `raw_key` for those that are alike byte by byte.
    """

    operation: DescribedOperation | None
    refusal: Refusal | None = None
    findings: tuple[Finding, ...] = ()
    allowed: tuple[str, ...] = ()
    key: Hashable = None
    raw_key: Hashable = None
    parameters: Parameters = field(default_factory=Parameters)
    body: Value = None


class MessageChecker:
    """Checks messages against one document; what it works out about an operation is kept."""

    def __init__(
        self,
        resolved: ResolvedDocument,
        base_path: str | None = None,
        credentials: Iterable[str] = (),
        left_out: Collection[str] = (),
    ) -> None:
        self.resolved = resolved
        self._accepted = frozenset(credentials)
        self.index = OperationIndex(resolved, base_path, left_out)
        self.schemas = Schemas(resolved)
        self.reader = SchemaReader(resolved)
        self.branches = Branches(self.reader)
        self.texts = StyleDecoder(self.schemas, self.branches)
        self._bodies = BodyDecoder(self.texts, resolved.version)
        self._described: dict[int, DescribedOperation] = {}
        self._decoders: dict[int, ParameterDecoder] = {}

    def described(self, found: FoundOperation) -> DescribedOperation:
        """What the document declares about an operation."""
        known = self._described.get(id(found))
        if known is None:
            # The first one stays, whichever thread made it: others are known by the id of this object.
            known = self._described.setdefault(id(found), DescribedOperation(found, self.resolved))
        return known

    @property
    def operations(self) -> list[DescribedOperation]:
        """Every operation, by path and method."""
        return [self.described(found) for found in self.index.found]

    def check_request(self, request: HttpRequest, *, demand_credentials: bool = True) -> CheckedRequest:
        """What a request says and the first reason to refuse it; findings about parameters and body alike."""
        found = self.index.match(request.method, request.target)
        if found is None:
            return CheckedRequest(None, "path")
        if isinstance(found, NoMethod):
            return CheckedRequest(None, "method", allowed=found.allowed)
        operation = self.described(found.operation)
        path, query = split_target(request.target)
        pairs = query_pairs(query)
        raw_key = ("raw", operation.id, normalized(path), tuple(sorted(pairs)), request.body)
        if demand_credentials and not are_good(operation.security, request, pairs, self._accepted):
            return CheckedRequest(operation, "credentials", raw_key=raw_key)
        decoder = self._decoders.get(id(operation))
        if decoder is None:
            decoder = self._decoders[id(operation)] = ParameterDecoder(operation, self.texts, self.schemas)
        parameters = decoder.decode(request, found.path_texts, pairs)
        body, wrong, reason = self._read_body(operation, request)
        refusal: Refusal | None = "parameters" if parameters.findings else reason
        unknown = _unknown(parameters.undeclared)
        key = _key(operation, parameters, body) if refusal is None else None
        told = (*parameters.findings, *wrong, *unknown)
        return CheckedRequest(operation, refusal, told, (), key, raw_key, parameters, body)

    def lacks_credentials(self, request: HttpRequest) -> bool:
        """Whether a request is about an operation and does not carry what the document demands for it."""
        found = self.index.match(request.method, request.target)
        if found is None or isinstance(found, NoMethod):
            return False
        pairs = query_pairs(split_target(request.target)[1])
        return not are_good(self.described(found.operation).security, request, pairs, self._accepted)

    def _read_body(
        self, operation: DescribedOperation, request: HttpRequest
    ) -> tuple[Value, list[Finding], Refusal | None]:
        contents = operation.body_contents
        if not contents:
            said = "the operation takes no request body"
            return None, [Finding("undeclared-body", "body", "", said)] if request.body else [], None
        content_type = request.header("content-type")
        if not request.body and content_type is None:
            content_type = _of_nothing(operation, request)
        if not request.body and not _may_be_empty(content_type):
            if operation.body is not None and operation.body.mapping.get("required") is True:
                return None, [Finding("missing-body", "body", "", "it is required")], "body"
            return None, [], None
        media_type = media_types.best(contents, content_type or "")
        if media_type is None or content_type is None:
            said = f"its media type is {content_type!r:.80}" if content_type else "it has no Content-Type"
            expected = f"{said}; the operation takes {', '.join(contents)}"
            return None, [Finding("undeclared-media-type", "body", "", expected)], "media-type"
        media = contents[media_type]
        try:
            value = self._bodies.read(media, content_type, request.body, message_budget.REQUEST)
        except message_budget.BudgetError as error:
            return None, [Finding("too-large", "body", "", str(error))], "size"
        except BodyError as error:
            return None, [Finding("malformed-body", "body", "", str(error))], "body"
        wrong = self._violations(media, value, "request", content_type)
        return value, findings(wrong, "body", "invalid-body"), "schema" if wrong else None

    def _violations(
        self, media: Node, value: Value, direction: Direction, content_type: str
    ) -> list[Violation]:
        schema = media.get("schema")
        if schema is None or isinstance(value, bytes):
            return []
        if lacks_fields(content_type, self.branches.types(schema)):
            return []
        if (
            isinstance(value, str)
            and "string" not in self.branches.types(schema)
            and not media_types.is_json(content_type)
        ):
            return []  # Text in a format of its own, such as XML or CSV.
        return self.schemas.check(schema, _without_bytes(value), direction)

    def check_response(self, operation: DescribedOperation, response: HttpResponse) -> list[Finding]:
        """How a response breaks what the document declares about the operation."""
        declaration = operation.response(response.status)
        if declaration is None:
            said = f"{response.status} is not declared for {operation.id}"
            return [Finding("undeclared-status", "status", "", said)]
        found = self._check_headers(declaration.node, response)
        has_body = operation.method != "HEAD" and response.status not in (204, 304) and response.status >= 200
        if not has_body or not declaration.contents:
            if response.body:
                found.append(Finding("undeclared-body", "body", "", "the document declares no body here"))
            return found
        content_type = response.header("content-type")
        media_type = media_types.best(declaration.contents, content_type) if content_type else None
        if content_type is None or media_type is None:
            said = (
                f"the media type {content_type!r:.80} is not declared"
                if content_type
                else "there is no Content-Type"
            )
            expected = f"{said}; declared: {', '.join(declaration.contents)}"
            return [*found, Finding("undeclared-media-type", "body", "", expected)]
        if media_types.lacks_boundary(content_type):
            return [*found, Finding("malformed-body", "body", "", NO_BOUNDARY)]
        media = declaration.contents[media_type]
        try:
            value = self._bodies.read(media, content_type, response.body, message_budget.RESPONSE)
        except message_budget.BudgetError as error:
            return [*found, Finding("too-large", "body", "", str(error))]
        except BodyError as error:
            return [*found, Finding("malformed-body", "body", "", str(error))]
        return found + findings(
            self._violations(media, value, "response", content_type), "body", "invalid-body"
        )

    def _check_headers(self, declaration: Node, response: HttpResponse) -> list[Finding]:
        found: list[Finding] = []
        for name, header in headers(declaration, self.resolved).items():
            text = response.header(name)
            if text is None:
                if header.required:
                    found.append(Finding("missing-header", f"header '{name}'", "", "it is required"))
                continue
            value = header_value(self.texts, header, text)
            if isinstance(value, JsonError):
                found.append(Finding("invalid-header", f"header '{name}'", "", str(value)))
            elif header.schema is not None:
                wrong = self.schemas.check(header.schema, value, "response")
                found += findings(wrong, f"header '{name}'", "invalid-header")
        return found


def _unknown(pairs: Sequence[tuple[str, str]]) -> list[Finding]:
    """A finding for each query parameter that the document does not know; the last one counts those left out."""
    said = "the document does not know it"
    found = [
        Finding("undeclared-parameter", f"query parameter '{name:.200}'", "", said)
        for name, _ in pairs[:_MAX_UNKNOWN]
    ]
    more = len(pairs) - len(found)
    if more:
        found.append(
            Finding("undeclared-parameter", "query", "", f"{more} more parameters that it does not know")
        )
    return found


def _may_be_empty(content_type: str | None) -> bool:
    """Whether no bytes can be a body of that media type: a form without fields, a text, a file."""
    return content_type is not None and media_types.codec(content_type) in ("form", "text", "binary")


def _of_nothing(operation: DescribedOperation, request: HttpRequest) -> str | None:
    """The media type of a required body of length 0 whose sender does not name one: the first that may be empty.

    A length, even of 0, announces a body (RFC 9112 section 6).
    """
    is_required = operation.body is not None and operation.body.mapping.get("required") is True
    if not is_required or not any(map(request.header, ("content-length", "transfer-encoding"))):
        return None
    return next((media_types.concrete(one) for one in operation.body_contents if _may_be_empty(one)), None)


def _key(operation: DescribedOperation, parameters: Parameters, body: Value) -> Hashable:
    query = [("=", name, equality_key(value)) for name, value in parameters.query.items()]
    extra = [("+", name, text) for name, text in parameters.undeclared]
    path = tuple(equality_key(value) for value in parameters.path.values())
    canonical = None if body == {} and isinstance(body, dict) else equality_key(body)
    return operation.id, path, tuple(sorted(query, key=lambda item: item[1])), tuple(sorted(extra)), canonical


def _without_bytes(value: Value) -> Value:
    """Bytes as text, which is what schemas call them."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, dict):
        return {key: _without_bytes(item) for key, item in value.items()}
    return [_without_bytes(item) for item in value] if isinstance(value, list) else value
