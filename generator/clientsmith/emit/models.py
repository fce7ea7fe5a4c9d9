"""The models module: datamodel-code-generator in a process of its own, its answer checked against what was asked for.

The answer is taken only if it holds exactly the classes, aliases, fields and wire names of the API and nothing else
that could run: imports, definitions, docstrings.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

from clientsmith.api.model import Api, ModelClass, Schema
from clientsmith.diagnostics import Diagnostics
from clientsmith.emit.model_schemas import model_request
from clientsmith.emit.worker import ModelsWorker

RUNTIME_IMPORT = "clientsmith_runtime"
_IMPORT_BLOCKS = (
    [("__future__", "__future__")],
    [(module, module) for module in ("datetime", "decimal", "typing")],
    [(module, module) for module in ("pydantic", "typing_extensions")],
    [(RUNTIME_IMPORT, "._runtime")],
)
"""The modules that models may import from, in the order they are written; whatever else came out is refused."""


def render_models(api: Api, worker: ModelsWorker, diagnostics: Diagnostics) -> str | None:
    """The source of `models.py` without its header; None where diagnostics say why there is none."""
    if not api.schemas:
        return ""
    output, last_error = worker.ask(model_request(api.schemas).to_json())
    try:
        answer = json.loads(output)
    except ValueError:
        diagnostics.error("models-failed", f"datamodel-code-generator ended without an answer: {last_error}")
        return None
    if "models" not in answer:
        diagnostics.error(
            "models-failed", f"datamodel-code-generator refused the schemas: {answer.get('error')}"
        )
        return None
    source: str = answer["models"]
    problems = list(deviations(source, api.schemas))
    for problem in problems[:5]:
        diagnostics.error(
            "models-deviate", f"datamodel-code-generator made something else than was asked: {problem}"
        )
    return None if problems else _body(source)


def _body(source: str) -> str:
    """The module as the package needs it: imports in order, that of the runtime relative and last."""
    imports = [node for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)]
    names: dict[str, set[str]] = {}
    for node in imports:
        names.setdefault(node.module or "", set()).update(name.name for name in node.names)
    blocks = [
        "\n".join(
            f"from {written} import {', '.join(sorted(names[module], key=_import_order))}"
            for module, written in block
            if module in names
        )
        for block in _IMPORT_BLOCKS
    ]
    end = max(node.end_lineno or node.lineno for node in imports)
    return "\n\n".join([*filter(None, blocks), "\n".join(source.split("\n")[end:])])


def _import_order(name: str) -> tuple[bool, str]:
    """Constants aside, classes come before functions."""
    return (name[0].islower(), name)


def deviations(source: str, schemas: tuple[Schema, ...]) -> Iterator[str]:
    """Every way in which a module differs from exactly the schemas it should define."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        yield f"no Python at all ({error})"
        return
    wanted = {schema.name: schema for schema in schemas}
    made: dict[str, ast.ClassDef | ast.Assign] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            made[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            made[node.targets[0].id] = node
            if not _is_alias(node.value):
                yield f"an assignment on line {node.lineno}"
        elif not _is_harmless(node):
            yield f"a statement on line {node.lineno}"
    for name in sorted(wanted.keys() - made.keys()):
        yield f"'{name}' is missing"
    for name in sorted(made.keys() - wanted.keys()):
        yield f"'{name}' was not asked for"
    for name, schema in wanted.items():
        if isinstance(schema, ModelClass) and name in made:
            yield from _class_deviations(schema, made[name])


def _is_alias(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "TypeAliasType"
    )


def _is_harmless(node: ast.stmt) -> bool:
    """Imports of the modules that models need, docstrings, and `X.model_rebuild()`."""
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and any(
            node.module == module for block in _IMPORT_BLOCKS for module, _ in block
        )
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return isinstance(node.value.value, str)
    call = node.value
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "model_rebuild"
        and not call.args
    )


def _class_deviations(schema: ModelClass, node: ast.ClassDef | ast.Assign) -> Iterator[str]:
    if not isinstance(node, ast.ClassDef):
        yield f"'{schema.name}' is no class"
        return
    fields: list[tuple[str, str]] = []
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
            fields.append((name, _wire(statement.annotation) or name))
        elif not (
            isinstance(statement, ast.Pass)
            or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
            or (isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "model_config")
        ):
            yield f"a statement in '{schema.name}' on line {statement.lineno}"
    expected = [(field.name, field.wire) for field in schema.fields]
    if sorted(fields) != sorted(expected):
        odd = sorted(set(fields) ^ set(expected))
        yield f"the fields of '{schema.name}' differ: {odd[:3]}"


def _wire(annotation: ast.expr) -> str | None:
    """The alias in `Annotated[..., Field(alias="...")]`."""
    if not (isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple)):
        return None
    for call in annotation.slice.elts:
        if isinstance(call, ast.Call):
            for keyword in call.keywords:
                if keyword.arg == "alias" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return None
