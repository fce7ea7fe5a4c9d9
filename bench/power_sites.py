"""A source file of the package with its tree: places found by structure, changes spliced into the text as it stands.

Everything outside a change stays byte for byte. What to look for is said in `power_domain*` and `power_peers`.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Change:
    """`text` in the place of the bytes from `start` to `end`; `shown` is what stood there, for the id."""

    start: int
    end: int
    text: str
    line: int
    scope: str
    shown: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One fault: its operator, and every change that it takes, which may be none where nothing was found."""

    operator: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Seeded:
    """A fault put into a file. `id` stays the same while the code around it changes."""

    id: str
    group: str
    path: str
    line: int
    source: str


class StaleFaultError(Exception):
    """A fault that no longer fits the source."""


@dataclass(frozen=True)
class File:
    """One file of the package, `path` relative to its folder."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; every node is one of this very object."""
        return ast.parse(self.text)

    @cached_property
    def dumped(self) -> str:
        """The tree as text, to be compared with others."""
        return ast.dump(self.tree)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.text.encode().splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts

    @cached_property
    def _scopes(self) -> dict[ast.AST, str]:
        found: dict[ast.AST, str] = {}

        def walk(node: ast.AST, scope: str) -> None:
            for child in ast.iter_child_nodes(node):
                inner = f"{scope}.{child.name}".lstrip(".") if isinstance(child, Named) else scope
                found[child] = inner
                walk(child, inner)

        walk(self.tree, "")
        return found

    def scope(self, node: ast.AST) -> str:
        """The qualified name of what a node stands in, itself included; empty at the top of the file."""
        return self._scopes.get(node, "")

    def nodes(self, scope: str = "") -> Iterator[ast.AST]:
        """Every node in a scope, or in the whole file, in the order of the walk."""
        return (
            one
            for one in ast.walk(self.tree)
            if not scope or self.scope(one) == scope or self.scope(one).startswith(f"{scope}.")
        )

    def replaced(self, node: ast.expr | ast.stmt, text: str) -> Change:
        """A change of a whole node; further lines of a statement are indented as its first one."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._starts[node.lineno - 1] + node.col_offset
        end = self._starts[node.end_lineno - 1] + node.end_col_offset
        indented = text.replace("\n", "\n" + " " * node.col_offset) if isinstance(node, ast.stmt) else text
        return Change(start, end, indented, node.lineno, self.scope(node), ast.unparse(node)[:300])

    def begun(self, function: ast.FunctionDef | ast.AsyncFunctionDef, text: str) -> Change:
        """Statements put before the first one of a function that is no docstring."""
        first = next(one for one in function.body if not _is_text(one))
        start = self._starts[first.lineno - 1] + first.col_offset
        indented = (text + "\n").replace("\n", "\n" + " " * first.col_offset)
        return Change(start, start, indented, first.lineno, self.scope(function), ast.unparse(first)[:300])

    def with_changes(self, changes: Iterable[Change]) -> str:
        """The text after the changes, which must not overlap."""
        content = self.text.encode()
        for change in sorted(changes, key=lambda one: one.start, reverse=True):
            content = content[: change.start] + change.text.encode() + content[change.end :]
        return content.decode()


def seeded(file: File, edits: Iterable[Edit], group: str) -> Iterator[Seeded]:
    """The faults with their ids; those that leave the program as it was are none. Raises StaleFaultError."""
    seen: Counter[str] = Counter()
    for edit in edits:
        if not edit.changes:
            raise StaleFaultError(f"{edit.operator}: nothing to change in {file.path}")
        source = file.with_changes(edit.changes)
        try:
            changed = ast.dump(ast.parse(source))
        except SyntaxError as error:
            raise StaleFaultError(f"{edit.operator}: {file.path} would be no Python: {error}") from None
        if changed == file.dumped:
            continue
        first = edit.changes[0]
        digest = hashlib.sha256("\0".join(one.shown for one in edit.changes).encode()).hexdigest()[:8]
        stem = f"{file.path}::{first.scope}::{edit.operator}"
        seen[stem] += 1
        yield Seeded(f"{stem}::{seen[stem]}::{digest}", group, file.path, first.line, source)


def calls(file: File, name: str, within: ast.AST | None = None) -> Iterator[ast.Call]:
    """Every call of a name, or of an attribute of that name."""
    for node in file.nodes() if within is None else ast.walk(within):
        if isinstance(node, ast.Call) and name == getattr(node.func, "id", getattr(node.func, "attr", None)):
            yield node


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return next((one.value for one in call.keywords if one.arg == name), None)


def text_of(node: ast.AST | None) -> str | None:
    """The text of a string constant."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def altered(
    file: File, call: ast.Call, positions: dict[int, str] | None = None, **keywords: str | None
) -> Change:
    """A call with other arguments, as source; None drops a keyword, one that is not there is added."""
    arguments = [ast.unparse(one) for one in call.args]
    for position, text in (positions or {}).items():
        arguments[position] = text
    named = {str(one.arg): ast.unparse(one.value) for one in call.keywords}
    for name, value in keywords.items():
        if value is None:
            named.pop(name, None)
        else:
            named[name] = value
    arguments += [f"{name}={value}" for name, value in named.items()]
    return file.replaced(call, f"{ast.unparse(call.func)}({', '.join(arguments)})")


def swapped(file: File, one: ast.expr, other: ast.expr) -> tuple[Change, Change]:
    """Two expressions in each other's place."""
    return file.replaced(one, ast.unparse(other)), file.replaced(other, ast.unparse(one))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and text_of(node.value) is not None
