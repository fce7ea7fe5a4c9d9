"""Packages of small documents that have what the package under test has not: the same runtime, other constructs."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics


def other_suites(folder: str, settings: Settings) -> list[Suite]:
    """A suite for each document of a folder, its package made by the command, everything drawn.

    What does not depend on the document is left to the suite of the package under test.
    """
    found = opened_suites(folder, replace(settings, parts=("surface", "request", "response", "promises")))
    for suite in found:
        suite.prepare()
    return found


def opened_suites(folder: str, settings: Settings) -> list[Suite]:
    """A suite for each document of a folder, its package made by the command; `NAME.renames` lists names to change."""
    out = Path(tempfile.mkdtemp(prefix="clientsmith-power-"))
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    found: list[Suite] = []
    for document in sorted(Path(folder).glob("*.yaml")):
        package = out / document.stem
        _generate(document, package)
        suite = Suite.open(str(document), str(package), [], Diagnostics(), settings)
        if suite is None:
            raise SystemExit(f"{document} cannot be opened")
        found.append(suite)
    return found


def _generate(document: Path, package: Path) -> None:
    config = package.with_suffix(".toml")
    config.touch()
    command = [sys.executable, "-m", "clientsmith", "generate", str(document), "--out", str(package)]
    command += ["--config", str(config), "--quiet"]
    renames = document.with_suffix(".renames")
    if renames.exists():
        # Names that were never released have no callers.
        subprocess.run([*command, "--bump", "auto"], check=True)
        command += [f"--rename={one}" for one in renames.read_text(encoding="utf-8").split()]
    subprocess.run(command, check=True)
