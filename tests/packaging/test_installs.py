from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.packaging.conftest import PACKAGE, ROOT, run


def install(environment: Path, *what: str | Path) -> None:
    """pip, from the running environment into the one given, with no index and no dependencies."""
    offline = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--ignore-installed"]
    python = environment / "bin" / "python"
    run(
        sys.executable, "-m", "pip", "--python", python, "install", *offline, "--no-build-isolation", *what,
        cwd=environment,
    )  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_an_installed_tool_generates_the_committed_package(
    kind: str, bare_environment: Path, wheel: Path, tmp_path: Path
) -> None:
    install(bare_environment, *([wheel] if kind == "wheel" else ["--editable", ROOT]))
    tool = bare_environment / "bin" / "clientsmith"
    where = run(
        bare_environment / "bin" / "python", "-c", "import clientsmith as c; print(c.__file__)", cwd=tmp_path
    )
    home = bare_environment if kind == "wheel" else ROOT / "generator"
    assert where.stdout.startswith(f"{home}/")

    out = tmp_path / PACKAGE.name
    config = ROOT / "clientsmith.toml"
    run(tool, "generate", ROOT / "spec" / "marketplace.yaml", "--config", config, "--out", out, cwd=tmp_path)
    assert files(out) == files(PACKAGE)


def test_an_installed_wheel_answers_help_from_any_folder(
    bare_environment: Path, wheel: Path, tmp_path: Path
) -> None:
    install(bare_environment, wheel)
    done = run(bare_environment / "bin" / "clientsmith", "--help", cwd=tmp_path)
    assert {"generate", "check", "lint"} <= set(done.stdout.replace(",", " ").replace("{", " ").split())
