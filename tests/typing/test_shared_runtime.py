"""What type checkers make of packages that share one runtime."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.behavior.test_shared_runtime import JOURNALED, ONE, OTHER, generate


def test_type_checkers_see_one_runtime(tmp_path: Path) -> None:
    generate(tmp_path, "one", ONE, JOURNALED, "one")
    generate(tmp_path, "other", OTHER, '[runtime]\nfrom = "one"\n', "other")
    (tmp_path / "user.py").write_text(
        "import one\nimport other\nfrom other import *\n"
        "error: type[one.NotFound] = other.NotFound\nclient: OtherClient = other.OtherClient(journal=SqliteJournal('a'))\n"
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "user.py", "one", "other"], cwd=tmp_path, capture_output=True, text=True
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
