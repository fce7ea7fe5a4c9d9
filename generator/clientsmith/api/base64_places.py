"""Places at which bytes travel in base64 although their type does not say so: below conditions, and without a field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from clientsmith.api.model.api import Base64Place, Operation
from clientsmith.api.model.type_paths import TypePaths
from clientsmith.api.model.types import ScalarType, TypeExpr
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.branches import Branches

_DEEPEST = 5
"""Steps that a place has at most."""
_MOST = 500
"""Places of one value at most."""
_ANY_NAME = "~"
"""A name that no class declares, for any other name."""


def base64_places(branches: Branches, schema: Node | None) -> tuple[Base64Place, ...]:
    """The places inside a value at which some branch of a schema says base64, None being any name or index."""
    leading = _leading(branches, schema)
    return tuple(dict.fromkeys(islice(_inside(branches, schema, (), leading), _MOST)))


def _leading(branches: Branches, schema: Node | None) -> list[set[Identity]]:
    """The schemas from which a place is reached in at most 0, 1, 2... steps; the search follows no others."""
    levels, met = [{} if schema is None else {schema.identity: schema}], set[Identity]()
    parents: dict[Identity, set[Identity]] = {}
    while len(levels) <= _DEEPEST and levels[-1]:
        below: dict[Identity, Node] = {}
        for identity, node in levels[-1].items():
            for _, inner in branches.inner(node) if identity not in met else ():
                parents.setdefault(inner.identity, set()).add(identity)
                below[inner.identity] = inner
            met.add(identity)
        levels.append(below)
    every = {identity: node for level in levels for identity, node in level.items()}
    found = [{identity for identity, node in every.items() if "byte" in branches.formats(node)}]
    for _ in range(_DEEPEST):
        found.append(found[-1] | {one for inner in found[-1] for one in parents.get(inner, ())})
    return found


def _inside(
    branches: Branches, schema: Node | None, above: Base64Place, leading: list[set[Identity]]
) -> Iterator[Base64Place]:
    if schema is None or schema.identity not in leading[_DEEPEST - len(above)]:
        return
    if schema.identity in leading[0]:
        yield above
    for name, inner in branches.inner(schema) if len(above) < _DEEPEST else ():
        yield from _inside(branches, inner, (*above, name), leading)


def with_untyped_places(operation: Operation, types: TypePaths) -> Operation:
    """The operation with only those places whose types do not take bytes themselves."""
    parameters = tuple(
        replace(one, base64=_untyped(one.type, one.base64, types)) for one in operation.parameters
    )
    body = operation.body
    if body is not None:
        body = replace(body, base64=_untyped(body.type, body.base64, types))
    return replace(operation, parameters=parameters, body=body)


def _untyped(kind: TypeExpr, places: Iterable[Base64Place], types: TypePaths) -> tuple[Base64Place, ...]:
    return tuple(place for place in places if not _takes_bytes(kind, place, types))


def _takes_bytes(kind: TypeExpr, place: Base64Place, types: TypePaths) -> bool:
    """Whether a type takes bytes at a place; if it has several types there, whether all of them do."""
    found = [kind]
    for step in place:
        found = [
            inner
            for one in found
            for inner in (
                (types.items(one), types.by_pattern(one) or types.step(one, _ANY_NAME))
                if step is None
                else (types.step(one, step),)
            )
            if inner is not None
        ]
    return bool(found) and all(ScalarType("Base64") in types.alternatives(one) for one in found)
