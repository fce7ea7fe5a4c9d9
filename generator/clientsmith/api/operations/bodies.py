"""Request bodies: which media type is sent, and whether an object's properties become keyword arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from clientsmith.api.model.api import (
    ANY,
    STR,
    Encoding,
    Example,
    Field,
    ParameterStyle,
    RequestBody,
    ScalarType,
    TypeExpr,
)
from clientsmith.api.model.expressions import renamed
from clientsmith.api.model.naming import Scope, argument_name
from clientsmith.api.operations.media import codec, concrete, preferred
from clientsmith.api.schemas.schemas import SchemaBuilder
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node

_STYLES: dict[str, ParameterStyle] = {
    "form": "form", "spaceDelimited": "spaceDelimited", "pipeDelimited": "pipeDelimited", "deepObject": "deepObject",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BodyReader:
    """Reads request bodies."""

    schemas: SchemaBuilder
    diagnostics: Diagnostics

    def read(self, operation: Node, scope: Scope) -> RequestBody | None:
        """The body of an operation, None where it has none."""
        node = operation.get("requestBody")
        if node is None:
            return None
        node = self.schemas.document.deref(node)
        content = node.get("content")
        media = preferred(content) if content is not None else None
        if content is None or media is None:
            return None
        self._note_others(content, media)
        kind = codec(media.key)
        required = node.mapping.get("required") is True
        schema = media.get("schema")
        fields = self._fields(schema, required, kind, scope)
        return RequestBody(
            media_type=concrete(media.key),
            codec=kind,
            type=self._type(schema, kind),
            required=required,
            fields=fields,
            argument=scope.claim("body", "request_body") if fields is None else None,
            encodings=self._encodings(media),
            description=node.text("description"),
            examples=examples(media, self.schemas),
        )

    def _type(self, schema: Node | None, kind: str) -> TypeExpr:
        if kind == "binary":
            return ScalarType("bytes")
        if kind == "text":
            return STR
        return ANY if schema is None else self.schemas.lower(schema, "request")

    def _fields(
        self, schema: Node | None, required: bool, kind: str, scope: Scope
    ) -> tuple[Field, ...] | None:
        """Keyword arguments, where leaving one out and leaving the body out cannot be confused."""
        if schema is None or kind not in ("json", "form", "multipart"):
            return None
        made = self.schemas.body_fields(schema, "request")
        if made is None or made.open or (not required and any(field.required for field in made.fields)):
            return None
        named: list[Field] = []
        for field in made.fields:
            name = argument_name(field.wire)
            named.append(replace(field, name=scope.claim(name, f"body_{name.rstrip('_')}")))
        return tuple(named)

    def _encodings(self, media: Node) -> tuple[Encoding, ...]:
        encoding = media.get("encoding")
        found: list[Encoding] = []
        for wire, node in encoding.items() if encoding is not None else ():
            explode = node.mapping.get("explode")
            found.append(
                Encoding(
                    wire=wire,
                    content_type=node.text("contentType") or None,
                    style=_STYLES.get(node.text("style")),
                    explode=explode if isinstance(explode, bool) else None,
                    allow_reserved=node.mapping.get("allowReserved") is True,
                )
            )
        return tuple(found)

    def _note_others(self, content: Node, chosen: Node) -> None:
        for name, node in content.items():
            if name != chosen.key:
                self.diagnostics.note(
                    "media-type-not-offered",
                    f"the client sends '{chosen.key}'; it does not offer '{name}'",
                    node.place,
                )


def examples(media: Node, schemas: SchemaBuilder) -> tuple[Example, ...]:
    """The examples of a media type object, in name order; external ones are left to the reader of the document."""
    found: list[Example] = []
    if "example" in media.mapping:
        found.append(Example("example", "", media.mapping["example"]))
    listed = media.get("examples")
    for name, node in listed.items() if listed is not None else ():
        target = schemas.document.deref(node)
        if "value" in target.mapping:
            found.append(Example(name, target.text("summary"), target.mapping["value"]))
    return tuple(found)


def finalized(body: RequestBody | None, name_of: Callable[[str], str]) -> RequestBody | None:
    """The same body with final schema names."""
    if body is None:
        return None
    fields = body.fields
    if fields is not None:
        fields = tuple(replace(field, type=renamed(field.type, name_of)) for field in fields)
    return replace(body, type=renamed(body.type, name_of), fields=fields)
