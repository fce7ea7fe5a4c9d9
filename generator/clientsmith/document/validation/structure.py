"""Rules that span places of a document and that no JSON Schema can state; names, paths, parameters, security."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from clientsmith.diagnostics.model import Diagnostics, Related, Severity
from clientsmith.document.model import Document, Node
from clientsmith.document.operations import (
    FoundOperation,
    bare_template,
    operations,
    path_items,
    template_names,
)
from clientsmith.document.references.targets import parse_reference
from clientsmith.document.resolved import MAX_HOPS, components, locate, reference_text
from clientsmith.document.validation.server_urls import check_servers


class Structure:
    """The checks over one document; `tolerable` is the weight of what generation can cope with.

    `follow` leads from a reference to what it ends at; without it only references within the document are followed.
    """

    def __init__(
        self,
        document: Document,
        diagnostics: Diagnostics,
        tolerable: Severity,
        follow: Callable[[Node], Node] | None = None,
    ) -> None:
        self.document = document
        self.diagnostics = diagnostics
        self.tolerable = tolerable
        self.follow = follow or self._within
        self.operations = list(operations(document.root, self.follow))

    def check(self) -> None:
        """Report every finding; one check never hides another's."""
        self._operation_ids()
        self._equal_paths()
        self._security()
        self._tags()
        self._servers()
        for found in self.operations:
            self._parameters(found)

    def _within(self, node: Node) -> Node:
        """What a reference within this document ends at; the reference itself where it leads elsewhere."""
        for _ in range(MAX_HOPS):
            text = reference_text(node)
            parsed = parse_reference(text, node.document.uri) if text is not None else None
            target = (
                locate(parsed, {self.document.uri: self.document}, {}, {}) if parsed is not None else None
            )
            if target is None:
                return node
            node = target
        return node

    def _report(
        self,
        severity: Severity,
        id: str,
        message: str,
        node: Node,
        first: Node | None = None,
        values: tuple[str, ...] = (),
    ) -> None:
        related = () if first is None else (Related("first here", first.place),)
        report = self.diagnostics.error if severity is Severity.ERROR else self.diagnostics.warning
        report(id, message, node.place, related=related, values=values)

    def _operation_ids(self) -> None:
        """Operation ids name methods; where two are let pass, the methods are told apart by number."""
        first: dict[str, Node] = {}
        for found in self.operations:
            node = found.node.get("operationId")
            if node is None or not isinstance(node.value, str):
                continue
            known = first.setdefault(node.value, node)
            if known != node:
                message = f"the operationId {node.value!r:.80} is used by more than one operation"
                self._report(self.tolerable, "duplicate-operation-id", message, node, known)

    def _equal_paths(self) -> None:
        first: dict[str, str] = {}
        listed = dict(path_items(self.document.root, self.follow))
        for path, node in listed.items():
            known = first.setdefault(bare_template(path), path)
            if known != path:
                message = f"{path!r:.120} and {known!r:.120} differ only in the names of their parameters"
                self._report(Severity.WARNING, "equal-paths", message, node, listed[known])

    def _parameters(self, found: FoundOperation) -> None:
        names: dict[str, Node] = {}
        complete = reference_text(found.node) is None and reference_text(self.follow(found.item)) is None
        for container in (found.item, found.node):
            seen: dict[tuple[str, str], Node] = {}
            listed = container.get("parameters")
            for element in listed.elements() if listed is not None else ():
                parameter = self.follow(element)
                complete = complete and reference_text(parameter) is None
                name, location = parameter.text("name"), parameter.text("in")
                known = seen.setdefault((name, location), element)
                if known != element and name:
                    message = f"the {location} parameter {name!r:.80} is listed twice"
                    self._report(self.tolerable, "duplicate-parameter", message, element, known)
                if location == "path":
                    names[name] = parameter
        template = template_names(found.path)
        for name in sorted(set(template) - names.keys()) if complete else ():
            message = f"'{name}' is not declared; it is taken as a string"
            self._report(Severity.WARNING, "undeclared-path-parameter", message, found.node, values=(name,))
        for name in sorted(names.keys() - set(template)):
            message = f"'{name}' does not occur in the path '{found.path}'; it is left out"
            self._report(
                Severity.WARNING, "unused-path-parameter", message, names[name], values=(found.path,)
            )
        for name in sorted({name for name in template if template.count(name) > 1}):
            message = f"{found.path!r:.120} has {{{name:.80}}} more than once"
            self._report(Severity.WARNING, "repeated-path-parameter", message, found.item, values=(name,))

    def _requirements(self) -> Iterator[Node]:
        holders = [self.document.root, *(found.node for found in self.operations)]
        for holder in holders:
            listed = holder.get("security")
            yield from listed.elements() if listed is not None else ()

    def _security(self) -> None:
        known = components(self.document.root, "securitySchemes", self.follow)
        for requirement in self._requirements():
            for key, node in requirement.items():
                if key not in known:
                    message = f"the security scheme {key!r:.80} is not defined in components.securitySchemes"
                    self._report(self.tolerable, "unknown-security-scheme", message, node)

    def _servers(self) -> None:
        items = (item for _, item in path_items(self.document.root, self.follow))
        for owner in (self.document.root, *items, *(found.node for found in self.operations)):
            check_servers(owner, self._report)

    def _tags(self) -> None:
        first: dict[str, Node] = {}
        tags = self.document.root.get("tags")
        for tag in tags.elements() if tags is not None else ():
            name = tag.text("name")
            known = first.setdefault(name, tag)
            if known != tag and name:
                self._report(
                    Severity.WARNING, "duplicate-tag", f"the tag {name!r:.80} is defined twice", tag, known
                )
