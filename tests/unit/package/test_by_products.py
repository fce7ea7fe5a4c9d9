"""What editors, checkers, systems and version control leave in a package folder stays there and is in nobody's way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.package.check import check_manifest, check_tree
from clientsmith.package.folder import list_folder
from clientsmith.package.write import write
from tests.unit.package.package_on_disk import INPUTS, contents, tree, written

FILES = [
    ".DS_Store", "sub/.DS_Store", "._models.py", "Thumbs.db", "desktop.ini", "Desktop.ini", ".directory", ".nfs000001",
    ".mod.py.swp", "sub/.mod.py.swo", "mod.py.swp", "mod.py~", "#mod.py#", ".mod.py.un~", "mod.py.bak", "mod.py.orig",
    "mod.py.rej", "mod.py___jb_tmp___", ".mod.py.kate-swp", ".coverage", ".dmypy.json",
]  # fmt: skip
FOLDERS = [
    ".mypy_cache", ".ruff_cache", "sub/.pytest_cache", ".ipynb_checkpoints", ".idea", ".vscode", ".git", ".hg", ".svn",
]  # fmt: skip


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return written(tmp_path / "pkg")


def checked(package: Path) -> list[tuple[str, Severity, str]]:
    """What both ways to check find, which is the same."""
    by_manifest, by_tree = Diagnostics(), Diagnostics()
    check_manifest(package, INPUTS, by_manifest)
    check_tree(package, tree(), INPUTS, by_tree)
    found = [(one.id, one.severity, one.message) for one in by_manifest]
    assert found == [(one.id, one.severity, one.message) for one in by_tree]
    return found


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_another_tool_is_a_note_and_stays(package: Path, path: str) -> None:
    (package / path).write_bytes(b"theirs")
    message = f"not part of the package, and left alone: {path}"
    assert checked(package) == [("left-alone", Severity.NOTE, message)]
    diagnostics = Diagnostics()
    assert write(tree(**{"sub/mod.py": b"new"}), package, diagnostics) is not None
    assert [(one.id, one.message) for one in diagnostics] == [("left-alone", message)]
    assert contents(package) == {**tree(**{"sub/mod.py": b"new"}), path: b"theirs"}


@pytest.mark.parametrize("path", FOLDERS)
def test_a_folder_of_another_tool_stays_whole(package: Path, path: str) -> None:
    (package / path / "deep/empty").mkdir(parents=True)
    (package / path / "deep/models.py").write_text("x")
    (package / path / "deep/link").symlink_to("nowhere")
    assert checked(package) == [
        ("left-alone", Severity.NOTE, f"not part of the package, and left alone: {path}")
    ]
    assert write(tree(**{"sub/mod.py": b"new"}), package, Diagnostics()) is not None
    assert (package / path / "deep/empty").is_dir()
    assert (package / path / "deep/models.py").read_text() == "x"
    assert (package / path / "deep/link").readlink() == Path("nowhere")


def test_the_lock_of_an_editor_is_a_link_to_nothing(package: Path) -> None:
    (package / ".#mod.py").symlink_to("someone@host.123:456")
    assert [id for id, _, _ in checked(package)] == ["left-alone"]
    assert write(tree(**{"sub/mod.py": b"new"}), package, Diagnostics()) is not None
    assert (package / ".#mod.py").readlink() == Path("someone@host.123:456")


@pytest.mark.parametrize(
    "path", ["mod.bak.py", "mod_BACKUP_12.py", "mod.so", "mod.pyd", "mod.pyc", ".hidden", "notes.txt", "venv/x.py"]
)  # fmt: skip
def test_what_a_program_may_import_or_a_person_wrote_is_an_orphan(package: Path, path: str) -> None:
    (package / path).parent.mkdir(exist_ok=True)
    (package / path).write_bytes(b"theirs")
    assert [(id, severity) for id, severity, _ in checked(package)] == [("orphan-file", Severity.ERROR)]
    diagnostics = Diagnostics()
    assert write(tree(**{"sub/mod.py": b"new"}), package, diagnostics) is None
    assert [one.id for one in diagnostics] == ["foreign-file"]


def test_a_package_is_written_into_a_folder_that_other_tools_were_in_first(tmp_path: Path) -> None:
    (tmp_path / "pkg/.git/refs/heads").mkdir(parents=True)
    (tmp_path / "pkg/.DS_Store").touch()
    assert write(tree(), tmp_path / "pkg", Diagnostics()) is not None
    assert contents(tmp_path / "pkg") == {**tree(), ".DS_Store": b""}
    assert (tmp_path / "pkg/.git/refs/heads").is_dir()


def test_many_are_one_note(package: Path) -> None:
    for number in range(7):
        (package / f"{number}.py~").touch()
    (package / "sub/__pycache__").mkdir()
    (package / "sub/__pycache__/mod.cpython-311.pyc.140234").touch()
    shown = "0.py~, 1.py~, 2.py~, 3.py~, 4.py~ and 3 more"
    assert checked(package) == [
        ("left-alone", Severity.NOTE, f"not part of the package, and left alone: {shown}")
    ]


def test_one_in_a_folder_whose_place_a_file_takes_is_in_the_way(package: Path) -> None:
    (package / "sub/.DS_Store").touch()
    less = tree(**{"sub/mod.py": None, "sub/deep/x.py": None, "sub": b"now a file"})
    diagnostics = Diagnostics()
    assert write(less, package, diagnostics, force=True) is None
    assert [one.id for one in diagnostics if one.severity is Severity.ERROR] == ["foreign-file"]
    assert contents(package) == {**tree(), "sub/.DS_Store": b""}


def test_a_linked_cache_is_not_looked_into(package: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    os.mkfifo(tmp_path / "cache/pipe")
    (package / ".mypy_cache").symlink_to(tmp_path / "cache")
    assert list_folder(package).by_products == (".mypy_cache",)
    assert write(tree(**{"sub/mod.py": b"new"}), package, Diagnostics()) is not None
    assert (package / ".mypy_cache").readlink() == tmp_path / "cache"
