"""What refuses an exchange, what interrupts it, and what is damaged: nothing is half done, and nothing is left behind."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.exchange import swap
from clientsmith.exchange.lock import BusyError, working_folder, working_folder_of
from clientsmith.exchange.mix import UnsettledError, find_mix, report_mix
from clientsmith.exchange.recovery import Settled
from clientsmith.exchange.run import exchange
from clientsmith.exchange.staging import file_staging
from clientsmith.package.write import write
from tests.unit.exchange.killing import OLD_FILES, OLD_TREE, PACKAGE, Repository, copied, killed_at_each_step
from tests.unit.package.test_write import fail


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.make(tmp_path / "repository")


def is_staged(repository: Repository) -> bool:
    return (working_folder_of(repository.package) / "staged").exists()


@pytest.fixture(scope="module")
def kept_moments(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A folder for each step at which an exchange can stop from the first target on."""
    folder = tmp_path_factory.mktemp("moments")
    found = killed_at_each_step(folder, Repository.update)
    return [one.root for one in found if is_staged(one) or one.states()["spec/api.yaml"] == "new"]


@pytest.fixture
def moments(kept_moments: list[Path], tmp_path: Path) -> list[Repository]:
    """Copies of them, which have their own."""
    return [
        Repository(copied(root, tmp_path / f"moment-{number}")) for number, root in enumerate(kept_moments)
    ]


@pytest.fixture
def mixed(moments: list[Repository]) -> Repository:
    """A repository of which half was replaced: the document is new, the rest is old."""
    return next(one for one in moments if one.states()["spec/api.yaml"] == "new")


def check_undone(repository: Repository) -> None:
    assert {*repository.states().values()} == {"old"}
    assert repository.leftovers() == []
    repository.update()
    assert {*repository.states().values()} == {"new"}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize(
    ("owner", "name", "nth"),
    [
        (Path, "write_bytes", 1), (Path, "write_bytes", 2), (Path, "write_bytes", 5), (Path, "write_bytes", 7),
        (Path, "mkdir", 2), (Path, "mkdir", 4), (os, "fsync", 1), (os, "fsync", 9), (Path, "rename", 2),
        (swap, "exchange_names", 1), (swap, "exchange_names", 2), (swap, "exchange_names", 3),
    ],
)  # fmt: skip
def test_whatever_fails_all_is_as_it_was(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    nth: int,
    error: BaseException,
) -> None:
    fail(monkeypatch, owner, name, nth, error)
    with pytest.raises(type(error)):
        repository.update()
    monkeypatch.undo()
    check_undone(repository)


@pytest.mark.parametrize("nth", range(1, 6))
def test_whatever_rename_fails_where_folders_cannot_be_exchanged(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    monkeypatch.setattr(swap, "exchange_names", lambda *_: False)
    fail(monkeypatch, Path, "rename" if nth < 4 else "replace", nth if nth < 4 else nth - 3)
    with pytest.raises(OSError, match="No space"):
        repository.update()
    check_undone(repository)


def test_a_file_keeps_its_mode_and_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").write_bytes(b"old")
    (tmp_path / "state").chmod(0o640)
    owned: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "chown", lambda _, user, group: owned.append((user, group)))
    real = Path.stat

    def stat(self: Path, **options: bool) -> os.stat_result:
        found = real(self, **options)
        if self.name != "state":
            return found
        return os.stat_result((*found[:4], 4711, 4712, *found[6:]))

    monkeypatch.setattr(Path, "stat", stat)
    with working_folder(tmp_path / "state"):
        exchange(tmp_path / "state", [file_staging(tmp_path / "state", b"new")])
    monkeypatch.undo()
    assert (tmp_path / "state").read_bytes() == b"new"
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o640
    assert owned == [(4711, 4712)]


def test_an_owner_that_cannot_be_given_a_file_is_the_reason_to_refuse(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chown(path: Path, *_: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", str(path))

    monkeypatch.setattr(os, "chown", chown)
    real = Path.stat

    def stat(self: Path, **options: bool) -> os.stat_result:
        found = real(self, **options)
        return (
            found
            if self != repository.root / "spec/api.yaml"
            else os.stat_result((*found[:4], 1, 1, *found[6:]))
        )

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(PermissionError):
        repository.update()
    monkeypatch.undo()
    check_undone(repository)


def test_a_target_that_another_process_replaces(repository: Repository) -> None:
    with working_folder(repository.root / "spec/api.yaml"), pytest.raises(BusyError) as caught:
        repository.update()
    assert caught.value.target == repository.root / "spec/api.yaml"
    check_undone(repository)


def test_a_link_in_the_way_of_a_working_folder_is_not_followed(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    working_folder_of(repository.root / "spec/api.yaml").symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match="symbolic link"):
        repository.update()
    assert list((tmp_path / "outside").iterdir()) == []
    assert {*repository.states().values()} == {"old"}


def test_a_mix_says_what_is_new_and_what_is_old(mixed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mixed.root)
    diagnostics = Diagnostics()
    assert report_mix(["nothing.yaml", "spec/kept.yaml"], diagnostics)
    (found,) = diagnostics
    assert found.id == "update-interrupted"
    assert "spec/api.yaml is replaced" in found.message
    assert "generated/pkg is still as it was" in found.message
    with working_folder(mixed.package):
        running = find_mix("spec/api.yaml")
    assert running is not None
    assert running.is_running


def test_what_is_killed_and_then_moved_is_completed_there(mixed: Repository, tmp_path: Path) -> None:
    shutil.copytree(mixed.root, tmp_path / "moved")
    shutil.rmtree(mixed.root)
    moved = Repository(tmp_path / "moved")
    assert find_mix(str(moved.package)) is not None
    assert moved.settle() is Settled.COMPLETED
    assert {*moved.states().values()} == {"new"}
    assert moved.leftovers() == []


def without_what_is_to_come(repository: Repository) -> None:
    shutil.rmtree(working_folder_of(repository.package) / "new")


def without_a_working_folder(repository: Repository) -> None:
    shutil.rmtree(working_folder_of(repository.root / "clientsmith.state.json"))


def half_a_journal(repository: Repository) -> None:
    journal = working_folder_of(repository.package) / "staged"
    journal.write_bytes(journal.read_bytes()[:100])


def other_bytes_to_come(repository: Repository) -> None:
    (working_folder_of(repository.package) / "new" / "_manifest.json").write_bytes(b"")
    (working_folder_of(repository.root / "clientsmith.state.json") / "new").unlink()


@pytest.mark.parametrize(
    "damage", [without_what_is_to_come, without_a_working_folder, half_a_journal, other_bytes_to_come]
)
def test_what_cannot_be_completed_is_undone(mixed: Repository, damage: Callable[[Repository], None]) -> None:
    damage(mixed)
    assert find_mix(str(mixed.root / "spec/api.yaml")) is not None
    assert mixed.settle() is Settled.UNDONE
    check_undone(mixed)


def put_back(repository: Repository, *paths: str) -> None:
    """What `git checkout -- PATHS` does: files that it knows are as before, files that are new stay."""
    for path in paths or (PACKAGE, *OLD_FILES):
        files = OLD_TREE if path == PACKAGE else {"": OLD_FILES[path]}
        for name, data in files.items():
            (repository.root / path / name).parent.mkdir(parents=True, exist_ok=True)
            (repository.root / path / name).write_bytes(data)


def test_what_version_control_put_back_is_not_replaced_again(moments: list[Repository]) -> None:
    interrupted = [
        one for one in moments if is_staged(one) or (working_folder_of(one.package) / "exchanged").exists()
    ]
    assert len(interrupted) > 10
    for repository in interrupted[::3]:
        put_back(repository)
        (repository.root / "spec/schemas/deep/pet.yaml").unlink(missing_ok=True)
        assert find_mix(str(repository.package)) is None
        assert repository.settle() is Settled.UNDONE
        check_undone(repository)


@pytest.mark.parametrize("path", ["spec/api.yaml", "clientsmith.state.json", PACKAGE])
def test_if_one_target_was_put_back_all_are(moments: list[Repository], path: str) -> None:
    count = 0
    for repository in moments:
        is_replaced = repository.states()[path] == "new"
        put_back(repository, path)
        if is_staged(repository) and is_replaced:
            assert repository.settle() is Settled.UNDONE
            check_undone(repository)
            count += 1
    assert count > 0


def test_new_files_that_version_control_leaves_in_the_package_go(moments: list[Repository]) -> None:
    *_, replaced = filter(is_staged, moments)
    assert replaced.states()[PACKAGE] == "new"
    put_back(replaced)
    assert (replaced.package / "sub/new.py").exists()
    replaced.settle()
    check_undone(replaced)


def contents(repository: Repository) -> list[tuple[Path, bytes | None]]:
    paths = (path for path in repository.root.rglob("*") if path.name != "lock")
    return sorted((path, path.read_bytes() if path.is_file() else None) for path in paths)


def edited(repository: Repository) -> None:
    (repository.root / "spec/api.yaml").write_bytes(b"edited")


def deleted(repository: Repository) -> None:
    (repository.root / "spec/api.yaml").unlink()


def edited_before_it_was_reached(repository: Repository) -> None:
    (repository.package / "sub/mod.py").write_bytes(b"edited")


def a_folder_instead(repository: Repository) -> None:
    deleted(repository)
    (repository.root / "spec/api.yaml").mkdir()


@pytest.mark.parametrize("change", [edited, deleted, edited_before_it_was_reached, a_folder_instead])
def test_a_target_that_is_neither_old_nor_new_is_for_somebody_to_decide(
    mixed: Repository, monkeypatch: pytest.MonkeyPatch, change: Callable[[Repository], None]
) -> None:
    monkeypatch.chdir(mixed.root)
    change(mixed)
    before = contents(mixed)
    with pytest.raises(UnsettledError) as caught:
        mixed.settle()
    changed = PACKAGE if change is edited_before_it_was_reached else "spec/api.yaml"
    assert f"{changed} is neither as it was nor as it should be" in str(caught.value)
    assert contents(mixed) == before
    diagnostics = Diagnostics()
    assert report_mix(["clientsmith.state.json"], diagnostics)
    (found,) = diagnostics
    assert found.message.endswith(str(caught.value)) and found.hint == caught.value.mix.hint
    if change is edited:
        put_back(mixed, "spec/api.yaml")
        assert mixed.settle() is Settled.UNDONE
        check_undone(mixed)


def test_an_edit_before_anything_was_replaced_is_kept(moments: list[Repository]) -> None:
    repository = moments[0]
    edited(repository)
    assert find_mix(str(repository.package)) is None
    assert repository.settle() is Settled.UNDONE
    assert (repository.root / "spec/api.yaml").read_bytes() == b"edited"
    assert repository.leftovers() == []


@pytest.mark.parametrize(
    "part",
    [
        '{"path": "x", "files": [{"path": "../y", "old": "", "new": "0"}]}',
        '{"path": "x", "files": [{"path": "/y", "old": "", "new": "0"}]}',
        '{"path": "x", "files": [{"path": "y"}]}',
        '{"path": 1, "files": []}',
        "[]",
    ],
)
def test_a_planted_journal_leads_to_no_other_file(repository: Repository, part: str) -> None:
    work = working_folder_of(repository.package)
    work.mkdir()
    (work / "staged").write_text(f'{{"format": 2, "made": [], "parts": [{part}]}}')
    assert find_mix(str(repository.package)) is not None
    assert repository.settle() is Settled.UNDONE
    check_undone(repository)


def test_a_write_of_the_package_alone_takes_back_what_was_not_begun(tmp_path: Path) -> None:
    refused = 0
    for repository in killed_at_each_step(tmp_path, Repository.update):
        diagnostics = Diagnostics()
        is_mixed = len({*repository.states().values()}) > 1
        done = write(OLD_TREE, repository.package, diagnostics) is not None
        assert done != is_mixed
        if is_mixed:
            assert [found.id for found in diagnostics] == ["update-interrupted"]
            refused += 1
            continue
        assert repository.state_of(repository.package) == "old"
        assert repository.leftovers() == []
    assert refused >= 3
