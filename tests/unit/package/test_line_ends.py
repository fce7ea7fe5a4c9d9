"""Files whose line ends git or an editor converted are named as such, and generating again puts them right."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.package.check import check_manifest, check_tree
from clientsmith.package.write import write
from tests.unit.package.package_on_disk import INPUTS, NAME, contents, tree, written


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return written(tmp_path / "pkg")


def convert(package: Path, *paths: str) -> None:
    for path in paths:
        file = package / path
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


def checked(package: Path) -> list[tuple[str, str]]:
    """What both ways to check find, which is the same but for how a changed file is described."""
    by_manifest, by_tree = Diagnostics(), Diagnostics()
    check_manifest(package, INPUTS, by_manifest)
    check_tree(package, tree(), INPUTS, by_tree)
    assert [one.id for one in by_manifest] == [one.id for one in by_tree]
    assert all("* text eol=lf" in (one.hint or "") for one in by_tree if one.id == "crlf-line-ends")
    return [(one.id, one.message.rpartition("difference: ")[2]) for one in by_tree]


@pytest.mark.parametrize(
    ("paths", "shown"),
    [
        ([NAME, "__init__.py", "sub/mod.py", "sub/deep/x.py"], "__init__.py, _manifest.json, sub/deep/x.py and 1 more"),
        (["sub/mod.py"], "sub/mod.py"),
        ([NAME], NAME),
    ],
)  # fmt: skip
def test_converted_files_are_one_finding(package: Path, paths: list[str], shown: str) -> None:
    convert(package, *paths)
    assert checked(package) == [("crlf-line-ends", shown)]


def test_a_change_beside_the_line_ends_is_still_a_change(package: Path) -> None:
    convert(package, NAME, "__init__.py", "sub/mod.py")
    (package / "sub/mod.py").write_bytes(b"two\r\nedited\r\n")
    assert checked(package) == [
        ("crlf-line-ends", "__init__.py, _manifest.json"),
        ("changed-file", "sub/mod.py is not what is generated now: it differs from line 2 on"),
    ]


def test_generating_puts_line_ends_right_without_force_and_says_so(package: Path) -> None:
    convert(package, NAME, "__init__.py", "sub/mod.py")
    diagnostics = Diagnostics()
    less = tree(**{"sub/mod.py": None})
    plan = write(less, package, diagnostics)
    assert plan is not None and plan.removed == ("sub/mod.py",)
    assert [(one.id, one.severity) for one in diagnostics] == [("crlf-line-ends", Severity.NOTE)]
    assert contents(package) == dict(less)


def test_an_edit_in_a_converted_file_is_not_given_up(package: Path) -> None:
    convert(package, NAME, "__init__.py")
    (package / "sub/mod.py").write_bytes(b"edited\r\n")
    diagnostics = Diagnostics()
    assert write(tree(), package, diagnostics) is None
    assert [one.id for one in diagnostics] == ["crlf-line-ends", "edited-file"]
