"""What a document declares about one operation, with references followed: parameters, body, responses, credentials."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.model import Node
from clientsmith.document.operations import FoundOperation, operations, template_names
from clientsmith.document.resolved import ResolvedDocument, reference_text
from clientsmith.openapi import parameter as parameters
from clientsmith.openapi.media_type import contents
from clientsmith.openapi.parameter import Parameter
from clientsmith.openapi.response import ResponseDeclaration, response_for, responses
from clientsmith.openapi.security import SecurityScheme, alternatives, requirements


class DescribedOperation:
    """One operation as the document declares it; everything is read when it is first asked for."""

    def __init__(self, found: FoundOperation, resolved: ResolvedDocument) -> None:
        self.found = found
        self.resolved = resolved
        self.id = found.key
        self.method = found.method.upper()
        self.path = found.path
        self.node = found.node

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that a request has, those of the path item merged with the operation's own.

        A name in the path template that nobody declares is a string.
        """
        template = template_names(self.path)
        merged = parameters.merged((self.found.item, self.node), self.resolved)
        declared = {parameter.key: parameter for parameter in merged}
        for name in template:
            declared.setdefault(("path", name), parameters.undeclared(name))
        return tuple(
            parameter
            for parameter in declared.values()
            if not parameters.is_ignored(parameter)
            and (parameter.location != "path" or parameter.name in template)
        )

    @cached_property
    def obstacles(self) -> tuple[tuple[str, Node], ...]:
        """What of this operation is not supported, and why; nobody sends it and nobody reads it."""
        return tuple(_obstacles(self.found, self.resolved))

    def note_left_out(self, diagnostics: Diagnostics) -> None:
        """Report that an operation is left out because it is not supported."""
        why, node = self.obstacles[0]
        message = f"{self.found.label} is left out: {why}"
        whole = (Related("the operation", self.node.place),)
        diagnostics.warning(
            "operation-skipped", message, node.place, related=whole, values=(self.found.label,)
        )

    def note_obstacles(self, diagnostics: Diagnostics) -> None:
        """Report what a reader of messages does not check."""
        for why, node in self.obstacles:
            message = f"of {self.found.label} a part is not checked: {why}"
            diagnostics.note("part-not-checked", message, node.place)

    @cached_property
    def body(self) -> Node | None:
        """The Request Body Object."""
        node = self.node.get("requestBody")
        return self.resolved.deref(node) if node is not None else None

    @cached_property
    def body_contents(self) -> dict[str, Node]:
        """The Media Type Objects of the request body by media type."""
        return contents(self.body, self.resolved) if self.body is not None else {}

    @cached_property
    def responses(self) -> dict[str, ResponseDeclaration]:
        """By status, range or `default`, in the order of the document."""
        return responses(self.node, self.resolved)

    def response(self, status: int) -> ResponseDeclaration | None:
        """What the document says about a status: the status itself, its range, or `default`."""
        return response_for(self.responses, status)

    @cached_property
    def security(self) -> tuple[tuple[SecurityScheme, ...], ...]:
        """The alternatives, each of which is enough; none, or an empty one, if no credentials are needed."""
        return alternatives(requirements(self.node, self.resolved))


def left_out_of(resolved: ResolvedDocument, diagnostics: Diagnostics, *, skip: bool) -> list[str]:
    """Report what is not supported in a document; returns the keys of the operations that are left out with `skip`."""
    every = [DescribedOperation(found, resolved) for found in operations(resolved.node(), resolved.deref)]
    hindered = [one for one in every if one.obstacles]
    for operation in hindered:
        (operation.note_left_out if skip else operation.note_obstacles)(diagnostics)
    return [one.id for one in hindered] if skip else []


def _obstacles(found: FoundOperation, resolved: ResolvedDocument) -> Iterator[tuple[str, Node]]:
    """References that are not followed, what is not read beside one, and parameters in an unknown location."""
    for node in found.beside:
        yield f"'{node.key}' beside the $ref of a path item is not read", node
    if reference_text(found.node) is not None and found.node.identity not in resolved.broken:
        yield "its $ref does not lead to an operation", found.node
    for part in (*_of_item(found), found.node, *_dead_schemes(found, resolved)):
        broken = resolved.broken.get(part.identity)
        if broken is not None:
            yield broken.reason, broken.node
    for target in parameters.listed((found.item, found.node), resolved):
        if "in" in target.mapping and parameters.location(target) is None:
            yield f"parameters in {target.mapping['in']!r:.200} are not supported", target


def _of_item(found: FoundOperation) -> Iterator[Node]:
    """The parameters of the path item, as a whole and one by one."""
    listed = found.item.get("parameters")
    if listed is not None:
        yield from (listed, *listed.elements())


def _dead_schemes(found: FoundOperation, resolved: ResolvedDocument) -> Iterator[Node]:
    """The security schemes of an operation that cannot be read, if it has no alternative without them."""
    alternatives = requirements(found.node, resolved)
    if alternatives and all(one.unknown for one in alternatives):
        declared = resolved.components("securitySchemes")
        yield from (
            resolved.deref(declared[key]) for one in alternatives for key in one.unknown if key in declared
        )
