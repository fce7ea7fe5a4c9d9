from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clientsmith.cli.main import main
from clientsmith.diff import levels
from clientsmith.diff import rules as table
from clientsmith.diff.model import Change
from tests.unit.diff.sample import NEW, OLD, RULES

sys.path.append(str(Path(__file__).parents[3] / "bench"))
"""The modules of `bench` are run as scripts and import each other by name."""

Diff = Callable[..., tuple[int, str, str]]


@pytest.fixture
def made_up_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rules of the sample in the place of those of the tool."""
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    monkeypatch.setattr(table, "_FILES", (file,))
    table.rules.cache_clear()
    yield
    monkeypatch.undo()
    table.rules.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


@pytest.fixture
def diff(
    folder: Path, made_up_rules: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Diff:
    """Runs the command on the sample documents, between which it finds the changes that are passed."""
    (folder / "old.yaml").write_text(OLD)
    (folder / "new.yaml").write_text(NEW)

    def run(
        changes: list[Change], *flags: str, sides: tuple[str, ...] = ("old.yaml", "new.yaml")
    ) -> tuple[int, str, str]:
        monkeypatch.setattr(levels, "compare_levels", lambda *_: changes)
        capsys.readouterr()
        try:
            code = main(["diff", *sides, *flags])
        except SystemExit as ended:
            code = int(ended.code or 0)
        output = capsys.readouterr()
        return code, output.out, output.err

    return run
