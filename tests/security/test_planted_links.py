"""Symbolic links that somebody planted where a command writes: nothing is made or changed behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.cli.main import main
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.package.file_tree import FileTree
from clientsmith.package.write import write
from clientsmith.traffic.tapes.har_tape import TapeError, open_tape

MINI = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"


def planted(tmp_path: Path) -> list[Path]:
    """Everything in the folder that nothing may be written to."""
    return sorted((tmp_path / "elsewhere").rglob("*"))


@pytest.mark.parametrize(
    "name", [".made.clientsmith", ".made.clientsmith/lock", ".made.clientsmith/new", ".made.clientsmith/old"]
)
@pytest.mark.parametrize("target", ["elsewhere", "elsewhere/file"])
def test_a_link_planted_beside_a_package_leads_nowhere(name: str, target: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).symlink_to(tmp_path / target)
    diagnostics = Diagnostics()
    assert write(FileTree({"a.py": b""}), tmp_path / "made", diagnostics) is None
    (found,) = diagnostics
    assert found.id == "output-unwritable" and name in found.message
    assert planted(tmp_path) == [] and not (tmp_path / "made").exists()


@pytest.mark.parametrize("options", [{}, {"append": True}, {"force": True}])
def test_a_link_planted_at_a_tape_leads_nowhere(options: dict[str, bool], tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "tape.har").symlink_to(tmp_path / "elsewhere/file")
    with pytest.raises(TapeError):
        open_tape(str(tmp_path / "tape.har"), "http://127.0.0.1", **options)
    (tmp_path / "elsewhere/file").write_bytes(b"kept")
    with pytest.raises(TapeError):
        open_tape(str(tmp_path / "tape.har"), "http://127.0.0.1", **options)
    assert (tmp_path / "elsewhere/file").read_bytes() == b"kept"


def test_a_link_planted_at_the_folder_of_reports_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(MINI)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "conformance").symlink_to("elsewhere")
    assert main(["conform", "api.yaml", "--package", "made", "--report", "json"]) == 2
    assert "symbolic link" in capsys.readouterr().err
    assert planted(tmp_path) == []
