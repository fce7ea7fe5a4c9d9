"""Responses: what each declared status decodes to, and what a call therefore returns."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clientsmith.api.model.api import Response, ResponseMedia
from clientsmith.api.model.expressions import union
from clientsmith.api.model.types import ANY, STR, ScalarType, TypeExpr
from clientsmith.api.operations.bodies import media_examples, note_charset
from clientsmith.api.operations.response_schemas import ResponseSchemas
from clientsmith.api.schemas.schemas import SchemaBuilder
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.extensions import NOT_PROCESSED, PARTIAL_SUCCESS
from clientsmith.document.model import Node
from clientsmith.document.noted_values import read_notification
from clientsmith.openapi.media_type import codec, essence, preferred
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.response import ResponseDeclaration

BYTES, JSON_VALUE = ScalarType("bytes"), ScalarType("JsonValue")
_SEE_OTHER = frozenset({"303", "3XX"})
_REDIRECTS = frozenset({"300", "301", "302", "307", "308"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a successful call gives back: the union of all bodies, and whether there may be none."""

    result: TypeExpr | None
    may_not_modify: bool
    may_be_empty: bool
    may_redirect: bool = False


@dataclass(frozen=True, slots=True)
class ResponseReader:
    """Reads the responses of one operation."""

    schemas: SchemaBuilder
    checks: ResponseSchemas
    diagnostics: Diagnostics

    def read(self, operation: DescribedOperation) -> tuple[Response, ...]:
        """Every declared response, exact statuses first, then ranges, then the default."""
        names_success = any(key.startswith("2") for key in operation.responses)
        found = (
            self._response(
                one, succeeds=one.key.startswith("2") or (one.key == "default" and not names_success)
            )
            for one in operation.responses.values()
        )
        return tuple(sorted(found, key=lambda response: (_rank(response.status), response.status)))

    def _response(self, declared: ResponseDeclaration, *, succeeds: bool) -> Response:
        node = declared.node
        by_name = sorted(declared.contents.items())
        return Response(
            status=declared.key,
            description=node.text("description"),
            media=self._media(declared, succeeds=succeeds) if declared.key != "304" else (),
            not_processed=node.mapping.get(NOT_PROCESSED) is True,
            examples=tuple(one for _, media in by_name for one in media_examples(media, self.schemas)),
            notification=_notification(node),
        )

    def _media(self, declared: ResponseDeclaration, *, succeeds: bool) -> tuple[ResponseMedia, ...]:
        """The media types that the client asks for: all JSON ones, else the one it prefers.

        Of a success the others are there too, as text or bytes, unless the answer says what became of each item.
        """
        contents = declared.contents
        chosen = preferred(contents)
        if chosen is None:
            return ()
        kept = [chosen]
        if codec(chosen) == "json":
            kept += [name for name in sorted(contents) if codec(name) == "json" and name != chosen]
        others = [name for name in sorted(contents) if name not in kept]
        is_kept = succeeds and PARTIAL_SUCCESS not in declared.node.mapping
        kept_as = ", which is returned as text or bytes" if is_kept else ""
        for name in others:
            self.diagnostics.note(
                "media-type-not-requested",
                f"the client asks for '{chosen}' on {declared.key} and does not request '{name}'{kept_as}",
                declared.node.child("content").child(name).place,
            )
        decoded: dict[str, ResponseMedia] = {}
        for media in (self._decoded(name, contents[name]) for name in kept):
            known = decoded.get(media.media_type)
            # Media types that differ in parameters alone are one to a server that leaves these out.
            decoded[media.media_type] = media if known is None else self._either(known, media)
        if is_kept:
            for name in others:
                decoded.setdefault(essence(name), self._unasked(name))
        return tuple(decoded.values())

    def _unasked(self, name: str) -> ResponseMedia:
        """A media type that the service may choose by itself, as text or bytes."""
        if codec(name) == "text":
            return ResponseMedia(essence(name), "text", STR, requested=False)
        return ResponseMedia(essence(name), "binary", BYTES, requested=False)

    def _either(self, first: ResponseMedia, second: ResponseMedia) -> ResponseMedia:
        key = self.checks.either(first.schema_key, second.schema_key)
        return replace(first, type=union([first.type, second.type]), schema_key=key)

    def _decoded(self, name: str, media: Node) -> ResponseMedia:
        schema = media.get("schema")
        kind = codec(name, self.schemas.reader.formats(schema))
        if schema is not None and kind != codec(name):
            self.checks.use_format(schema)
        if kind == "json":
            key = None if schema is None else self.checks.key(schema)
            return ResponseMedia(essence(name), "json", self._lowered(schema), key)
        note_charset(name, media, "cannot read an answer in it", self.diagnostics)
        if kind == "text":
            return ResponseMedia(essence(name), "text", STR)
        return ResponseMedia(essence(name), "binary", BYTES)

    def _lowered(self, schema: Node | None) -> TypeExpr:
        return ANY if schema is None else self.schemas.lower(schema, "response")


def outcome(responses: tuple[Response, ...], method: str, *, bills: bool = False) -> Outcome:
    """What the success responses come to; `default` counts if no 2xx status is declared.

    Then any 2xx is a result, with any content, and so is a described redirect, unless the call bills. A response that
    can succeed in part has a result of its own, which is not part of the union.
    """
    success = [response for response in responses if response.status.startswith("2")]
    takes_any = not success and not bills
    success = success or [response for response in responses if response.status == "default"]
    bodies = (
        [(response, media) for response in success for media in response.media] if method != "HEAD" else []
    )
    types = [media.type for response, media in bodies if response.partial is None]
    types += [BYTES, JSON_VALUE] if takes_any and method != "HEAD" else []
    return Outcome(
        result=union(types) if types else None,
        may_not_modify=any(response.status == "304" for response in responses),
        may_be_empty=takes_any or not bodies or any(not response.media for response in success),
        may_redirect=takes_any and any(is_redirect_result(response.status, method) for response in responses),
    )


def is_redirect_result(status: str, method: str) -> bool:
    """Whether a described redirect is a result of a call without a described success: 303, or any of GET and HEAD."""
    return status in _SEE_OTHER or (method in ("GET", "HEAD") and status in _REDIRECTS)


def without_bodies(responses: tuple[Response, ...]) -> tuple[Response, ...]:
    """The responses to HEAD: the same statuses, and never a body (RFC 9110, section 9.3.2)."""
    return tuple(replace(response, media=()) for response in responses)


def _notification(node: Node) -> str:
    found = read_notification(node)
    if found is None:
        return ""
    readable = f", readable for {found.days} days" if found.days is not None else ""
    where = f": {found.url}" if found.url else "."
    return f"Raises a notification in {found.service}, level {found.level}{readable}{where}"


def _rank(status: str) -> int:
    return 2 if status == "default" else 1 if status.endswith("XX") else 0
