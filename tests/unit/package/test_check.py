from __future__ import annotations

import importlib.util
import os
import py_compile
import struct
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.package.check import Compared, check_manifest, check_tree
from clientsmith.package.file_tree import FileTree
from clientsmith.package.manifest import Inputs, with_manifest
from tests.unit.package.package_on_disk import FILES, INPUTS, NAME, older_manifest, tree, written

Check = Callable[[Path, Inputs], tuple[Compared, list[tuple[str, str]]]]


def by_manifest(folder: Path, inputs: Inputs) -> tuple[Compared, list[tuple[str, str]]]:
    drift = Diagnostics()
    return check_manifest(folder, inputs, drift), named(drift, folder)


def by_tree(folder: Path, inputs: Inputs) -> tuple[Compared, list[tuple[str, str]]]:
    drift = Diagnostics()
    return check_tree(folder, with_manifest(FileTree(FILES), inputs), inputs, drift), named(drift, folder)


def named(drift: Diagnostics, folder: Path) -> list[tuple[str, str]]:
    return [
        (found.id, os.path.relpath(found.place.span.file, folder) if found.place.span else found.message)
        for found in drift
    ]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return written(tmp_path / "pkg")


@pytest.fixture(params=[by_manifest, by_tree])
def check(request: pytest.FixtureRequest) -> Check:
    found: Check = request.param
    return found


def test_nothing_changed_is_proved_by_what_was_compared(package: Path, check: Check) -> None:
    assert check(package, INPUTS) == (Compared(len(tree()), tree().size), [])


def test_any_one_byte_of_any_file_is_named(package: Path, check: Check) -> None:
    for path in tree():
        file = package / path
        data = file.read_bytes()
        for other in (data + b"\n", b" " + data, data[:-1] if data else b"x"):
            file.write_bytes(other)
            assert path in [place for _, place in check(package, INPUTS)[1]], path
        file.write_bytes(data)
    assert not check(package, INPUTS)[1]


def test_every_byte_of_the_manifest_counts(package: Path, check: Check) -> None:
    data = (package / NAME).read_bytes()
    for at in range(0, len(data), 7):
        (package / NAME).write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        found = check(package, INPUTS)[1]
        assert {("damaged-manifest", NAME), ("newer-manifest", NAME)} & set(found)


def test_a_missing_file_is_named(package: Path, check: Check) -> None:
    (package / "sub/mod.py").unlink()
    compared, found = check(package, INPUTS)
    assert found == [("missing-file", "sub/mod.py")]
    assert compared.files == len(tree()) - 1


@pytest.mark.parametrize(
    "path", ["x.py", ".hidden", "sub/y", "new/z.py", "x.pyc", "__pycache__/x.py", "sub/__pycache__/x"]
)
def test_an_orphan_is_named(package: Path, check: Check, path: str) -> None:
    (package / path).parent.mkdir(exist_ok=True)
    (package / path).touch()
    assert check(package, INPUTS)[1] == [("orphan-file", path)]


def test_bytecode_is_no_orphan(package: Path, check: Check) -> None:
    (package / "sub/__pycache__").mkdir()
    (package / "sub/__pycache__/mod.cpython-311.pyc").touch()
    (package / "empty").mkdir()
    assert check(package, INPUTS)[1] == [("left-alone", "sub/__pycache__")]


def test_links_and_special_files_are_named(package: Path, check: Check, tmp_path: Path) -> None:
    (tmp_path / "same").write_bytes(FILES["sub/mod.py"])
    (package / "sub/mod.py").unlink()
    (package / "sub/mod.py").symlink_to(tmp_path / "same")
    (package / "py.typed").unlink()
    os.mkfifo(package / "py.typed")
    (package / "more").symlink_to(tmp_path)
    assert sorted(check(package, INPUTS)[1]) == [
        ("not-a-file", "py.typed"),
        ("not-a-file", "sub/mod.py"),
        ("orphan-file", "more"),
    ]


def test_a_linked_folder_is_not_looked_into(package: Path, check: Check, tmp_path: Path) -> None:
    (package / "sub").rename(tmp_path / "sub")
    (package / "sub").symlink_to(tmp_path / "sub")
    assert sorted(check(package, INPUTS)[1]) == [
        ("missing-file", "sub/deep/x.py"),
        ("missing-file", "sub/mod.py"),
        ("orphan-file", "sub"),
    ]


@pytest.mark.parametrize("name", ["document", "config", "templates", "runtime", "tool"])
def test_a_changed_input_is_named(package: Path, check: Check, name: str) -> None:
    found = check(package, replace(INPUTS, **{name: "other"}))[1]
    assert ("changed-input", NAME) in found


@pytest.mark.parametrize("versions", [{"ruff": "2"}, {}, {"ruff": "1", "jinja2": "3"}])
def test_a_changed_tool_version_is_named(package: Path, check: Check, versions: dict[str, str]) -> None:
    assert ("changed-input", NAME) in check(package, replace(INPUTS, versions=versions))[1]


def test_no_package_and_no_manifest_are_drift(package: Path, check: Check, tmp_path: Path) -> None:
    compared, found = check(tmp_path / "nowhere", INPUTS)
    assert (compared.files, found[0][0]) == (0, "missing-package")
    (package / NAME).unlink()
    assert ("missing-manifest", NAME) in check(package, INPUTS)[1]
    (package / NAME).mkdir()
    assert ("damaged-manifest", NAME) in check(package, INPUTS)[1]
    (package / NAME).rmdir()
    (package / NAME).symlink_to(package / "py.typed")
    assert ("damaged-manifest", NAME) in check(package, INPUTS)[1]


def test_a_later_manifest_is_told_apart(package: Path, check: Check) -> None:
    (package / NAME).write_text('{"format": 2}')
    assert ("newer-manifest", NAME) in check(package, INPUTS)[1]


def test_the_manifest_of_an_earlier_version_is_not_called_damaged(package: Path, check: Check) -> None:
    (package / NAME).write_bytes(older_manifest((package / NAME).read_bytes()))
    found = check(package, INPUTS)[1]
    assert ("older-manifest", NAME) in found
    assert ("damaged-manifest", NAME) not in found


def test_comparing_no_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(with_manifest(FileTree({}), INPUTS)[NAME])
    compared, found = by_manifest(tmp_path, INPUTS)
    assert compared.files == 1
    assert found == [("empty-package", NAME)]


def test_regeneration_finds_what_a_consistent_manifest_hides(package: Path) -> None:
    forged = with_manifest(FileTree({**FILES, "sub/mod.py": b"two\nforged\n"}), INPUTS)
    for path, data in forged.items():
        (package / path).write_bytes(data)
    assert by_manifest(package, INPUTS)[1] == []
    assert by_tree(package, INPUTS)[1] == [("changed-file", NAME), ("changed-file", "sub/mod.py")]
    drift = Diagnostics()
    check_tree(package, tree(), INPUTS, drift)
    assert drift.sorted()[1].place.span is not None
    assert drift.sorted()[1].place.span.line == 2


MODULE, OTHER = "__init__.py", "value = 'other'\n"
Compile = Callable[[Path, Path], None]


def _unchecked(source: Path, target: Path) -> None:
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(source), cfile=str(target), invalidation_mode=mode, doraise=True)


def _with_header(source: Path, target: Path, header: Callable[[Path], bytes]) -> None:
    """Bytecode of `source` that says to be of the module beside `target`."""
    _unchecked(source, target)
    module = Path(importlib.util.source_from_cache(str(target)))
    target.write_bytes(target.read_bytes()[:4] + header(module) + target.read_bytes()[16:])


def _hash(module: Path) -> bytes:
    return importlib.util.source_hash(module.read_bytes())


def _timed(source: Path, target: Path) -> None:
    def header(module: Path) -> bytes:
        state = module.stat()
        return struct.pack("<III", 0, int(state.st_mtime), state.st_size)

    _with_header(source, target, header)


def _checked(source: Path, target: Path) -> None:
    _with_header(source, target, lambda module: struct.pack("<I", 3) + _hash(module))


def _forged(source: Path, target: Path) -> None:
    _with_header(source, target, lambda module: struct.pack("<I", 1) + _hash(module))


def _of_another_python(source: Path, target: Path) -> None:
    _unchecked(source, target)
    target.write_bytes(b"\x00\x00\r\n" + target.read_bytes()[4:])


def _damaged(source: Path, target: Path) -> None:
    _unchecked(source, target)
    target.write_bytes(target.read_bytes()[:30])


@pytest.mark.parametrize("make", [_unchecked, _forged, _checked, _timed, _of_another_python, _damaged])
@pytest.mark.parametrize("ending", [".pyc", ".opt-2.pyc"])
def test_bytecode_that_python_would_run_instead_of_a_module_is_named(
    package: Path, check: Check, make: Compile, ending: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.py"
    other.write_text(OTHER, encoding="utf-8")
    name = f"{MODULE.removesuffix('.py')}.{sys.implementation.cache_tag}{ending}"
    (package / "__pycache__").mkdir()
    make(other, package / "__pycache__" / name)

    found = check(package, INPUTS)[1]
    assert ("foreign-bytecode", f"__pycache__/{name}") in found


@pytest.mark.parametrize("mode", list(py_compile.PycInvalidationMode))
@pytest.mark.parametrize("level", [0, 1, 2])
def test_bytecode_of_the_module_itself_is_left_alone(
    package: Path, check: Check, mode: py_compile.PycInvalidationMode, level: int
) -> None:
    py_compile.compile(str(package / MODULE), invalidation_mode=mode, optimize=level, doraise=True)
    assert check(package, INPUTS)[1] == [("left-alone", "__pycache__")]


@pytest.mark.parametrize("mode", ["TIMESTAMP", "CHECKED_HASH"])
def test_bytecode_that_python_compiles_anew_is_left_alone(
    package: Path, check: Check, mode: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.py"
    other.write_text(OTHER, encoding="utf-8")
    os.utime(other, (1, 1))
    target = importlib.util.cache_from_source(str(package / MODULE))
    py_compile.compile(str(other), cfile=target, invalidation_mode=py_compile.PycInvalidationMode[mode])
    assert check(package, INPUTS)[1] == [("left-alone", "__pycache__")]
