"""The document as schemathesis can read it, which follows references at the places of the specification only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from clientsmith.conform.run.context import Context
from clientsmith.document.grammar import METHODS
from clientsmith.document.model import JSON, Node, Pointer, render_pointer
from clientsmith.document.references.targets import join
from clientsmith.document.resolved import Identity, ResolvedDocument, members
from clientsmith.jsonschema.satisfiability.unused import UNUSED, UnusedProperties
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Parameter
from clientsmith.openapi.server import servers
from clientsmith.traffic.check import MessageChecker

_CONDITIONS = frozenset({"readOnly", "not", "if"})
"""Keywords for which schemathesis checks a whole body while it draws parts of it."""


def plain_document(context: Context) -> dict[str, Any]:
    """A copy of the root document with every operation in its place, and without those left out."""
    operations = [one for one in context.checker.operations if one.id in context.package.operations]
    unused = _unused_names(context.checker, operations)
    files = _files_as_text(context.checker, operations)
    return _Copy(context.checker.resolved, unused, files).document(operations)


def _unused_names(
    checker: MessageChecker, operations: list[DescribedOperation]
) -> dict[Identity, frozenset[str]]:
    """The members of request bodies that a schema marks `readOnly`, for that schema and each that holds beside it.

    schemathesis forbids a marked member, and takes everything else that is said of it at its word.
    """
    found: dict[Identity, frozenset[str]] = {}
    unused, seen = UnusedProperties(checker.reader, UNUSED["request"]), set[Identity]()
    bodies = [media.get("schema") for one in operations for media in one.body_contents.values()]
    waiting = [schema for schema in bodies if schema is not None]
    while waiting:
        node = waiting.pop()
        if node.identity in seen:
            continue
        seen.add(node.identity)
        names = unused.of(node)
        for part in checker.branches.of(node) if names else ():
            found[part.identity] = found.get(part.identity, names) | names
        waiting += (inner for _, inner in checker.branches.inner(node))
    return found


def _files_as_text(checker: MessageChecker, operations: list[DescribedOperation]) -> frozenset[Identity]:
    """The schemas of files in bodies below which something depends on a condition, which `readOnly` becomes.

    schemathesis checks such a body as a whole, and stops at what it draws for a file unless that is text.
    """
    found: set[Identity] = set()
    bodies = [media.get("schema") for one in operations for media in one.body_contents.values()]
    for body in bodies:
        below: dict[Identity, Node] = {}
        waiting = [] if body is None else [body]
        while waiting:
            node = waiting.pop()
            if node.identity not in below:
                below[node.identity] = node
                waiting += (*checker.branches.of(node), *(one for _, one in checker.branches.inner(node)))
        if any(_CONDITIONS & node.mapping.keys() for node in below.values()):
            found |= {identity for identity, node in below.items() if node.text("format") == "binary"}
    return frozenset(found)


class _Copy:
    """Copies nodes into a root document: references are relative to that, and no schema has a URI of its own."""

    def __init__(
        self,
        resolved: ResolvedDocument,
        unused: Mapping[Identity, frozenset[str]],
        files_as_text: frozenset[Identity],
    ) -> None:
        self._resolved = resolved
        self._unused = unused
        self._files_as_text = files_as_text
        self._resources = {node.identity for node in resolved.resources}

    def document(self, operations: list[DescribedOperation]) -> dict[str, Any]:
        """The root document with those operations alone."""
        root = self._resolved.node()
        kept = [key for key in root.mapping if key not in ("paths", "components", "servers")]
        tree: dict[str, Any] = {key: self._of(root.child(key)) for key in kept} | _addresses(root)
        paths: dict[str, dict[str, Any]] = {}
        for operation in operations:
            item = paths.setdefault(operation.path, _addresses(operation.found.item))
            method = operation.found.method
            owner: dict[str, Any] = item if method in METHODS else item.setdefault("additionalOperations", {})
            owner[method] = self._operation(operation)
        sections = members(root.get("components"), self._resolved.deref)
        components = {section: self._members(node) for section, node in sections.items()}
        return tree | {"paths": paths, "components": components}

    def _operation(self, operation: DescribedOperation) -> dict[str, Any]:
        """An operation with the parameters that have a meaning: OpenAPI gives a header named Accept none."""
        node = operation.node
        parameters = [
            _undeclared(one) if one.node is None else self._of(one.node) for one in operation.parameters
        ]
        own = {"parameters": parameters, "responses": self._members(node.get("responses"))}
        kept = [key for key in node.mapping if key != "servers"]
        return {key: self._of(node.child(key)) for key in kept} | own | _addresses(node)

    def _members(self, node: Node | None) -> dict[str, Any]:
        return {key: self._of(one) for key, one in members(node, self._resolved.deref).items()}

    def _of(self, node: Node) -> Any:
        return self._copied(node.value, node.document.uri, node.pointer)

    def _copied(self, value: JSON, uri: str, pointer: Pointer) -> Any:
        if isinstance(value, list):
            return [self._copied(one, uri, (*pointer, str(place))) for place, one in enumerate(value)]
        if not isinstance(value, dict):
            # schemathesis does not take a Decimal.
            return float(value) if isinstance(value, Decimal) else value
        made = {key: self._copied(one, uri, (*pointer, key)) for key, one in value.items()}
        if (uri, pointer) in self._resources:
            del made["$id"]
        if isinstance(value.get("pattern"), str) and not _is_readable(made["pattern"]):
            del made["pattern"]
        if (uri, pointer) in self._files_as_text:
            del made["format"]
        if unused := self._unused.get((uri, pointer)):
            _demand_nothing_of(unused, made)
        target = self._resolved.references.get((uri, pointer))
        reference = value.get("$ref")
        if target is not None:
            made.pop("$dynamicRef", None)
            own = "" if target.document.is_root else target.document.uri
            made["$ref"] = f"{own}#{render_pointer(target.pointer)}"
        elif isinstance(reference, str) and uri != self._resolved.root.uri:
            name, mark, fragment = reference.partition("#")
            made["$ref"] = f"{join(uri, name)}{mark}{fragment}"
        return made


def _demand_nothing_of(unused: frozenset[str], made: dict[str, Any]) -> None:
    """Remove every demand for some members from a schema; our own checks cover `not` and `if`."""
    made.pop("not", None)
    made.pop("if", None)
    if isinstance(made.get("minProperties"), int):
        made["minProperties"] = max(made["minProperties"] - len(unused), 0)
    if isinstance(made.get("required"), list):
        made["required"] = [name for name in made["required"] if name not in unused]
    if isinstance(made.get("dependentRequired"), dict):
        needs: dict[str, list[str]] = made["dependentRequired"]
        made["dependentRequired"] = {
            key: [name for name in names if name not in unused] for key, names in needs.items()
        }


def _addresses(owner: Node) -> dict[str, Any]:
    """The servers of an object with their variables at the defaults, without those that have no address."""
    if "servers" not in owner.mapping:
        return {}
    return {"servers": [{"url": one.url} for one in servers(owner) if not set("{}") & set(one.url)]}


def _is_readable(pattern: str) -> bool:
    """Whether texts can be drawn for a pattern; the dialect of JSON Schema is not that of Python."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _undeclared(parameter: Parameter) -> dict[str, Any]:
    """A name in the path that the document does not declare."""
    return {"name": parameter.name, "in": parameter.location, "required": True, "schema": {"type": "string"}}
