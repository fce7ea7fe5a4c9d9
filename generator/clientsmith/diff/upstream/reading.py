"""What the wire level reads of the operations of one document, in a form that no spelling of the same changes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from clientsmith.diff.upstream.canonical import StableMeanings
from clientsmith.diff.wire.messages.bodies import TEXTS, is_raw, is_xml, parts_of, ways_of
from clientsmith.diff.wire.messages.identity import addresses, addresses_of
from clientsmith.diff.wire.messages.media_types import media_key
from clientsmith.diff.wire.messages.operations import callbacks_of
from clientsmith.diff.wire.messages.parameters import keyed
from clientsmith.diff.wire.messages.report import has_single_items
from clientsmith.diff.wire.messages.security import sent_of, sufficient, token_addresses
from clientsmith.diff.wire.messages.writing import written
from clientsmith.diff.wire.schema.annotations import said_beside
from clientsmith.diff.wire.schema.meaning import DEEP
from clientsmith.diff.wire.schema.members import names_of
from clientsmith.diff.wire.schema.model import Direction
from clientsmith.diff.wire.schema.normal import SchemaNormalizer
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.openapi import media_type
from clientsmith.openapi.encoding import Encodings
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Parameter
from clientsmith.openapi.response import headers
from clientsmith.openapi.security import read_scheme
from clientsmith.openapi.server import servers

_FORMS = ("form", "multipart")


class WireReading:
    """Answers what one document says at its places. `is_whole` if what is inside an object counts too."""

    def __init__(self, document: ResolvedDocument) -> None:
        self.document = document
        self._side = SchemaNormalizer(document)
        self._meanings = {form: StableMeanings(is_xml=form) for form in (False, True)}
        self._open: set[Identity] = set()

    def schema(
        self,
        nodes: Iterable[Node | None],
        place: Node,
        direction: Direction,
        *,
        is_whole: bool,
        is_xml: bool = False,
    ) -> Hashable:
        """What values a place allows; without `is_whole`, members and items are only distinguished by name."""
        schema = self._side.schema([one for one in nodes if one is not None], place)
        return self._meanings[is_xml].of(self._side, schema, direction, DEEP if is_whole else 1)

    def parameter(
        self, one: Parameter, place: Node, direction: Direction, *, is_whole: bool = True
    ) -> Hashable:
        """A parameter or header: how its values are written, and which there are."""
        node = one.node or place
        schema = self._side.schema([one.schema] if one.schema else [], node)
        allowed = self._side.allowed(schema, direction)
        kinds, is_single = allowed.kinds, has_single_items(allowed) and not one.allow_reserved
        return (
            one.location,
            one.required,
            one.location == "query" and (one.allow_empty, one.allow_reserved and not TEXTS.isdisjoint(kinds)),
            frozenset((kind, written(one, kind, is_single=is_single)) for kind in kinds),
            said_beside([node]),
            self.schema([one.schema], node, direction, is_whole=True) if is_whole else None,
        )

    def media(self, name: str, node: Node, direction: Direction, *, is_whole: bool = True) -> Hashable:
        """A Media Type Object: the schemas, and how the parts of a form are written."""
        whole, item = node.get("schema"), node.get("itemSchema")
        if media_type.codec(name) == "binary" and is_raw(self._side, whole, node, direction):
            return "bytes"
        schemas = tuple(
            self.schema([one], node, direction, is_whole=True, is_xml=is_xml(name))
            if one and is_whole
            else None
            for one in (whole, item)
        )
        return schemas, self._parts(name, node, direction)

    def _parts(self, name: str, media: Node, direction: Direction) -> Hashable:
        if media_type.codec(name) not in _FORMS and not name.lower().startswith("multipart/"):
            return None
        stated = media.get("schema")
        schema = self._side.schema([stated] if stated else [], media)
        objects = self._side.allowed(schema, direction).kinds.get("object", ())
        names = {one for found in objects if found.members is not None for one in names_of(found.members)}
        is_form = media_type.codec(name) == "form"
        encodings, parts = Encodings(media, name, self.document.version), list[Hashable]()
        for part in names:
            one, allowed = encodings.of(part), parts_of(self._side, schema, part, direction)
            is_single = all(map(has_single_items, allowed)) and not one.allow_reserved
            ways = ways_of(self._side, allowed, one, direction, is_form=is_form, is_single=is_single)
            is_reserved = is_form and one.allow_reserved and not TEXTS.isdisjoint(ways)
            place = encodings.place(part)
            inner = self.headers(place, direction) if place is not media else frozenset[Hashable]()
            parts.append((part, frozenset(ways.items()), is_reserved, inner))
        return frozenset(parts)

    def contents(self, listed: Mapping[str, Node], direction: Direction, *, is_whole: bool) -> Hashable:
        """The media types of a body."""
        if not is_whole:
            return frozenset(map(media_key, listed))
        return frozenset(
            (media_key(name), self.media(name, node, direction)) for name, node in listed.items()
        )

    def body(
        self, node: Node, listed: Mapping[str, Node], direction: Direction, *, is_whole: bool
    ) -> Hashable:
        """A request body; one without a media type is none."""
        is_required = node.mapping.get("required") is True
        return (is_required, self.contents(listed, direction, is_whole=is_whole)) if listed else None

    def headers(self, owner: Node, direction: Direction, *, is_whole: bool = True) -> frozenset[Hashable]:
        """The headers of a response or of a part of a body."""
        return frozenset(
            (name.lower(), self.parameter(one, owner, direction) if is_whole else None)
            for name, one in headers(owner, self.document).items()
        )

    def response(
        self, node: Node, listed: Mapping[str, Node], direction: Direction, *, is_whole: bool
    ) -> Hashable:
        """Headers and body."""
        found = self.headers(node, direction, is_whole=is_whole)
        return found, self.contents(listed, direction, is_whole=is_whole)

    def security(self, owner: Node) -> Hashable:
        """The sets of credentials that suffice for an operation, or for those that say nothing of their own."""
        return frozenset(
            (frozenset(one.sent.items()), frozenset(self.scheme(scheme.node) for scheme in one.schemes))
            for one in sufficient(owner, self.document)
        )

    def scheme(self, node: Node) -> Hashable:
        """What a credential is, and where tokens come from."""
        found = frozenset((name, str(one.value)) for name, one in token_addresses(node))
        return sent_of(read_scheme(node.key, node)), found

    def servers(self, owner: Node) -> Hashable:
        """The addresses that an owner lists."""
        return _with_usual(addresses_of(servers(owner), ""))

    def operation(self, one: DescribedOperation, *, is_turned: bool = False) -> Hashable:
        """Everything of an operation; of a webhook or callback (`is_turned`), of which the server is the caller."""
        if one.node.identity in self._open:
            return "a callback of itself"
        self._open.add(one.node.identity)
        sent: Direction = "response" if is_turned else "request"
        received: Direction = "request" if is_turned else "response"
        parameters = (
            (key, self.parameter(parameter, one.node, sent)) for key, parameter in keyed(one).items()
        )
        responses = (
            (key, self.response(found.node, found.contents, received, is_whole=True))
            for key, found in one.responses.items()
        )
        callbacks = (
            (key, self.operation(inner, is_turned=not is_turned)) for key, inner in callbacks_of(one).items()
        )
        found = (
            frozenset(parameters),
            None if one.body is None else self.body(one.body, one.body_contents, sent, is_whole=True),
            frozenset(responses),
            frozenset(callbacks),
            said_beside([one.node]),
            None if is_turned else (self.security(one.node), _with_usual(addresses(one))),
        )
        self._open.discard(one.node.identity)
        return found


def _with_usual(addresses: Iterable[str]) -> Hashable:
    """Addresses in any order; of several with the first one, which clients use by default."""
    found = list(addresses)
    return (found[0], frozenset(found)) if len(found) > 1 else frozenset(found)
