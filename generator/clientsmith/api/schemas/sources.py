"""Which schemas get a type of their own: one source per schema object, and per conjunction without a place.

A source has a key that is its identity, the name it asks for, and a shape that is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clientsmith.api.model.naming import class_name
from clientsmith.api.names.identities import Identities
from clientsmith.api.names.kept import Thing
from clientsmith.api.schemas.budget import ModelBudget
from clientsmith.api.schemas.name_hints import schema_hint
from clientsmith.api.under_conditions import beyond, members
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node, render_pointer
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.uses import Direction, SchemaUses
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.discriminator import component_key
from clientsmith.jsonschema.keywords import asserts, conditional, is_base64, required_entries
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Group, Part, Shape, declare_required

_DERIVED = "~~"
"""Occurs in no JSON pointer (RFC 6901), so that no property name can be taken for it."""
_DEEPEST = 20
"""How many conjunctions may grow out of each other."""
_MOST_DERIVED = 5_000
"""How many conjunctions may be put together in all."""


@dataclass(frozen=True, slots=True)
class TypeSource:
    """A conjunction of schemas that gets one type: its key, the name it asks for, and where a reader finds it.

    `owner` is the source that a conjunction was put together for, in `depth` steps from one that the document has;
    `weight` is how many variants of unions were multiplied out on the way.
    """

    key: str
    hint: str
    parts: tuple[Part, ...]
    node: Node
    component: bool
    owner: TypeSource | None = None
    depth: int = 0
    weight: int = 1
    chosen: bool = False
    """Whether the configuration gave the name."""


@dataclass(slots=True)
class Sources:
    """The sources of a document, made on demand."""

    document: ResolvedDocument
    diagnostics: Diagnostics
    overrides: Mapping[str, str]
    identities: Identities
    operations: Mapping[Identity, str] = field(default_factory=dict[Identity, str])
    """What the names of schemas of an operation begin with."""
    reader: SchemaReader = field(init=False)
    budget: ModelBudget = field(init=False)
    uses: SchemaUses = field(default_factory=SchemaUses)
    by_key: dict[str, TypeSource] = field(default_factory=dict[str, TypeSource])
    given_up: dict[Identity, str] = field(default_factory=dict[Identity, str])
    """Schemas of which a type leaves out a keyword, as it would have grown too large; the keyword of each."""
    under_patterns: dict[str, tuple[Part, ...]] = field(default_factory=dict[str, tuple[Part, ...]])
    """What only conditions say of members by patterns of their names, by the key of a source."""
    _derived: int = 0
    _branches: Branches = field(init=False)
    _shapes: dict[str, Shape] = field(default_factory=dict[str, Shape])

    def __post_init__(self) -> None:
        self.reader = SchemaReader(self.document)
        self._branches = Branches(self.reader)
        self.budget = ModelBudget(sum(len(one.text) for one in self.document.documents.values()))

    def of(self, node: Node) -> TypeSource:
        """The source of a schema object."""
        key = "#".join((node.document.uri, render_pointer(node.pointer)))
        if key not in self.by_key:
            parts = tuple(self.reader.parts(node)) or (Part(node),)
            component = component_key(node)
            hint = schema_hint(node, self.document, self.overrides, self.operations)
            chosen = component in self.overrides
            self.by_key[key] = TypeSource(key, hint, parts, node, component is not None, chosen=chosen)
        return self.by_key[key]

    def derived(
        self, owner: TypeSource, suffix: str, hint: str, parts: Iterable[Part], node: Node, variants: int = 1
    ) -> TypeSource:
        """The source of a conjunction that the document does not write down in one place."""
        key = f"{owner.key}{_DERIVED}{suffix.replace('~', '~0')}"
        if key not in self.by_key:
            self._derived += 1
            unique = tuple(dict.fromkeys(parts))
            weight = owner.weight * variants
            self.by_key[key] = TypeSource(
                key, class_name(hint), unique, node, False, owner, owner.depth + 1, weight
            )
        return self.by_key[key]

    def thing(self, source: TypeSource) -> Thing:
        """What a source is known by from release to release: its place, or what of which other source it is."""
        if source.owner is None:
            return self.identities.thing(source.node)
        base, way = self.thing(source.owner)
        return base, f"{way}{_DERIVED}{self._lasting_suffix(source, source.owner)}"

    def lasting_hint(self, source: TypeSource) -> str:
        """The name that a source asks for with the numbers that members of unions keep from release to release."""
        owner = source.owner
        if owner is None:
            numbers = self.identities.numbers(source.node)
            return schema_hint(source.node, self.document, self.overrides, self.operations, numbers)
        start, _, rest = source.hint.partition(owner.hint)
        suffix = _suffix(source, owner)
        if suffix.isdecimal() and rest == option(int(suffix) + 1):
            rest = option(self._lasting_suffix(source, owner))
        return f"{start}{self.lasting_hint(owner)}{rest}"

    def choice_keys(self, source: TypeSource) -> tuple[str, ...]:
        """The keys of the members of unions that a source is in, the outermost first."""
        owner = source.owner
        if owner is None:
            return tuple(self.identities.numbers(source.node).values())
        own = (self._lasting_suffix(source, owner),) if _suffix(source, owner).isdecimal() else ()
        return (*self.choice_keys(owner), *own)

    def _lasting_suffix(self, source: TypeSource, owner: TypeSource) -> str:
        suffix = _suffix(source, owner)
        if not suffix.isdecimal():
            return suffix
        return self.identities.member(self.shape(owner).groups[0].node, int(suffix))

    def may_grow(self, source: TypeSource) -> bool:
        """Whether one more conjunction may be put together for a source; some documents have no end of them."""
        return source.depth < _DEEPEST and self._derived < _MOST_DERIVED

    def merged(
        self, owner: TypeSource, suffix: str, hint: str, parts: Iterable[Part], node: Node
    ) -> TypeSource:
        """The source of a part of a value that several schemas of a conjunction describe.

        Where the same schemas have met further up, as they do when they refer to each other, that source is meant.
        """
        unique = tuple(dict.fromkeys(parts))
        met: TypeSource | None = owner
        while met is not None:
            if set(met.parts) == set(unique):
                return met
            met = met.owner
        return self.derived(owner, suffix, hint, unique, node)

    def shape(self, source: TypeSource) -> Shape:
        """The merged keywords of a source, without groups that change no type."""
        if source.key not in self._shapes:
            shape = self.reader.shape(source.parts)
            changing = [group for group in shape.groups if self._changes_types(group)]
            for group in shape.groups:
                for member in group.node.elements() if group not in changing else ():
                    declare_required(shape, required_entries(member))
            open_members = [
                one for group in shape.groups if group not in changing for one in group.node.elements()
            ]
            self._mark_members(
                source,
                shape,
                [*open_members, *(one for part in source.parts for one in conditional(part.node))],
            )
            for part in source.parts:
                declare_required(shape, self._conditional_names(part.node))
            if shape.properties and all(closer.key != "additionalProperties" for closer in shape.closers):
                shape.additional_allowed |= any(map(self._opens_under_condition, source.parts))
            shape.groups = changing
            self._shapes[source.key] = shape
            members = sum(group.size for group in shape.groups)
            self.budget.spend(source.node, len(source.parts) + len(shape.properties) + members)
        return self._shapes[source.key]

    def properties(self, node: Node) -> Mapping[str, list[Node]]:
        """The schemas of each property of a schema."""
        return self.shape(self.of(self.reader.canonical(node)[0])).properties

    def spend(self, name: str, steps: int) -> None:
        """Count what the schema of a provisional name (direction and key) takes; raises OverBudgetError."""
        self.budget.spend(self.by_key[name.split(":", 1)[1]].node, steps)

    def give_up(self, node: Node, keyword: str) -> None:
        """Note that the type of a schema says nothing of a keyword, because it would become too large."""
        self.given_up[node.identity] = keyword
        message = (
            f"the type leaves out '{keyword}': with it, there would be more variants than anybody can use"
        )
        self.diagnostics.note("type-simplified", message, node.place)

    def _conditional_names(self, node: Node) -> dict[str, Node]:
        """The names that a schema requires or describes under a condition, each with a schema that allows every value.

        Of what type their values have to be depends on the condition, which the whole schema is checked for.
        """
        names = [one for listed in members(node, "dependentRequired").values() for one in listed.elements()]
        found = {one.value: one for one in names if isinstance(one.value, str)}
        branches = [one for keyword in ("if", "then", "else") if (one := node.get(keyword)) is not None]
        for branch in (*members(node, "dependentSchemas").values(), *branches):
            for part in self.reader.parts(self.reader.canonical(branch)[0]):
                found |= required_entries(part.node) | members(part.node, "properties")
        return {name: Node(one.document, one.pointer, True) for name, one in found.items()}

    def _opens_under_condition(self, part: Part) -> bool:
        """Whether a schema that holds under a condition speaks of members which it does not name."""
        return any(
            "patternProperties" in one.mapping or one.mapping.get("additionalProperties", False) is not False
            for branch in conditional(part.node)
            for one in self._branches.of(branch)
        )

    def _mark_members(self, source: TypeSource, shape: Shape, branches: Iterable[Node]) -> None:
        """Let members be base64, and have names, as some branch says; the check of the whole knows if it holds."""
        own = [part.node for part in source.parts]
        for node in (one for branch in branches for one in self.reader.marks(branch)):
            shape.is_base64 = shape.is_base64 or is_base64(node)
            more = beyond(self.reader, own, node)
            if more is None:
                continue
            for name, inner in members(more, "properties").items():
                if name in shape.properties and inner.value is not True:
                    shape.properties[name] = [*shape.properties[name], inner]
            others, patterned = more.get("additionalProperties"), members(more, "patternProperties")
            shape.additional += [] if others is None else [others]
            shape.patterned += patterned.values()
            if patterned:
                known = self.under_patterns.get(source.key, ())
                self.under_patterns[source.key] = (*known, Part(more))

    def _changes_types(self, group: Group) -> bool:
        members = list(group.node.elements())
        return not all(map(only_requires, members)) and any(asserts(member) for member in members)


def _suffix(source: TypeSource, owner: TypeSource) -> str:
    """What of its owner a source is: a position for a member of the union that the owner is."""
    return source.key.removeprefix(f"{owner.key}{_DERIVED}")


def option(number: int | str) -> str:
    """What the name of a member of a union ends with if it has none of its own."""
    return f"Option{number}"


def only_requires(member: Node) -> bool:
    """Whether a schema only says which properties must be there or which must not."""
    if asserts(member, ("required", "not", "type", "properties")):
        return False
    properties = member.get("properties")
    if properties is not None and any(asserts(inner) for _, inner in properties.items()):
        return False
    return bool({"required", "not"} & member.mapping.keys())


def type_key(key: str, direction: Direction) -> str:
    """The provisional name of the type of a source in one direction."""
    return f"{direction}:{key}"


def pointer_of(node: Node) -> str:
    """The place of a schema as its type states it."""
    return node.place.pointer or ""
