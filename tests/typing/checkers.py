"""Runs type checkers at their strictest and reads what they report; what they should report stands in the snippets."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TypeAlias

Findings: TypeAlias = "Counter[tuple[str, int, str]]"
"""How often each rule was reported, by file name and line."""

_LOWEST = "3.10"
_WANTED = re.compile(r"# error: (?P<checkers>.+)$")
_CHECKER = re.compile(r"(?P<name>\w+)\[(?P<rules>[\w,-]+)\]")
_ECHO = "reportUnknown"
"""How pyright says that, after the mistake on the same line, it does not know a type."""
_MYPY_LINE = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): error: .*\[(?P<rule>[\w-]+)\]$")


def wanted(folder: Path, checker: str) -> Findings:
    """What the comments of the snippets ask of one checker."""
    found: Findings = Counter()
    for path in sorted(folder.glob("*.py")):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            comment = _WANTED.search(line)
            for match in _CHECKER.finditer(comment["checkers"]) if comment else ():
                if match["name"] == checker:
                    found.update((path.name, number, rule) for rule in match["rules"].split(","))
    return found


def mypy(folder: Path, package_folder: Path, cache: Path, *flags: str) -> Findings:
    """What `mypy --strict` reports on all snippets, in one run."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-version",
        _LOWEST,
        "--config-file=",
        *flags,
    ]
    command += ["--no-error-summary", f"--cache-dir={cache}", *map(str, sorted(folder.glob("*.py")))]
    environment = {**os.environ, "MYPYPATH": str(package_folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    matches = [_MYPY_LINE.fullmatch(line) for line in done.stdout.splitlines()]
    return Counter((Path(m["file"]).name, int(m["line"]), m["rule"]) for m in matches if m)


def pyright(folder: Path, package_folder: Path, project: Path) -> Findings:
    """What pyright in strict mode reports on all snippets, in one run."""
    for path in sorted(folder.glob("*.py")):
        (project / path.name).write_bytes(path.read_bytes())
    settings = {
        "extraPaths": [str(package_folder)],
        "typeCheckingMode": "strict",
        "pythonVersion": _LOWEST,
        # Snippets are expressions whose only purpose is to be checked.
        "reportUnusedExpression": "none",
    }
    (project / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = Counter(
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1, each.get("rule", "none"))
        for each in json.loads(done.stdout)["generalDiagnostics"]
    )
    mistakes = {finding[:2] for finding in found if not finding[2].startswith(_ECHO)}
    return Counter({f: n for f, n in found.items() if not (f[2].startswith(_ECHO) and f[:2] in mistakes)})
