"""Faults said as patterns: a piece of a file, compared as a tree and not as text, and what takes its place.

A pattern holds wherever it matches in its scope. One that matches nothing any more is an error, never a fault less.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from power_sites import Change, Edit, File, Seeded, StaleFaultError, seeded


@dataclass(frozen=True, slots=True)
class Swap:
    """Every place in `scope` that reads as `old` becomes `new`; both are an expression, or both statements."""

    scope: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Functions called `scope` begin with `text`."""

    scope: str
    text: str


_GENERATED = ("models.py", "_client.py", "resources/")
Step = Swap | Begin


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault by name, in one file. `peer` says whose client behaves like this, where one was measured."""

    name: str
    path: str
    steps: tuple[Step, ...]
    peer: str = ""


def fault(name: str, path: str, *steps: Step, peer: str = "") -> Fault:
    """A fault of the runtime; `path` is a file in `_runtime` unless it says so or is one that is generated."""
    whole = path if path.startswith(("_runtime/", *_GENERATED)) else f"_runtime/{path}"
    return Fault(name, whole, steps, peer)


def repeated(test: str) -> tuple[Step, ...]:
    """A call is repeated if a test of `error` holds, whatever the rules say: in both places that keep them."""
    return (
        Swap(
            "Call._pause", "may_retry(self.operation, error)", f"(may_retry(self.operation, error) or {test})"
        ),
        Swap("Call.go_on", "error.outcome is Outcome.UNKNOWN and not self.operation.repeatable", "False"),
    )


def planted(package: Path, faults: Iterable[Fault], group: str) -> Iterator[Seeded]:
    """Every fault in a file of its own. Raises StaleFaultError for one that does not fit the package."""
    files: dict[str, File] = {}
    for one in faults:
        if one.path not in files:
            files[one.path] = File(one.path, (package / one.path).read_text(encoding="utf-8"))
        file = files[one.path]
        changes = tuple(change for step in one.steps for change in _changes(file, one.name, step))
        yield from seeded(file, (Edit(one.name, changes),), group)


def _changes(file: File, name: str, step: Step) -> list[Change]:
    found = list(_begun(file, step) if isinstance(step, Begin) else _swapped(file, step))
    if not found:
        raise StaleFaultError(f"{name}: {step} matches nothing in {file.path}")
    return found


def _begun(file: File, step: Begin) -> Iterator[Change]:
    for node in file.nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and file.scope(node) == step.scope:
            yield file.begun(node, step.text)


def _swapped(file: File, step: Swap) -> Iterator[Change]:
    statement = ast.parse(step.old).body[0]
    wanted: ast.AST = statement.value if isinstance(statement, ast.Expr) else statement
    shape = ast.dump(wanted)
    for node in file.nodes(step.scope):
        if isinstance(node, ast.expr | ast.stmt) and type(node) is type(wanted) and ast.dump(node) == shape:
            yield file.replaced(node, step.new)
