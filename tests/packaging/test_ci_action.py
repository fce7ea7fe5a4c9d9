"""The script of the composite action, run for real: with a stub, with a wheel that pip installs, and with the tool."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT
from tests.packaging.conftest import run as succeed

SCRIPT = ROOT / ".github" / "actions" / "clientsmith" / "run.sh"
TOOL = Path(sys.executable).with_name("clientsmith")
STUB = """\
#!/usr/bin/env bash
if [ "$1" = --version ]; then echo "clientsmith 9.9.9"; exit 0; fi
echo "$*" >>"$STUB_CALLS"
echo "::error file=openapi.yaml,line=3,col=5,title=stub::$1 found something"
if [ "$1" = conform ] && [ -z "${STUB_NO_REPORT:-}" ]; then
  for word in "$@"; do case $word in --report-dir=*) folder=${word#*=} ;; esac; done
  mkdir -p "$folder" && echo '{}' >"$folder/report.json" && echo "### what conform says" >"$folder/summary.md"
fi
if [ "$1" = diff ]; then echo "### what diff says" >>"$GITHUB_STEP_SUMMARY"; fi
name=STUB_$1
exit "${!name:-0}"
"""
PETS = """\
openapi: 3.1.0
info: {title: Pets, version: "1", description: Pets., license: {name: MIT, identifier: MIT}}
servers: [{url: "https://pets.example.com"}]
security: []
tags: [{name: Pets, description: Pets.}]
paths:
  /pets/{id}:
    get:
      tags: [Pets]
      operationId: fetchPet
      summary: Fetch a pet
      parameters: [{name: id, in: path, required: true, description: Which., schema: {type: string}}]
      responses:
        "200":
          description: A pet.
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
        "404": {description: None.}
components:
  schemas:
    Pet: {type: object, description: A pet., required: [name], properties: {name: {type: string, description: Its.}}}
"""


@dataclass
class Done:
    """What came of one run of the script."""

    code: int
    log: str
    errors: str
    summary: str
    outputs: dict[str, str]
    calls: list[str]


Runner = Callable[..., Done]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "work space"
    folder.mkdir()
    (folder / "clientsmith.toml").write_text(
        '[document]\npath = "spec/openapi.yaml"\n[package]\nout = "a/b"\n'
    )
    return folder


@pytest.fixture
def run(tmp_path: Path, workspace: Path) -> Runner:
    """Run the script in the workspace with nothing but the variables given and those that a runner sets."""
    stub = tmp_path / "stub"
    stub.write_text(STUB)
    stub.chmod(0o755)
    temporary = tmp_path / "runner temp"
    temporary.mkdir()
    summary, outputs, calls = tmp_path / "summary.md", tmp_path / "output", tmp_path / "calls"

    def run_script(**variables: str) -> Done:
        given = {
            "PATH": os.environ["PATH"],
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "RUNNER_TEMP": str(temporary),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(outputs),
            "STUB_CALLS": str(calls),
            "CLIENTSMITH_COMMAND": str(stub),
            "INPUT_CHECKS": "lint, check, conform",
            "INPUT_PYTHON": sys.executable,
        }
        done = subprocess.run(
            ["bash", SCRIPT],
            cwd=workspace,
            env=given | variables,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert not list(temporary.iterdir()), "the script leaves its environment behind"
        text = {file: file.read_text() if file.exists() else "" for file in (summary, outputs, calls)}
        pairs = dict(line.split("=", 1) for line in text[outputs].splitlines())
        return Done(done.returncode, done.stdout, done.stderr, text[summary], pairs, text[calls].splitlines())

    return run_script


def test_all_checks_pass(run: Runner, workspace: Path) -> None:
    done = run()
    assert done.code == 0, done.errors
    assert done.outputs == {"result": "passed", "report-dir": "conformance"}
    assert done.calls == [
        "lint --format=github",
        "check --regenerate --format=github",
        "conform --report=junit,html,json,har,markdown --report-dir=conformance --format=github",
    ]
    assert done.log.count("::error file=openapi.yaml,line=3,col=5,title=stub::") == 3
    assert "## clientsmith 9.9.9: passed" in done.summary and "### what conform says" in done.summary
    left = {path.relative_to(workspace).as_posix() for path in workspace.rglob("*") if path.is_file()}
    assert left == {"clientsmith.toml", "conformance/report.json", "conformance/summary.md"}


def test_a_comparison_runs_against_its_base_and_is_in_the_summary(run: Runner) -> None:
    done = run(INPUT_CHECKS="diff lint", INPUT_BASE="0123abc")
    assert done.code == 0, done.errors
    assert done.calls == ["lint --format=github", "diff 0123abc: --format=github"]
    assert done.summary.index("| diff | passed |") < done.summary.index("### what diff says")
    done = run(
        INPUT_CHECKS="diff",
        INPUT_BASE="origin/main",
        INPUT_SPEC="a b.yaml",
        INPUT_CONFIG="c.toml",
        STUB_diff="1",
    )
    assert done.calls[-1] == "diff origin/main: a b.yaml --config=c.toml --format=github"
    assert done.code == 1 and done.outputs["result"] == "findings"


@pytest.mark.parametrize("base", ["", "--fail-on=never", "a\nb"])
def test_a_comparison_without_a_revision_is_refused(base: str, run: Runner) -> None:
    done = run(INPUT_CHECKS="diff", INPUT_BASE=base)
    assert done.code == 2 and done.calls == [] and "base" in done.log


def test_inputs_become_arguments_word_for_word(run: Runner, workspace: Path) -> None:
    nasty = "-spec $(touch pwned) `touch pwned`; * ' \".yaml"
    done = run(
        INPUT_SPEC=nasty, INPUT_PACKAGE="--out x", INPUT_CONFIG="c d.toml", INPUT_TAPE="tapes/a\n\n  b c.har\n",
        INPUT_BUDGET="60s", INPUT_SEED="7", INPUT_REPORT_DIR="out dir",
    )  # fmt: skip
    assert done.code == 0, done.errors
    assert done.calls == [
        f"lint ./{nasty} --config=c d.toml --format=github",
        f"check ./{nasty} --config=c d.toml --regenerate --out=--out x --format=github",
        f"conform ./{nasty} --config=c d.toml --package=--out x --budget=60s --seed=7 --tape=tapes/a --tape=b c.har"
        " --report=junit,html,json,har,markdown --report-dir=out dir --format=github",
    ]
    assert done.outputs["report-dir"] == "out dir"
    assert not (workspace / "pwned").exists()


@pytest.mark.parametrize(
    ("codes", "code", "result"),
    [
        ({"STUB_lint": "1"}, 1, "findings"),
        ({"STUB_check": "1"}, 1, "findings"),
        ({"STUB_conform": "1"}, 1, "findings"),
        ({"STUB_lint": "2"}, 2, "error"),
        ({"STUB_check": "2", "STUB_conform": "1"}, 2, "error"),
        ({"STUB_lint": "1", "STUB_conform": "139"}, 2, "error"),
    ],
)
def test_a_check_that_fails_keeps_no_other_from_running(
    run: Runner, codes: dict[str, str], code: int, result: str
) -> None:
    done = run(**codes)
    assert (done.code, done.outputs["result"]) == (code, result)
    assert [call.split()[0] for call in done.calls] == ["lint", "check", "conform"]
    assert "### what conform says" in done.summary
    rows = {
        name: f"| {name} | {'passed' if f'STUB_{name}' not in codes else ''}" for name in ("lint", "check")
    }
    assert all(row in done.summary for row in rows.values())


def test_what_is_left_out_on_purpose_is_said(run: Runner) -> None:
    done = run(INPUT_CHECKS="check\nlint,lint")
    assert done.code == 0
    assert [call.split()[0] for call in done.calls] == ["lint", "check"]
    assert "| conform | left out (not in checks) |" in done.summary
    assert "what conform says" not in done.summary


@pytest.mark.parametrize("checks", ["", " , ", "lint, chekc", "c[h]eck", "all"])
def test_checks_that_are_unknown_or_none_fail_before_anything_runs(
    run: Runner, workspace: Path, checks: str
) -> None:
    (workspace / "check").touch()  # no pattern may find it
    done = run(INPUT_CHECKS=checks)
    assert done.code == 2 and done.outputs["result"] == "error" and not done.calls
    assert "::error title=clientsmith::the input checks names" in done.log
    assert "could not run" in done.summary


@pytest.mark.parametrize("command", ["/nowhere/clientsmith", "true", "echo", "false"])
def test_a_tool_that_is_missing_or_another_program_fails(run: Runner, command: str) -> None:
    done = run(CLIENTSMITH_COMMAND=command, INPUT_CHECKS="lint, check")
    assert done.code == 2 and done.outputs["result"] == "error"
    assert "::error title=clientsmith::" in done.log and "could not run" in done.summary


def test_reports_of_an_earlier_run_prove_nothing(run: Runner, workspace: Path) -> None:
    folder = workspace / "conformance"
    folder.mkdir()
    for name in ("report.json", "summary.md", "mine.txt"):
        (folder / name).write_text("from an earlier run")
    done = run(STUB_NO_REPORT="1")
    assert done.code == 2 and "left no report in conformance" in done.log
    assert "earlier run" not in done.summary
    assert [file.name for file in folder.iterdir()] == ["mine.txt"]


def test_an_input_cannot_forge_an_output_or_an_annotation(run: Runner) -> None:
    forged = run(INPUT_REPORT_DIR="x\nresult=passed")
    assert forged.code == 2 and forged.outputs == {"result": "error"}
    named = run(INPUT_CHECKS="%0A::error::x")
    assert named.code == 2 and "\n::error::x" not in named.log and "%250A" in named.log


def test_a_lint_that_finds_no_document_fails(run: Runner, workspace: Path) -> None:
    (workspace / "clientsmith.toml").unlink()
    done = run(INPUT_CHECKS="lint", CLIENTSMITH_COMMAND=str(TOOL))
    assert done.code == 2
    assert "::error title=usage::no document given" in done.log


def test_a_tool_that_pip_cannot_install_fails(run: Runner) -> None:
    done = run(CLIENTSMITH_COMMAND="", INPUT_REQUIREMENT="clientsmith==0.0.0")
    assert done.code == 2 and done.outputs["result"] == "error" and not done.calls
    assert "could not be installed: clientsmith==0.0.0" in done.log


FAKE_PYTHON = """\
#!/usr/bin/env bash
echo "$*" >>"$FAKE_CALLS"
case "$*" in
  *"-m venv "*) mkdir -p "${!#}/bin" && cp "$0" "${!#}/bin/python" && cp "$STUB_TOOL" "${!#}/bin/clientsmith" ;;
esac
"""


@pytest.fixture
def pip_calls(run: Runner, tmp_path: Path) -> Callable[..., list[str]]:
    """What a run asks pip to install, with an interpreter that only writes down what it is asked."""
    for name, text in (("fake-python", FAKE_PYTHON), ("stub-tool", STUB)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)

    def calls(**inputs: str) -> list[str]:
        log = tmp_path / "fake.log"
        done = run(
            CLIENTSMITH_COMMAND="", INPUT_PYTHON=str(tmp_path / "fake-python"), INPUT_CHECKS="lint",
            FAKE_CALLS=str(log), STUB_TOOL=str(tmp_path / "stub-tool"), **inputs,
        )  # fmt: skip
        assert done.code == 0, done.log + done.errors
        return [
            line.partition(" install ")[2] for line in log.read_text().splitlines() if " install " in line
        ]

    return calls


def test_the_tool_is_installed_from_the_lock_by_hash_and_nothing_else_is_built(
    pip_calls: Callable[..., list[str]],
) -> None:
    lock, checkout = pip_calls()
    assert "--require-hashes --only-binary :all: --requirement" in lock
    assert lock.endswith(f"{ROOT}/locks/action.lock")
    assert checkout.endswith(f"--no-build-isolation --no-deps --no-index {ROOT}")


def test_what_a_caller_requires_is_installed_as_he_names_it(pip_calls: Callable[..., list[str]]) -> None:
    (asked,) = pip_calls(INPUT_REQUIREMENT="clientsmith[conform]==0.1.0\nhttpx==0.28.1")
    assert asked.endswith(" clientsmith[conform]==0.1.0 httpx==0.28.1") and "hashes" not in asked


def test_the_lock_of_the_action_has_the_versions_that_are_tested() -> None:
    def versions(name: str) -> dict[str, str]:
        text = (ROOT / "locks" / name).read_text()
        return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", text, flags=re.MULTILINE))

    ours, tested = versions("action.lock"), versions("dev.lock")
    assert {"ruff", "datamodel-code-generator", "schemathesis", "hatchling"} <= set(ours)
    assert ours.items() <= tested.items()


def test_options_of_pip_are_no_requirement(run: Runner) -> None:
    done = run(CLIENTSMITH_COMMAND="", INPUT_REQUIREMENT="clientsmith\n--index-url=https://example.com")
    assert done.code == 2 and "is an option of pip" in done.log


def test_the_tool_is_installed_away_from_the_environment_of_the_caller(run: Runner, tmp_path: Path) -> None:
    target, shadow = tmp_path / "target", tmp_path / "shadow"
    shadow.mkdir()
    (shadow / "clientsmith_stub.py").write_text("raise SystemExit('the module of the caller was loaded')\n")
    done = run(
        CLIENTSMITH_COMMAND="", INPUT_REQUIREMENT=str(_stub_wheel(tmp_path)), INPUT_CHECKS="lint",
        PIP_TARGET=str(target), PYTHONPATH=str(shadow),
    )  # fmt: skip
    assert done.code == 1, done.errors
    assert "::warning title=from-a-wheel::" in done.log and "| lint | findings | 0 | 1 |" in done.summary
    assert not target.exists()


def test_the_tool_itself_finds_drift_of_a_package_that_is_vendored_somewhere(
    run: Runner, workspace: Path
) -> None:
    (workspace / "spec").mkdir()
    (workspace / "spec" / "openapi.yaml").write_text(PETS)
    inputs = {"CLIENTSMITH_COMMAND": str(TOOL), "INPUT_CHECKS": "lint,check"}
    place = "src/acme/_vendor/pets"
    (workspace / "clientsmith.toml").write_text(
        f'[document]\npath = "spec/openapi.yaml"\n[package]\nname = "pets"\nout = "{place}"\n'
    )
    succeed(TOOL, "generate", cwd=workspace)
    same = run(**inputs)
    assert same.code == 0, same.log + same.errors
    with (workspace / place / "models.py").open("a") as models:
        models.write("# edited\n")
    drift = run(**inputs)
    assert drift.code == 1 and f"::error file={place}/models.py,line=" in drift.log


def _stub_wheel(folder: Path) -> Path:
    """A wheel called clientsmith with a program of that name, made by hand: pip needs no index and no backend."""
    module = textwrap.dedent(
        """
        import sys
        def main():
            if sys.argv[1:] == ["--version"]:
                print("clientsmith 8.8.8")
                return 0
            print("::warning title=from-a-wheel::installed")
            return 1
        """
    )
    info = "clientsmith-8.8.8.dist-info"
    contents = {
        "clientsmith_stub.py": module,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: clientsmith\nVersion: 8.8.8\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nclientsmith = clientsmith_stub:main\n",
    }
    contents[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*contents, f"{info}/RECORD"])
    wheel = folder / "clientsmith-8.8.8-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return wheel
