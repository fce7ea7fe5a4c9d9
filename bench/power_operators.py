"""General mutation operators over the syntax tree: each site of each gives one mutant, whatever the file is about.

Left alone are docstrings, annotations and other type expressions, imports, `__all__`, blocks for type checkers, and
text that is only prose: a changed wording is no fault.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import marshal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
Edit = Callable[[ast.AST], ast.AST | None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file. `id` stays the same while the code around it changes."""

    id: str
    path: str
    operator: str
    line: int
    source: str


@dataclass(frozen=True, slots=True)
class Site:
    """A place where an operator applies: the number of the node in the order of the walk."""

    number: int
    operator: str
    scope: str
    line: int
    text: str
    edit: Edit


def sites(tree: ast.Module) -> Iterator[Site]:
    """Every place of every operator, in the order of the file."""
    left_out = _left_out(tree)
    scopes = _scopes(tree)
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in left_out or not hasattr(node, "lineno"):
            continue
        for operator, edit in _edits(node):
            line: int = getattr(node, "lineno", 0)
            yield Site(number, operator, scopes.get(id(node), ""), line, ast.unparse(node)[:200], edit)


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """The mutants of a file, those left out that compile to the same code."""
    tree = ast.parse(source)
    original = _compiled(ast.unparse(tree))
    seen: dict[str, int] = {}
    for site in sorted(sites(tree), key=lambda one: (one.line, one.operator, one.text)):
        changed = _Applied(site).visit(_numbered(copy.deepcopy(tree)))
        text = ast.unparse(ast.fix_missing_locations(changed))
        if _compiled(text) == original:
            continue
        digest = hashlib.sha256(site.text.encode()).hexdigest()[:8]
        name = f"{path}::{site.scope}::{site.operator}::{digest}"
        seen[name] = seen.get(name, 0) + 1
        yield Mutant(f"{name}::{seen[name]}", path, site.operator, site.line, text)


def _compiled(text: str) -> bytes:
    try:
        return marshal.dumps(compile(text, "mutant", "exec", dont_inherit=True))
    except SyntaxError:
        return b""


def _numbered(tree: ast.Module) -> ast.Module:
    for number, node in enumerate(ast.walk(tree)):
        node.__dict__["_number"] = number
    return tree


class _Applied(ast.NodeTransformer):
    def __init__(self, site: Site) -> None:
        self.site = site

    def visit(self, node: ast.AST) -> ast.AST:
        if node.__dict__.get("_number") == self.site.number:
            return self.site.edit(node) or ast.Pass()
        visited: ast.AST = self.generic_visit(node)
        return visited


def _left_out(tree: ast.Module) -> set[int]:
    """The nodes that no operator touches."""
    found: set[int] = set()
    for node in ast.walk(tree):
        bare: list[ast.AST | None] = []
        if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
            bare = [node]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            bare = [
                node.returns,
                *(one.annotation for one in ast.walk(node.args) if isinstance(one, ast.arg)),
            ]
        elif isinstance(node, ast.AnnAssign):
            bare = [node.annotation]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("cast", "TypeVar"):
            bare = [node.args[0]]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            bare = [node.slice]
        elif (
            (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
            or (
                isinstance(node, ast.Assign)
                and any(ast.unparse(one) in ("__all__", "_ORIGINS") for one in node.targets)
            )
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ):
            bare = [node]
        found |= {id(inner) for one in bare if one is not None for inner in ast.walk(one)}
    return found


def _scopes(tree: ast.Module) -> dict[int, str]:
    found: dict[int, str] = {}

    def walk(node: ast.AST, scope: str) -> None:
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            inner = f"{scope}.{child.name}".lstrip(".") if named else scope  # type: ignore[attr-defined]
            found[id(child)] = inner
            walk(child, inner)

    walk(tree, "")
    return found


def _edits(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    for operator in (_of_expression, _of_statement, _of_parts):
        yield from operator(node)


def _of_expression(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.Compare(ops=[first, *rest]) if type(first) in _COMPARISONS:
            yield "comparison", _set("ops", [_COMPARISONS[type(first)](), *rest])
        case ast.BoolOp(op=joint):
            yield "and-or", _set("op", ast.Or() if isinstance(joint, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not-removed", _instead(operand)
        case ast.BinOp(op=sign) if type(sign) in _ARITHMETIC:
            yield "arithmetic", _set("op", _ARITHMETIC[type(sign)]())
        case ast.Constant(value=value):
            yield from _constants(value)
        case _:
            pass


def _of_statement(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield "condition-negated", _set("test", ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "return-none", _set("value", ast.Constant(None))
        case ast.Expr() | ast.Raise():
            yield "statement-deleted", _instead(None)
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            yield "assignment-deleted", _instead(None)
        case ast.Break():
            yield "loop-exit", _instead(ast.Continue())
        case ast.Continue():
            yield "loop-exit", _instead(ast.Break())
        case ast.ExceptHandler(type=ast.expr()):
            yield "handler-widened", _set("type", ast.Name("Exception"))
        case _:
            pass


def _of_parts(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    if isinstance(node, ast.Dict):
        for number in range(len(node.keys)):
            yield f"entry-{number}-dropped", _without(("keys", "values"), number)
    elif isinstance(node, ast.Call):
        for number in range(len(node.keywords)):
            yield f"keyword-{number}-dropped", _without(("keywords",), number)
        if len(node.args) > 1:
            yield "argument-dropped", _without(("args",), len(node.args) - 1)


def _constants(value: object) -> Iterator[tuple[str, Edit]]:
    if isinstance(value, bool):
        yield "boolean", _instead(ast.Constant(not value))
    elif isinstance(value, int):
        yield "number", _instead(ast.Constant(value + 1))
    elif isinstance(value, str) and value and " " not in value.strip():
        yield "text", _instead(ast.Constant(value + "X"))


def _set(field: str, value: object) -> Edit:
    def edit(node: ast.AST) -> ast.AST:
        setattr(node, field, value)
        return node

    return edit


def _instead(other: ast.AST | None) -> Edit:
    def edit(_: ast.AST) -> ast.AST | None:
        return other

    return edit


def _without(fields: tuple[str, ...], number: int) -> Edit:
    def edit(node: ast.AST) -> ast.AST:
        for field in fields:
            kept = list(getattr(node, field))
            del kept[number]
            setattr(node, field, kept)
        return node

    return edit
