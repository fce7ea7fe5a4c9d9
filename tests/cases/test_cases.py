from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clientsmith.cli.main import main
from tests.cases.replay import Case, Outcome, files_below, read_case, replay

HERE = Path(__file__).parent
FOLDERS = sorted(
    path
    for path in HERE.iterdir()
    if path.is_dir() and path.name[0] not in "._" and not any(path.glob("test_*.py"))
)


def test_there_are_cases() -> None:
    assert FOLDERS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_case(
    folder: Path, tmp_path: Path, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    case = read_case(folder)
    monkeypatch.chdir(tmp_path)

    def run(arguments: list[str]) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        output = capfd.readouterr()
        return code, output.out, output.err

    outcome = replay(case, tmp_path, run)
    assert str(tmp_path) not in outcome.transcript
    if request.config.getoption("--update-cases"):
        update(case, outcome)
    assert outcome.transcript == (folder / "transcript.txt").read_text()
    assert outcome.files == files_below(folder / "expected")


def update(case: Case, outcome: Outcome) -> None:
    (case.folder / "transcript.txt").write_text(outcome.transcript)
    shutil.rmtree(case.folder / "expected", ignore_errors=True)
    for path, data in outcome.files.items():
        file = case.folder / "expected" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no case.toml"),
        ({"case.toml": "", "notes.md": ""}, "unknown .'notes.md'"),
        ({"case.toml": "command = []"}, "unknown keys"),
        ({"case.toml": ""}, "about"),
        ({"case.toml": "about = 'x'"}, "runs nothing"),
        ({"case.toml": "about = 'x'\n[[step]]\nrun = []\nexit = 1"}, "another form"),
    ],
)
def test_a_folder_that_is_no_case_is_refused(files: dict[str, str], message: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(AssertionError, match=message):
        read_case(tmp_path)


def test_a_command_that_writes_where_nothing_is_wanted_is_noticed(tmp_path: Path) -> None:
    case = Case(tmp_path / "case", None, False, ({"run": ["generate"]},))
    (tmp_path / "work").mkdir()

    def run(_: list[str]) -> tuple[int, str, str]:
        (tmp_path / "work" / "half").touch()
        return 2, "", ""

    with pytest.raises(AssertionError, match="wrote something"):
        replay(case, tmp_path / "work", run)
