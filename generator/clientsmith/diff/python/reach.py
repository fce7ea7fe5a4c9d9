"""Which schemas the methods and types of a package lead to: those come and go with what leads to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from clientsmith.api.model.api import Api, Operation
from clientsmith.api.model.expressions import names, schema_types
from clientsmith.api.model.types import TypeExpr
from clientsmith.api.signatures import arguments_of
from clientsmith.diff.python.classes import by_name
from clientsmith.diff.python.finding import PythonFinding
from clientsmith.runtime_copy.features import with_needs
from clientsmith.runtime_copy.files import public_names

_OF_FEATURES = frozenset({"export-removed", "setting-removed"})
_OF_WHOLE_CLASS = frozenset({"class-added", "class-removed", "class-renamed"})


class Reach:
    """The schemas of one package, by what leads to them."""

    def __init__(self, api: Api) -> None:
        self._api = api
        schemas = by_name(api)
        self._parts = {
            name: {inner for one in schema_types(schema) for inner in names(one) if inner in schemas}
            for name, schema in schemas.items()
        }

    def of_types(self, types: Iterable[TypeExpr]) -> frozenset[str]:
        """The names of all schemas that types lead to."""
        found: set[str] = set()
        reached = {name for expression in types for name in names(expression)} & self._parts.keys()
        while reached:
            found |= reached
            reached = set[str]().union(*(self._parts[name] for name in reached)) - found
        return frozenset(found)

    @cached_property
    def of_operations(self) -> dict[str, frozenset[str]]:
        """The names by operation id."""
        return {
            operation.id: self.of_types(_types(operation))
            for resource in self._api.resources
            for operation in resource.operations
        }

    @cached_property
    def billing(self) -> frozenset[str]:
        """The ids of the operations that bill."""
        operations = (operation for resource in self._api.resources for operation in resource.operations)
        return frozenset(operation.id for operation in operations if operation.bills)

    @cached_property
    def at(self) -> dict[str, list[str]]:
        """The names of the schemas that each place of the document makes."""
        found: dict[str, list[str]] = {}
        for schema in self._api.schemas:
            found.setdefault(schema.pointer, []).append(schema.name)
        return found

    @cached_property
    def operations(self) -> dict[str, frozenset[str]]:
        """The ids of the operations that lead to each schema."""
        found: dict[str, set[str]] = {}
        for id, reached in self.of_operations.items():
            for name in reached:
                found.setdefault(name, set()).add(id)
        return {name: frozenset(ids) for name, ids in found.items()}


def _types(operation: Operation) -> list[TypeExpr]:
    media = [one.type for response in operation.responses for one in response.media]
    # Its class too if the properties of a body are arguments.
    body = [] if operation.body is None else [operation.body.type]
    return [*(argument.type for argument in arguments_of(operation)), *body, *media]


def causes(
    findings: Iterable[PythonFinding], old: Reach, new: Reach, operations: Mapping[str, str]
) -> dict[PythonFinding, PythonFinding]:
    """For findings that come of another one, such as classes that go with a method: that one."""
    every = list(findings)
    gone, added = _leading(every, old, new, operations)
    found: dict[PythonFinding, PythonFinding] = {}
    for finding in every:
        names = gone if finding.rule == "class-removed" else added if finding.rule == "class-added" else {}
        if finding.values[:1] and finding.values[0] in names:
            found[finding] = names[finding.values[0]]
    by_place = {
        place: cause for one, cause in found.items() for place in (one.spot.old, one.spot.new) if place
    }
    for finding in every:
        if finding.rule == "class-renamed" and finding.spot.old in by_place:
            found[finding] = by_place[finding.spot.old]
    return found | _of_billing(every, old) | _of_credentials(every)


def _of_credentials(findings: Iterable[PythonFinding]) -> dict[PythonFinding, PythonFinding]:
    """For another order of credentials: the new one that was put in front of the others, if nothing else moved."""
    every = list(findings)
    added = {one.spot: one for one in every if one.rule == "credential-added"}
    moved = (one for one in every if one.rule == "credential-position-changed" and one.spot in added)
    return {one: added[one.spot] for one in moved}


def _of_billing(findings: Iterable[PythonFinding], old: Reach) -> dict[PythonFinding, PythonFinding]:
    """For the journal of a package, whose calls bill no more: the first call that does not, or that is gone."""
    every = list(findings)
    first = next(
        (
            one
            for one in every
            if one.rule == "billing-mark-removed"
            or (one.rule == "method-removed" and one.operations & old.billing)
        ),
        None,
    )
    names = {"journal", *public_names(with_needs(["journal"]))}
    gone = (one for one in every if one.rule in _OF_FEATURES and names.issuperset(one.values))
    return {} if first is None else dict.fromkeys(gone, first)


def _leading(
    findings: Iterable[PythonFinding], old: Reach, new: Reach, operations: Mapping[str, str]
) -> tuple[dict[str, PythonFinding], dict[str, PythonFinding]]:
    """By class a change that leads to it, of a type or of a call: for classes that are gone, and for new ones."""
    others = [one for one in findings if one.rule not in _OF_WHOLE_CLASS]
    back = {new_id: id for id, new_id in operations.items()}
    gone: dict[str, PythonFinding] = {}
    added: dict[str, PythonFinding] = {}
    for one in others:
        gone |= dict.fromkeys(old.of_types(one.was) - gone.keys(), one)
        added |= dict.fromkeys(new.of_types(one.now) - added.keys(), one)
    for one in others:
        for id in sorted(one.operations):
            before = old.of_operations.get(back.get(id, id), frozenset())
            after = new.of_operations.get(id, frozenset())
            gone |= dict.fromkeys(before - after - gone.keys(), one)
            added |= dict.fromkeys(after - before - added.keys(), one)
    return gone, added
