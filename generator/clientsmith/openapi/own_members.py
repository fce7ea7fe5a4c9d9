"""Whose a pair is if several objects are written member by member into one query, one Cookie header or one form.

Such a pair has the name of a member and says nothing of the object that the member belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clientsmith.document.model import Node
from clientsmith.jsonschema.branches import Branches
from clientsmith.openapi.encoding import Encodings
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Location

SPREADING: tuple[Location, ...] = ("query", "cookie")
"""The locations in which parameters are written as pairs."""


@dataclass(frozen=True, slots=True)
class OwnMembers:
    """The members that an object has to itself.

    `beside` are the names of the parameters or fields beside it, `taken` those of members and credentials there.
    `only` is set if another object beside it takes every name that nothing declares.
    """

    declared: frozenset[str]
    beside: frozenset[str]
    taken: frozenset[str]
    is_open: bool
    only: frozenset[str] | None = None

    def has(self, name: str) -> bool:
        """Whether a pair of that name can only be a member of this object."""
        if name in self.taken or not self.beside.isdisjoint((name, name.partition("[")[0])):
            return False
        return name in self.declared or (self.is_open and self.only is None)


def members_of_parameters(
    operation: DescribedOperation, location: Location, branches: Branches
) -> dict[str, OwnMembers]:
    """By parameter of a location, those of the query and of cookies being written as pairs."""
    every = {one.name: one.schema for one in operation.parameters if one.location == location}
    spread = spread_parameters(operation, location, branches)
    return _own(every, spread, frozenset(credentials(operation, location)), branches)


def spread_parameters(
    operation: DescribedOperation, location: Location, branches: Branches
) -> dict[str, Node]:
    """The schemas of the parameters whose objects are written member by member."""
    spread = (one for one in operation.parameters if one.location == location and one.is_spread)
    return _objects({one.name: one.schema for one in spread}, branches)


def credentials(operation: DescribedOperation, location: Location) -> dict[str, Node]:
    """The security schemes that put a credential there, by the name that it has."""
    schemes = (scheme for alternative in operation.security for scheme in alternative)
    return {scheme.name: scheme.node for scheme in schemes if scheme.location == location}


def members_of_fields(
    encodings: Encodings, fields: Mapping[str, Node], branches: Branches
) -> dict[str, OwnMembers]:
    """By field of a form, or part of a multipart body, whose encodings are given."""
    return _own(fields, spread_fields(encodings, fields, branches), frozenset(), branches)


def spread_fields(encodings: Encodings, fields: Mapping[str, Node], branches: Branches) -> dict[str, Node]:
    """The schemas of the fields whose objects are written member by member."""
    styled = (one for one in encodings.every().values() if one.style == "form" and one.is_exploded)
    return _objects({one.name: fields.get(one.name) for one in styled}, branches)


def _objects(schemas: Mapping[str, Node | None], branches: Branches) -> dict[str, Node]:
    return {
        name: schema
        for name, schema in schemas.items()
        if schema is not None and "object" in branches.types(schema)
    }


def _own(
    every: Mapping[str, Node | None],
    spread: Mapping[str, Node],
    credentials: frozenset[str],
    branches: Branches,
) -> dict[str, OwnMembers]:
    declared = {name: frozenset(branches.properties(schema)) for name, schema in every.items()}
    open_ones = {name for name, schema in spread.items() if branches.is_open(schema)}
    return {
        name: OwnMembers(
            declared[name],
            frozenset(every) - {name},
            credentials.union(*(declared[other] for other in spread if other != name)),
            branches.is_open(schema),
            declared[name] if open_ones - {name} else None,
        )
        for name, schema in every.items()
    }
