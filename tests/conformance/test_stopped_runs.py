"""A run is seen while it happens, and leaves its reports if it is stopped; a package of another document is refused."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientsmith.cli.main import main
from tests.patience import PATIENCE

DOCUMENT = """\
openapi: 3.1.0
info: {title: Kiosk, version: '1'}
servers: [{url: 'https://kiosk.example'}]
security: []
paths:
  /papers/{id}:
    get:
      operationId: getPaper
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object, properties: {a: {type: integer}}}}}}
"""
LONG_ANSWERS = DOCUMENT.replace("{type: integer}", f"{{type: string, enum: [{'x' * 20_000}]}}")
"""So long that what a worker has to say is more than a pipe holds: only its parent's end of the pipe lets it go on."""
REPORTS = {"report.html", "report.json", "junit.xml", "traffic.har", "summary.md"}


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kiosk")
    (folder / "kiosk.yaml").write_text(DOCUMENT)
    assert main(["generate", str(folder / "kiosk.yaml"), "--out", str(folder / "kiosk"), "--quiet"]) == 0
    return folder


def command(kiosk: Path, reports: Path, *more: str) -> list[str]:
    return [
        sys.executable, "-m", "clientsmith", "conform", str(kiosk / "kiosk.yaml"), "--package", str(kiosk / "kiosk"),
        "--examples", "2", "--report", "html,json,junit,har,markdown", "--report-dir", str(reports), *more,
    ]  # fmt: skip


def started(kiosk: Path, reports: Path, *more: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command(kiosk, reports, *more), stdout=pipe, stderr=pipe, text=True)


@pytest.fixture
def running(kiosk: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that has printed what its first part came to, and would go on for minutes."""
    process = started(kiosk, tmp_path / "reports", "--budget", "5m")
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("  surface "):
            break
    assert process.poll() is None, "nothing was printed before the end"
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_with_its_reports(
    running: subprocess.Popen[str], number: signal.Signals, tmp_path: Path
) -> None:
    time.sleep(0.5)
    running.send_signal(number)
    out, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 1 and "Traceback" not in err
    assert out.splitlines()[-1].startswith(f"not finished: stopped by {number.name} before everything")
    assert {path.name for path in (tmp_path / "reports").iterdir()} == REPORTS
    tree = json.loads((tmp_path / "reports/report.json").read_text())
    assert tree["finished"] is False and tree["clean"] is False
    assert [unit["name"] for unit in tree["units"]][:1] == ["surface:getPaper"]
    assert f"stopped by {number.name}" in (tmp_path / "reports/summary.md").read_text()


def test_a_run_whose_reader_goes_away_has_written_its_reports(
    running: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(timeout=PATIENCE) == 128 + signal.SIGPIPE
    tree = json.loads((tmp_path / "reports/report.json").read_text())
    assert tree["finished"] is False and tree["units"]


def test_a_run_that_is_killed_has_left_reports(
    running: subprocess.Popen[str], kiosk: Path, tmp_path: Path
) -> None:
    file = tmp_path / "reports/report.json"
    ends = time.monotonic() + 60
    while not file.exists() and time.monotonic() < ends:
        time.sleep(0.2)
    running.kill()
    assert json.loads(file.read_text())["finished"] is False


def is_alive(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="there is no /proc to look for processes in")
def test_the_processes_of_a_run_that_is_killed_end_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "kiosk.yaml").write_text(LONG_ANSWERS)
    assert main(["generate", str(tmp_path / "kiosk.yaml"), "--out", str(tmp_path / "kiosk"), "--quiet"]) == 0
    parts = ["--jobs", "2", "--part", "request", "--part", "response"]
    process = subprocess.Popen(command(tmp_path, tmp_path / "reports", *parts), stdout=subprocess.DEVNULL)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    ends = time.monotonic() + 60
    while len(workers := [*map(int, children.read_text().split())]) < 2 and time.monotonic() < ends:
        time.sleep(0.002)
    process.kill()
    process.wait()
    assert len(workers) == 2 and any(map(is_alive, workers))
    # Each of them does what it is at to its end.
    ends = time.monotonic() + 30
    try:
        while any(map(is_alive, workers)) and time.monotonic() < ends:
            time.sleep(0.05)
        assert not [worker for worker in workers if is_alive(worker)]
    finally:
        for worker in filter(is_alive, workers):
            os.kill(worker, signal.SIGKILL)


def test_a_terminal_shows_what_is_under_way(kiosk: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    arguments = command(kiosk, tmp_path, "--part", "surface", "--part", "request")
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=theirs, text=True, check=False)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0, done.stdout
    assert re.findall(r"  (\w+: 1 of 1, getPaper)", shown) == [
        "surface: 1 of 1, getPaper",
        "request: 1 of 1, getPaper",
    ]
    assert "\x1b" not in done.stdout and [line.split()[0] for line in done.stdout.splitlines()[2:4]] == [
        "surface", "request",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [("title: Kiosk", "title: Other"), ("{type: integer}", "{type: number}"), ("getPaper", "findPaper")],
)
def test_a_package_of_another_document_is_one_error_at_once(
    kiosk: Path, tmp_path: Path, old: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.yaml").write_text(DOCUMENT.replace(old, new))
    copy = shutil.copytree(kiosk / "kiosk", tmp_path / "kiosk")
    # At once: nothing of the package is run.
    (copy / "__init__.py").write_text("raise SystemExit(9)\n")
    assert main(["conform", str(tmp_path / "other.yaml"), "--package", str(copy)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("error[") == 1
    assert "error[package-of-another-document]" in said.err and "nothing was tested" in said.err


@pytest.mark.parametrize("spelling", ["# a comment\n" + DOCUMENT, DOCUMENT.replace("'1'", '"1"')])
def test_the_same_document_in_another_spelling_is_the_same(
    kiosk: Path, tmp_path: Path, spelling: str
) -> None:
    (tmp_path / "other.yaml").write_text(spelling)
    arguments = [
        "conform",
        str(tmp_path / "other.yaml"),
        "--package",
        str(kiosk / "kiosk"),
        "--examples",
        "1",
    ]
    assert main([*arguments, "--part", "surface"]) == 0


def test_a_package_with_converted_line_ends_is_tested_with_a_warning(
    kiosk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copytree(kiosk / "kiosk", tmp_path / "kiosk")
    for file in copy.rglob("*"):
        if file.is_file() and file.suffix != ".pyc":
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    arguments = [
        "conform",
        str(kiosk / "kiosk.yaml"),
        "--package",
        str(copy),
        "--examples",
        "1",
        "--part",
        "surface",
    ]
    assert main(arguments) == 0
    assert "warning[crlf-line-ends]" in capsys.readouterr().out
