"""Compares the errors of a caller with the changes that were found for callers, in both directions.

Every error has its breaking change, and every breaking change of a name or type has its error from each checker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from clientsmith.api.model.api import Api, Operation
from clientsmith.api.model.expressions import children, names
from clientsmith.api.model.types import ModelClass, ScalarType, Schema, TypeExpr
from clientsmith.api.signatures import Argument, arguments_of
from clientsmith.callers.check import CallerError
from clientsmith.callers.elements import Caller, Element
from clientsmith.diff.model import Level
from clientsmith.diff.python.finding import PythonFinding
from clientsmith.document.operations import template_names
from clientsmith.type_checkers import CHECKERS

OUTSIDE: Mapping[str, str] = {
    "base-url-moved": "an address is a string like any other",
    "billing-mark-removed": "the mark changes what a call does, not how it is written",
    "credentials-due": "a client without credentials is refused at run time: each of them is optional by itself",
    "package-renamed": "an old caller is checked against the new package under the name that this has",
}
"""Breaking changes that no type checker can see, by rule, with the reason.

Bounds, patterns, error bodies and what else the new package refuses are not changes of names or types: they are
found on the wire.
"""
_WHOLE = frozenset({"client", "class", "credential", "export", "method"})
"""Elements of which every line has to have an error: nothing of them is left."""


@dataclass(frozen=True, slots=True)
class _Due:
    """Elements at one of which a finding has an error, and others at which it explains one."""

    any_of: frozenset[Element]
    explains: frozenset[Element] = frozenset()


def disagreements(
    old: Api, new: Api, findings: Iterable[PythonFinding], caller: Caller, errors: Sequence[CallerError]
) -> list[str]:
    """What type checkers and the comparison say differently, one sentence each; nothing if they agree."""
    breaking = [one for one in findings if one.level is Level.BREAKING and one.rule not in OUTSIDE]
    judge = _Judge(_Side(old), _Side(new), caller, errors)
    due = [(one, judge.due(one)) for one in breaking]
    explained = {element for _, one in due for element in (*one.any_of, *one.explains)}
    return [
        *(f"no breaking change explains {_shown(one)}" for one in errors if one.element not in explained),
        *(text for finding, one in due for text in judge.missing(finding, one)),
    ]


def _shown(error: CallerError) -> str:
    return f"{error.checker} [{error.code}] {error.message} in {error.source}"


class _Side:
    """The operations and schemas of one package, by what names them."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.operations = {one.pointer: one for resource in api.resources for one in resource.operations}
        self.by_id = {one.id: one for one in self.operations.values()}
        self.schemas: Mapping[str, Schema] = {schema.name: schema for schema in api.schemas}

    def arguments(self, operation: Operation) -> dict[tuple[str, str], Argument]:
        """By place and wire name; those in the path by position."""
        positions = {name: str(index) for index, name in enumerate(template_names(operation.path))}
        return {
            (one.place, positions.get(one.wire, one.wire) if one.role == "path" else one.wire.lower()): one
            for one in arguments_of(operation)
        }

    def named(self, kind: TypeExpr) -> set[str]:
        """The classes in a type, and in the aliases that it names."""
        found: set[str] = set()
        waiting = list(names(kind))
        while waiting:
            name = waiting.pop()
            schema = self.schemas[name]
            if name not in found and not isinstance(schema, ModelClass):
                waiting += names(schema.type)
            found.add(name)
        return found


@dataclass(frozen=True)
class _Judge:
    old: _Side
    new: _Side
    caller: Caller
    errors: Sequence[CallerError]

    @cached_property
    def reported(self) -> dict[tuple[str, Element], set[int]]:
        """The lines with errors by checker and element."""
        found: dict[tuple[str, Element], set[int]] = {}
        for one in self.errors:
            if one.element is not None:
                found.setdefault((one.checker, one.element), set()).add(one.line)
        return found

    @cached_property
    def lines(self) -> dict[Element, set[int]]:
        """The lines of each element."""
        found: dict[Element, set[int]] = {}
        for number, element in self.caller.elements.items():
            found.setdefault(element, set()).add(number)
        return found

    def due(self, finding: PythonFinding) -> _Due:
        """Where a finding has its error."""
        values, spot = finding.values, finding.spot
        match finding.rule.split("-"):
            case ["client", *_]:
                return _due(Element("client", name=values[0]))
            case ["base", "url", "due"]:
                return _due(Element("due"), explains=_ORDER)
            case ["credential", "position", _]:
                return _Due(_ORDER)
            case ["export" | "setting" as kind, _]:
                return _Due(frozenset(Element(kind, name=name) for name in values))
            case ["credential", "renamed"]:
                gone = {*values[0].split(", ")} - {*values[1].split(", ")}
                return _Due(frozenset(Element("credential", name=name) for name in gone), _ORDER)
            case ["credential", *_]:
                return _Due(frozenset(Element("credential", name=name) for name in values), _ORDER)
            case ["class", "removed" | "renamed"]:
                own = Element("class", spot.schema)
                # A name that another class has now is still there: what that class lacks are its errors.
                is_taken = spot.schema in self.new.schemas
                return _Due(frozenset(() if is_taken else {own}), self._parts(spot.schema) | {own})
            case ["class", "kind", _]:
                return _Due(self._parts(spot.schema), self._uses(spot.schema))
            case ["class", *_]:
                return _Due(frozenset({Element("alias", spot.schema)}) | self._uses(spot.schema))
            case ["field", *rest]:
                return self._field(rest, finding)
            case _:
                return self._method(finding)

    def _parts(self, schema: str) -> frozenset[Element]:
        """What is used of a class or alias, its name apart."""
        return frozenset(one for one in self.lines if one.owner == schema and one.kind != "class")

    def _uses(self, schema: str) -> frozenset[Element]:
        """What has a type in which a class or alias is named."""
        return frozenset(
            one for one in self.lines if any(schema in self.old.named(kind) for kind in self._types(one))
        )

    def _field(self, change: list[str], finding: PythonFinding) -> _Due:
        owner = self.old.schemas[finding.spot.schema]
        assert isinstance(owner, ModelClass)
        name = next((one.name for one in owner.fields if one.wire == finding.spot.part), "")
        field, key, due = (
            Element("field", owner.name, name),
            Element("key", owner.name, name),
            Element("due", owner.name),
        )
        if owner.direction == "response":
            return _due(field)
        match change:
            case ["required" | "added"]:
                return _due(due)
            case ["type", "changed"]:
                return _due(field, key)
            case ["renamed"]:
                return _due(field, explains=[due])
            case _:
                return _due(field, explains=[key, due])

    def _method(self, finding: PythonFinding) -> _Due:
        operation = self.old.operations[finding.spot.old]
        due, order = Element("due", operation.id), Element("order", operation.id)
        match finding.rule:
            case "method-removed" | "method-renamed":
                return _due(Element("method", operation.id))
            case "result-changed":
                return _due(Element("result", operation.id))
            case "argument-order-changed":
                return _due(order)
            case "argument-required" | "argument-added":
                return _due(due)
            case "body-reshaped":
                body = [one.name for one in arguments_of(operation) if one.place == "body"]
                return _due(due, *(Element("argument", operation.id, name) for name in body))
            case _:
                own = Element("argument", operation.id, self._argument(operation, finding).name)
                if finding.rule == "argument-type-changed":
                    return _due(own)
                # A name that another argument in the path has now is still there, at another position.
                return _Due(frozenset({own} | ({order} & self.lines.keys())), frozenset({due, order}))

    def _argument(self, operation: Operation, finding: PythonFinding) -> Argument:
        """The argument of OLD; findings name that of NEW if there is one."""
        place, _, wire = finding.spot.part.partition(".")
        other = self.new.operations.get(finding.spot.new)
        key = place, wire.lower()
        if place == "path":
            paths = [template_names(one.path) for one in (other, operation) if one is not None]
            key = place, str(next(path.index(wire) for path in paths if wire in path))
        return self.old.arguments(operation)[key]

    def missing(self, finding: PythonFinding, due: _Due) -> Iterator[str]:
        """The checkers that see nothing of a finding."""
        if not due.any_of or all(map(self._is_hidden, due.any_of)) or _is_untyped(finding, due):
            return
        enough = all if all(one.kind in _WHOLE for one in due.any_of) else any
        for checker in CHECKERS:
            if not enough(self._is_reported(checker, element) for element in due.any_of):
                yield f"{checker} sees nothing of {finding.rule}: {finding.text}"

    def _is_reported(self, checker: str, element: Element) -> bool:
        found = self.reported.get((checker, element), set())
        return found == self.lines.get(element) if element.kind in _WHOLE else bool(found)

    def _is_hidden(self, element: Element) -> bool:
        """Whether what an element is part of, or a name in its type, is gone: then nothing more is known of it."""
        kinds = self._types(element)
        named = {name for kind in kinds for name in self.old.named(kind)}
        above = [Element("class", name) for name in (element.owner, *named)]
        above += [Element("method", element.owner)]
        above += [Element("export", name="FileContent")] if any(map(_is_file, kinds)) else []
        api = self.old.api
        above += [Element("client", name=name) for name in (api.client_class, api.async_client_class)]
        gone = any((checker, one) in self.reported for checker in CHECKERS for one in above if one != element)
        kept = named & self.new.schemas.keys()
        return gone or any(type(self.old.schemas[name]) is not type(self.new.schemas[name]) for name in kept)

    def _types(self, element: Element) -> list[TypeExpr]:
        schema, operation = self.old.schemas.get(element.owner), self.old.by_id.get(element.owner)
        if element.kind in ("field", "key") and isinstance(schema, ModelClass):
            return [one.type for one in schema.fields if one.name == element.name]
        if element.kind == "alias" and schema is not None and not isinstance(schema, ModelClass):
            return [schema.type]
        if operation is None:
            return []
        if element.kind == "result":
            return [media.type for response in operation.responses for media in response.media]
        return [
            one.type
            for one in arguments_of(operation)
            if element == Element("argument", operation.id, one.name)
        ]


def _due(*elements: Element, explains: Iterable[Element] = ()) -> _Due:
    return _Due(frozenset(elements), frozenset(explains))


def _is_file(kind: TypeExpr) -> bool:
    return kind == ScalarType("bytes") or any(map(_is_file, children(kind)))


def _is_untyped(finding: PythonFinding, due: _Due) -> bool:
    """Whether type checkers take anything: what becomes `Any`, and arguments that were."""
    if not finding.rule.endswith("-changed") or len(finding.values) != 2:
        return False
    is_read = finding.rule == "result-changed" or {one.kind for one in due.any_of} == {"field"}
    was, now = finding.values
    return "Any" in _WORD.findall(now if is_read else f"{was} {now}")


_WORD = re.compile(r"\w+")
_ORDER = frozenset({Element("order")})
