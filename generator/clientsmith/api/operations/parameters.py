"""Parameters of an operation as arguments: their order and their types; `argument_names` names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clientsmith.api.model.api import Parameter
from clientsmith.api.model.types import STR
from clientsmith.api.operations.request_schemas import RequestSchemas
from clientsmith.api.schemas.schemas import SchemaBuilder
from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.model import Node
from clientsmith.document.noted_values import HINTS, read_hints
from clientsmith.document.operations import template_names
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.pattern_syntax import to_rust
from clientsmith.openapi import parameter as declared
from clientsmith.openapi.example import examples, schema_examples
from clientsmith.openapi.media_type import concrete
from clientsmith.openapi.operation import DescribedOperation

_ORDER = {location: number for number, location in enumerate(declared.STYLES)}


@dataclass(frozen=True, slots=True)
class ParameterReader:
    """Reads the parameters of one operation."""

    schemas: SchemaBuilder
    checks: RequestSchemas
    diagnostics: Diagnostics

    def read(self, operation: DescribedOperation) -> list[Parameter]:
        """Every parameter that is sent, required ones first within each location, path parameters by template."""
        template = list(dict.fromkeys(template_names(operation.path)))
        self._note_what_is_not_sent(operation, template)
        for one in operation.parameters:
            if one.location in ("query", "cookie") and one.is_spread:
                beside = (other for other in operation.parameters if other.location == one.location)
                taken = {other.name: other.node for other in beside if other.name != one.name}
                note_taken_names(self.schemas, self.diagnostics, one.schema, taken)
        found = sorted(operation.parameters, key=lambda one: _rank(one, template))
        return [self._parameter(one) for one in found]

    def _note_what_is_not_sent(self, operation: DescribedOperation, template: list[str]) -> None:
        every = declared.merged((operation.found.item, operation.node), self.schemas.document)
        for one in every:
            if one.node is None:
                continue
            if one.location == "path" and one.name not in template:
                message = f"'{one.name}' does not occur in the path '{operation.path}'; it is left out"
                self.diagnostics.warning(
                    "unused-path-parameter", message, one.node.place, values=(operation.path,)
                )
            elif declared.is_ignored(one):
                message = f"OpenAPI gives the header '{one.name}' no meaning as a parameter"
                self.diagnostics.note("ignored-header-parameter", message, one.node.place)
            elif one.unknown_style:
                message = f"style '{one.unknown_style}' does not exist for a {one.location} parameter"
                self.diagnostics.warning("unknown-style", message, one.node.place)
        known = {one.name for one in every if one.location == "path"}
        for name in template:
            if name not in known:
                message = f"'{name}' is not declared; it is taken as a string"
                self.diagnostics.warning(
                    "undeclared-path-parameter", message, operation.node.place, values=(name,)
                )

    def _parameter(self, one: declared.Parameter) -> Parameter:
        node = one.node
        return Parameter(
            wire=one.name,
            name="",
            location=one.location,
            type=STR if one.schema is None else self.schemas.lower(one.schema, "request"),
            required=one.required,
            style=one.style,
            explode=one.explode,
            allow_reserved=one.allow_reserved,
            allow_empty=one.allow_empty,
            media_type=None if one.media_type is None else concrete(one.media_type),
            description="" if node is None else node.text("description"),
            deprecated=node is not None and node.mapping.get("deprecated") is True,
            example=None if one.owner is None else _example(one.owner, self.schemas.document),
            hints=() if node is None else tuple(self._hints(node)),
            schema_key=None if one.schema is None else self.checks.key(one.schema),
        )

    def _hints(self, node: Node) -> Iterator[tuple[str, str]]:
        for number, one in enumerate(read_hints(node)):
            pattern = to_rust(one.pattern)
            if pattern is not None:
                yield pattern, one.hint
                continue
            message = f"the pattern {one.pattern!r:.120} cannot be read, or needs look-around"
            self.diagnostics.error("invalid-extension", message, node.child(HINTS).child(str(number)).place)


def note_taken_names(
    schemas: SchemaBuilder, diagnostics: Diagnostics, schema: Node | None, taken: Mapping[str, Node | None]
) -> None:
    """Warn of members that are written as pairs of their own under names that other parameters or fields have."""
    for name, member in Branches(schemas.reader).properties(schema).items():
        other = taken.get(name)
        if other is not None:
            diagnostics.warning(
                "member-name-taken",
                f"a member '{name:.80}' would be read as what has that name beside this object; the client refuses it",
                member.place,
                hint="style: deepObject, or a content type of JSON, keeps the members of an object together",
                related=(Related("the other one", other.place),),
            )


def _rank(one: declared.Parameter, template: list[str]) -> tuple[int, bool, int, str]:
    """Parameters in the path by their place in the template, declared ones before those that nobody declares."""
    if one.location == "path":
        return 0, one.node is None, template.index(one.name), one.name
    return _ORDER[one.location], not one.required, 0, one.name


def _example(owner: Node, document: ResolvedDocument) -> object:
    """The first example by name, else one of the schema."""
    own = min(examples(owner, document), key=lambda one: one.key, default=None)
    if own is not None:
        return own.value.value
    first = next(schema_examples(owner.get("schema"), document), None)
    return None if first is None else first.value
