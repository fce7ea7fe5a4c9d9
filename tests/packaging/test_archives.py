from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.packaging.conftest import ROOT


def sources(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def members(wheel: Path, prefix: str) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name.removeprefix(prefix) for name in archive.namelist() if name.startswith(prefix)}


def test_the_wheel_holds_every_template_byte_for_byte(wheel: Path) -> None:
    templates = sources(ROOT / "templates")
    assert templates
    assert members(wheel, "clientsmith/_templates/") == templates
    with zipfile.ZipFile(wheel) as archive:
        for name in templates:
            assert archive.read(f"clientsmith/_templates/{name}") == (ROOT / "templates" / name).read_bytes()


def test_the_wheel_holds_every_runtime_file_byte_for_byte(wheel: Path) -> None:
    runtime = ROOT / "generator" / "clientsmith" / "runtime"
    names = sources(runtime)
    assert names
    assert members(wheel, "clientsmith/runtime/") == names
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            assert archive.read(f"clientsmith/runtime/{name}") == (runtime / name).read_bytes()


def test_the_wheel_holds_the_tool_and_nothing_else(wheel: Path) -> None:
    tool = sources(ROOT / "generator" / "clientsmith")
    inside = members(wheel, "")
    packaged = {name for name in inside if not name.startswith(("clientsmith/_templates/", "clientsmith-"))}
    assert packaged == {f"clientsmith/{name}" for name in tool}


def test_the_wheel_of_the_sdist_equals_the_wheel_of_the_tree(
    wheel: Path, sdist: Path, build: Callable[[str, Path], Path], tmp_path: Path
) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    assert (source / "spec" / "marketplace.yaml").is_file()
    rebuilt = build("wheel", source)
    with zipfile.ZipFile(wheel) as ours, zipfile.ZipFile(rebuilt) as theirs:
        assert {name: ours.read(name) for name in ours.namelist()} == {
            name: theirs.read(name) for name in theirs.namelist()
        }
