from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.exchange import swap
from clientsmith.exchange.lock import working_folder
from clientsmith.package.file_tree import FileTree
from clientsmith.package.manifest import with_manifest
from clientsmith.package.plan import Plan
from clientsmith.package.write import write
from tests.unit.package.package_on_disk import FILES, INPUTS, NAME, contents, older_manifest, tree, written


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return written(tmp_path / "pkg")


def refused(files: FileTree, folder: Path, *, force: bool = False) -> list[tuple[str, str]]:
    """The id and the message of each reason, after proving that nothing on disk changed."""
    before = contents(folder.parent)
    diagnostics = Diagnostics()
    assert write(files, folder, diagnostics, force=force) is None
    assert contents(folder.parent) == before
    assert not list(folder.parent.glob(".*.clientsmith"))
    return [(found.id, found.message) for found in diagnostics]


def done(files: FileTree, folder: Path, *, force: bool = False) -> Plan:
    diagnostics = Diagnostics()
    plan = write(files, folder, diagnostics, force=force)
    assert plan is not None, diagnostics.sorted()
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []
    return plan


def test_a_package_is_written_with_folders_above_it(tmp_path: Path) -> None:
    plan = done(tree(), tmp_path / "a" / "b" / "pkg")
    assert contents(tmp_path / "a/b/pkg") == dict(tree())
    assert plan == Plan(tuple(tree()), (), (), ())


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    done(tree(), tmp_path / "pkg")
    assert contents(tmp_path / "pkg") == dict(tree())


def test_the_same_again_touches_nothing(package: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in [package, *package.rglob("*")]}
    plan = done(tree(), package)
    assert (plan.write, plan.removed) == ((), ())
    assert {path: path.stat().st_mtime_ns for path in [package, *package.rglob("*")]} == before


def test_unchanged_files_keep_their_time_and_only_own_orphans_go(package: Path) -> None:
    os.utime(package / "__init__.py", ns=(1, 1))
    plan = done(tree(**{"sub/mod.py": b"new", "sub/deep/x.py": None}), package)
    assert plan.write == (NAME, "sub/mod.py")
    assert plan.removed == ("sub/deep/x.py",)
    assert (package / "__init__.py").stat().st_mtime_ns == 1
    assert contents(package) == dict(tree(**{"sub/mod.py": b"new", "sub/deep/x.py": None}))
    assert not (package / "sub/deep").exists()


def test_bytecode_of_python_is_no_reason_to_refuse(package: Path) -> None:
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"x")
    done(tree(**{"sub/mod.py": b"new"}), package)


def test_missing_files_come_back(package: Path) -> None:
    (package / "sub/mod.py").unlink()
    assert done(tree(), package).write == ("sub/mod.py",)


def test_a_folder_without_manifest_is_foreign(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "mine.txt").write_text("mine")
    assert [rule for rule, _ in refused(tree(), tmp_path / "pkg")] == ["foreign-output"]
    plan = done(tree(), tmp_path / "pkg", force=True)
    assert plan.kept == ("mine.txt",)
    assert contents(tmp_path / "pkg") == {**tree(), "mine.txt": b"mine"}


def test_a_foreign_file_in_the_way_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("mine")
    assert [rule for rule, _ in refused(tree(), tmp_path / "pkg", force=True)] == ["foreign-file"]


def test_every_edited_file_is_named_and_force_gives_the_edits_up(package: Path) -> None:
    (package / "__init__.py").write_text("edited")
    (package / "sub/mod.py").write_text("edited")
    found = refused(tree(**{"py.typed": b"partial"}), package)
    assert found == [
        ("edited-file", "__init__.py was edited by hand since it was generated"),
        ("edited-file", "sub/mod.py was edited by hand since it was generated"),
    ]
    done(tree(), package, force=True)
    assert contents(package) == dict(tree())


def test_an_edit_that_equals_the_new_content_is_no_edit(package: Path) -> None:
    (package / "sub/mod.py").write_bytes(b"new")
    plan = done(tree(**{"sub/mod.py": b"new"}), package)
    assert "sub/mod.py" in plan.unchanged


def test_an_edited_orphan_is_not_removed_without_force(package: Path) -> None:
    (package / "sub/mod.py").write_text("edited")
    less = tree(**{"sub/mod.py": None})
    assert [rule for rule, _ in refused(less, package)] == ["edited-file"]
    assert done(less, package, force=True).removed == ("sub/mod.py",)


def test_a_damaged_manifest_needs_force_and_others_files_stay(package: Path) -> None:
    (package / NAME).write_text("<<<<<<< merge conflict")
    (package / "sub/mod.py").write_text("edited")
    (package / "mine.py").write_text("mine")
    assert [rule for rule, _ in refused(tree(), package)] == ["edited-file"]
    assert done(tree(), package, force=True).kept == ("mine.py",)
    assert contents(package) == {**tree(), "mine.py": b"mine"}


@pytest.mark.parametrize("force", [False, True])
def test_the_package_of_a_later_version_is_left_alone(package: Path, *, force: bool) -> None:
    (package / NAME).write_text('{"format": 99}')
    assert [rule for rule, _ in refused(tree(), package, force=force)] == ["newer-manifest"]


def test_the_package_of_an_earlier_version_is_replaced_without_force_and_leaves_no_orphan(
    package: Path,
) -> None:
    (package / NAME).write_bytes(older_manifest((package / NAME).read_bytes()))
    (package / "py.typed").write_text("edited")
    less = tree(**{"sub/mod.py": None})
    assert [rule for rule, _ in refused(less, package)] == ["edited-file"]
    (package / "py.typed").write_bytes(FILES["py.typed"])
    assert done(less, package).removed == ("sub/mod.py",)
    assert contents(package) == dict(less)


def test_a_file_of_somebody_else_is_named_and_force_keeps_it(package: Path) -> None:
    (package / "sub" / "mine.py").write_text("mine")
    (package / "link").symlink_to("/etc/passwd")
    assert [rule for rule, _ in refused(tree(), package)] == ["foreign-file", "foreign-file"]
    plan = done(tree(**{"py.typed": b"x"}), package, force=True)
    assert plan.kept == ("link", "sub/mine.py")
    assert (package / "sub/mine.py").read_text() == "mine"
    assert (package / "link").readlink() == Path("/etc/passwd")


@pytest.mark.parametrize("force", [False, True])
def test_a_link_in_place_of_a_folder_is_never_followed(package: Path, tmp_path: Path, *, force: bool) -> None:
    outside = tmp_path / "outside"
    (package / "sub").rename(outside)
    (package / "sub").symlink_to(outside)
    found = refused(tree(**{"sub/mod.py": b"new"}), package, force=force)
    assert (
        "foreign-file",
        "sub is in the way of a generated file, and clientsmith did not write it",
    ) in found
    assert (outside / "mod.py").read_bytes() == FILES["sub/mod.py"]


def test_a_link_in_place_of_a_file_is_replaced_under_force_only(package: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(FILES["sub/mod.py"])
    (package / "sub/mod.py").unlink()
    (package / "sub/mod.py").symlink_to(tmp_path / "outside")
    assert refused(tree(), package) == [
        ("edited-file", "sub/mod.py is no longer a plain file since it was generated")
    ]
    done(tree(**{"sub/mod.py": b"new"}), package, force=True)
    assert (tmp_path / "outside").read_bytes() == FILES["sub/mod.py"]
    assert not (package / "sub/mod.py").is_symlink()


def test_a_folder_in_place_of_a_file_is_in_the_way_when_it_holds_something(package: Path) -> None:
    (package / "py.typed").unlink()
    (package / "py.typed").mkdir()
    (package / "py.typed" / "x").write_text("")
    assert [rule for rule, _ in refused(tree(), package, force=True)] == ["foreign-file"]


def test_a_link_at_the_package_itself_is_followed(package: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(package)
    done(tree(**{"sub/mod.py": b"new"}), tmp_path / "alias")
    assert (tmp_path / "alias").is_symlink()
    assert (package / "sub/mod.py").read_bytes() == b"new"


def test_a_file_at_the_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pkg").write_text("a file")
    assert [rule for rule, _ in refused(tree(), tmp_path / "pkg", force=True)] == ["output-not-a-folder"]
    assert [rule for rule, _ in refused(tree(), tmp_path / "pkg" / "below")] == ["output-unwritable"]
    assert write(tree(), Path("/"), Diagnostics()) is None


def test_the_working_directory_is_not_replaced(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(package / "sub")
    assert [rule for rule, _ in refused(tree(**{"py.typed": b"x"}), package)] == ["output-in-use"]
    done(tree(), package)


def test_a_folder_that_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, Path, "write_bytes", 2)
    assert [rule for rule, _ in refused(tree(), tmp_path / "x" / "y" / "pkg")] == ["output-unwritable"]
    assert list(tmp_path.iterdir()) == []


def fail(
    patch: pytest.MonkeyPatch, owner: object, name: str, nth: int, error: BaseException | None = None
) -> None:
    """Let the nth call fail as a full disk does."""
    original = getattr(owner, name)
    calls = iter(range(1, 10_000))

    def failing(*arguments: object, **options: object) -> object:
        if next(calls) == nth:
            raise error or OSError(errno.ENOSPC, "No space left on device", str(arguments[0]))
        return original(*arguments, **options)

    patch.setattr(owner, name, failing)


@pytest.fixture
def in_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system that cannot exchange two folders: the old one is renamed away before the new one comes."""
    monkeypatch.setattr(swap, "exchange_names", lambda *_: False)


CHANGED = tree(**{"sub/mod.py": b"new", "sub/new.py": b"new", "sub/deep/x.py": None})


@pytest.mark.parametrize(
    ("owner", "name", "nth"),
    [
        (Path, "write_bytes", 1),
        (Path, "write_bytes", 3),
        (Path, "rename", 1),
        (Path, "rename", 2),
        (Path, "mkdir", 3),
    ],
)
@pytest.mark.usefixtures("in_two_steps")
def test_a_full_disk_leaves_the_old_package_whole(
    package: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, nth: int
) -> None:
    fail(monkeypatch, owner, name, nth)
    ((rule, message),) = refused(CHANGED, package)
    assert rule == "output-unwritable"
    assert "No space left on device" in message
    monkeypatch.undo()
    done(CHANGED, package)
    assert contents(package) == dict(CHANGED)


def test_there_is_a_package_at_every_moment(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moments: list[dict[str, bytes]] = []
    for owner, name in ((Path, "rename"), (Path, "unlink"), (os, "rmdir"), (os, "link"), (os, "unlink")):
        original = getattr(owner, name)

        def looked(*arguments: object, _original: object = original, **options: object) -> object:
            moments.append(contents(package))
            return _original(*arguments, **options)  # type: ignore[operator]

        monkeypatch.setattr(owner, name, looked)
    done(CHANGED, package)
    assert {frozenset(one.items()) for one in moments} == {
        frozenset(tree().items()),
        frozenset(CHANGED.items()),
    }


@pytest.mark.parametrize(("name", "nth"), [("write_bytes", 2), ("rename", 1), ("rename", 2)])
@pytest.mark.usefixtures("in_two_steps")
def test_an_interrupt_leaves_the_old_package_whole(
    package: Path, monkeypatch: pytest.MonkeyPatch, name: str, nth: int
) -> None:
    fail(monkeypatch, Path, name, nth, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        write(CHANGED, package, Diagnostics())
    assert contents(package.parent) == {f"pkg/{path}": data for path, data in tree().items()}


def test_hard_links_that_the_disk_refuses_become_copies(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(package / "__init__.py", ns=(10**9, 10**9))
    monkeypatch.setattr(os, "link", lambda *_, **__: (_ for _ in ()).throw(OSError(errno.EPERM, "no links")))
    done(CHANGED, package)
    assert contents(package) == dict(CHANGED)
    assert (package / "__init__.py").stat().st_mtime_ns == 10**9


def test_what_a_killed_run_left_is_put_right_by_the_next(package: Path) -> None:
    work = package.parent / ".pkg.clientsmith"
    work.mkdir()
    (work / "lock").touch()
    package.rename(work / "old")
    shutil.copytree(work / "old", work / "new")
    plan = done(tree(), package)
    assert (plan.write, plan.removed) == ((), ())
    assert contents(package) == dict(tree())


@pytest.mark.parametrize("at_once", [True, False])
def test_a_file_that_arrives_while_we_write_is_not_lost(
    package: Path, monkeypatch: pytest.MonkeyPatch, *, at_once: bool
) -> None:
    original = swap.exchange_names

    def exchange_names(one: Path, other: Path) -> bool:
        (package / "sub" / "late.py").write_text("late")
        return at_once and original(one, other)

    monkeypatch.setattr(swap, "exchange_names", exchange_names)
    done(CHANGED, package)
    assert contents(package) == {**CHANGED, "sub/late.py": b"late"}


def test_a_second_process_is_told_to_wait(package: Path) -> None:
    with working_folder(package):
        diagnostics = Diagnostics()
        assert write(CHANGED, package, diagnostics) is None
        assert [found.id for found in diagnostics] == ["output-busy"]
    done(CHANGED, package)


def _hammer(folder: str, word: str) -> int:
    files = with_manifest(FileTree({f"{n}.py": word.encode() for n in range(20)}), INPUTS)
    return sum(write(files, Path(folder), Diagnostics(), force=True) is not None for _ in range(15))


def test_processes_at_once_never_mix_their_files(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        counts = pool.starmap(_hammer, [(str(tmp_path / "pkg"), word) for word in ("a", "b", "c")])
    assert sum(counts) > 0
    found = contents(tmp_path / "pkg")
    assert len({data for path, data in found.items() if path != NAME}) == 1
    assert len(found) == 21
    assert [path.name for path in tmp_path.iterdir()] == ["pkg"]
