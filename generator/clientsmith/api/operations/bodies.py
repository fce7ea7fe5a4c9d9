"""Request bodies: which media type is sent, and whether an object's properties become keyword arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from clientsmith.api.base64_places import base64_places
from clientsmith.api.model.api import Encoding, Example, RequestBody
from clientsmith.api.model.expressions import renamed
from clientsmith.api.model.types import ANY, STR, Field, MapType, ScalarType, TypeExpr
from clientsmith.api.operations.parameters import note_shared_names
from clientsmith.api.operations.request_schemas import RequestSchemas
from clientsmith.api.schemas.schemas import SchemaBuilder
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.jsonschema.branches import Branches
from clientsmith.openapi import encoding
from clientsmith.openapi.encoding import Encodings, lacks_fields
from clientsmith.openapi.example import examples
from clientsmith.openapi.media_type import codec, concrete, is_json, preferred, unknown_charset
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.own_members import OwnMembers, members_of_fields, spread_fields

_NO_TEXT = ("binary", "date", "date-time")
"""Formats of strings that are values of another type in Python."""


@dataclass(frozen=True, slots=True)
class BodyReader:
    """Reads request bodies."""

    schemas: SchemaBuilder
    checks: RequestSchemas
    diagnostics: Diagnostics

    def read(self, operation: DescribedOperation) -> RequestBody | None:
        """The body of an operation, None if it has none; its arguments have the names of its properties."""
        node, contents = operation.body, operation.body_contents
        chosen = preferred(contents)
        if node is None or chosen is None:
            return None
        self._note_others(node, chosen)
        media = contents[chosen]
        note_charset(chosen, media, "takes no text for this body", self.diagnostics)
        required = node.mapping.get("required") is True
        schema = media.get("schema")
        formats = self.schemas.reader.formats(schema)
        kind = codec(chosen, formats)
        if schema is not None and kind != codec(chosen):
            self.checks.use_format(schema)
        if kind == "binary" and schema is not None and self._is_text(schema) and self._is_base64(schema):
            kind = "text"  # the media type is that of the bytes, and what travels is their text
        if schema is not None and lacks_fields(chosen, Branches(self.schemas.reader).types(schema)):
            self._note_no_fields(chosen, schema)
            schema = None
        fields = self._fields(schema, required, kind)
        encodings = Encodings(media, chosen, self.schemas.document.version)
        written = self._encodings(encodings, schema) if kind in ("form", "multipart") else ()
        sent = self._type(schema, kind)
        return RequestBody(
            media_type=concrete(chosen, formats),
            codec=kind,
            type=sent,
            required=required,
            fields=_with_sizes(fields, written),
            argument="body" if fields is None else None,
            encodings=written,
            description=node.text("description"),
            examples=media_examples(media, self.schemas),
            takes_any=sent == ANY and not is_json(chosen) and kind == "json",
            schema_key=self._key(schema, kind),
            base64=base64_places(self.checks.branches, schema) if kind != "binary" else (),
        )

    def _key(self, schema: Node | None, kind: str) -> str | None:
        """The key of what a body is checked against: not of files, nor of text that encodes another type of value."""
        if schema is None or kind == "binary" or (kind == "text" and not self._is_text(schema)):
            return None
        return self.checks.key(schema)

    def _type(self, schema: Node | None, kind: str) -> TypeExpr:
        if kind == "binary":
            return ScalarType("bytes")
        if kind == "text":
            return STR if schema is None else self._text(schema)
        if schema is None:
            return MapType(ANY) if kind in ("form", "multipart") else ANY
        if kind == "multipart":
            self.schemas.use_files(schema)
        return self.schemas.lower(schema, "request")

    def _encodings(self, stated: Encodings, schema: Node | None) -> tuple[Encoding, ...]:
        """How properties are written that the document says something about."""
        members = self._members(stated, schema)
        return tuple(_encoding(one, members.get(one.name)) for one in stated.every().values())

    def _members(self, encodings: Encodings, schema: Node | None) -> dict[str, OwnMembers]:
        """By field whose members are fields of their own."""
        branches = Branches(self.schemas.reader)
        fields = branches.properties(schema)
        spread = spread_fields(encodings, fields, branches)
        note_shared_names(branches, self.diagnostics, spread, fields)
        every = members_of_fields(encodings, fields, branches)
        return {name: every[name] for name in spread}

    def _note_no_fields(self, media_type: str, schema: Node) -> None:
        message = (
            f"'{media_type}' is made of named fields, which no value of this schema has; "
            "the client takes any object instead, whose members become the fields"
        )
        self.diagnostics.warning("body-without-fields", message, schema.place)

    def _text(self, schema: Node) -> TypeExpr:
        """Return the type of a text body; text that encodes another type of value has a format of its own."""
        return self.schemas.lower(schema, "request") if self._is_text(schema) else STR

    def _is_text(self, schema: Node) -> bool:
        shape = self.schemas.reader.shape(self.schemas.reader.parts(schema))
        return shape.kinds == frozenset({"string"}) and shape.format not in _NO_TEXT and not shape.nullable

    def _is_base64(self, schema: Node) -> bool:
        return self.schemas.reader.shape(self.schemas.reader.parts(schema)).is_base64

    def _fields(self, schema: Node | None, required: bool, kind: str) -> tuple[Field, ...] | None:
        """Return keyword arguments if omitting one cannot be confused with omitting the body."""
        if schema is None or kind not in ("json", "form", "multipart"):
            return None
        made = self.schemas.body_fields(schema, "request")
        if made is None or made.open or (not required and any(field.required for field in made.fields)):
            return None
        return made.fields

    def _note_others(self, body: Node, chosen: str) -> None:
        content = body.get("content")
        for name, node in content.items() if content is not None else ():
            if name != chosen:
                self.diagnostics.note(
                    "media-type-not-offered",
                    f"the client sends '{chosen}'; it does not offer '{name}'",
                    node.place,
                )


def _encoding(declared: encoding.Encoding, members: OwnMembers | None) -> Encoding:
    return Encoding(
        wire=declared.name,
        content_type=declared.content_type or None,
        style=declared.style,
        explode=declared.explode,
        allow_reserved=declared.allow_reserved,
        warn_above=declared.warn_above,
        members=members,
    )


def _with_sizes(fields: tuple[Field, ...] | None, encodings: Iterable[Encoding]) -> tuple[Field, ...] | None:
    """The fields, those that are warned about above a size with a note of it."""
    limits = {one.wire: one.warn_above for one in encodings if one.warn_above is not None}
    return fields and tuple(
        replace(field, description=f"{field.description} {_size_note(limits[field.wire])}".strip())
        if field.wire in limits
        else field
        for field in fields
    )


def _size_note(limit: int) -> str:
    return f"A warning is logged if it has more than {limit:,} bytes."


def note_charset(media_type: str, media: Node, result: str, diagnostics: Diagnostics) -> None:
    """Warn of a media type of text whose charset is not known."""
    charset = unknown_charset(media_type)
    if charset is not None:
        message = f"the charset {charset!r:.60} is not known: the client {result}"
        hint = "name a charset that is registered, or leave the parameter out: it is UTF-8 then"
        diagnostics.warning("unknown-charset", message, media.place, hint=hint)


def media_examples(media: Node, schemas: SchemaBuilder) -> tuple[Example, ...]:
    """The examples of a Media Type Object by name; external ones are left to the reader of the document."""
    found = sorted(examples(media, schemas.document), key=lambda one: one.key)
    return tuple(Example(one.key or "example", one.summary, one.value.value) for one in found)


def finalized(
    body: RequestBody | None, name_of: Callable[[str], str], kept: frozenset[str]
) -> RequestBody | None:
    """The same body with final schema names, and with the key of its schema if that is carried."""
    if body is None:
        return None
    fields = body.fields
    if fields is not None:
        fields = tuple(replace(field, type=renamed(field.type, name_of)) for field in fields)
    key = body.schema_key if body.schema_key in kept else None
    return replace(body, type=renamed(body.type, name_of), fields=fields, schema_key=key)
