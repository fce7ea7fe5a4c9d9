"""Compares bodies: their media types, schemas and the encodings of their parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.messages.media_types import covers, matched
from clientsmith.diff.wire.messages.parameters import RESERVED, compare_headers
from clientsmith.diff.wire.messages.report import MessageReport, has_single_items
from clientsmith.diff.wire.messages.writing import styled
from clientsmith.diff.wire.schema.members import names_of, of_name
from clientsmith.diff.wire.schema.model import KINDS, Allowed, Direction, Schema
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.diff.wire.schema.pairs import Pair, SchemaPairs
from clientsmith.document.model import Node
from clientsmith.openapi import media_type
from clientsmith.openapi.encoding import Encoding, Encodings
from clientsmith.openapi.operation import DescribedOperation

_FORMS = ("form", "multipart")
_TEXT, _JSON = "text/plain", "application/json"
TEXTS = frozenset({"string", "array", "object"})
"""The JSON types whose values may have reserved characters."""


def compare_request_bodies(report: MessageReport, old: DescribedOperation, new: DescribedOperation) -> None:
    """The body of a request: whether there is one, whether it is required, and what it is."""
    before, after = old.body_contents, new.body_contents
    required = [one is not None and one.mapping.get("required") is True for one in (old.body, new.body)]
    if old.body is None or new.body is None or not before or not after:
        if bool(before) != bool(after):
            rule = "body-added" if after else "body-removed"
            places = (
                old.node.get("requestBody") if before else None,
                new.node.get("requestBody") if after else None,
            )
            at = new.node
            report.tell(Difference(rule, *places, at, at, "body", is_severe=bool(after) and required[1]))
        return
    if required[0] != required[1]:
        places = old.body.get("required") or old.body, new.body.get("required") or new.body
        rule = "body-required" if required[1] else "body-optional"
        report.tell(Difference(rule, *places, new.body, new.body, "body"))
    compare_contents(report, (old.body, new.body), before, after)


def compare_contents(
    report: MessageReport, owners: tuple[Node, Node], old: Mapping[str, Node], new: Mapping[str, Node]
) -> None:
    """The media types of a body that both sides have: by name, else by the range that covers one."""
    pairs, gone, added = matched(old, new)
    for mine, theirs in pairs:
        compare_media(report, mine, old[mine], new[theirs])
    narrowed = [mine for mine, theirs in pairs if not covers(theirs, mine)]
    widened = [theirs for mine, theirs in pairs if not covers(mine, theirs)]
    anchor = owners[1].get("content") or owners[1]
    for name in dict.fromkeys((*gone, *narrowed)):
        place = owners[0].child("content").child(name)
        is_gone = name in gone
        report.tell(Difference("media-type-removed", place, None, place, anchor, name, is_severe=is_gone))
    for name in dict.fromkeys((*added, *widened)):
        place = owners[1].child("content").child(name)
        report.tell(Difference("media-type-added", None, place, place, anchor, name))


def compare_media(report: MessageReport, name: str, old: Node, new: Node) -> None:
    """Two Media Type Objects: the schema of the whole, that of its items, and how parts are written."""
    documents = report.collected.pairs.old.document, report.collected.pairs.new.document
    encodings = Encodings(old, name, documents[0].version), Encodings(new, name, documents[1].version)
    is_text = media_type.codec(name) == "text" or (
        media_type.codec(name) in _FORMS and not any(map(_states_types, encodings))
    )
    for keyword in ("schema", "itemSchema"):
        mine, theirs = old.get(keyword), new.get(keyword)
        if mine is None and theirs is None:
            continue
        if (
            media_type.codec(name) == "binary"
            and is_raw(report.collected.pairs.old, mine, old, report.direction)
            and is_raw(report.collected.pairs.new, theirs, new, report.direction)
        ):
            continue
        pair = report.compare([mine] if mine else [], [theirs] if theirs else [], (old, new), is_text=is_text)
        if is_xml(name):
            _compare_xml(report, pair)
        is_form = media_type.codec(name) in _FORMS or name.lower().startswith("multipart/")
        if keyword == "schema" and is_form:
            is_urlencoded = media_type.codec(name) == "form"
            _compare_encodings(report, encodings, (pair.old, pair.new), is_form=is_urlencoded)


def is_xml(name: str) -> bool:
    """Whether a body of a media type is XML."""
    return media_type.essence(name).endswith(("/xml", "+xml"))


def _compare_xml(report: MessageReport, start: Pair) -> None:
    """What `xml` objects say of elements and attributes, in all schemas of a body."""
    pairs, known = report.collected.pairs, report.collected.xml
    waiting, seen = [start.key], {start.key}
    while waiting:
        key = waiting.pop()
        pair = pairs.compared(key)
        waiting += [inner for inner in pair.inner if inner not in seen]
        seen.update(pair.inner)
        if key not in known:
            known[key] = _xml_difference(pairs, pair)
        finding = known[key]
        if finding is not None:
            report.tell(finding)


def _xml_difference(pairs: SchemaPairs, pair: Pair) -> Difference | None:
    old, new = _xml(pairs.old, pair.old), _xml(pairs.new, pair.new)
    said = [{key: one for key, one in node.mapping.items() if one is not False} for node in (old, new)]
    if said[0] == said[1]:  # false is the default of all that can be false
        return None
    return Difference("condition-changed", old, new, pair.new.place, pair.new.place, "xml")


def _xml(side: SchemaNormalizer, schema: Schema) -> Node:
    """The `xml` object of a schema, an empty one where none is stated."""
    stated = (one.get("xml") for node in schema.nodes for one in side.reader.marks(node))
    found = next((one for one in stated if one is not None), None)
    return found or Node(schema.place.document, schema.place.pointer, {})


def _states_types(encodings: Encodings) -> bool:
    """Whether some field of a form is written as a document of its own."""
    return any(one.content_type for one in encodings.every().values())


def is_raw(side: SchemaNormalizer, schema: Node | None, media: Node, direction: Direction) -> bool:
    """Whether a body is bytes as they are: those need no schema (OpenAPI 3.1.1, section 4.8.14.2)."""
    kinds = side.allowed(side.schema([schema] if schema else [], media), direction).kinds
    strings = kinds.get("string", ())
    if len(strings) != 1 or strings[0].values is not None:
        return False
    if strings[0].limits or strings[0].patterns or strings[0].conditions:
        return False
    return strings[0].encoding == "binary" if len(kinds) == 1 else len(kinds) == len(KINDS)


def _compare_encodings(
    report: MessageReport,
    encodings: tuple[Encodings, Encodings],
    schemas: tuple[Schema, Schema],
    *,
    is_form: bool,
) -> None:
    """How each part of a form is written that some side says something about; `is_form` if it is URL-encoded."""
    pairs, new = report.collected.pairs, encodings[1].media
    for name in sorted(encodings[0].every().keys() | encodings[1].every().keys()):
        stated = [side.of(name) for side in encodings]
        parts = [
            parts_of(side, schema, name, report.direction)
            for side, schema in zip((pairs.old, pairs.new), schemas, strict=True)
        ]
        reserved = [one.allow_reserved for one in stated]
        is_single = not any(reserved) and any(all(map(has_single_items, one)) for one in parts)
        ways = [
            ways_of(side, part, one, report.direction, is_form=is_form, is_single=is_single)
            for side, part, one in zip((pairs.old, pairs.new), parts, stated, strict=True)
        ]
        places = [side.place(name) for side in encodings]
        for kind in sorted(ways[0].keys() & ways[1].keys()):
            was, now = ways[0][kind], ways[1][kind]
            if was != now:
                listed = [_types_of(one) for one in stated]
                report.tell(_of_way((places[0], places[1]), new, name, (was, now), (listed[0], listed[1])))
                break
        if is_form and reserved[0] != reserved[1] and TEXTS & ways[0].keys() & ways[1].keys():
            words = RESERVED[reserved[0]], RESERVED[reserved[1]]
            report.tell(
                Difference("allow-reserved-changed", places[0], places[1], places[1], new, name, *words)
            )
        documents = pairs.old.document, pairs.new.document
        compare_headers(report, places[0], places[1], documents)


def _types_of(part: Encoding) -> frozenset[str]:
    """The media types of which who writes a part may choose one; none if it is written in a style."""
    stated = "" if part.style is not None else part.content_type
    return frozenset(one.strip().lower() for one in stated.split(",") if one.strip())


def _of_way(
    places: tuple[Node, Node],
    anchor: Node,
    name: str,
    ways: tuple[str, str],
    listed: tuple[frozenset[str], frozenset[str]],
) -> Difference:
    """A part that is written in another way; media types that a list has in addition, or no longer, are just these."""
    old, new = places
    if all(listed) and listed[0] < listed[1]:
        return Difference(
            "media-type-added", None, new, new, anchor, ", ".join(sorted(listed[1] - listed[0]))
        )
    if all(listed) and listed[1] < listed[0]:
        gone = ", ".join(sorted(listed[0] - listed[1]))
        return Difference("media-type-removed", old, None, old, new, gone, is_severe=True)
    return Difference("encoding-changed", old, new, new, anchor, name, *ways)


def parts_of(side: SchemaNormalizer, schema: Schema, name: str, direction: Direction) -> list[Allowed]:
    """What a part of a form may be, by each member of a union that has it; nothing if the schema does not have it."""
    members = (one.members for one in side.allowed(schema, direction).kinds.get("object", ()))
    named = (of_name(one, name) for one in members if one is not None and name in names_of(one))
    return [side.allowed(side.schema(nodes, schema.place), direction) for nodes in named]


def ways_of(
    side: SchemaNormalizer,
    parts: Iterable[Allowed],
    encoding: Encoding,
    direction: Direction,
    *,
    is_form: bool,
    is_single: bool = False,
) -> dict[str, str]:
    """By JSON type of a part how it is written. An array that `is_single` has no second item."""
    ways: dict[str, str] = {}
    for allowed in parts:
        for kind in allowed.kinds:
            way = _way(side, allowed, encoding, kind, direction, is_single=is_single)
            is_bare = way == _TEXT and kind != "object"
            is_bare = is_bare or (
                way == _JSON and kind in ("number", "boolean")
            )  # JSON writes them as text does
            if is_form and is_bare:
                way = styled("form", encoding.name, kind, is_exploded=True, is_single=is_single)
            ways[kind] = way
    return ways


def _way(
    side: SchemaNormalizer,
    allowed: Allowed,
    encoding: Encoding,
    kind: str,
    direction: Direction,
    *,
    is_single: bool,
) -> str:
    if encoding.style is not None:
        is_exploded = encoding.is_exploded
        return styled(encoding.style, encoding.name, kind, is_exploded=is_exploded, is_single=is_single)
    if encoding.content_type:
        return ", ".join(sorted(one.strip().lower() for one in encoding.content_type.split(",")))
    if kind == "array":
        return _default_of_items(side, allowed, direction)
    if kind == "object":
        return _JSON
    is_binary = any(one.encoding == "binary" for one in allowed.kinds.get("string", ()))
    return "application/octet-stream" if kind == "string" and is_binary else _TEXT


def _default_of_items(side: SchemaNormalizer, allowed: Allowed, direction: Direction) -> str:
    """The default of an array is that of its items (OpenAPI 3.1.1, section 4.8.15)."""
    rows = [node for one in allowed.kinds["array"] for row in one.rows if (node := row.others) is not None]
    items = side.allowed(side.schema(rows, allowed.schema.place), direction)
    return _JSON if "object" in items.kinds and len(items.kinds) == 1 else _TEXT
