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
from clientsmith.exchange.mix import find_mix, report_mix
from clientsmith.exchange.recovery import Settled
from clientsmith.exchange.run import exchange
from clientsmith.exchange.staging import file_staging
from clientsmith.package.write import write
from tests.unit.exchange.killing import OLD_TREE, Repository, copied, killed_at_each_step
from tests.unit.package.test_write import fail


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.make(tmp_path / "repository")


@pytest.fixture(scope="module")
def first_mixed(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The first moment at which half was replaced: the document is new, the rest is old."""
    moments = killed_at_each_step(tmp_path_factory.mktemp("moments"), Repository.update)
    return next(one for one in moments if one.states()["spec/api.yaml"] == "new")


@pytest.fixture
def mixed(first_mixed: Repository, tmp_path: Path) -> Repository:
    return Repository(copied(first_mixed.root, tmp_path / "mixed"))


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


def test_a_target_that_was_edited_since_keeps_the_edit(mixed: Repository) -> None:
    (mixed.root / "spec/api.yaml").write_bytes(b"edited")
    without_what_is_to_come(mixed)
    assert mixed.settle() is Settled.UNDONE
    assert (mixed.root / "spec/api.yaml").read_bytes() == b"edited"
    assert mixed.leftovers() == []


@pytest.mark.parametrize("part", ['{"path": "x", "mark": "../y", "digest": "0"}', '{"path": 1}', "[]"])
def test_a_planted_journal_leads_to_no_other_file(repository: Repository, part: str) -> None:
    work = working_folder_of(repository.package)
    work.mkdir()
    (work / "staged").write_text(f'{{"format": 1, "made": [], "parts": [{part}]}}')
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
