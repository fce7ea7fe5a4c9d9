"""A set of documents whose references have all been found: what later stages read; the finding is done elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from clientsmith.document.model import JSON, Document, Node, Pointer, parse_pointer
from clientsmith.document.references.targets import Reference, parse_reference, step_into

MAX_HOPS = 100
"""How many references a pointer may run through; a longer way is taken for one without an end."""

Identity = tuple[str, Pointer]


def reference_text(node: Node) -> str | None:
    """The `$ref` of a node, or else its `$dynamicRef`; None without either."""
    value = node.value
    if not isinstance(value, dict):
        return None
    for keyword in ("$ref", "$dynamicRef"):
        text = value.get(keyword)
        if isinstance(text, str):
            return text
    return None


def members(node: Node | None, deref: Callable[[Node], Node]) -> dict[str, Node]:
    """The members of a map in its order, those of a map that it refers to as a whole (`$ref`) among them."""
    if node is None:
        return {}
    return {
        key: holder.child(key)
        for holder in (deref(node), node)
        for key, value in holder.mapping.items()
        if key != "$ref" or not isinstance(value, str)
    }


def components(root: Node, section: str, deref: Callable[[Node], Node]) -> dict[str, Node]:
    """The members of one section of the Components Object."""
    return members(members(root.get("components"), deref).get(section), deref)


@dataclass(frozen=True, slots=True)
class BrokenReference:
    """A reference that is not followed, and why."""

    reason: str
    node: Node


class ResolvedDocument:
    """The root document with everything it refers to; a target keeps its identity and is never inlined."""

    def __init__(
        self,
        root: Document,
        version: tuple[int, int],
        documents: Mapping[str, Document],
        resources: Mapping[str, Node],
        anchors: Mapping[tuple[str, str], Node],
        references: Mapping[Identity, Node],
        dead: Collection[Identity] = (),
    ) -> None:
        self.root = root
        self.version = version
        self.documents = documents
        """By URI, the root among them."""
        self._resources = resources
        self._anchors = anchors
        self.references = references
        """What each reference points at, by the identity of the node that holds it."""
        self._dead = dead
        """References that lead to nothing, or only to each other."""
        self.broken: Mapping[Identity, BrokenReference] = {}
        """The objects that need a reference that is not followed."""
        self._bases = {
            node.identity: uri for uri, node in resources.items() if node.pointer or not node.document.is_root
        }
        self._components: dict[str, dict[str, Node]] = {}
        self._overlapping: set[Identity] = set()
        self._ends: dict[Identity, Node] = {}
        """Where chains end that were followed before: long ones would be followed from each of their links."""

    @property
    def has_ids(self) -> bool:
        """Whether any schema, or the document itself, gives itself a URI, which moves the base of what is below."""
        return bool(self._resources)

    @property
    def resources(self) -> tuple[Node, ...]:
        """The schemas, and the document, that give themselves a URI."""
        return tuple(self._resources.values())

    @property
    def has_names(self) -> bool:
        """Whether references may lead to URIs or anchors that the document gives."""
        return bool(self._resources or self._anchors)

    def may_overlap(self, choice: Node) -> bool:
        """Whether the configuration allows values to fit several members of that `oneOf`."""
        return choice.identity in self._overlapping

    def let_overlap(self, reference: str) -> bool:
        """Allow values to fit several members of the `oneOf` at a JSON pointer or reference; False if there is none."""
        found = self.lookup(self.root.root, reference if "#" in reference else f"#{reference}")
        choice = found.get("oneOf") if found is not None and isinstance(found.value, dict) else found
        if choice is None or choice.pointer[-1:] != ("oneOf",) or not isinstance(choice.value, list):
            return False
        self._overlapping.add(choice.identity)
        return True

    def node(self, pointer: str = "") -> Node:
        """The node at a JSON pointer of the root document; KeyError if there is none."""
        node = self.root.root
        for step in parse_pointer(pointer) or ():
            node = node.child(step)
        return node

    def recorded(self) -> ResolvedDocument:
        """The same document for one stage: its nodes record in it which members decided something (`reads`)."""
        documents = {uri: replace(one, reads=set()) for uri, one in self.documents.items()}

        return self._seen(
            documents, lambda node: Node(documents[node.document.uri], node.pointer, node.value)
        )

    def without(self, dropped: Collection[Identity], overlapping: Collection[Identity]) -> ResolvedDocument:
        """The same documents without some members of objects; values may fit several members of those `oneOf`s."""
        documents = {
            uri: replace(one, tree=_pruned(one.tree, [pointer for owner, pointer in dropped if owner == uri]))
            for uri, one in self.documents.items()
        }
        view = self._seen(documents, lambda node: _at(documents[node.document.uri], node))
        view._overlapping |= set(overlapping)
        return view

    def same(self, node: Node) -> Node:
        """The node at the place of one of another view."""
        return _at(self.documents[node.document.uri], node)

    def _seen(self, documents: dict[str, Document], moved: Callable[[Node], Node]) -> ResolvedDocument:
        view = ResolvedDocument(
            documents[self.root.uri],
            self.version,
            documents,
            {uri: moved(node) for uri, node in self._resources.items()},
            {name: moved(node) for name, node in self._anchors.items()},
            {identity: moved(node) for identity, node in self.references.items()},
            self._dead,
        )
        view.broken, view._overlapping = self.broken, set(self._overlapping)
        return view

    def own(self, node: Node) -> Node:
        """A node of a recorded view, or of the document itself, among the nodes of this one."""
        return Node(self.documents[node.document.uri], node.pointer, node.value)

    @property
    def reads(self) -> frozenset[Identity]:
        """The members that decided something, in a recorded document."""
        found = ((uri, pointer) for uri, one in self.documents.items() for pointer in one.reads or ())
        return frozenset(found)

    def components(self, section: str) -> dict[str, Node]:
        """The components of the root document in one section, by key."""
        if section not in self._components:
            self._components[section] = components(self.node(), section, self.deref)
        return self._components[section]

    def ref_target(self, node: Node) -> Node | None:
        """Where the reference of a node points, one hop; None for a node that is not a reference."""
        text = reference_text(node)
        if text is None or node.identity in self._dead:
            return None
        node.record("$ref" if isinstance(node.mapping.get("$ref"), str) else "$dynamicRef")
        return self.references.get(node.identity) or self.lookup(node, text)

    def deref(self, node: Node) -> Node:
        """The node that a chain of references ends at; the node itself if it is not a reference."""
        way: list[Identity] = []
        for _ in range(len(self.references) + MAX_HOPS):
            target = self._ends.get(node.identity) or self.ref_target(node)
            if target is None:
                break
            way.append(node.identity)
            node = target
        self._ends.update(dict.fromkeys(way, node))
        return node

    def lookup(self, node: Node, reference: str) -> Node | None:
        """What a reference written in the document of that node points at, such as one of a discriminator mapping."""
        parsed = parse_reference(reference, self._base(node))
        return None if parsed is None else self.locate(parsed)

    def _base(self, node: Node) -> str:
        """What references in a node are relative to: the `$id` of the closest schema, or else the document."""
        for length in range(len(node.pointer), -1, -1) if self._bases else ():
            base = self._bases.get((node.document.uri, node.pointer[:length]))
            if base is not None:
                return base
        return node.document.uri

    def locate(self, reference: Reference) -> Node | None:
        """The node a parsed reference points at, in the documents at hand; None if there is none."""
        return locate(reference, self.documents, self._resources, self._anchors)


def locate(
    reference: Reference,
    documents: Mapping[str, Document],
    resources: Mapping[str, Node],
    anchors: Mapping[tuple[str, str], Node],
) -> Node | None:
    """The node a reference points at; a pointer that runs through another reference is followed on its far side."""
    for _ in range(MAX_HOPS):
        if reference.anchor is not None:
            return anchors.get((reference.uri, reference.anchor))
        if reference.pointer is None:
            return None
        found: Node | Reference | None = None
        for start in (resources.get(reference.uri), root_of(documents, resources, reference.uri)):
            found = _descend(start, reference.pointer) if start is not None else None
            if found is not None:
                break
        if not isinstance(found, Reference):
            return found
        reference = found
    return None


def root_of(documents: Mapping[str, Document], resources: Mapping[str, Node], uri: str) -> Node | None:
    """The root of the document of that URI, or of the one in which a schema gives itself that `$id`."""
    document = documents.get(uri)
    if document is None and uri in resources:
        document = resources[uri].document
    return None if document is None else document.root


def _descend(node: Node, pointer: Pointer) -> Node | Reference | None:
    for index, step in enumerate(pointer):
        known, value = step_into(node.value, step)
        if not known:
            text = reference_text(node)
            onward = parse_reference(text, node.document.uri) if text is not None else None
            if onward is None or onward.pointer is None:
                return None
            return Reference(onward.uri, (*onward.pointer, *pointer[index:]))
        node = Node(node.document, (*node.pointer, step), value)
    return node


def _at(document: Document, node: Node) -> Node:
    """The node at the same place in another document, with its old value if that document does not have the place."""
    value: JSON = document.tree
    for step in node.pointer:
        known, value = step_into(value, step)
        if not known:
            return Node(document, node.pointer, node.value)
    return Node(document, node.pointer, value)


def _pruned(tree: JSON, dropped: Collection[Pointer]) -> JSON:
    """A tree without the members at some pointers; what they do not lead to is shared."""
    if not dropped:
        return tree
    below: dict[str, list[Pointer]] = {}
    for step, *rest in dropped:
        below.setdefault(step, []).append(tuple(rest))
    if isinstance(tree, list):
        return [_pruned(one, below.get(str(place), [])) for place, one in enumerate(tree)]
    if not isinstance(tree, dict):
        return tree
    return {
        key: _pruned(one, below.get(key, [])) for key, one in tree.items() if () not in below.get(key, [])
    }
