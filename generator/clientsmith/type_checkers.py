"""Runs mypy and pyright over files of others and reads what they report; their own settings files are left out."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKERS = ("mypy", "pyright")


@dataclass(frozen=True, slots=True, order=True)
class TypeFinding:
    """An error of a type checker; line and column count from 1, `code` is the rule of that checker."""

    file: str
    line: int
    column: int
    checker: str
    code: str
    message: str


class CheckerError(Exception):
    """A type checker ended without a verdict: its text is what it said, `at` the error that stopped it, if known."""

    def __init__(self, message: str, at: TypeFinding | None = None) -> None:
        super().__init__(message)
        self.at = at


def installed() -> tuple[str, ...]:
    """The type checkers of this environment."""
    return tuple(name for name in CHECKERS if importlib.util.find_spec(name) is not None)


def findings(checker: str, paths: Sequence[Path], bases: Sequence[Path], work: Path) -> list[TypeFinding]:
    """The errors in files and folders, whose imports start at `bases` and go on with this environment.

    `work` is a folder for what the checker keeps. Files are named as they were given. Raises CheckerError.
    """
    run = _mypy if checker == "mypy" else _pyright
    return sorted(run(paths, bases, work))


def _mypy(paths: Sequence[Path], bases: Sequence[Path], work: Path) -> Iterator[TypeFinding]:
    options = ["--config-file=", "--output=json", "--check-untyped-defs", "--explicit-package-bases"]
    options += ["--follow-imports=silent", "--show-absolute-path", f"--cache-dir={work / 'mypy_cache'}"]
    environment = {"MYPYPATH": os.pathsep.join(map(str, bases))}
    text = _output([sys.executable, "-m", "mypy", *options, *map(str, paths)], work, environment)
    for found in map(_json, filter(str.strip, text.splitlines())):
        if found["severity"] != "error":
            continue
        code, line, column = found["code"] or "misc", max(found["line"], 1), max(found["column"], 0) + 1
        finding = TypeFinding(found["file"], line, column, "mypy", code, found["message"])
        if found["line"] < 1 or code == "syntax":
            raise CheckerError(finding.message, finding)
        yield finding


def _pyright(paths: Sequence[Path], bases: Sequence[Path], work: Path) -> Iterator[TypeFinding]:
    settings = {"extraPaths": [str(base) for base in bases], "typeCheckingMode": "basic"}
    project = work / "pyrightconfig.json"
    project.write_text(json.dumps(settings), encoding="utf-8")
    options = ["--outputjson", "--project", str(project), "--pythonpath", sys.executable]
    # Its wrapper would otherwise ask an index for newer versions.
    environment = {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    text = _output([sys.executable, "-m", "pyright", *options, *map(str, paths)], work, environment)
    for found in _json(text)["generalDiagnostics"]:
        if found["severity"] != "error":
            continue
        start, (message, *_) = found["range"]["start"], found["message"].splitlines() or [""]
        line, column = start["line"] + 1, start["character"] + 1
        yield TypeFinding(found["file"], line, column, "pyright", found.get("rule", "error"), message)


def _output(command: list[str], work: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=work, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1) and not done.stdout.strip():
        raise CheckerError(done.stderr.strip()[-1000:] or f"it ended with {done.returncode}")
    return done.stdout


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise CheckerError(text.strip()[-1000:] or "it printed nothing") from error
