"""An exchange that is killed at any moment leaves old or new targets, is recognized, and is settled by the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.exchange import swap
from clientsmith.exchange.mix import find_mix
from tests.unit.exchange.killing import Repository, killed, killed_at_each_step


@pytest.fixture(params=["at-once", "in-two-steps"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How two folders are exchanged: as Linux and macOS can, or as it is done elsewhere."""
    if request.param == "in-two-steps":
        monkeypatch.setattr(swap, "exchange_names", lambda *_: False)
    return str(request.param)


def check_moment(repository: Repository, way: str) -> bool:
    """Whether some targets are old and some are new; then every one of them says so, and otherwise none does."""
    states = repository.states()
    is_away = way == "in-two-steps" and not repository.package.exists()
    assert {*states.values()} - ({"{}"} if is_away else set()) <= {"old", "new"}, states
    is_mixed = len({*states.values()}) > 1
    for target in (*repository.targets, repository.root / "spec/kept.yaml"):
        assert (find_mix(str(target)) is not None) == is_mixed, (target, states)
    return is_mixed


def check_settled(repository: Repository) -> None:
    """All is old or all is new after nothing but the recovery, and all is new after an update."""
    repository.settle()
    assert len({*repository.states().values()}) == 1
    assert repository.leftovers() == []
    repository.update()
    assert {*repository.states().values()} == {"new"}
    assert repository.leftovers() == []
    assert (repository.root / "spec/kept.yaml").read_bytes() == b"kept"


def test_killed_before_any_step_every_target_is_old_or_new(tmp_path: Path, way: str) -> None:
    moments = [
        (check_moment(repository, way), check_settled(repository))
        for repository in killed_at_each_step(tmp_path, Repository.update)
    ]
    assert len(moments) > 100
    assert sum(is_mixed for is_mixed, _ in moments) >= 3


@pytest.mark.parametrize("is_first", [True, False])
def test_killed_while_it_settles_an_earlier_one(tmp_path: Path, way: str, *, is_first: bool) -> None:
    """After the first target was replaced, and after all but one were."""
    moments = enumerate(killed_at_each_step(tmp_path / "moments", Repository.update), start=1)
    mixed = [step for step, repository in moments if check_moment(repository, way)]

    def made(root: Path) -> Repository:
        repository = Repository.make(root)
        assert killed(repository.update, mixed[0 if is_first else -1])
        return repository

    count = 0
    for repository in killed_at_each_step(tmp_path, Repository.settle, made):
        check_moment(repository, way)
        check_settled(repository)
        count += 1
    assert count > 20


def test_twice_changes_nothing(tmp_path: Path) -> None:
    repository = Repository.make(tmp_path)
    unchanged = repository.package / "__init__.py"
    before = unchanged.stat().st_mtime_ns
    repository.update()
    assert unchanged.stat().st_mtime_ns == before
    written = {*repository.targets, *repository.package.rglob("*")}
    times = {path: path.stat().st_mtime_ns for path in written}
    repository.update()
    assert {path: path.stat().st_mtime_ns for path in written} == times
