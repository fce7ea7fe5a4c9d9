"""Generated packages and the examples of their reference pages under both type checkers, at their strictest."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.emit.conftest import packages
from tests.unit.emit.generated_packages import programs, write_package
from tests.unit.emit.sample_api import MARKETPLACE, ODD

__all__ = ["packages"]
WRONG_CALLS = """
from twilio_marketplace import MarketplaceClient

client = MarketplaceClient()
client.listings.update("XB", module_info={"nam": "x"})
client.listings.update("XB", module_info="x")
client.usages.report("XE", billable_items=[{"sid": "BI"}])
client.usages.report("XE", billable_items=[{"sid": "BI", "quantity": 1.5}])
client.usages.report("XE")
"""


@pytest.fixture(scope="module")
def checked(packages: Path) -> Path:
    for api in (MARKETPLACE, ODD):
        page = (packages / api.package / "REFERENCE.md").read_text()
        for number, program in enumerate(programs(page)):
            if "things.everything(" not in program:  # deprecated, which pyright rightly reports
                (packages / f"{api.package}_example_{number}.py").write_text(program)
    return packages


def test_mypy_strict(checked: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong_calls.py"
    wrong.write_text(WRONG_CALLS)
    files = [*map(str, sorted(checked.glob("*_example_*.py"))), "-p", "odd_things"]
    for selection, errors in ((files[:-2], 0), (files[-2:], 0), ([str(wrong)], 5)):
        command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10", "--no-error-summary"]
        command += ["--config-file=", f"--cache-dir={tmp_path / 'cache'}", *selection]
        done = subprocess.run(
            command, cwd=checked, env={"MYPYPATH": str(checked)}, capture_output=True, text=True
        )
        found = [line for line in done.stdout.splitlines() if "error:" in line]
        assert len(found) == errors, done.stdout + done.stderr


def test_pyright_strict(checked: Path) -> None:
    (checked / "wrong_calls.py").write_text(WRONG_CALLS)
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.10", "exclude": ["**/_runtime"]}
    (checked / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=checked, capture_output=True, text=True)
    found = json.loads(done.stdout)["generalDiagnostics"]

    wrong = {f["range"]["start"]["line"] for f in found if f["file"].endswith("wrong_calls.py")}
    assert wrong == {4, 5, 6, 7, 8}
    assert [f for f in found if not f["file"].endswith("wrong_calls.py")] == []


def test_mypy_knows_a_client_that_is_called_like_a_name_of_the_runtime(tmp_path: Path) -> None:
    names = {"client_class": "NotFound", "async_client_class": "AsyncNotFound"}
    write_package(replace(MARKETPLACE, package="shadowing", **names), tmp_path)
    (tmp_path / "user.py").write_text(
        "from shadowing import Conflict, NotFound\nNotFound('key', 'secret').close()\nConflict\n"
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "user.py", "shadowing/__init__.py"], cwd=tmp_path, capture_output=True, text=True
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
