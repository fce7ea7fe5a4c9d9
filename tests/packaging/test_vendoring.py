from __future__ import annotations

import ast
import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging import interpreters
from tests.packaging.conftest import PACKAGE, ROOT

PROGRAM = Path(__file__).with_name("vendored_program.py")
COPIES = ("billing_client", "second_copy", "shop.third_party.twilio")
# httpx cannot be without anyio and httpcore, nor pydantic without pydantic_core and typing_extensions.
ALLOWED = sys.stdlib_module_names | {
    "anyio",
    "httpcore",
    "httpx",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
}


@functools.cache
def present() -> dict[str, Path]:
    return interpreters.found()


@pytest.fixture(params=interpreters.VERSIONS)
def python(request: pytest.FixtureRequest) -> Path:
    """The interpreter of the environment of one supported version, where this machine has that version."""
    version: str = request.param
    if version not in present():
        pytest.skip(f"no Python {version} here")
    found = interpreters.environment(version)
    if not found.exists():
        missing = f"Python {version} is here, its environment is not: make test-env"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A publisher's code base with the package copied in three times, under names of their own."""
    for name in COPIES:
        target = tmp_path.joinpath(*name.split("."))
        shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "third_party" / "__init__.py").touch()
    return tmp_path


def test_copies_work_side_by_side_under_any_name(python: Path, project: Path) -> None:
    environment = {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [python, "-W", "error", PROGRAM, *COPIES],
        cwd=project.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["distinct"] == len(COPIES)
    for name, seen in zip(COPIES, result["seen"], strict=True):
        assert seen["module"].startswith(f"{name}.")
        assert seen["sid"] == "XB" + "a" * 32
        assert seen["total"] == "12.355"


@pytest.mark.parametrize(
    "folder", [ROOT / "generator" / "clientsmith" / "runtime", PACKAGE], ids=["runtime", "package"]
)
def test_vendored_code_imports_only_what_it_promises(folder: Path) -> None:
    files = sorted(folder.rglob("*.py"))
    assert files
    foreign = {
        f"{path.relative_to(folder)}: {name}"
        for path in files
        for name in absolute_imports(path)
        if name.partition(".")[0] not in ALLOWED
    }
    assert foreign == set()


def absolute_imports(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.append(node.module)
    return names
