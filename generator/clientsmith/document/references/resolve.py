"""Finds every reference of a document, loads what it refers to, and reports what leads nowhere; nothing is inlined."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.budget import TOO_COSTLY, PatternBudget
from clientsmith.document.grammar import REFERABLE, Kind, children, misplaced
from clientsmith.document.model import JSON, Document, Node, Pointer
from clientsmith.document.references.broken import broken_parts, loops
from clientsmith.document.references.identifiers import Identifiers
from clientsmith.document.references.loader import Loader
from clientsmith.document.references.suggestions import Suggestions
from clientsmith.document.references.targets import Reference, is_remote, parse_reference
from clientsmith.document.resolved import BrokenReference, Identity, ResolvedDocument, locate, reference_text

_NOT_FOLLOWED = frozenset({"dangling-reference", "invalid-reference", "reference-loop"})
"""Errors that are warnings if references may lead to nothing."""

_Pending: TypeAlias = tuple[Node, Kind, str, Reference | None]
"""A reference that is to be followed: where it is, what it has to lead to, its text, and what that means."""

__all__ = ["ResolvedDocument", "resolve", "version_of"]


def resolve(
    document: Document,
    diagnostics: Diagnostics,
    *,
    allow_remote: bool = False,
    remote_hosts: Collection[str] = (),
    allow_dangling: bool = False,
    skip_broken: bool = False,
) -> ResolvedDocument | None:
    """The document with every reference found; None after reporting those that cannot be.

    `allow_remote` allows documents of public hosts, `remote_hosts` those of the hosts named, wherever they are. With
    `allow_dangling` or `skip_broken`, references that lead to nothing or to each other are warnings, and stay
    references without a target. Operations that need them are broken; with `allow_dangling` a schema does without.
    """
    resolver = _Resolver(document, diagnostics, allow_dangling or skip_broken)
    if allow_remote or remote_hosts:
        from clientsmith.document.references.remote import RemoteDocuments

        with RemoteDocuments(public=allow_remote, named=remote_hosts) as resolver.loader.remote:
            resolver.run()
    else:
        resolver.run()
    resolver.report_loops()
    resolver.names.report_duplicates()
    if resolver.failed:
        return None
    resolved = ResolvedDocument(
        document,
        version_of(document),
        resolver.loader.documents,
        resolver.names.resources,
        resolver.names.anchors,
        resolver.targets,
        resolver.dead.keys() | resolver.open,
    )
    resolved.broken = broken_parts(resolved, resolver.dead, resolver.misplaced, is_lenient=allow_dangling)
    return resolved


def version_of(document: Document) -> tuple[int, int]:
    """The major and minor version of OpenAPI that a document states; (3, 1) where it states none."""
    stated = document.root.text("openapi").split(".")
    if len(stated) >= 2 and all(part.isdecimal() and len(part) < 4 for part in stated[:2]):
        return int(stated[0]), int(stated[1])
    return 3, 1


class _Resolver:
    """Walks the documents by kind, not by key, so that only a `$ref` in the place of an object is a reference."""

    def __init__(self, root: Document, diagnostics: Diagnostics, is_tolerant: bool) -> None:
        self.root = root
        self.diagnostics = diagnostics
        self.is_tolerant = is_tolerant
        self.failed = False
        self.loader = Loader(root, diagnostics, self._error)
        self.names = Identifiers(root, diagnostics, self._error)
        self.targets: dict[Identity, Node] = {}
        self._dynamic: dict[Identity, str] = {}
        """The anchor of each `$dynamicRef`."""
        self.open: set[Identity] = set()
        """Dynamic references that may lead to several schemas."""
        self.dead: dict[Identity, tuple[Kind, BrokenReference]] = {}
        """References that lead to nothing, or only to each other."""
        self.misplaced: dict[Identity, BrokenReference] = {}
        """References in places where none is followed."""
        self._kinds: dict[Identity, Kind] = {}
        self.has_ids = version_of(root) >= (3, 1)
        self._patterns = PatternBudget()
        self._patterns.grow(len(root.text))
        self._seen: set[tuple[str, Pointer, Kind]] = set()
        self._stack: list[tuple[Document, Pointer, JSON, Kind, str]] = []
        self._pending: list[_Pending] = []
        self._suggestions = Suggestions(self.loader.documents, self.names.resources)

    def run(self) -> None:
        """Walk and resolve in turns, for a target may lie where no walk has been yet."""
        self._stack.append((self.root, (), self.root.tree, "document", self.root.uri))
        while self._stack or self._pending:
            self._walk()
            for pending in self._due():
                self._follow(*pending)
        for identity, name in self._dynamic.items():
            if self.names.is_open(name, self.targets[identity]):
                self.open.add(identity)
                del self.targets[identity]

    def _due(self) -> list[_Pending]:
        """The references to follow next; those to URLs last, as a file that is read until then may have that URL."""
        near: list[_Pending] = []
        far: list[_Pending] = []
        for one in self._pending:
            (far if self._is_far(*one) else near).append(one)
        self._pending = far if near else []
        return near or far

    def _is_far(self, node: Node, kind: Kind, text: str, reference: Reference | None) -> bool:
        if reference is None or self._is_at_hand(reference) or not is_remote(reference.uri):
            return False
        return self._meant(reference, text, node) is reference

    def _walk(self) -> None:
        stack, seen = self._stack, self._seen
        while stack:
            document, pointer, value, kind, base = stack.pop()
            if not isinstance(value, dict):
                continue
            state = (document.uri, pointer, kind)
            if state in seen:
                continue
            seen.add(state)
            if kind in REFERABLE:
                if kind == "schema" and self.has_ids:
                    base = self.names.identify(Node(document, pointer, value), base)
                if "$ref" in value or "$dynamicRef" in value:
                    self._note_reference(Node(document, pointer, value), kind, base)
            excess = self._patterns.excess(Node(document, pointer, value)) if kind == "schema" else None
            if excess is not None:
                message = (
                    f"the pattern {excess[0]!r:.80} is one too many: together they take too long to compile"
                )
                self._error(TOO_COSTLY, message, excess[1], "write shorter repetitions, or fewer patterns")
            if kind == "components":
                self._load_sections(Node(document, pointer, value), base)
            for steps in misplaced(value, kind):
                place = Node(document, pointer + steps, None)
                self.misplaced[place.identity] = BrokenReference("a $ref is not followed here", place)
            for steps, member, member_kind in children(value, kind):
                stack.append((document, pointer + steps, member, member_kind, base))

    def _note_reference(self, node: Node, kind: Kind, base: str) -> None:
        text = reference_text(node)
        self._kinds[node.identity] = kind
        if text is not None:
            self._pending.append((node, kind, text, parse_reference(text, base)))
            return
        keyword = "$ref" if "$ref" in node.mapping else "$dynamicRef"
        self._bury(node, f"the value of {keyword} is not a string")
        self._error("invalid-reference", f"the value of {keyword} is not a string", node.child(keyword))

    def _load_sections(self, components: Node, base: str) -> None:
        """Load the files that whole sections refer to: references into such a section lead there."""
        for section in map(components.child, components.mapping):
            reference = parse_reference(reference_text(section) or "", base)
            if reference is not None:
                self._available(reference, section)

    def _bury(self, node: Node, reason: str) -> None:
        self.dead[node.identity] = (self._kinds[node.identity], BrokenReference(reason, node))

    def _follow(self, node: Node, kind: Kind, text: str, reference: Reference | None) -> None:
        if reference is None or (reference.pointer is None and reference.anchor is None):
            self._bury(node, f"{text!r:.120} is not a reference")
            self._error("invalid-reference", f"{text!r:.120} is not a reference", node)
            return
        reference = self._meant(reference, text, node)
        if not self._available(reference, node):
            self._bury(node, f"{text!r:.200} leads to nothing")
            return
        target = locate(reference, self.loader.documents, self.names.resources, self.names.anchors)
        if target is None:
            self._bury(node, f"{text!r:.200} leads to nothing")
            self._error(
                "dangling-reference", f"{text!r:.200} leads to nothing", _reference_node(node),
                self._suggestions.find(reference),
            )  # fmt: skip
            return
        self.targets[node.identity] = target
        if reference.anchor is not None and "$ref" not in node.mapping:
            self._dynamic[node.identity] = reference.anchor
        base = target.document.uri
        if kind == "schema" and self.has_ids:
            base = self.names.base_at(target.document, target.pointer)
        self._stack.append((target.document, target.pointer, target.value, kind, base))

    def _meant(self, reference: Reference, text: str, node: Node) -> Reference:
        """The reference itself, or the file beside this one of a schema whose `$id` only says where it is published."""
        if self._is_at_hand(reference) or not is_remote(reference.uri):
            return reference
        beside = parse_reference(text, node.document.uri)
        return reference if beside is None or not self.loader.is_file(beside.uri) else beside

    def _is_at_hand(self, reference: Reference) -> bool:
        return reference.uri in self.loader.documents or reference.uri in self.names.resources

    def _available(self, reference: Reference, node: Node) -> bool:
        """Whether the document of a reference is at hand, after loading it if need be."""
        if self._is_at_hand(reference):
            return True
        document = self.loader.load(reference.uri, _reference_node(node))
        if document is not None:
            self._patterns.grow(len(document.text))
            if self.has_ids:
                self.names.search(document)
        self.failed = self.failed or (document is None and self.diagnostics.has_errors)
        return document is not None

    def report_loops(self) -> None:
        """Report every chain of references that comes back to itself, once."""
        for loop in loops(self.targets):
            self._report_loop(loop)

    def _report_loop(self, loop: list[Identity]) -> None:
        nodes = [Node(self.loader.documents[uri], pointer, None) for uri, pointer in loop]
        names = [node.place.pointer or "" for node in nodes]
        for node in nodes:
            self._bury(node, "references only lead to each other")
            del self.targets[node.identity]
        message = "these references only lead to each other: " + " -> ".join([*names, names[0]])
        related = tuple(Related("by way of", node.place) for node in nodes[1:])
        self._error("reference-loop", message, nodes[0], "give one of them content of its own", related)

    def _error(
        self, id: str, message: str, node: Node, hint: str | None = None, related: tuple[Related, ...] = ()
    ) -> None:
        if self.is_tolerant and id in _NOT_FOLLOWED:
            self.diagnostics.warning(id, message, node.place, hint=hint, related=related)
            return
        self.failed = True
        self.diagnostics.error(id, message, node.place, hint=hint, related=related)


def _reference_node(node: Node) -> Node:
    return node.get("$ref") or node.get("$dynamicRef") or node
