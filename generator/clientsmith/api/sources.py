"""Which schemas get a type of their own: one source per schema object, and per conjunction without a place.

A source has a key that is its identity, the name it asks for, and a shape that is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clientsmith.api.hints import component_key, schema_hint
from clientsmith.api.shape import Group, Part, SchemaReader, Shape, asserts
from clientsmith.diagnostics import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument


@dataclass(frozen=True, slots=True)
class Source:
    """A conjunction of schemas that gets one type: its key, the name it asks for, and where a reader finds it."""

    key: str
    hint: str
    parts: tuple[Part, ...]
    node: Node
    component: bool


@dataclass(slots=True)
class Sources:
    """The sources of a document, made on demand."""

    document: ResolvedDocument
    diagnostics: Diagnostics
    overrides: Mapping[str, str]
    reader: SchemaReader = field(init=False)
    by_key: dict[str, Source] = field(default_factory=dict[str, Source])
    _shapes: dict[str, Shape] = field(default_factory=dict[str, Shape])

    def __post_init__(self) -> None:
        self.reader = SchemaReader(self.document)

    def of(self, node: Node) -> Source:
        """The source of a schema object."""
        key = "#".join((node.document.uri, "/".join(node.pointer)))
        if key not in self.by_key:
            parts = tuple(self.reader.parts(node)) or (Part(node),)
            component = component_key(node, self.document) is not None
            hint = schema_hint(node, self.document, self.overrides)
            self.by_key[key] = Source(key, hint, parts, node, component)
        return self.by_key[key]

    def derived(self, owner: Source, suffix: str, hint: str, parts: Iterable[Part], node: Node) -> Source:
        """The source of a conjunction that the document does not write down in one place."""
        key = f"{owner.key}~{suffix}"
        if key not in self.by_key:
            self.by_key[key] = Source(key, hint, tuple(dict.fromkeys(parts)), node, component=False)
        return self.by_key[key]

    def shape(self, source: Source) -> Shape:
        """The merged keywords of a source, without groups that change no type."""
        if source.key not in self._shapes:
            shape = self.reader.shape(source.parts)
            shape.groups = [group for group in shape.groups if self._changes_types(group)]
            self._shapes[source.key] = shape
        return self._shapes[source.key]

    def not_enforced(self, node: Node, keyword: str) -> None:
        """Say that a keyword has no effect in the client."""
        self.diagnostics.note(
            "keyword-not-enforced",
            f"the client does not check '{keyword}' before it sends; the server will",
            node.place,
        )

    def _changes_types(self, group: Group) -> bool:
        members = list(group.node.elements())
        if all(_only_requires(member) for member in members):
            self.not_enforced(group.node, group.keyword)
            return False
        return any(asserts(member) for member in members)


def _only_requires(member: Node) -> bool:
    """Whether a schema only says which properties must be there or which must not."""
    if asserts(member, ("required", "not", "type", "properties")):
        return False
    properties = member.get("properties")
    if properties is not None and any(asserts(inner) for _, inner in properties.items()):
        return False
    return bool({"required", "not"} & member.mapping.keys())
