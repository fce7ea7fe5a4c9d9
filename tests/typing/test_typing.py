"""The types that publishers rely on: wanted code has no finding, refused code has one on every marked line and no other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SNIPPETS = sorted((HERE / "snippets").glob("*.py"))
Findings = set[tuple[str, int]]


def marked() -> Findings:
    """File and line of every `# error` comment."""
    return {
        (path.name, number)
        for path in SNIPPETS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line.rstrip().endswith("# error")
    }


def run(*command: str) -> str:
    environment = os.environ | {"MYPYPATH": str(ROOT / "generated"), "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr + done.stdout
    return done.stdout


def mypy(cache: Path) -> Findings:
    output = run(
        "mypy", "--config-file=", "--strict", "--python-version=3.10", f"--cache-dir={cache}",
        "--no-error-summary", "--hide-error-context", *map(str, SNIPPETS),
    )  # fmt: skip
    found = re.findall(r"^(\S+?):(\d+): error: ", output, re.M)
    assert found or not output.strip(), output
    return {(Path(file).name, int(line)) for file, line in found}


def pyright(folder: Path) -> Findings:
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.10",
        "include": [os.path.relpath(path, folder) for path in SNIPPETS],
        "extraPaths": [str(ROOT / "generated")],
        # An expression statement is how a snippet says "this attribute".
        "reportUnusedExpression": "none",
        "reportUnusedCoroutine": "none",
    }
    config = folder / "pyrightconfig.json"
    config.write_text(json.dumps(settings), encoding="utf-8")
    report = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(config)))
    assert report["summary"]["filesAnalyzed"] == len(SNIPPETS)
    return {
        (Path(finding["file"]).name, finding["range"]["start"]["line"] + 1)
        for finding in report["generalDiagnostics"]
        if finding["severity"] == "error" and not is_echo(finding)
    }


def is_echo(finding: dict[str, str]) -> bool:
    """A value whose type is unknown because of the error on the same line says nothing of its own."""
    return finding.get("rule", "").startswith("reportUnknown")


def test_there_is_something_to_find() -> None:
    assert [path.name for path in SNIPPETS] == ["refused.py", "wanted.py"]
    assert len(marked()) > 25
    assert all(name == "refused.py" for name, _ in marked())


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_every_marked_line_is_refused_and_no_other(checker: object, tmp_path: Path) -> None:
    assert callable(checker)
    assert sorted(checker(tmp_path)) == sorted(marked())
