"""However a run is split, over processes or over machines, it finds the same, and nothing that dies passes."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clientsmith.cli.main import main
from clientsmith.conform.report.live import LiveText
from clientsmith.conform.run.processes import machine
from clientsmith.conform.run.processes.stop import StopSignals
from clientsmith.conform.run.processes.workers import Begun, Died, run_tasks
from clientsmith.conform.suite import Settings, Suite
from clientsmith.conform.suite_run import Run
from clientsmith.diagnostics.model import Diagnostics
from tests.patience import PATIENCE

DOCUMENT = """\
openapi: 3.1.0
info: {title: Kiosk, version: '1'}
servers: [{url: 'https://kiosk.example'}]
security: [{key: []}]
paths:
  /papers/{id}:
    get:
      operationId: getPaper
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Paper'}}}}}
    put:
      operationId: putPaper
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Paper'}}}}
      responses: {'204': {description: done}, '409': {description: other, content: {text/plain: {schema: {type: string}}}}}
  /papers:
    post:
      operationId: addPaper
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Paper'}}}}
      responses: {'201': {description: made, content: {application/json: {schema: {type: integer}}}}}
components:
  securitySchemes: {key: {type: http, scheme: bearer}}
  schemas:
    Paper:
      type: object
      required: [title]
      properties: {title: {type: string, maxLength: 9}, price: {type: number}, pages: {type: integer, minimum: 1}}
"""
FAULTS: dict[str, list[tuple[str, str]]] = {
    "none": [],
    "a name and an answer": [('Parameter("tags"', 'Parameter("tag"'), ('Response("204"),', "")],
}


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shares")
    (folder / "kiosk.yaml").write_text(DOCUMENT)
    assert main(["generate", str(folder / "kiosk.yaml"), "--out", str(folder / "kiosk"), "--quiet"]) == 0
    return folder


def run(kiosk: Path, package: Path, reports: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """A run over the parts that take little time, in a process of its own, as in CI."""
    parts = [word for part in ("surface", "request", "response") for word in ("--part", part)]
    return subprocess.run(
        [
            sys.executable, "-m", "clientsmith", "conform", str(kiosk / "kiosk.yaml"), "--package", str(package),
            "--examples", "1", "--report", "json,junit,har,html", "--report-dir", str(reports), *parts, *more,
        ],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONHASHSEED": "random"},
    )  # fmt: skip


def merge(*words: object) -> int:
    return main(["conform", "--merge", *map(str, words)])


def without_durations(report: Path) -> str:
    """A JSON report as it was written, but for what a clock said."""

    def plain(tree: Any) -> Any:
        if isinstance(tree, list):
            return [plain(item) for item in tree]
        if isinstance(tree, dict):
            return {key: plain(item) for key, item in tree.items() if key not in ("seconds", "verdict")}
        return tree

    return json.dumps(plain(json.loads(report.read_text())), indent=2)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_split_finds_the_same(kiosk: Path, tmp_path: Path, fault: str) -> None:
    package = shutil.copytree(kiosk / "kiosk", tmp_path / "kiosk")
    path = package / "resources/papers.py"
    for old, new in FAULTS[fault]:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
    whole = run(kiosk, package, tmp_path / "whole", "--jobs", "1")
    assert whole.returncode == (fault != "none"), whole.stderr
    expected = without_durations(tmp_path / "whole/report.json")
    assert (json.loads(expected)["failures"] == []) is (fault == "none")

    assert run(kiosk, package, tmp_path / "jobs", "--jobs", "3").returncode == whole.returncode
    assert without_durations(tmp_path / "jobs/report.json") == expected

    for number in (1, 2, 3):
        folder = tmp_path / f"share-{number}"
        part = run(kiosk, package, folder, "--shard", f"{number}/3", "--jobs", "2")
        assert part.returncode in (0, whole.returncode), part.stderr
        assert f", shard {number}/3\n" in part.stdout
        assert json.loads((folder / "report.json").read_text())["shard"] == f"{number}/3"
    shares = [tmp_path / f"share-{number}" for number in (2, 3, 1)]
    reports = "json,junit,har,html,markdown"
    assert merge(*shares, "--report", reports, "--report-dir", tmp_path / "merged") == whole.returncode
    assert without_durations(tmp_path / "merged/report.json") == expected
    assert {path.name for path in (tmp_path / "merged").iterdir()} == {
        "report.json", "junit.xml", "traffic.har", "report.html", "summary.md",
    }  # fmt: skip
    hars = [
        json.loads((tmp_path / one / "traffic.har").read_text())["log"]["entries"]
        for one in ("whole", "merged")
    ]
    assert [one["request"]["url"] for one in hars[0]] == [one["request"]["url"] for one in hars[1]] != []


def test_more_shares_than_tasks_leave_some_empty_and_green(kiosk: Path, tmp_path: Path) -> None:
    arguments = ["conform", str(kiosk / "kiosk.yaml"), "--package", str(kiosk / "kiosk"), "--part", "surface"]
    for number in range(1, 5):
        folder = str(tmp_path / str(number))
        assert main([*arguments, "--shard", f"{number}/4", "--report-dir", folder]) == 0
    assert merge(*(tmp_path / str(number) for number in range(1, 5))) == 0


@pytest.fixture(scope="module")
def shares(kiosk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shares of a run over the surface, in folders named 1 and 2."""
    folder = tmp_path_factory.mktemp("two")
    for number in ("1", "2"):
        assert share(kiosk, folder / number, f"{number}/2") == 0
    return folder


def share(
    kiosk: Path, folder: Path, which: str, *more: str, package: str = "kiosk", part: str = "surface"
) -> int:
    arguments = ["conform", str(kiosk / "kiosk.yaml"), "--package", str(kiosk / package), "--part", part]
    return main([*arguments, "--shard", which, "--report-dir", str(folder), *more])


def test_a_share_is_missing_or_there_twice(
    shares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copytree(shares / "2", tmp_path / "again")
    (tmp_path / "none").mkdir()
    for folders, message in (
        ([shares / "1"], "shard 2 of 2 is missing"),
        ([shares / "2"], "shard 1 of 2 is missing"),
        ([shares / "1", shares / "2", copy], "shard 2 of 2 is there more than once"),
        ([shares / "1", shares / "1", shares / "2"], "shard 1 of 2 is there more than once"),
        ([shares / "1", tmp_path / "none"], "shard.json does not exist"),
    ):
        assert merge(*folders, "--report", "json", "--report-dir", tmp_path / "merged") == 2
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("error[shards-do-not-fit]") == 1 and message in said.err
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize(
    ("more", "name"),
    [(["--examples", "2"], "--examples"), (["--seed", "3"], "--seed"), (["--part", "promises"], "--part")],
)
def test_shares_of_other_settings_do_not_fit(
    kiosk: Path, shares: Path, tmp_path: Path, more: list[str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert share(kiosk, tmp_path / "other", "2/2", *more) == 0
    capsys.readouterr()
    assert merge(shares / "1", tmp_path / "other") == 2
    said = capsys.readouterr().err
    assert said.count("error[") == 1 and f"not of the same run: {name} is " in said


def _edited_package(kiosk: Path, folder: Path) -> None:
    package = shutil.copytree(kiosk / "kiosk", kiosk / folder.name)
    (package / "models.py").write_text((package / "models.py").read_text() + "# edited\n")
    assert share(kiosk, folder, "2/2", package=package.name) == 0


def _other_document(kiosk: Path, folder: Path) -> None:
    document, package = folder / "other.yaml", folder / "other"
    folder.mkdir()
    document.write_text(DOCUMENT.replace("title: Kiosk", "title: Other"))
    assert main(["generate", str(document), "--out", str(package), "--quiet"]) == 0
    arguments = ["conform", str(document), "--package", str(package), "--part", "surface", "--shard", "2/2"]
    assert main([*arguments, "--report-dir", str(folder)]) == 0


def _other_version(kiosk: Path, folder: Path) -> None:
    assert share(kiosk, folder, "2/2") == 0
    _rewrite(folder, lambda tree: tree["about"].__setitem__(-1, [tree["about"][-1][0], "0.0.1"]))


def _other_number(kiosk: Path, folder: Path) -> None:
    assert share(kiosk, folder, "2/3") == 0


def _edited_share(kiosk: Path, folder: Path) -> None:
    assert share(kiosk, folder, "2/2") == 0
    _rewrite(folder, lambda tree: tree["outcomes"][0]["result"].update(checks="many"))


def _rewrite(folder: Path, change: Callable[[Any], object]) -> None:
    tree = json.loads((folder / "shard.json").read_text())
    change(tree)
    (folder / "shard.json").write_text(json.dumps(tree))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_edited_package, "not of the same run: the package is "),
        (_other_document, "not of the same run: the document is "),
        (_other_version, "not of the same run: the version of "),
        (_other_number, "is shard 1/2, and "),
        (_edited_share, "was not written by `clientsmith conform --shard`, or was changed"),
    ],
)
def test_shares_of_other_runs_do_not_fit(
    kiosk: Path, shares: Path, tmp_path: Path, make: Callable[[Path, Path], None], message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    make(kiosk, tmp_path / "other")
    capsys.readouterr()
    assert merge(shares / "1", tmp_path / "other") == 2
    said = capsys.readouterr().err
    assert said.count("error[") == 1 and message in said


@pytest.mark.parametrize(
    "words",
    [["--shard", "0/2"], ["--shard", "3/2"], ["--shard", "2"], ["--shard", "1/2", "--budget", "1s"], ["--jobs", "0"],
     ["--merge", "x", "--seed", "1"], ["--merge", "x", "--jobs", "2"]],
)  # fmt: skip
def test_flags_that_mean_nothing_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(["conform", *words])
    except SystemExit as error:
        code = int(error.code or 0)
    assert code == 2 and len(re.findall(r"error[:\[]", capsys.readouterr().err)) == 1


def lethal(kiosk: Path, folder: Path, end: str) -> Path:
    """The package with a method that ends the process that calls it."""
    package = shutil.copytree(kiosk / "kiosk", folder)
    file = package / "resources/papers.py"
    text, number = re.subn(
        r"self\._call\(\s*(?=_PUT)", f'__import__("os").{end} or self._call(', file.read_text()
    )
    assert number == 2
    file.write_text(text)
    return package


@pytest.mark.parametrize(
    ("end", "how"),
    [
        (
            "kill(__import__('os').getpid(), 9)",
            "was killed by SIGKILL (is memory short? --jobs 1 takes less)",
        ),
        ("abort()", "was killed by SIGABRT"),
        ("_exit(0)", "ended with exit code 0"),
    ],
)
def test_a_process_that_dies_fails_its_unit_and_the_rest_is_run(
    kiosk: Path, tmp_path: Path, end: str, how: str
) -> None:
    done = run(kiosk, lethal(kiosk, tmp_path / "kiosk", end), tmp_path / "reports", "--jobs", "2")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"failure[process-died] putPaper: the process of request:putPaper {how}" in done.stdout
    tree = json.loads((tmp_path / "reports/report.json").read_text())
    assert tree["finished"] is True and tree["clean"] is False
    assert {one["id"] for one in tree["failures"]} == {"process-died"}
    whole = {
        f"{part}:{one}Paper" for part in ("surface", "request", "response") for one in ("get", "add", "put")
    }
    assert {unit["name"] for unit in tree["units"]} == whole
    assert all(unit["failures"] == 0 for unit in tree["units"] if "putPaper" not in unit["name"])


def children_of(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.fixture
def running(kiosk: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run with two processes that goes on for minutes."""
    command = [
        sys.executable, "-m", "clientsmith", "conform", str(kiosk / "kiosk.yaml"), "--package", str(kiosk / "kiosk"),
        "--examples", "500", "--jobs", "2", "--part", "request", "--part", "response", "--part", "surface",
        "--report", "json", "--report-dir", str(tmp_path / "reports"),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("  surface "):
            break
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="there is no /proc to look for processes in")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_takes_its_processes_along(
    running: subprocess.Popen[str], number: signal.Signals, tmp_path: Path
) -> None:
    ends = time.monotonic() + 60
    while len(children := children_of(running.pid)) < 2 and time.monotonic() < ends:
        time.sleep(0.05)
    running.send_signal(number)
    _, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 1 and "Traceback" not in err
    assert children and not any(Path(f"/proc/{child}").exists() for child in children)
    tree = json.loads((tmp_path / "reports/report.json").read_text())
    assert tree["finished"] is False and tree["units"][0]["part"] == "surface"


def test_fewer_processes_if_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_cores", lambda: 8)
    for memory, jobs in ((None, 8), (10**12, 8), (1_300_000_000, 3), (1000, 1)):
        monkeypatch.setattr(machine, "available_memory", lambda memory=memory: memory)
        assert machine.default_jobs() == jobs


def test_a_container_limits_memory_and_cores(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inner = tmp_path / "pod/job"
    inner.mkdir(parents=True)
    monkeypatch.setattr(machine, "_groups", lambda: [inner, inner.parent, tmp_path])
    (inner / "memory.max").write_text("max\n")
    (inner / "memory.current").write_text("5\n")
    (inner.parent / "memory.max").write_text("1000\n")
    (inner.parent / "memory.current").write_text("400\n")
    (inner.parent / "cpu.max").write_text("150000 100000\n")
    assert machine.available_memory() == 600 and machine._cores() == 1
    assert machine.default_jobs() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree["outcomes"].pop(),
        lambda tree: tree["outcomes"].append(tree["outcomes"][0]),
        lambda tree: tree["blank"].update(operations=[]),
        lambda tree: tree["units"].pop(),
        lambda tree: tree["shard"].update(number=5),
        lambda tree: tree.update(seconds=10**400),
        lambda tree: tree.update(seconds=float("nan")),
    ],
    ids=[
        "unit lost",
        "unit twice",
        "no operations",
        "other units",
        "number",
        "too long",
        "no number",
    ],
)
def test_a_share_that_does_not_hold_its_units_does_not_fit(
    shares: Path, tmp_path: Path, change: Callable[[Any], object], capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copytree(shares / "2", tmp_path / "2")
    _rewrite(copy, change)
    assert merge(shares / "1", copy) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("error[shards-do-not-fit]") == 1


def test_bytes_that_are_not_text_do_not_fit(
    shares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shard.json").write_bytes(b"\xff{}")
    assert merge(shares / "1", tmp_path) == 2
    assert capsys.readouterr().err.count("error[shards-do-not-fit]") == 1


def test_a_package_that_is_changed_during_a_run_is_not_clean(kiosk: Path, tmp_path: Path) -> None:
    package = shutil.copytree(kiosk / "kiosk", tmp_path / "kiosk")
    suite = Suite.open(
        str(kiosk / "kiosk.yaml"), str(package), [], Diagnostics(), Settings(parts=("surface",))
    )
    assert suite is not None
    watch = LiveText(io.StringIO(), None)
    run = Run(suite, watch, lambda _: None)
    (package / "models.py").write_text((package / "models.py").read_text() + "# edited\n")
    with StopSignals() as signals:
        report = run.go(signals)
    assert report.unfinished == "the package was changed during the run" and not report.is_clean


def test_a_run_that_is_killed_at_once_leaves_no_share_of_an_earlier_one(
    kiosk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert share(kiosk, tmp_path, "2/2") == 0
    assert json.loads((tmp_path / "shard.json").read_text())["unfinished"] == ""

    def killed(*_: object) -> None:
        raise SystemExit(9)

    monkeypatch.setattr(Run, "go", killed)
    with pytest.raises(SystemExit):
        share(kiosk, tmp_path, "2/2")
    assert json.loads((tmp_path / "shard.json").read_text())["unfinished"]


def test_a_process_that_is_gone_is_noticed_whatever_it_left_behind() -> None:
    def leaves_a_child(_: int) -> None:
        if os.fork() == 0:
            time.sleep(90)
        os._exit(3)

    events = run_tasks([[1]], 1, leaves_a_child)
    assert type(next(events)) is Begun
    began = time.monotonic()
    assert [type(one) for one in events] == [Died] and time.monotonic() - began < 60


@pytest.mark.parametrize(
    "flags",
    [["--shard", "1/" + "9" * 5_000], ["--server", "http://user:hunter2@127.0.0.1:9", "--part", "both-ends"]],
    ids=["digits", "password"],
)
def test_what_is_refused_is_not_shown_in_full(
    kiosk: Path, flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["conform", str(kiosk / "kiosk.yaml"), "--package", str(kiosk / "kiosk"), *flags]
    try:
        code = main(arguments)
    except SystemExit as error:
        code = int(error.code or 0)
    said = capsys.readouterr().err
    assert code == 2 and len(said) < 3_000 and "hunter2" not in said


@pytest.mark.parametrize("flag", ["--allow-invalid", "--no-tapes", "--examples=3"])
def test_flags_that_mean_nothing_to_a_merge_are_refused(
    shares: Path, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert merge(shares / "1", shares / "2", flag) == 2
    assert flag.partition("=")[0] in capsys.readouterr().err
