"""The models module: datamodel-code-generator in a process of its own, its answer checked against what was asked for.

The answer is taken only if `deviations` finds none in it.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from typing import Any

from clientsmith.api.model.api import Api, Renamed
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.emit.models.deviations import deviations
from clientsmith.emit.models.models_worker import RUNTIME
from clientsmith.emit.models.own_aliases import with_own_aliases
from clientsmith.emit.models.schemas import model_request
from clientsmith.emit.models.worker import ModelsWorker
from clientsmith.emit.text.literals import without_directives
from clientsmith.emit.text.old_classes import RUNTIME_NAME, TYPING_NAMES, module_tail

_IMPORT_BLOCKS = (
    [("__future__", "__future__")],
    [(module, module) for module in ("datetime", "decimal", "typing")],
    [(module, module) for module in ("pydantic", "typing_extensions")],
    [(RUNTIME, "._runtime")],
)
"""The modules that models may import from, in the order they are written."""
_MOST_PROBLEMS = 5
_IDLE_CONFIG = re.compile(
    r"^    model_config = ConfigDict\(\n        arbitrary_types_allowed=True,\n    \)\n"
    r"|(?<=^    model_config = ConfigDict\(\n)        arbitrary_types_allowed=True,\n",
    re.MULTILINE,
)
"""What the library adds to a class with a type of our own, which pydantic knows without it."""


def ask_models(api: Api, worker: ModelsWorker) -> tuple[str, str]:
    """What the models process answers, to be read by `render_models`; waits for it and does nothing else."""
    return worker.ask(model_request(api.schemas).to_json()) if api.schemas else ("", "")


def render_models(api: Api, answer: tuple[str, str], diagnostics: Diagnostics) -> str | None:
    """The source of `models.py` without its header; None where diagnostics say why there is none."""
    if not api.schemas:
        return ""
    source = _source(answer, diagnostics)
    if source is None:
        return None
    try:
        source = with_own_aliases(_IDLE_CONFIG.sub("", source), api.schemas)
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        _failed(f"made something that Python cannot read: {error}", diagnostics)
        return None
    problems = list(deviations(tree, api.schemas))
    for problem in problems[:_MOST_PROBLEMS]:
        diagnostics.error(
            "models-deviate", f"datamodel-code-generator made something else than was asked: {problem}"
        )
    return None if problems else _body(source, tree, api.renamed_classes)


def _source(made: tuple[str, str], diagnostics: Diagnostics) -> str | None:
    output, last_error = made
    try:
        answer: Any = json.loads(output)
    except (ValueError, RecursionError):
        answer = None
    match answer:
        case {"models": str() as source}:
            return source
        case {"error": error}:
            _failed(f"refused the schemas: {error}", diagnostics)
        case _:
            _failed(f"ended without an answer: {last_error}", diagnostics)
    return None


def _failed(what: str, diagnostics: Diagnostics) -> None:
    diagnostics.error("models-failed", f"datamodel-code-generator {what}")


def _body(source: str, tree: ast.Module, renamed: Sequence[Renamed]) -> str:
    """The module as the package needs it: imports in order, that of the runtime relative and last."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    names: dict[str, set[str]] = {}
    for node in imports:
        names.setdefault(node.module or "", set()).update(name.name for name in node.names)
    if "Base64Str" in names.get("pydantic", ()):  # the runtime has one that takes bytes
        names["pydantic"].remove("Base64Str")
        names.setdefault(RUNTIME, set()).add("Base64Str")
    names = _without_idle_imports(names, tree)
    if renamed:
        names.setdefault("typing", set()).update(TYPING_NAMES)
        names.setdefault(RUNTIME, set()).add(RUNTIME_NAME)
    blocks = [
        "\n".join(
            f"from {written} import {', '.join(sorted(names[module], key=_import_order))}"
            for module, written in block
            if module in names
        )
        for block in _IMPORT_BLOCKS
    ]
    end = max(node.end_lineno or node.lineno for node in imports)
    lines = source.split("\n")
    for statement in filter(_builds_a_class, tree.body):
        lines[statement.lineno - 1] = ""
    return "\n\n".join([*filter(None, blocks), without_directives("\n".join(lines[end:]))]) + module_tail(
        renamed
    )


def _builds_a_class(node: ast.stmt) -> bool:
    """Whether this is `X.model_rebuild()`: classes are built on first use, all at once would take seconds at import."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def _without_idle_imports(names: dict[str, set[str]], tree: ast.Module) -> dict[str, set[str]]:
    """The imports without base classes of no class, which the library imports for aliases, and an idle `ConfigDict`."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    idle = {"RequestModel", "OpenRequestModel", "ResponseModel", "ConfigDict"}
    idle -= {base.id for node in classes for base in node.bases if isinstance(base, ast.Name)}
    if any(isinstance(statement, ast.Assign) for node in classes for statement in node.body):
        idle.remove("ConfigDict")
    used = {module: imported - idle for module, imported in names.items()}
    return {module: imported for module, imported in used.items() if imported}


def _import_order(name: str) -> tuple[bool, str]:
    """Constants aside, classes come before functions."""
    return (name[0].islower(), name)
