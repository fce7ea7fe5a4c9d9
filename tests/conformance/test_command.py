"""`clientsmith conform` as a user runs it: what it prints, writes and ends with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from clientsmith.cli.main import main
from tests.behavior.packages import package_of
from tests.conformance.suites import DOCUMENTS, EXAMPLES, PACKAGE, SPEC, TAPES, unit_names

_QUICK = ["conform", SPEC, "--package", PACKAGE, "--examples", "2"]


def test_a_sound_package_is_clean_and_every_report_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = "junit,html,json,har,markdown"
    drawn = ["--examples", str(EXAMPLES), "--tape", TAPES]
    code = main([*_QUICK, *drawn, "--report", kinds, "--report-dir", str(tmp_path / "reports")])
    said = capsys.readouterr().out
    assert code == 0, said
    assert "112 of 112 cells, 0 failures, " in said.splitlines()[-1]
    written = {path.name for path in (tmp_path / "reports").iterdir()}
    assert written == {"report.html", "report.json", "junit.xml", "traffic.har", "summary.md"}
    tree = json.loads((tmp_path / "reports/report.json").read_text())
    assert tree["clean"] and all(cell["checks"] for cell in tree["cells"])
    not_run = [unit["name"] for unit in tree["not_run"]]
    assert not_run in (
        [],
        ["package:sync", "package:async"],
    )  # by whether this Python is one of those tested with
    assert sorted([*(unit["name"] for unit in tree["units"]), *not_run]) == sorted(unit_names("marketplace"))
    assert all(unit["checks"] and not unit["failures"] for unit in tree["units"])
    assert ElementTree.parse(tmp_path / "reports/junit.xml").getroot().get("failures") == "0"


def test_a_broken_package_is_found_and_annotated_at_the_spec_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "twilio_marketplace"
    shutil.copytree(PACKAGE, copy)
    file = copy / "resources/usages.py"
    file.write_text(file.read_text().replace('method="POST"', 'method="PUT"'))
    code = main(
        [
            "conform",
            SPEC,
            "--package",
            str(copy),
            "--examples",
            "2",
            "--part",
            "request",
            "--format",
            "github",
        ]
    )
    said = capsys.readouterr()
    assert code == 1
    assert "::error file=spec/marketplace.yaml,line=" in said.out and "title=wrong-operation" in said.out
    assert said.err.splitlines()[-1].startswith("not clean")


@pytest.fixture(scope="module")
def requests() -> list[str]:
    """A command that runs the requests of a small package."""
    package = package_of(DOCUMENTS["pairs"].read_text(encoding="utf-8")).folder
    return [
        "conform",
        str(DOCUMENTS["pairs"]),
        "--package",
        str(package),
        "--part",
        "request",
        "--format",
        "json",
    ]


def test_two_runs_say_the_same(requests: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    said: list[dict[str, object]] = []
    for _ in range(2):
        assert main([*requests, "--examples", "2"]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[0]["cells"] == said[1]["cells"] and said[0]["parameters"] == said[1]["parameters"]


def test_a_seed_draws_other_inputs(requests: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main([*requests, "--examples", "6"])
    usual = json.loads(capsys.readouterr().out)
    main([*requests, "--examples", "6", "--seed", "11"])
    other = json.loads(capsys.readouterr().out)
    assert other["seed"] == 11 and usual["parameters"] != other["parameters"]


def test_a_budget_that_ends_too_early_never_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_QUICK, "--budget", "0s"]) == 1
    assert "not finished" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([SPEC, "--package", "."], "is this a generated package?"),
        (["missing.yaml", "--package", PACKAGE], "missing.yaml"),
        ([SPEC, "--package", PACKAGE, "--tape", "missing.har"], "missing.har"),
        ([SPEC, "--package", PACKAGE, "--part", "every"], "there is no part 'every'"),
        ([SPEC, "--package", PACKAGE, "--server", "ftp://x"], "not the URL of a server"),
        ([SPEC, "--package", PACKAGE, "--server", "https://api.example.com"], "--allow-remote-server"),
        ([SPEC, "--package", PACKAGE, "--config", "missing.toml"], "missing.toml"),
    ],
)
def test_bad_input_is_one_clear_message_and_exit_code_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["conform", *arguments]) == 2
    said = capsys.readouterr().err
    assert told in said and "Traceback" not in said and "nothing was tested" in said


_SMALL = """\
openapi: 3.2.0
info: {title: Small, version: '1'}
servers: [{url: 'https://api.example.com'}]
security: []
paths:
  /a: {get: {operationId: getA, tags: [all], responses: {'200': {$ref: 'parts.yaml#/ok'}}}}
  /b:
    get:
      operationId: getB
      tags: [all]
      parameters: [{name: q, in: querystring, content: {text/plain: {schema: {type: string}}}}]
      responses: {'204': {description: nothing}}
"""


def test_a_document_may_come_through_a_pipe_and_an_operation_be_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "parts.yaml").write_text(
        "ok: {description: ok, content: {text/plain: {schema: {type: string}}}}"
    )
    (tmp_path / "small.yaml").write_text(_SMALL)
    monkeypatch.chdir(tmp_path)
    assert main(["generate", "small.yaml", "--out", "small", "--skip-unsupported"]) == 0
    parts = ["--part", "surface", "--part", "both-ends"]
    with Path("small.yaml").open() as piped:
        command = [
            sys.executable, "-m", "clientsmith", "conform", "-", "--package", "small", "--examples", "1", *parts,
        ]  # fmt: skip
        ended = subprocess.run(command, stdin=piped, capture_output=True, text=True, check=False)
    assert "failure[" not in ended.stdout, ended.stdout
    assert " 0 failures, 0 skipped" in ended.stdout.splitlines()[-1]
    assert "left out of the package: /paths/~1b/get/parameters/0" in ended.stdout
