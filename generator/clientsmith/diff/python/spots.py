"""Where in a description a finding of the Python level comes from: the places that a change on the wire would name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from clientsmith.document.model import Node, parse_pointer
from clientsmith.document.operations import operations
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.openapi.operation import DescribedOperation


class Spots:
    """The places of one description."""

    def __init__(self, document: ResolvedDocument) -> None:
        self._document = document
        self._reader = SchemaReader(document)

    @cached_property
    def _operations(self) -> dict[str, DescribedOperation]:
        found = operations(self._document.node(), self._document.deref)
        return {one.node.place.pointer or "": DescribedOperation(one, self._document) for one in found}

    def node(self, shown: str) -> Node | None:
        """The node at a pointer as places show it."""
        uri, mark, text = shown.rpartition("#") if not shown.startswith("/") else ("", "", shown)
        document = self._document.documents.get(uri) if mark else self._document.root
        pointer = parse_pointer(text)
        if document is None or pointer is None:
            return None
        node = document.root
        for step in pointer:
            try:
                node = node.child(step)
            except (KeyError, IndexError, ValueError):
                return None
        return node

    def of(self, owner: str, part: str) -> Iterator[str]:
        """The shown pointers of a part of an operation or a schema, the closest one first."""
        operation = self._operations.get(owner)
        if operation is None:
            node = self.node(owner)
            yield from self._of_schema(node, part) if node is not None else ()
        elif not part:
            yield owner
        else:
            yield from self._of_operation(operation, part)

    def _of_operation(self, operation: DescribedOperation, part: str) -> Iterator[str]:
        where, _, wire = part.partition(".")
        owner = operation.node.place.pointer or ""
        if where == "security":
            own = operation.node.get(where)
            yield f"/{where}" if own is None else own.place.pointer or ""
        elif where == "result":
            yield f"{owner}/responses"
            for declared in operation.responses.values():
                yield from self._of_contents(declared.contents)
        elif where == "body":
            if not wire:
                yield f"{owner}/requestBody"
            yield from self._of_contents(operation.body_contents, wire)
            if wire:
                yield f"{owner}/requestBody"
        else:
            for parameter in operation.parameters:
                if (parameter.location, parameter.name) == (where, wire) and parameter.node is not None:
                    yield parameter.node.place.pointer or ""
                    yield from self._of_schema(parameter.schema, "") if parameter.schema is not None else ()

    def _of_contents(self, contents: dict[str, Node], wire: str = "") -> Iterator[str]:
        for media in contents.values():
            schema = media.get("schema")
            yield from self._of_schema(schema, wire) if schema is not None else ()

    def _of_schema(self, node: Node, wire: str) -> Iterator[str]:
        """The schema and what holds beside it; with a wire name, what they say of that property."""
        parts = dict.fromkeys(
            (node, *(one.node for one in self._reader.parts(self._reader.canonical(node)[0])))
        )
        for part in parts:
            properties = part.get("properties")
            inner = properties.get(wire) if wire and properties is not None else None
            if not wire:
                yield part.place.pointer or ""
            elif inner is not None:
                yield inner.place.pointer or ""
