"""Signatures of methods whose arguments have old names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol

from clientsmith.api.model.api import Operation, Renamed
from clientsmith.api.signatures import Argument
from clientsmith.emit.templates.views import OverloadView
from clientsmith.emit.text.literals import string


class ArgumentWriter(Protocol):
    """Writes one argument of a signature: under a name, with a default that says whether it is given if `optional`."""

    def __call__(self, argument: Argument, name: str, *, optional: bool) -> str: ...


@dataclass(frozen=True, slots=True)
class Signature:
    """The arguments of one method, written by `write`; `options` is the last one."""

    operation: Operation
    arguments: Sequence[Argument]
    options: str
    write: ArgumentWriter

    def plain(self) -> tuple[str, ...]:
        """The arguments under the names that they have now."""
        return self._listed([self._own(one) for one in self.arguments])

    def overloads(self, deprecated: str) -> Iterator[OverloadView]:
        """The ways to call the method: with the names of now, and with each old name."""
        yield OverloadView(self.plain(), deprecated)
        for one in self.operation.renamed:
            message = f"The argument {one.old} is called {one.new} now."
            yield OverloadView(self._with_old(one), deprecated or string(message))

    def running(self) -> tuple[str, ...]:
        """The arguments under all of their names; those with old names may be left out under each."""
        texts = [
            self._own(one) if one.name not in self._loose else self.write(one, one.name, optional=True)
            for one in self.arguments
        ]
        return self._listed(texts, [self._old(one, optional=True) for one in self.operation.renamed])

    def values(self, function: str) -> Iterator[tuple[str, str]]:
        """What gives each argument its value that may have come under another name."""
        for argument in (one for one in self.arguments if one.name in self._loose):
            old = [one.old for one in self.operation.renamed if one.new == argument.name] or [""]
            for index, name in enumerate(old):
                parts = [string(self.operation.name), string(argument.name), argument.name]
                parts += [string(name), name] if name else []
                is_last = index == len(old) - 1
                parts += ["required=True"] if argument.required and is_last else []
                yield argument.name, f"{function}({', '.join(parts)})"

    @property
    def _loose(self) -> frozenset[str]:
        """The arguments that have old names, and the positional ones after the first such one."""
        renamed = {one.new for one in self.operation.renamed}
        positional = [one.name for one in self.arguments if one.positional]
        first = next((index for index, name in enumerate(positional) if name in renamed), len(positional))
        return frozenset({*renamed, *positional[first:]})

    def _own(self, argument: Argument) -> str:
        return self.write(argument, argument.name, optional=not argument.required)

    def _old(self, renamed: Renamed, *, optional: bool) -> str:
        argument = next(one for one in self.arguments if one.name == renamed.new)
        return self.write(argument, renamed.old, optional=optional)

    def _with_old(self, renamed: Renamed) -> tuple[str, ...]:
        """With one old name that must be given. Beside it other arguments with old names go by either name."""
        others = [one for one in self.operation.renamed if one.new != renamed.new]
        loose = {one.new for one in others}
        before = takewhile(lambda one: one.positional and one.name != renamed.new, self.arguments)
        positional: list[str] = []
        is_optional = False
        for one in before:
            is_optional = is_optional or one.name in loose
            positional.append(self.write(one, one.name, optional=is_optional))
        keyword = [one for one in self.arguments[len(positional) :] if one.name != renamed.new]
        texts = [self.write(one, one.name, optional=one.name in loose or not one.required) for one in keyword]
        old = [self._old(renamed, optional=False), *(self._old(one, optional=True) for one in others)]
        return (*positional, "*", *old, *texts, self.options)

    def _listed(self, texts: Sequence[str], more: Sequence[str] = ()) -> tuple[str, ...]:
        count = sum(one.positional for one in self.arguments)
        return (*texts[:count], "*", *texts[count:], *more, self.options)
