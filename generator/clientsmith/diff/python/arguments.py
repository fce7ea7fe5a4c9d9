"""Arguments of one method in two packages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clientsmith.api.model.api import Operation
from clientsmith.api.signatures import Argument, arguments_of
from clientsmith.diff.model import Level
from clientsmith.diff.python.finding import PythonFinding, renaming
from clientsmith.diff.python.types import Fit, shown
from clientsmith.document.operations import template_names

Found = Callable[[str, Level, str, str, tuple[str, ...], str], PythonFinding]
"""Makes a finding of a rule, a level, a text, a hint, values, and the part of the operation."""


@dataclass(frozen=True, slots=True)
class ArgumentComparison:
    """The arguments of both sides, without those of a body that is passed in another shape."""

    old: Operation
    new: Operation
    method: str
    found: Found
    onward: Fit
    back: Fit

    @property
    def is_reshaped(self) -> bool:
        """Whether the body became one argument, or the reverse."""
        bodies = [one.body for one in (self.old, self.new) if one.body is not None]
        return len(bodies) > 1 and len({body.fields is None for body in bodies}) > 1

    def findings(self) -> Iterator[PythonFinding]:
        """What changed, the arguments of OLD in their order first."""
        if self.is_reshaped:
            yield self._reshaped()
        old, new = self._keyed(self.old), self._keyed(self.new)
        for key, argument in old.items():
            yield from self._pair(argument, new[key]) if key in new else [self._removed(argument)]
        yield from (self._added(argument) for key, argument in new.items() if key not in old)
        positions = [[key for key, argument in one.items() if argument.positional] for one in (old, new)]
        if positions[0] != positions[1] and sorted(positions[0]) == sorted(positions[1]):
            text = f"the positional arguments of {self.method} have another order"
            yield self.found("argument-order-changed", Level.BREAKING, text, "pass them by name", (), "")

    def _keyed(self, operation: Operation) -> dict[tuple[str, str], Argument]:
        """The arguments in order by place and wire name; those in the path by position, whatever their names."""
        positions = {name: str(index) for index, name in enumerate(template_names(operation.path))}
        keyed: dict[tuple[str, str], Argument] = {}
        for argument in arguments_of(operation):
            wire = argument.wire.lower() if argument.role == "header" else argument.wire
            if argument.place != "body" or not self.is_reshaped:
                keyed[argument.place, positions.get(wire, wire) if argument.role == "path" else wire] = (
                    argument
                )
        return keyed

    def _reshaped(self) -> PythonFinding:
        is_one = self.new.body is not None and self.new.body.fields is None
        now = "one argument" if is_one else "one argument per property"
        hint = "pass the body as one value" if is_one else "pass each property as an argument"
        text = f"the body of {self.method} is {now} now"
        return self.found("body-reshaped", Level.BREAKING, text, hint, (now,), "body")

    def _removed(self, argument: Argument) -> PythonFinding:
        text, hint = f"{self.method} takes no {argument.name} any more", f"do not pass {argument.name}"
        return self.found("argument-removed", Level.BREAKING, text, hint, (argument.name,), _part(argument))

    def _added(self, argument: Argument) -> PythonFinding:
        level, due = (Level.BREAKING, "required ") if argument.required else (Level.INFO, "")
        text, hint = (
            f"{self.method} has a new {due}argument {argument.name}",
            f"pass {argument.name}" if due else "",
        )
        return self.found("argument-added", level, text, hint, (argument.name,), _part(argument))

    def _pair(self, old: Argument, new: Argument) -> Iterator[PythonFinding]:
        where, part = f"argument {new.name} of {self.method}", _part(new)
        if old.name != new.name:
            level, still = renaming(old.name in _old_names(self.new, new))
            text, hint = (
                f"argument {old.name} of {self.method} is now {new.name}{still}",
                f"pass it as {new.name}",
            )
            yield self.found("argument-renamed", level, text, hint, (old.name, new.name), part)
        for name in _old_names(self.old, old):
            if name not in (*_old_names(self.new, new), new.name):
                text, hint = (
                    f"argument {new.name} of {self.method} cannot be passed as {name} any more",
                    f"pass it as {new.name}",
                )
                yield self.found("old-name-removed", Level.BREAKING, text, hint, (name, new.name), part)
        if old.required != new.required:
            level, word = (Level.BREAKING, "required") if new.required else (Level.INFO, "optional")
            hint = "pass it" if new.required else ""
            yield self.found(f"argument-{word}", level, f"{where} is {word} now", hint, (word,), part)
        fits = self.onward(old.type, new.type) and (new.file or not old.file)
        if not fits or not self.back(new.type, old.type):
            values = (shown(old.type), shown(new.type))
            level, hint = (Level.INFO, "") if fits else (Level.BREAKING, f"pass {values[1]}")
            text = f"{where} took {values[0]} and takes {values[1]}"
            yield self.found("argument-type-changed", level, text, hint, values, part)


def _old_names(operation: Operation, argument: Argument) -> list[str]:
    return [one.old for one in operation.renamed if one.new == argument.name]


def _part(argument: Argument) -> str:
    return f"{argument.place}.{argument.wire}" if argument.wire else argument.place
