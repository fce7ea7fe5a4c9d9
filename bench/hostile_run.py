"""Runs one command on one document in a process forked off for it, and measures that process; judges nothing.

The parent has imported all that the commands need, so that a run costs what the document costs and little more.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from clientsmith.cli import main as cli
from clientsmith.emit.models import models_worker

COMMANDS: dict[str, tuple[str, ...]] = {
    "generate": ("generate", "DOCUMENT", "--out", "OUT"),
    "check": ("check", "DOCUMENT", "--out", "OUT", "--regenerate"),
    "lint": ("lint", "DOCUMENT"),
    "serve": ("serve", "DOCUMENT"),
    "record": ("record", "DOCUMENT", "--upstream", "http://127.0.0.1:9", "--validate-only"),
}
_MODULES = (
    "openapi_spec_validator",
    *(
        f"clientsmith.{name}"
        for name in (
            "cli.registry",
            "cli.summary",
            "config.request",
            "diagnostics.render",
            "pipeline",
            "record.proxy_server",
            "record.recorder",
            "record.upstream",
            "serve.server",
        )
    ),
)
MEMORY = 4 * 1024**3
"""Address space of a run, in bytes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How a run ended (exit code; None when it was killed), its CPU seconds and its peak resident memory in MiB."""

    code: int | None
    cpu: float
    peak: float
    message: str


class _Worker:
    """Answers in this process what the models process answers in its own."""

    def ask(self, text: str) -> tuple[str, str]:
        """The same as `ModelsWorker.ask`."""
        return json.dumps(models_worker.answer(json.loads(text))), ""

    def close(self) -> None:
        """Nothing is left to be ended."""


def prepare() -> None:
    """Import and warm all that runs would import for themselves."""
    for name in _MODULES:
        importlib.import_module(name)
    models_worker.answer(
        {"schemas": {"A": {"type": "object", "properties": {"b": {}}}}, "bases": {}, "aliases": {}}
    )
    gc.collect()
    gc.freeze()


def measure(command: str, document: Path, seconds: int) -> Measured:
    """Run a command on a document with a limit on CPU seconds; of `serve` and `record` until they are ready."""
    with tempfile.TemporaryDirectory() as folder:
        errors = Path(folder, "errors")
        child = os.fork()
        if child == 0:
            _run(command, document, Path(folder), errors, seconds)
        _, status, usage = os.wait4(child, 0)
        code = os.waitstatus_to_exitcode(status)
        message = errors.read_text(encoding="utf-8", errors="replace") if errors.exists() else ""
    cpu = usage.ru_utime + usage.ru_stime
    return Measured(code if code >= 0 else None, cpu, usage.ru_maxrss / 1024, message)


def _run(command: str, document: Path, folder: Path, errors: Path, seconds: int) -> None:
    code = 70
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDWR)
        written = os.open(errors, os.O_WRONLY | os.O_CREAT)
        for source, target in ((null, 0), (null, 1), (written, 2)):
            os.dup2(source, target)
        gc.disable()
        code = _command([_filled(word, document, folder) for word in COMMANDS[command]])
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        sys.stderr.flush()
    finally:
        os._exit(code)


def _filled(word: str, document: Path, folder: Path) -> str:
    return {"DOCUMENT": str(document), "OUT": str(folder / "package")}.get(word, word)


def _command(arguments: Sequence[str]) -> int:
    os.environ["CLIENTSMITH_DEBUG"] = "1"
    with ExitStack() as patched:
        patched.enter_context(patch("clientsmith.cli.main.start_worker", _Worker))
        patched.enter_context(patch("clientsmith.serve.signals.stopped_by_signal", _stopped))
        return cli.main(arguments)


def _stopped() -> Any:
    """In the place of the event that a signal sets: one that is set already, so that a server stops once it is up."""
    event = asyncio.Event()
    event.set()
    return event
