"""Finds every reference of a document, loads what it refers to, and reports what leads nowhere; nothing is inlined."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.budget import TOO_COSTLY, PatternBudget
from clientsmith.document.grammar import REFERABLE, Kind, children, misplaced
from clientsmith.document.model import JSON, Document, Node, Pointer
from clientsmith.document.references.broken import broken_parts, loops
from clientsmith.document.references.suggestions import Suggestions
from clientsmith.document.references.targets import Reference, is_remote, join, parse_reference
from clientsmith.document.resolved import BrokenReference, Identity, ResolvedDocument, locate, reference_text
from clientsmith.document.text.parse import parse
from clientsmith.input_file import MAX_BYTES, InputFileError, read_file

if TYPE_CHECKING:
    from clientsmith.document.references.remote import RemoteDocuments

_NOT_FOLLOWED = frozenset({"dangling-reference", "invalid-reference", "reference-loop"})
"""Errors that are warnings if references may lead to nothing."""

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

        with RemoteDocuments(public=allow_remote, named=remote_hosts) as resolver.remote:
            resolver.run()
    else:
        resolver.run()
    resolver.report_loops()
    if resolver.failed:
        return None
    resolved = ResolvedDocument(
        document,
        version_of(document),
        resolver.documents,
        resolver.resources,
        resolver.anchors,
        resolver.targets,
        resolver.dead.keys(),
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
        self.remote: RemoteDocuments | None = None
        self.failed = False
        self.documents: dict[str, Document] = {root.uri: root}
        self.unavailable: dict[str, str] = {}
        self.resources: dict[str, Node] = {}
        self.anchors: dict[tuple[str, str], Node] = {}
        self.targets: dict[Identity, Node] = {}
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
        self._pending: list[tuple[Node, Kind, str, str]] = []
        self._bytes = len(root.text)
        self._is_spent = False
        self._suggestions = Suggestions(self.documents, self.resources)

    def run(self) -> None:
        """Walk and resolve in turns, for a target may lie where no walk has been yet."""
        own_uri = self.root.root.text("$self")
        if own_uri:
            self.resources[own_uri] = self.root.root
        self._stack.append((self.root, (), self.root.tree, "document", self.root.uri))
        while self._stack or self._pending:
            self._walk()
            pending, self._pending = self._pending, []
            for node, kind, text, base in pending:
                self._follow(node, kind, text, base)

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
                    base = self._identify(Node(document, pointer, value), base)
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

    def _identify(self, node: Node, base: str) -> str:
        """Take note of `$id` and anchors; returns the base of the references below."""
        own = node.text("$id")
        if own:
            base = join(base, own.removesuffix("#"))
            self.resources.setdefault(base, node)
        for keyword in ("$anchor", "$dynamicAnchor"):
            name = node.text(keyword)
            if name:
                self.anchors.setdefault((base, name), node)
        return base

    def _note_reference(self, node: Node, kind: Kind, base: str) -> None:
        text = reference_text(node)
        self._kinds[node.identity] = kind
        if text is not None:
            self._pending.append((node, kind, text, base))
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

    def _follow(self, node: Node, kind: Kind, text: str, base: str) -> None:
        reference = parse_reference(text, base)
        if reference is None or (reference.pointer is None and reference.anchor is None):
            self._bury(node, f"{text!r:.120} is not a reference")
            self._error("invalid-reference", f"{text!r:.120} is not a reference", node)
            return
        if not self._available(reference, node):
            self._bury(node, f"{text!r:.200} leads to nothing")
            return
        target = locate(reference, self.documents, self.resources, self.anchors)
        if target is None and reference.anchor is None and is_remote(base) and not text.partition("#")[0]:
            target = locate(
                Reference(node.document.uri, reference.pointer), self.documents, self.resources, self.anchors
            )
        if target is None:
            self._bury(node, f"{text!r:.200} leads to nothing")
            self._error(
                "dangling-reference", f"{text!r:.200} leads to nothing", _reference_node(node),
                self._suggestions.find(reference),
            )  # fmt: skip
            return
        self.targets[node.identity] = target
        self._stack.append((target.document, target.pointer, target.value, kind, target.document.uri))

    def _available(self, reference: Reference, node: Node) -> bool:
        """Whether the document of a reference is at hand, after loading it if need be."""
        uri = reference.uri
        if uri in self.documents or uri in self.resources:
            return True
        if uri not in self.unavailable and not self._is_spent:
            document = self._load_remote(uri, node) if is_remote(uri) else self._load_file(uri, node)
            if document is not None:
                self.documents[uri] = document
                self._patterns.grow(len(document.text))
                return True
            self.unavailable[uri] = uri
            self.failed = self.failed or self.diagnostics.has_errors
        return False

    def _load_file(self, uri: str, node: Node) -> Document | None:
        home = (self.root.path or Path()).parent.resolve()
        path = home / uri
        try:
            inside = not uri.startswith("/") and path.resolve().is_relative_to(home)
        except (OSError, ValueError, RuntimeError):
            inside = False
        if not inside:
            self._error(
                "reference-outside", f"{uri:.200} is outside of the directory of {self.root.file}",
                _reference_node(node), "keep every file of the description below the directory of its root document",
            )  # fmt: skip
            return None
        shown = (Path(self.root.file).parent / uri).as_posix()
        try:
            data = read_file(path)
        except InputFileError as error:
            kind = "too-large" if error.is_too_large else "dangling-reference"
            self._error(kind, f"the file {uri:.200} {error}", _reference_node(node), error.hint)
            return None
        self._bytes += len(data)
        if self._bytes > MAX_BYTES:
            self._spend("too-large", f"all files together are larger than {MAX_BYTES // 1024**2} MiB", node)
            return None
        return parse(data, self.diagnostics, uri=uri, file=shown, path=path, is_root=False)

    def _load_remote(self, uri: str, node: Node) -> Document | None:
        if self.remote is None:
            self._error(
                "remote-reference", f"{uri:.200}: references to other machines are not followed",
                _reference_node(node), "allow it with --allow-remote-refs, or keep a copy beside the document",
            )  # fmt: skip
            return None
        from clientsmith.document.references.remote import FetchError, RefusedError, SpentError

        try:
            data = self.remote.fetch(uri)
        except RefusedError as error:
            hint = "name its host to allow it: --allow-remote-refs=HOST" if error.may_be_named else None
            self._error("remote-reference", f"{uri:.200}: {error}", _reference_node(node), hint)
        except SpentError as error:
            self._spend("remote-limit", f"{uri:.200} is not fetched: {error}", node)
        except FetchError as error:
            self._error("dangling-reference", f"{uri:.200} cannot be fetched: {error}", _reference_node(node))
        else:
            return parse(data, self.diagnostics, uri=uri, file=uri, is_root=False)
        return None

    def _spend(self, id: str, message: str, node: Node) -> None:
        """Report a limit over all documents once; nothing more is loaded after it."""
        self._is_spent = True
        self._error(id, message, _reference_node(node))

    def report_loops(self) -> None:
        """Report every chain of references that comes back to itself, once."""
        for loop in loops(self.targets):
            self._report_loop(loop)

    def _report_loop(self, loop: list[Identity]) -> None:
        nodes = [Node(self.documents[uri], pointer, None) for uri, pointer in loop]
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
