"""Faults of the domain in the tables of the runtime: which class a status has, and what each says of the request."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from power_sites import Edit, File

_OUTCOMES = ("SUCCEEDED", "REJECTED", "NOT_SENT", "NOT_PROCESSED", "UNKNOWN")


def tables(file: File) -> Iterator[Edit]:
    """Tables of classes: each entry of a dict from statuses takes the value of the next one, or is lost."""
    for node in file.nodes():
        if (
            isinstance(node, ast.Dict)
            and all(isinstance(key, ast.Constant) for key in node.keys)
            and len(node.keys) > 2
        ):
            for place, value in enumerate(node.values):
                if isinstance(value, ast.Name):
                    following = node.values[(place + 1) % len(node.values)]
                    yield Edit("class of another status", (file.replaced(value, ast.unparse(following)),))


def outcomes(file: File) -> Iterator[Edit]:
    """Every outcome that a class or a table states becomes another one."""
    for node in file.nodes():
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) == "Outcome"
            and _is_stated(file, node)
        ):
            other = (
                _OUTCOMES[(_OUTCOMES.index(node.attr) + 1) % len(_OUTCOMES)]
                if node.attr in _OUTCOMES
                else "UNKNOWN"
            )
            yield Edit("outcome of another kind", (file.replaced(node, f"Outcome.{other}"),))


def _is_stated(file: File, node: ast.AST) -> bool:
    """Whether a node stands outside of functions."""
    functions = (one for one in file.nodes() if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
    return not any(node is inner for one in functions for inner in ast.walk(one))
