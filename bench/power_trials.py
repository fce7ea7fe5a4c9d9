"""Mutants outside the package as trials: wrong answers of the server, stale tapes, documents that have moved on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import yaml

from clientsmith.conform.model import Part
from clientsmith.conform.package import PackageError
from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics import Diagnostics
from clientsmith.replay.exchange import HttpRequest, HttpResponse
from power_run import Trial
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


def document_trials(spec: str, package: str, settings: Settings) -> Iterator[Trial]:
    """One for each change of the document that its clients have to know of, while the package stays."""
    for name, changed in moved_documents(yaml.safe_load(Path(spec).read_text(encoding="utf-8"))):
        yield Trial(f"document::{name}", "document", partial(_with_document, changed, package, settings))


def _with_document(document: Tree, package: str, settings: Settings, folder: Path) -> list[Suite]:
    path = folder / "moved.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    diagnostics = Diagnostics()
    found = Suite.open(str(path), package, [], diagnostics, settings)
    if found is None:
        raise PackageError("the changed document is refused")
    return [found]
