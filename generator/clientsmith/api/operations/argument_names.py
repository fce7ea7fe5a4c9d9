"""The names of a method's arguments: one scope for the parameters of an operation and the members of its body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from clientsmith.api.model.api import Parameter, RequestBody
from clientsmith.api.model.naming import ARGUMENT_RESERVED, Scope, argument_name
from clientsmith.api.names.contest import Collision
from clientsmith.api.names.keeper import NameKeeper, Wish
from clientsmith.api.schemas.schemas import SchemaBuilder
from clientsmith.diagnostics.model import Diagnostics, Place, Related
from clientsmith.document.operations import template_names
from clientsmith.openapi.media_type import preferred
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Location

_HINT = "choose another name under [names.parameters] in the configuration"


@dataclass(frozen=True, slots=True)
class _Claim:
    """What asks for a name: `label` is how messages call it, `other` the name it takes if the wanted one is taken.

    `location` is where it is sent.
    """

    location: str
    wire: str
    wanted: str
    other: str
    label: str
    place: Place
    chosen: str | None = None
    declared: bool = True

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """What the configuration chose comes first, then what is declared, names that are those of the wire first."""
        return self.chosen is None, not self.declared, self.wanted != self.wire


@dataclass(frozen=True, slots=True)
class ArgumentNames:
    """Names the arguments of one operation at a time."""

    schemas: SchemaBuilder
    diagnostics: Diagnostics
    overrides: Mapping[str, str]
    keeper: NameKeeper

    def apply(
        self, operation: DescribedOperation, parameters: list[Parameter], body: RequestBody | None
    ) -> tuple[list[Parameter], RequestBody | None]:
        """The same parameters and body under the names that their arguments get."""
        places = {one.key: one.node.place for one in operation.parameters if one.node is not None}
        of_parameters = [self._of_parameter(one, operation, places) for one in parameters]
        of_body = [] if body is None else self._of_body(body, operation)
        by_rule, collisions = self._names(of_parameters + of_body)
        names = self._kept(by_rule, operation)
        for collision in collisions:
            self._report(collision, names)
        named = [
            replace(one, name=names[claim]) for one, claim in zip(parameters, of_parameters, strict=True)
        ]
        if body is None:
            return named, None
        if body.fields is None:
            return named, replace(body, argument=names[of_body[0]])
        fields = zip(body.fields, of_body, strict=True)
        return named, replace(body, fields=tuple(replace(one, name=names[claim]) for one, claim in fields))

    def _of_parameter(
        self, one: Parameter, operation: DescribedOperation, places: Mapping[tuple[Location, str], Place]
    ) -> _Claim:
        key = one.location, one.wire.lower() if one.location == "header" else one.wire
        name = argument_name(one.wire)
        label = f"{one.location} parameter '{one.wire:.80}'"
        chosen = self.overrides.get(f"{operation.id}.{one.wire}")
        other = f"{one.location}_{name.rstrip('_')}"
        found = places.get(key)
        place = found or operation.node.place
        return _Claim(one.location, one.wire, name, other, label, place, chosen, found is not None)

    def _of_body(self, body: RequestBody, operation: DescribedOperation) -> list[_Claim]:
        node = operation.body or operation.node
        if body.fields is None:
            return [_Claim("body", "", "body", "request_body", "body", node.place)]
        contents = operation.body_contents
        properties = self.schemas.sources.properties(contents[preferred(contents) or ""].child("schema"))
        return [
            _Claim(
                "body",
                one.wire,
                one.name,
                f"body_{one.name.rstrip('_')}",
                f"property '{one.wire:.80}' of the body",
                properties[one.wire][0].place,
            )
            for one in body.fields
        ]

    def _kept(self, names: dict[_Claim, str], operation: DescribedOperation) -> dict[_Claim, str]:
        """The names that the arguments had, and those by rule of arguments that are new."""
        positions = {name: str(index) for index, name in enumerate(template_names(operation.path))}
        base = self.keeper.identities.operation(operation.id)
        wishes: list[Wish] = []
        for claim, name in names.items():
            wire = claim.wire.lower() if claim.location == "header" else claim.wire
            wire = positions.get(wire, wire) if claim.location == "path" else wire
            thing = base, f"{claim.location} {wire}"
            label = f"the {claim.label} of {operation.found.label:.200}"
            wishes.append(Wish(thing, name, label, claim.place, claim.chosen is not None, (claim.other,)))
        settled = self.keeper.settle("arguments", wishes, reserved=ARGUMENT_RESERVED)
        return dict(zip(names, settled, strict=True))

    def _names(self, claims: list[_Claim]) -> tuple[dict[_Claim, str], list[tuple[_Claim, _Claim | None]]]:
        """The name of each, and those that do not get the wanted one, each with what has that.

        Names that the configuration chose stay as they are.
        """
        scope = Scope(set(ARGUMENT_RESERVED))
        names: dict[_Claim, str] = {}
        holders: dict[str, _Claim] = {}
        collisions: list[tuple[_Claim, _Claim | None]] = []
        for claim in sorted(claims, key=lambda one: one.rank):
            wanted = claim.chosen or claim.wanted
            names[claim] = scope.claim(wanted, *([claim.other] if claim.chosen is None else []))
            if names[claim] != wanted:
                collisions.append((claim, holders.get(wanted)))
            holders[names[claim]] = claim
        return names, collisions

    def _report(self, collision: tuple[_Claim, _Claim | None], names: Mapping[_Claim, str]) -> None:
        claim, holder = collision
        if claim.chosen is None and holder is not None:
            settled = Collision(claim.wanted, claim, holder).settled(names)
            claim, holder = settled.one, settled.first
            if names[holder] != settled.name:
                return
        related = () if holder is None else (Related("the other one", holder.place),)
        other = "another argument has it" if holder is None else f"the {holder.label} has it"
        if collision[0].chosen is not None:
            message = f"'{claim.chosen}' cannot be the name of '{claim.wire:.80}': {other}"
            self.diagnostics.error("name-collision", message, claim.place, hint=_HINT, related=related)
        else:
            message = f"the {claim.label} is the argument '{names[claim]}', not '{claim.wanted}': {other}"
            values = (claim.wire, claim.wanted)
            self.diagnostics.warning(
                "name-collision", message, claim.place, hint=_HINT, related=related, values=values
            )
