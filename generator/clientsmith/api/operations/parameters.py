"""Parameters of an operation as arguments: their order and their types; `argument_names` names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clientsmith.api.base64_places import base64_places
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
from clientsmith.openapi.own_members import (
    SPREADING,
    OwnMembers,
    credentials,
    members_of_parameters,
    spread_parameters,
)

_TOGETHER = "style: deepObject, or a content type of JSON, keeps the members of an object together"
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
        branches = Branches(self.schemas.reader)
        members: dict[tuple[str, str], OwnMembers] = {}
        for location in SPREADING:
            beside = {one.name: one.node for one in operation.parameters if one.location == location}
            spread = spread_parameters(operation, location, branches)
            taken = beside | credentials(operation, location)
            note_shared_names(branches, self.diagnostics, spread, taken)
            self._note_bracketed(operation, location, branches, taken)
            own = members_of_parameters(operation, location, branches)
            members |= {(location, name): own[name] for name in spread}
        found = sorted(operation.parameters, key=lambda one: _rank(one, template))
        return [self._parameter(one, members.get((one.location, one.name))) for one in found]

    def _note_bracketed(
        self,
        operation: DescribedOperation,
        location: declared.Location,
        branches: Branches,
        taken: Mapping[str, Node | None],
    ) -> None:
        """Warn of members of a `deepObject` that are written under the name of another parameter."""
        deep = (one for one in operation.parameters if one.style == "deepObject" and one.location == location)
        for parameter in deep:
            for key, member in branches.properties(parameter.schema).items():
                name = f"{parameter.name}[{key}]"
                other = taken.get(name)
                if other is not None:
                    _note_taken(self.diagnostics, name, member, other)

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

    def _parameter(self, one: declared.Parameter, members: OwnMembers | None) -> Parameter:
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
            members=members,
            base64=base64_places(self.checks.branches, one.schema),
        )

    def _hints(self, node: Node) -> Iterator[tuple[str, str]]:
        for number, one in enumerate(read_hints(node)):
            pattern = to_rust(one.pattern)
            if pattern is not None:
                yield pattern, one.hint
                continue
            message = f"the pattern {one.pattern!r:.120} cannot be read, or needs look-around"
            self.diagnostics.error("invalid-extension", message, node.child(HINTS).child(str(number)).place)


def _note_taken(diagnostics: Diagnostics, name: str, member: Node, other: Node) -> None:
    message = f"a member '{name:.80}' would be read as what has that name beside this object"
    diagnostics.warning(
        "member-name-taken",
        f"{message}; the client refuses it",
        member.place,
        hint=_TOGETHER,
        related=(Related("the other one", other.place),),
    )


def note_shared_names(
    branches: Branches,
    diagnostics: Diagnostics,
    spread: Mapping[str, Node],
    beside: Mapping[str, Node | None],
) -> None:
    """Warn of members that cannot be distinguished from others in one place.

    `spread` are the schemas of the objects that are written member by member, `beside` all that has a name there.
    """
    earlier: dict[str, Node] = {}
    open_one: Node | None = None
    for owner, schema in spread.items():
        own = branches.properties(schema)
        for name, member in own.items():
            taken = (beside.get(one) for one in (name, name.partition("[")[0]) if one != owner)
            other = earlier.get(name) or next(filter(None, taken), None)
            if other is not None:
                _note_taken(diagnostics, name, member, other)
        if branches.is_open(schema):
            if open_one is not None:
                diagnostics.warning(
                    "open-objects",
                    "an undeclared member may be of this object or of another one beside it; the client refuses it",
                    schema.place,
                    hint=_TOGETHER,
                    related=(Related("the other one", open_one.place),),
                )
            open_one = open_one or schema
        earlier = own | earlier


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
