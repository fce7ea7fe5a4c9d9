from __future__ import annotations

import pytest

from clientsmith.package.file_tree import FileTree, path_problem, sha256


def test_files_come_in_sorted_order_whatever_order_they_went_in() -> None:
    tree = FileTree({"b.py": b"2", "a/c.py": b"1", "a.py": b"3"})
    assert list(tree) == ["a.py", "a/c.py", "b.py"]
    assert tree["a/c.py"] == b"1"
    assert tree.size == 3
    assert tree.digests()["b.py"] == sha256(b"2")
    assert tree == {"a.py": b"3", "a/c.py": b"1", "b.py": b"2"}


@pytest.mark.parametrize(
    "path",
    [
        "", "/etc/passwd", "../x", "a/../x", "./a", "a//b", "a/", "C:/x", "a\\b", "a\nb", "a\0", "a\x7f", "\ud800",
        "con.py", "a/NUL", "a.", "a /b", "what?", "a*",
    ],
)  # fmt: skip
def test_an_unsafe_path_is_refused(path: str) -> None:
    assert path_problem(path) is not None
    with pytest.raises(ValueError, match=r"."):
        FileTree({path: b""})


@pytest.mark.parametrize("path", ["a.py", "a/b/c.md", "_runtime/x.py", "py.typed", "über.py", "console.py"])
def test_a_plain_path_is_accepted(path: str) -> None:
    assert path_problem(path) is None


@pytest.mark.parametrize("paths", [("a", "a/b"), ("A.py", "a.py")])
def test_paths_that_cannot_stand_side_by_side_are_refused(paths: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"file and a folder|some file systems"):
        FileTree(dict.fromkeys(paths, b""))
