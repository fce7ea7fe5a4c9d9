"""Request and response bodies read into values: JSON, forms with JSON in their fields, multipart, text, bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.json_values import codec
from clientsmith.json_values.codec import JsonError, Value
from clientsmith.openapi import charsets, media_type
from clientsmith.openapi.encoding import Encoding, Encodings
from clientsmith.openapi.own_members import OwnMembers, members_of_fields
from clientsmith.traffic.message_budget import Budget
from clientsmith.traffic.pairs import Pairs
from clientsmith.traffic.styles import Decode, StyleDecoder, form_decoded, query_pairs, unchanged

NO_BOUNDARY = "the Content-Type names no boundary"
_BOUNDARY = re.compile(r"[^\r\n]{1,200}")
_NAME = re.compile(r';\s*+name="((?:[^"\\]++|\\.)*+)"|;\s*+name=([^;\s]++)')
_LONGEST_HEAD = 16 * 1024
_FILE_NAME = re.compile(r";\s*+filename\*?=")


class BodyError(ValueError):
    """A body is not what its media type says."""


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One part of a multipart body."""

    name: str
    content: bytes
    content_type: str | None
    is_file: bool

    @property
    def may_be_json(self) -> bool:
        """Whether the content is read as JSON if it looks like it."""
        stated = self.content_type or ""
        return media_type.is_json(stated) or not (self.is_file or stated)


class BodyDecoder:
    """Reads bodies by the Media Type Objects that declare them."""

    def __init__(self, texts: StyleDecoder, version: tuple[int, int]) -> None:
        self._texts = texts
        self._version = version
        self._members: dict[Identity, dict[str, OwnMembers]] = {}

    def read(self, media: Node, content_type: str, body: bytes, budget: Budget) -> Value:
        """The value of a body; raises BodyError, and BudgetError for one with more in it than `budget` allows.

        Bytes stand for what only the application understands.
        """
        essence = media_type.essence(content_type)
        if media_type.is_json(essence):
            budget.check_json(body)
            return _json(body)
        schema = media.get("schema")
        encodings = Encodings(media, content_type, self._version)
        if essence == media_type.FORM:
            budget.check_form(body, _delimiters(encodings))
            return self._form(encodings, schema, body, budget)
        if essence == "multipart/form-data":
            found = parts(content_type, body, budget)
            budget.check_json(b",".join(part.content for part in found if part.may_be_json))
            return self._multipart(encodings, schema, found, budget)
        if essence.startswith("text/") or essence.endswith(("/xml", "+xml")):
            return _text(body, media_type.parameter(content_type, "charset"))
        return body

    def _form(self, encodings: Encodings, schema: Node | None, body: bytes, budget: Budget) -> Value:
        try:
            pairs = query_pairs(body.decode("ascii"))
        except UnicodeDecodeError:
            raise BodyError("this is not a form: it holds bytes that are not percent-encoded") from None
        properties = self._texts.branches.properties(schema)
        for name in properties:
            for text in pairs.of(name):
                budget.check_json(form_decoded(text).encode("utf-8", "surrogatepass"))
        fields: dict[str, Value] = {}
        taken: set[str] = set()
        members = self._members_of(encodings, properties)
        for name, own in properties.items():
            found = self._field(encodings.of(name), pairs, own, members[name])
            if found is not None:
                fields[name] = found[0]
                taken |= found[1]
        for name in pairs.names:
            if name in taken:
                continue
            inner = self._texts.branches.property(schema, name)
            values = [self._texts.scalar(form_decoded(text), inner) for text in pairs.of(name)]
            fields[name] = values[0] if len(values) == 1 else values
        return fields

    def _members_of(self, encodings: Encodings, properties: dict[str, Node]) -> dict[str, OwnMembers]:
        media = encodings.media.identity
        if media not in self._members:
            self._members[media] = members_of_fields(encodings, properties, self._texts.branches)
        return self._members[media]

    def _field(
        self,
        declared: Encoding,
        pairs: Pairs,
        schema: Node,
        own_members: OwnMembers,
        decode: Decode = form_decoded,
    ) -> tuple[Value, frozenset[str]] | None:
        """One field as its encoding says: by its style if it has one, else by content type, else by its kind."""
        name = declared.name
        if declared.style is not None:
            is_exploded = declared.is_exploded
            return self._texts.form(name, pairs, schema, declared.style, is_exploded, own_members, decode)
        own = [decode(text) for text in pairs.of(name)]
        if declared.is_json:
            read = [_json(text.encode()) for text in own]
            return (read[0] if len(read) == 1 else read, frozenset([name])) if read else None
        kinds = self._texts.branches.types(schema)
        if own and kinds & {"object", "array"}:
            candidates = _whole(own, kinds)
            if candidates:
                return self._texts.valid_one(candidates, schema), frozenset([name])
        return self._texts.form(name, pairs, schema, "form", True, own_members, decode)

    def _multipart(
        self, encodings: Encodings, schema: Node | None, found: list[BodyPart], budget: Budget
    ) -> Value:
        fields, taken = self._styled_parts(encodings, schema, found, budget)
        by_name: dict[str, list[BodyPart]] = {}
        for part in found:
            if part.name not in taken:
                by_name.setdefault(part.name, []).append(part)
        for name, same in by_name.items():
            own = self._texts.branches.property(schema, name)
            is_array = "array" in self._texts.branches.types(own)
            one = self._texts.branches.items(own) if is_array else own
            values = [self._part(part, one, own if is_array else None) for part in same]
            if not is_array:
                fields[name] = values[0] if len(values) == 1 else values
                continue
            # A part is an item, or all items of an array as JSON if it can be no item.
            whole = [value for value in values if isinstance(value, list)] if len(values) == 1 else []
            is_json = bool(whole) and encodings.of(name).is_json
            fields[name] = whole[0] if is_json else self._texts.valid_one([values, *whole], own)
        return fields

    def _styled_parts(
        self, encodings: Encodings, schema: Node | None, found: list[BodyPart], budget: Budget
    ) -> tuple[dict[str, Value], set[str]]:
        """The properties whose encoding has a style, files apart, and the names of their parts."""
        fields, taken = dict[str, Value](), set[str]()
        styled = [one for one in encodings.every().values() if one.style is not None]
        if not styled:
            return fields, taken
        texts = [(part.name, part.content) for part in found if not part.is_file]
        budget.check_items(b",".join(content for _, content in texts), _delimiters(encodings))
        pairs = Pairs((name, content.decode("utf-8", "replace")) for name, content in texts)
        properties = self._texts.branches.properties(schema)
        members = self._members_of(encodings, properties)
        for one in styled:
            own = properties.get(one.name)
            read = None if own is None else self._field(one, pairs, own, members[one.name], unchanged)
            if read is not None:
                fields[one.name] = read[0]
                taken |= read[1]
        return fields, taken

    def _part(self, part: BodyPart, schema: Node | None, array: Node | None) -> Value:
        stated = part.content_type or ""
        kinds = self._texts.branches.types(schema)
        if media_type.is_json(stated) or (not part.is_file and not stated and kinds & {"object"}):
            return _json(part.content)
        if part.is_file:
            return part.content
        try:
            text = part.content.decode()
        except UnicodeDecodeError:
            return part.content
        if array is not None and text.startswith("["):
            try:
                return self._texts.valid_one([codec.read(text), self._texts.scalar(text, schema)], array)
            except JsonError:
                pass
        return self._texts.scalar(text, schema)


def _whole(own: list[str], kinds: frozenset[str]) -> list[Value]:
    """JSON text in fields without a declared encoding: an object, or an array as one field or as several."""
    read: list[Value] = []
    for text in own:
        if not text.lstrip().startswith(("{", "[")):
            return []
        try:
            read.append(codec.read(text))
        except JsonError:
            return []
    if "array" in kinds:
        return [read[0], read] if len(read) == 1 else [read]
    return read[:1]


_BY_STYLE = {"spaceDelimited": (b"+", b"%20", b" "), "pipeDelimited": (b"|", b"%7c")}


def _delimiters(encodings: Encodings) -> list[bytes]:
    """What may separate items in a form beside commas, encoded in lower case."""
    styles = {one.style or "" for one in encodings.every().values()}
    return [delimiter for style in sorted(styles) for delimiter in _BY_STYLE.get(style, ())]


def _json(body: bytes) -> Value:
    try:
        return codec.read(body)
    except JsonError as error:
        raise BodyError(str(error)) from None


def _text(body: bytes, charset: str | None) -> str:
    try:
        return charsets.decoded(body, charset)
    except ValueError as error:
        raise BodyError(str(error)) from None


def parts(content_type: str, body: bytes, budget: Budget) -> list[BodyPart]:
    """The parts of a multipart body (RFC 2046 section 5.1, RFC 7578); raises BodyError and BudgetError."""
    boundary = media_type.boundary(content_type)
    if boundary is None or not _BOUNDARY.fullmatch(boundary):
        raise BodyError(NO_BOUNDARY)
    try:
        delimiter = b"--" + boundary.encode("latin-1")
    except UnicodeEncodeError:
        raise BodyError("the boundary is no text of a header") from None
    whole = b"\r\n" + body
    budget.check_fields(whole.count(b"\r\n" + delimiter) - 1)
    pieces = whole.split(b"\r\n" + delimiter)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise BodyError("the last boundary is missing")
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> BodyPart:
    head, separator, content = piece.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise BodyError("a part has no end of its headers")
    if len(head) > _LONGEST_HEAD:
        raise BodyError(f"the headers of a part have more than {_LONGEST_HEAD} bytes")
    headers: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    disposition = headers.get("content-disposition", "")
    found = _NAME.search(disposition)
    if found is None:
        raise BodyError("a part has no name")
    shown = found[2] if found[1] is None else found[1].replace("\\", "")
    shown = shown.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
    return BodyPart(shown, content, headers.get("content-type"), _FILE_NAME.search(disposition) is not None)
