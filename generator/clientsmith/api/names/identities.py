"""What the things of a description are known by from release to release: never by a name that its author chose.

Operations are known by method and effective path, components by pointer and then by meaning, schemas inside them by
their place of use, and members of unions by what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from clientsmith.api.names.kept import NONE, Names, Thing
from clientsmith.api.names.meaning_digest import MeaningDigests
from clientsmith.api.names.moved_components import SECTIONS, kind_of, moved_components
from clientsmith.api.names.union_members import Marks, keys_of
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import JSON, Node, render_pointer
from clientsmith.document.operations import bare_template, path_items, template_names
from clientsmith.document.resolved import Identity, ResolvedDocument, reference_text
from clientsmith.document.walk import all_objects
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.keywords import ALL_OF, CHOICES
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.openapi.identity import OperationIdentity, effective_path, match
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.server import servers_for


class Identities:
    """The things of one description; `kept` knows those of the last release."""

    def __init__(
        self,
        document: ResolvedDocument,
        operations: Iterable[DescribedOperation],
        kept: Names,
        diagnostics: Diagnostics,
    ) -> None:
        self._document = document
        self._kept = kept
        self._diagnostics = diagnostics
        self.operations: dict[str, OperationIdentity] = {}
        """By base."""
        self._bases: dict[str, str] = {}
        self._at: dict[Identity, str] = {}
        for one in operations:
            identity = OperationIdentity.of(one)
            base = f"{identity.method} {identity.effective}"
            base = base if base not in self.operations else f"{base} ({identity.path})"
            self.operations[base] = identity
            self._bases[one.id] = base
            self._at.setdefault(one.node.identity, base)
        self._components: dict[str, Node] = {}
        self._unions: dict[Thing, Node] = {}
        self._keys: dict[Thing, list[str]] = {}
        self._moved: dict[str, str] = {}
        if kept != NONE:
            self._moved = self._moved_operations() | self._moved_components()
        self._after = {old: new for new, old in self._moved.items()}

    def operation(self, id: str) -> str:
        """The base of an operation."""
        return self._bases[id]

    def before(self, base: str) -> str:
        """The base that something had in the last release, if it was there."""
        return self._moved.get(base, base)

    def after(self, base: str) -> str:
        """The base that something of the last release has now, if it is still there."""
        return self._after.get(base, base)

    def thing(self, node: Node) -> Thing:
        """The base of a schema, and the way from there: empty for a component."""
        depth, base = self._base(node)
        way = self._way(node, depth, base)
        is_component = base not in self.operations and (not way or kind_of(node, depth) != "schema")
        if is_component and base not in self._components:
            self._components[base] = self._ancestor(node, depth) if way else node
        return base, way

    def member(self, union: Node, index: int) -> str:
        """The key of a member of a `oneOf` or `anyOf`."""
        base, way = self.thing(self._owner(union))
        return self._member(self._union((base, way), union), union, index)

    def numbers(self, node: Node) -> dict[int, str]:
        """The keys of the members of unions that a schema is in, by the indexes of their positions in its pointer."""
        return {at: key for _, at, key in self._steps(node, *self._base(node)) if key}

    def names(self, tables: Names) -> Names:
        """With what recognizes these things in the next description."""
        unions: dict[str, dict[str, dict[str, Marks]]] = {}
        for (base, way), union in self._unions.items():
            gone = self._kept.unions.get(self.before(base), {}).get(way, {})
            members = dict(zip(self._keys[base, way], self._marks(union), strict=True))
            unions.setdefault(base, {})[way] = dict.fromkeys(gone, Marks()) | members
        meanings = {base: self._meaning(node) for base, node in sorted(self._components.items())}
        return replace(tables, operations=self.operations, meanings=meanings, unions=unions)

    # -- what was there before ---------------------------------------------------------------------------------

    def _moved_operations(self) -> dict[str, str]:
        old = {identity: base for base, identity in self._kept.operations.items()}
        new = {identity: base for base, identity in self.operations.items()}
        pairs = match([*old], [*new], lambda one: one.key, lambda one: one.own_key).both
        paths = {other.effective: one.effective for one, other in pairs}
        return {new[other]: old[one] for one, other in pairs} | paths

    def _moved_components(self) -> dict[str, str]:
        listed = [one for name in SECTIONS for one in self._document.components(name).values()]
        targets = [one for one in self._document.references.values() if isinstance(one.value, dict)]
        there: dict[str, Node] = {}
        for node in (*listed, *targets):
            depth, base = self._base(node)
            if depth == len(node.pointer):
                there.setdefault(base, node)
        return moved_components(
            self._kept.meanings, there, self._is_component, self._meaning, self._diagnostics
        )

    def _is_component(self, node: Node) -> bool:
        """Whether something is a schema, or an object in the Components Object that may hold some."""
        return kind_of(node) != "schema" or node.identity in self._schemas

    def _meaning(self, component: Node) -> str:
        return self._digests.of_component(component, kind_of(component))

    @cached_property
    def _schemas(self) -> set[Identity]:
        return {node.identity for node, kind in all_objects(self._document) if kind == "schema"}

    # -- places ------------------------------------------------------------------------------------------------

    def _base(self, node: Node) -> tuple[int, str]:
        """How long the pointer of what a thing belongs to is, and what that is known by."""
        uri, pointer = node.identity
        for length in range(len(pointer), 0, -1):
            operation = self._at.get((uri, pointer[:length]))
            if operation is not None:
                return length, operation
        if node.document.is_root:
            if pointer[:1] == ("paths",) and len(pointer) > 1:
                return 2, self._paths.get(pointer[1], bare_template(pointer[1]))
            length = 3 if pointer[:1] == ("components",) else 0
            return min(length, len(pointer)), render_pointer(pointer[:length])
        targets = (n for n in range(len(pointer) + 1) if (uri, pointer[:n]) in self._targets)
        length = next(targets, 0)
        return length, f"{uri}#{render_pointer(pointer[:length])}"

    @cached_property
    def _paths(self) -> dict[str, str]:
        """The effective path of each path template."""
        root = self._document.node()
        return {
            path: effective_path(path, servers_for(self._document.deref(item), root))
            for path, item in path_items(root, self._document.deref)
        }

    @cached_property
    def _targets(self) -> set[Identity]:
        return {node.identity for node in self._document.references.values()}

    def _way(self, node: Node, depth: int, base: str) -> str:
        """The steps below a base, without positions in unions and among parameters."""
        return "".join(text for text, _, _ in self._steps(node, depth, base))

    def _steps(self, node: Node, depth: int, base: str) -> Iterator[tuple[str, int, str]]:
        """Each step below a base, its index in the pointer, and the key of the member that it is.

        `allOf` is a step only if several of its members have a place of that name.
        """
        current = self._ancestor(node, depth)
        way, at = "", depth
        while at < len(node.pointer):
            step, *rest = node.pointer[at:]
            current = current.child(step)
            is_position = bool(rest) and isinstance(current.value, list) and rest[0].isdecimal()
            text = key = ""
            if not is_position or step not in (ALL_OF, *CHOICES, "parameters"):
                text = render_pointer((step,))
            else:
                at, union, current = at + 1, current, current.child(rest[0])
                if step in CHOICES or (step == ALL_OF and _is_in_several(union, rest[1:])):
                    place = self._union((base, way), union)
                    key = self._member(place, union, int(rest[0]))
                    text = f"{place[1].removeprefix(way)}/{key}"
                elif step == "parameters":
                    text = render_pointer((step, _parameter(current, node.pointer)))
            way += text
            yield text, at, key
            at += 1

    # -- unions ------------------------------------------------------------------------------------------------

    def _union(self, owner: Thing, union: Node) -> Thing:
        """What a union is known by: as `anyOf` it is the same as it was as `oneOf`, and the reverse."""
        base, way = owner
        before = self._kept.unions.get(self.before(base), {})
        others = (
            f"{way}/{one}" for one in CHOICES if one != union.key and one not in self._owner(union).mapping
        )
        is_known = f"{way}/{union.key}" in before or union.key not in CHOICES
        same = None if is_known else next((one for one in others if one in before), None)
        return base, same or f"{way}/{union.key}"

    def _member(self, place: Thing, union: Node, index: int) -> str:
        if place not in self._keys:
            base, way = place
            old = self._kept.unions.get(self.before(base), {}).get(way)
            size = sum(1 for _ in union.elements())
            self._keys[place] = (
                [str(number) for number in range(1, size + 1)] if old is None else self._kept_keys(old, union)
            )
            self._unions[place] = union
        return self._keys[place][index]

    def _kept_keys(self, old: Mapping[str, Marks], union: Node) -> list[str]:
        keys, has_ties = keys_of(old, self._marks(union))
        if has_ties:
            self._diagnostics.note(
                "name-not-kept",
                "members of this union could be several of those before: which is which cannot be said, "
                "so that they have names of their own",
                union.place,
                hint="give each member a title of its own, or refer to components",
            )
        return keys

    def _marks(self, union: Node) -> list[Marks]:
        owner = self._owner(union)
        members = list(owner.child(union.key).elements())
        tags = self._tags.of_members(owner.get("discriminator"), members)
        return [self._marks_of(node, tuple(own)) for node, own in zip(members, tags, strict=True)]

    def _marks_of(self, member: Node, tags: tuple[str, ...]) -> Marks:
        shape = self._reader.shape(self._reader.parts(self._reader.canonical(member)[0]))
        return Marks(
            self._digests.of(member),
            tags,
            reference_text(member) or "",
            member.text("title"),
            tuple(sorted(shape.kinds - ({"integer"} if "number" in shape.kinds else set()))),
            tuple(sorted({*shape.properties, *shape.required})),
        )

    def _owner(self, union: Node) -> Node:
        return self._ancestor(union, len(union.pointer) - 1)

    def _ancestor(self, node: Node, depth: int) -> Node:
        """What a node is in, as the description has it: nothing is recorded of reading it."""
        found = self._document.documents[node.document.uri].root
        for step in node.pointer[:depth]:
            found = found.child(step)
        return found

    @cached_property
    def _reader(self) -> SchemaReader:
        return SchemaReader(self._document)

    @cached_property
    def _digests(self) -> MeaningDigests:
        return MeaningDigests(self._reader)

    @cached_property
    def _tags(self) -> TagReader:
        return TagReader(self._reader)


def _is_in_several(group: Node, steps: Sequence[str]) -> bool:
    """Whether more than one member of an `allOf` has what some steps lead to."""
    return sum(_leads_on(member.value, steps) for member in group.elements()) > 1


def _leads_on(value: JSON, steps: Sequence[str]) -> bool:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return False
    return True


def _parameter(node: Node, pointer: tuple[str, ...]) -> str:
    """Place and name of a parameter, or its position in the path."""
    name, place = node.text("name"), node.text("in")
    names = template_names(pointer[1]) if pointer[:1] == ("paths",) and len(pointer) > 1 else []
    if place == "path" and name in names:
        return f"path {names.index(name)}"
    return f"{place} {name.lower() if place == 'header' else name}"
