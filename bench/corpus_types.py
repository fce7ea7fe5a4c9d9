"""Runs type checkers over one generated package and says what they report; judges nothing else."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from pathlib import Path
from typing import Any

from corpus_process import Finished, measure

PYRIGHT_SHARE = 8
"""Of so many documents one is also checked with pyright, which keeps no cache and takes long."""
LOWEST = "3.10"


def is_drawn(name: str, share: int) -> bool:
    """Whether a document is one of those that are drawn, one of so many; the same ones in every run, and none of 0."""
    return share > 0 and hashlib.sha256(name.encode()).digest()[0] % share == 0


def mypy(package: Path, caches: Path, timeout: float) -> list[str]:
    """What `mypy --strict` reports; each thread has a cache of its own, since mypy locks it."""
    cache = caches / str(threading.get_ident())
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", LOWEST, "--config-file="]
    command += ["--no-error-summary", f"--cache-dir={cache}", package.name]
    done = measure(command, package.parent, timeout)
    return _reported("mypy", done, [line for line in done.stdout.splitlines() if ": error:" in line])


def pyright(package: Path, timeout: float) -> list[str]:
    """What pyright in strict mode reports."""
    settings = {"typeCheckingMode": "strict", "pythonVersion": LOWEST, "include": [package.name]}
    (package.parent / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = measure(command, package.parent, timeout)
    found: list[dict[str, Any]] = json.loads(done.stdout)["generalDiagnostics"] if done.code in (0, 1) else []
    lines = [f"{one['file']}:{one['range']['start']['line'] + 1}: {one['message']}" for one in found]
    return _reported("pyright", done, lines)


def _reported(checker: str, done: Finished, lines: list[str]) -> list[str]:
    if done.code == 0:
        return []
    ended = "timeout" if done.code is None else f"exit code {done.code} {done.stderr[-300:]}"
    return [f"{checker}: {line}" for line in lines or [ended]]
