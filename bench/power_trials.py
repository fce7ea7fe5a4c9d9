"""Mutants outside the package as trials: wrong answers of the server, stale tapes, documents that have moved on."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import yaml

from clientsmith.conform.client.package import PackageError
from clientsmith.conform.model import Part
from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.digest import digest
from clientsmith.document.load import open_document
from clientsmith.traffic.message import HttpRequest, HttpResponse
from power_run import Trial
from power_seeds import spread
from power_server import ANSWERS, Answer, Tree, moved_documents, stale_tapes


def server_trials(base: Suite) -> Iterator[Trial]:
    """One for each wrong answer and operation."""
    for operation in base.checker.operations:
        for name, change in ANSWERS.items():
            wrap = partial(_wrapped, base, operation.id, change)
            yield Trial(f"server::{operation.id}::{name}", "server", partial(_with_server, base, wrap))


def _wrapped(
    base: Suite, operation: str, change: Answer, request: HttpRequest, answer: HttpResponse
) -> HttpResponse:
    found = base.checker.check_request(request).operation
    return change(answer) if found is not None and found.id == operation else answer


def _with_server(
    base: Suite, wrap: Callable[[HttpRequest, HttpResponse], HttpResponse], _: Path
) -> list[Suite]:
    return [_only(base, "both-ends").with_service_wrapper(wrap)]


def _only(base: Suite, part: Part) -> Suite:
    return replace(base, settings=replace(base.settings, parts=(part,)))


def tape_trials(base: Suite, tapes: str) -> Iterator[Trial]:
    """One for each stale entry; a tape that is refused has been found out, as the command ends with exit code 2."""
    for file in sorted(Path(tapes).glob("*.har")):
        for name, changed in stale_tapes(json.loads(file.read_text(encoding="utf-8"))):
            yield Trial(f"tapes::{file.name}::{name}", "tapes", partial(_with_tape, base, changed))


def _with_tape(base: Suite, tape: Tree, folder: Path) -> list[Suite]:
    path = folder / "stale.har"
    path.write_text(json.dumps(tape), encoding="utf-8")
    diagnostics = Diagnostics()
    found = _only(base, "tapes").with_tapes([str(path)], diagnostics)
    if diagnostics.has_errors:
        raise PackageError("the tape is refused")
    return [found]


def document_trials(
    spec: str, package: str, config: str, settings: Settings, *, complete: bool
) -> Iterator[Trial]:
    """Changes of the document that its clients have to know of, while the package stays.

    In a sample it is the first, the last and the middle one of each kind.
    """
    piles: dict[str, list[tuple[str, Tree]]] = {}
    for name, changed in moved_documents(yaml.safe_load(Path(spec).read_text(encoding="utf-8"))):
        piles.setdefault(name.rpartition(": ")[2], []).append((name, changed))
    for pile in piles.values():
        for name, changed in pile if complete else spread(pile):
            opened = partial(_with_document, changed, package, settings)
            yield Trial(f"document::{name}", "document", opened, same=partial(_same_code, package, config))


def _same_code(package: str, config: str, folder: Path) -> bool:
    """Whether the changed document gives the very code that the package has: then nothing is stale."""
    made = folder / "again" / Path(package).name
    command = [sys.executable, "-m", "clientsmith", "generate", str(_moved(folder)), "--out", str(made)]
    subprocess.run([*command, "--config", config, "--quiet"], check=True)
    return _code(made) == _code(Path(package))


def _code(package: Path) -> dict[str, str]:
    """Every file as a syntax tree without texts for readers."""
    found: dict[str, str] = {}
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                node.body = [one for one in node.body if not _is_text(one)]
        found[path.relative_to(package).as_posix()] = ast.dump(tree)
    return found


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _moved(folder: Path) -> Path:
    return folder / "moved.yaml"


def _with_document(document: Tree, package: str, settings: Settings, folder: Path) -> list[Suite]:
    path = _moved(folder)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    diagnostics = Diagnostics()
    resolved = open_document(str(path), diagnostics, settings.policies)
    if resolved is None:
        raise PackageError("the changed document is refused")
    copy = folder / Path(package).name
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    # The manifest claims to be of the changed document: else its digest alone would find every change.
    manifest = copy / "_manifest.json"
    entries = json.loads(manifest.read_text(encoding="utf-8")) | {"document": digest(resolved)}
    manifest.write_text(json.dumps(entries), encoding="utf-8")
    found = Suite.open(str(path), str(copy), [], diagnostics, settings)
    if found is None:
        raise PackageError("the changed document is refused")
    return [found]
