from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clientsmith import __version__, pipeline
from clientsmith.cli import main as cli
from clientsmith.cli.main import main
from clientsmith.diagnostics.model import Diagnostics

MINI = """\
openapi: 3.1.0
info: {title: Mini, version: "1"}
servers: [{url: https://mini.example}]
paths:
  /ping:
    get:
      operationId: ping
      tags: [Health]
      responses:
        "204": {description: alive}
"""
COMMAND = [sys.executable, "-m", "clientsmith"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "openapi.yaml").write_text(MINI)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def break_pipeline(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def lint(path: str, config: object, diagnostics: Diagnostics) -> bool:
        raise error

    monkeypatch.setattr(pipeline, "lint", lint)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"clientsmith {__version__}\n"


@pytest.mark.parametrize("command", ["generate", "check", "lint"])
def test_each_command_teaches_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert "examples:" in text
    assert "exit codes: 0" in text


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "clientsmith: interrupted\n"),
        (
            OSError(errno.EACCES, "Permission denied", "some/file"),
            2,
            "clientsmith: Permission denied: some/file\n",
        ),
        (BrokenPipeError(), 141, ""),
    ],
)
def test_what_stops_a_run_is_one_line(
    error: BaseException,
    code: int,
    message: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    break_pipeline(monkeypatch, error)
    assert main(["lint", "openapi.yaml"]) == code
    assert capsys.readouterr() == ("", message)


def test_a_bug_is_one_line_and_a_traceback_only_on_request(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_pipeline(monkeypatch, TypeError("two\nlines"))
    assert main(["lint", "openapi.yaml"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("clientsmith: internal error: TypeError: two lines (")
    assert "CLIENTSMITH_DEBUG=1" in line
    monkeypatch.setenv("CLIENTSMITH_DEBUG", "1")
    with pytest.raises(TypeError):
        main(["lint", "openapi.yaml"])


def test_generate_as_json_tells_every_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "openapi.yaml", "--out", "out", "--format", "json"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    told = json.loads(output.out)
    assert told["generated"]["methods"] == told["generated"]["operations"] == 1
    assert told["generated"]["skipped"] == 0
    on_disk = {path.relative_to("out").as_posix() for path in Path("out").rglob("*") if path.is_file()}
    assert set(told["generated"]["files"]["written"]) == on_disk
    assert told["diagnostics"] == []


def test_check_as_json_holds_proof_and_drift(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["generate", "openapi.yaml", "--out", "out", "--quiet"])
    assert capsys.readouterr() == ("", "")
    assert main(["check", "openapi.yaml", "--out", "out", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    files = [path for path in Path("out").rglob("*") if path.is_file()]
    assert told["checked"]["same"] is True
    assert told["checked"]["files"] == len(files)
    assert told["checked"]["bytes"] == sum(path.stat().st_size for path in files)
    assert len(told["checked"]["inputs"]["document"]) == 64
    (project / "out" / "py.typed").unlink()
    assert main(["check", "openapi.yaml", "--out", "out", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["checked"]["same"] is False
    assert [found["id"] for found in told["diagnostics"]] == ["missing-file"]


def test_refusals_as_json_go_to_stdout(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "nowhere.yaml", "--out", "out", "--format", "json"]) == 2
    output = capsys.readouterr()
    assert output.err == ""
    assert [found["id"] for found in json.loads(output.out)["diagnostics"]] == ["unreadable-file"]


def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "lint", "openapi.yaml"], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 141
    assert errors == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_stdout_is_one_line(project: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "lint", "openapi.yaml"],
            env=ENVIRONMENT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"clientsmith: No space left on device\n"


def test_an_interrupt_ends_generate_with_one_line_and_nothing_written(project: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "generate", "openapi.yaml", "--out", "out"],
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    time.sleep(0.25)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate()
    # The interpreter itself may still be starting up, or all may be done by now.
    assert process.returncode in (130, -signal.SIGINT, 0)
    if process.returncode == 130:
        assert errors == b"clientsmith: interrupted\n"
        assert sorted(path.name for path in project.iterdir()) == ["openapi.yaml"]


def test_output_does_not_depend_on_hash_seed_working_directory_or_key_order(project: Path) -> None:
    (project / "other").mkdir()
    tree = {"paths": {"/ping": {"get": {"tags": ["Health"], "responses": {"204": {"description": "alive"}}}}}}
    tree["paths"]["/ping"]["get"]["operationId"] = "ping"  # type: ignore[assignment]
    shuffled = tree | {"info": {"version": "1", "title": "Mini"}, "openapi": "3.1.0"}
    shuffled["servers"] = [{"url": "https://mini.example"}]  # type: ignore[assignment]
    (project / "other" / "shuffled.json").write_text(json.dumps(shuffled))
    runs = [("1", project, "openapi.yaml", "out"), ("2", project / "other", "shuffled.json", "b/c")]
    found: list[dict[str, bytes]] = []
    for seed, directory, spec, out in runs:
        environment = {**ENVIRONMENT, "PYTHONHASHSEED": seed}
        command = [*COMMAND, "generate", spec, "--out", out, "-q"]
        subprocess.run(command, env=environment, cwd=directory, check=True)
        files = [path for path in (directory / out).rglob("*") if path.is_file()]
        found.append({str(path.relative_to(directory / out)): path.read_bytes() for path in files})
    assert found[0] == found[1]
