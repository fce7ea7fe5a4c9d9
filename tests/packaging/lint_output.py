"""Run ruff over generated packages as if they had no marks that keep it away: `python lint_output.py [DIR]`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from clientsmith.tool_marks import MARKDOWN_MARKS, PYTHON_MARKS

ROOT = Path(__file__).parents[2]


def unmarked(text: str) -> str:
    """The text of a generated file without marks."""
    return text.replace(PYTHON_MARKS, "", 1).replace(MARKDOWN_MARKS, "", 1)


def lint(folder: Path) -> int:
    """The exit code of `ruff check`, with our settings, over an unmarked copy of a folder of packages."""
    with tempfile.TemporaryDirectory(prefix="clientsmith-lint-") as work:
        # Named as in the repository: the settings choose rules by path, counted from the working directory.
        copy = Path(work) / "generated"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
        for file in copy.rglob("*.py"):
            file.write_text(unmarked(file.read_text(encoding="utf-8")), encoding="utf-8")
        command = [
            Path(sys.executable).with_name("ruff"),
            "check",
            "--no-cache",
            "--config",
            ROOT / "pyproject.toml",
        ]
        return subprocess.run([*command, "generated"], cwd=work, check=False).returncode


if __name__ == "__main__":
    sys.exit(lint(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "generated")))
