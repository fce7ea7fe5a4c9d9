"""Methods of two packages: their names, arguments, results and marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from clientsmith.api.model.api import Api, Operation, PartialSuccess
from clientsmith.api.model.types import ANY, TypeExpr
from clientsmith.api.signatures import can_be_nothing, succeeds_in_part
from clientsmith.diff.model import Level
from clientsmith.diff.python.arguments import ArgumentComparison
from clientsmith.diff.python.classes import Classes
from clientsmith.diff.python.finding import PythonFinding, Spot, renaming
from clientsmith.diff.python.types import Fit, shown
from clientsmith.document.operations import label


@dataclass(frozen=True, slots=True)
class Method:
    """An operation with the dotted name of its method, and the old ones that it can still be called by."""

    name: str
    operation: Operation
    old_names: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How findings name it: `client.pets.list()`."""
        return f"{self.name}()"


def methods_of(api: Api) -> dict[str, Method]:
    """The methods by the ids of their operations."""
    old: dict[str, list[str]] = {}
    for resource in api.resources:
        for one in resource.renamed:
            old.setdefault(one.new, []).append(f"{resource.name}.{one.old}")
    return {
        operation.id: Method(name := f"{resource.name}.{operation.name}", operation, tuple(old.get(name, ())))
        for resource in api.resources
        for operation in resource.operations
    }


@dataclass(frozen=True, slots=True)
class MethodPair:
    """One method in both packages."""

    classes: Classes
    old: Method
    new: Method

    def findings(self) -> Iterator[PythonFinding]:
        """What changed for those who call it."""
        old, new = self.old, self.new
        if old.name != new.name:
            hint = f"call {new.label} instead of {old.label}"
            level, still = renaming(old.name in new.old_names)
            text = f"{old.label} is now {new.label}{still}"
            yield self._found("method-renamed", level, text, hint, (old.name, new.name))
        for name in old.old_names:
            if name not in (*new.old_names, new.name):
                text, hint = f"{new.label} cannot be called as {name}() any more", f"call {new.label}"
                yield self._found("old-name-removed", Level.BREAKING, text, hint, (name, new.name))
        yield from self._arguments()
        yield from self._result()
        yield from self._marks()

    def _found(
        self, rule: str, level: Level, text: str, hint: str, values: tuple[str, ...], part: str = ""
    ) -> PythonFinding:
        spot = Spot(self.old.operation.pointer, self.new.operation.pointer, part)
        return PythonFinding(rule, level, text, hint, spot, values, frozenset({self.new.operation.id}))

    def _arguments(self) -> Iterator[PythonFinding]:
        onward, back = self.classes.fit("argument")
        old, new = self.old.operation, self.new.operation
        return ArgumentComparison(old, new, self.new.label, self._found, onward, back).findings()

    def _result(self) -> Iterator[PythonFinding]:
        old, new = _Result.of(self.old.operation), _Result.of(self.new.operation)
        onward, back = self.classes.fit("result")
        covered = set(new.others) <= set(old.others) and _covers(back, new.type, old.type)
        fits = covered or old.is_nothing  # nobody reads a result that is always None
        same = covered and set(old.others) == set(new.others) and _covers(onward, old.type, new.type)
        if same:
            return
        values = (old.shown, new.shown)
        text = f"{self.new.label} returned {values[0]} and returns {values[1]}"
        hint = "" if fits else f"handle {values[1]}"
        yield self._found(
            "result-changed", Level.INFO if fits else Level.BREAKING, text, hint, values, "result"
        )

    def _marks(self) -> Iterator[PythonFinding]:
        old, new = self.old.operation, self.new.operation
        if old.bills and not new.bills:
            text = f"{self.new.label} is not marked as a call that bills any more"
            yield self._found(
                "billing-mark-removed", Level.BREAKING, text, "check that it may be repeated", ()
            )
        if new.bills and not old.bills:
            text = f"{self.new.label} is marked as a call that bills"
            yield self._found("billing-mark-added", Level.WARNING, text, "give the client a journal", ())
        if old.bills == new.bills and _repeated(old) != _repeated(new):
            values = (_repeated(old), _repeated(new))
            text = f"after failures {self.new.label} is repeated {values[1]}, and was {values[0]}"
            yield self._found(
                "retries-changed", Level.WARNING, text, "check what a repeated call does", values
            )
        partial = [[one.partial for one in operation.responses if one.partial] for operation in (old, new)]
        if all(partial) and [_meaning(one) for one in partial[0]] != [_meaning(one) for one in partial[1]]:
            text = f"{self.new.label} finds the outcome of each item in another way"
            yield self._found(
                "partial-success-changed", Level.WARNING, text, "check what is read of each item", ()
            )


def _repeated(operation: Operation) -> str:
    """When a call is repeated, beyond what its HTTP method says."""
    known = {None: "as its HTTP method says", True: "always", False: "if it was not processed"}
    statuses = sorted(one.status for one in operation.responses if one.not_processed)
    return known[operation.idempotent] + (f" and on {', '.join(statuses)}" if statuses else "")


def _meaning(partial: PartialSuccess) -> PartialSuccess:
    """What the answer says of each item, types apart: those are compared as classes."""
    return replace(partial, sent_item=ANY, received_item=ANY)


def _covers(fit: Fit, value: TypeExpr | None, place: TypeExpr | None) -> bool:
    return value is None or (place is not None and fit(value, place))


@dataclass(frozen=True, slots=True)
class _Result:
    """What a call returns: the type of the bodies, and what may be there instead."""

    type: TypeExpr | None
    others: tuple[str, ...]

    @classmethod
    def of(cls, operation: Operation) -> _Result:
        others = {
            "PartialSuccess": succeeds_in_part(operation),
            "NotModified": operation.may_not_modify,
            "Redirect": operation.may_redirect,
            "None": can_be_nothing(operation),
        }
        return cls(operation.result, tuple(name for name, is_there in others.items() if is_there))

    @property
    def is_nothing(self) -> bool:
        """Whether a call never returns anything but None."""
        return self.type is None and set(self.others) <= {"None"}

    @property
    def shown(self) -> str:
        parts = ([] if self.type is None else [shown(self.type)]) + list(self.others)
        return " | ".join(dict.fromkeys(parts)) or "nothing"


def gone(method: Method) -> PythonFinding:
    """A method that is not there any more."""
    operation = method.operation
    text = f"{method.label} is gone"
    return PythonFinding(
        "method-removed",
        Level.BREAKING,
        text,
        "remove the calls",
        Spot(operation.pointer, ""),
        (method.name,),
        frozenset({operation.id}),
    )


def added(method: Method) -> PythonFinding:
    """A method that was not there before."""
    operation = method.operation
    text = f"{method.label} is new: {label(operation.method, operation.path)}"
    return PythonFinding(
        "method-added",
        Level.INFO,
        text,
        "",
        Spot("", operation.pointer),
        (method.name,),
        frozenset({operation.id}),
    )
