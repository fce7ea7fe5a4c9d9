"""The workflow, the action, the hooks and docs/ci.md agree with each other, with the tool and with their promises."""

from __future__ import annotations

import re
import shlex
import textwrap
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from clientsmith.cli.registry import parse
from tests.packaging.conftest import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
ACTION = ROOT / ".github" / "actions" / "clientsmith" / "action.yml"
DOCS = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
ACTIONS = {
    "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2",
    "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0",
    "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2",
}
"""By commit, each as several unrelated repositories name it with the same version."""
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)+")
OURS = "OWNER/clientsmith/.github/actions/clientsmith@REF"


def load(text: str) -> Any:
    """YAML with the string values that GitHub sees: `on` is a key, not a boolean."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def snippets(kind: str) -> list[str]:
    """The fenced blocks of the page with one info string, those in lists without their indent."""
    fences = re.findall(r"^( *)```(\w*)\n(.*?)^\1```$", DOCS, flags=re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(text) for _, info, text in fences if info == kind]


def snippet_with(kind: str, key: str) -> str:
    (text,) = [text for text in snippets(kind) if re.search(rf"^{key}:", text, flags=re.MULTILINE)]
    return text


def rows_after(heading: str) -> dict[str, str]:
    """The first table after a line, as first cell (without backticks) -> second cell."""
    _, found, rest = DOCS.partition(heading)
    assert found, heading
    lines = re.search(r"(?:^\|.*\n)+", rest, flags=re.MULTILINE)
    assert lines is not None
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines.group().splitlines()]
    return {row[0].strip("`"): row[1] for row in rows[2:]}


def jobs(workflow: Any) -> Iterator[Any]:
    yield from workflow["jobs"].values()


def steps(workflow: Any) -> Iterator[Any]:
    for job in jobs(workflow):
        yield from job["steps"]


@pytest.fixture(params=["ours", "documented"])
def workflow(request: pytest.FixtureRequest) -> Any:
    return load(WORKFLOW.read_text() if request.param == "ours" else snippet_with("yaml", "jobs"))


@pytest.fixture(scope="module")
def action() -> Any:
    return load(ACTION.read_text())


@pytest.fixture(scope="module")
def hooks() -> dict[str, Any]:
    return {hook["id"]: hook for hook in load((ROOT / ".pre-commit-hooks.yaml").read_text())}


def test_a_workflow_may_read_the_repository_and_nothing_else(workflow: Any) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert all("permissions" not in job and "secrets" not in job for job in jobs(workflow))
    assert "secrets." not in str(workflow)
    assert "pull_request_target" not in str(workflow["on"])


def test_a_workflow_ends_by_itself(workflow: Any) -> None:
    assert all(0 < int(job["timeout-minutes"]) <= 60 for job in jobs(workflow))


def test_a_workflow_uses_pinned_actions_of_github_and_ours(workflow: Any) -> None:
    used = {step["uses"] for step in steps(workflow) if "uses" in step}
    assert used <= {one.partition(" ")[0] for one in ACTIONS} | {"./.github/actions/clientsmith", OURS}
    assert used & {"./.github/actions/clientsmith", OURS}


def used_in(text: str) -> list[str]:
    """What the `uses:` lines of a text name, comments included."""
    return [found.strip() for found in re.findall(r"^\s*(?:-\s+)?uses:(.*)$", text, flags=re.MULTILINE)]


def unpinned(names: list[str]) -> list[str]:
    """Those that somebody else could change: neither a commit with its version beside it, nor ours."""
    return [name for name in names if not (PINNED.fullmatch(name) or name.startswith("./") or name == OURS)]


def test_every_action_is_named_by_commit() -> None:
    places = [*(ROOT / ".github").rglob("*.y*ml"), *(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    names = [name for place in places for name in used_in(place.read_text("utf-8"))]
    assert len(names) >= 8 and not unpinned(names)
    assert {name for name in names if PINNED.fullmatch(name)} <= ACTIONS


@pytest.mark.parametrize(
    "name",
    [
        "actions/checkout@v4",
        "actions/checkout@main",
        "actions/checkout",
        "actions/checkout@11bd719 # v4.2.2",
        "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
        "docker://alpine:3",
    ],
)
def test_an_action_that_could_change_is_found(name: str) -> None:
    assert unpinned(used_in(f"    steps:\n      - uses: {name}\n")) == [name]


def test_a_checkout_leaves_no_token_behind(workflow: Any) -> None:
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout")]
    assert checkouts and all(step["with"]["persist-credentials"] == "false" for step in checkouts)


def test_no_script_of_a_workflow_is_put_together_from_expressions(workflow: Any, action: Any) -> None:
    scripts = [step["run"] for step in [*steps(workflow), *action["runs"]["steps"]] if "run" in step]
    assert scripts or "jobs" in workflow
    assert not [script for script in scripts if "${{" in script]


def test_reports_are_kept_when_a_check_failed(workflow: Any) -> None:
    (upload,) = [
        step for step in steps(workflow) if step.get("uses", "").startswith("actions/upload-artifact")
    ]
    assert upload["if"] == "${{ !cancelled() }}"
    (ours,) = [step for step in steps(workflow) if step.get("uses", "").endswith(("clientsmith", "@REF"))]
    assert upload["with"]["path"] == ours["with"].get("report-dir", "conformance")


def test_workflows_pass_only_what_the_action_declares(workflow: Any, action: Any) -> None:
    (ours,) = [step for step in steps(workflow) if step.get("uses", "").endswith(("clientsmith", "@REF"))]
    assert set(ours.get("with", {})) <= set(action["inputs"])


def test_our_workflow_runs_the_one_command_under_every_supported_python() -> None:
    workflow = load(WORKFLOW.read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {c.rpartition(" ")[2] for c in project["classifiers"] if re.search(r":: 3\.\d+$", c)}
    assert set(workflow["jobs"]["check"]["strategy"]["matrix"]["python"]) == named
    assert "bash .ci/run" in [step.get("run") for step in workflow["jobs"]["check"]["steps"]]
    assert "${{ github.ref }}" in workflow["concurrency"]["group"]


def test_every_input_of_the_action_reaches_the_script_and_no_command_does(action: Any) -> None:
    (step,) = action["runs"]["steps"]
    wanted = {
        f"INPUT_{name.upper().replace('-', '_')}": f"${{{{ inputs.{name} }}}}" for name in action["inputs"]
    }
    assert step["env"] == {**wanted, "CLIENTSMITH_COMMAND": ""}
    script = (ACTION.parent / "run.sh").read_text()
    assert not [name for name in wanted if name not in script]
    assert set(re.findall(r"INPUT_[A-Z_]+[A-Z]", script)) == set(wanted)


def test_inputs_and_outputs_of_the_action_are_documented(action: Any) -> None:
    documented = rows_after("`conform` without a report.")
    assert list(documented) and set(documented) == set(action["inputs"])
    assert all(
        "description" in one and one.get("required", "false") == "false" for one in action["inputs"].values()
    )
    outputs = re.search(r"The outputs are (.*)\.$", DOCS, flags=re.MULTILINE)
    assert outputs is not None and set(action["outputs"]) <= set(re.findall(r"`([a-z-]+)`", outputs[1]))


def test_the_documented_steps_take_ten_lines_at_most() -> None:
    _, _, block = snippet_with("yaml", "jobs").partition("    steps:\n")
    lines = block.splitlines()
    assert lines and all(line.startswith("      ") for line in lines)
    assert len(lines) + len(["steps:"]) <= 10


def test_hooks_run_commands_that_exist(hooks: dict[str, Any]) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    for hook in hooks.values():
        program, command, *flags = shlex.split(hook["entry"])
        assert program in scripts and hook["language"] == "python" and hook["pass_filenames"] == "false"
        assert hook["id"] == f"clientsmith-{command}"
        parse([command, *flags, "openapi.yaml"])


def test_documented_hooks_exist_and_take_their_arguments(hooks: dict[str, Any]) -> None:
    (repository,) = load(snippet_with("yaml", "repos"))["repos"]
    assert {hook["id"] for hook in repository["hooks"]} == set(hooks)
    for hook in repository["hooks"]:
        parse([*shlex.split(hooks[hook["id"]]["entry"])[1:], *hook.get("args", [])])
    for listed in re.findall(r"`args: \[(.*?)\]`", DOCS):
        parse(["check", *listed.split(", ")])


def test_drift_is_looked_for_at_every_commit_and_findings_where_documents_change(
    hooks: dict[str, Any],
) -> None:
    assert hooks["clientsmith-check"]["always_run"] == "true"
    files = re.compile(hooks["clientsmith-lint"]["files"])
    matched = ["openapi.yaml", "spec/parts/pet.yml", "api.json", "clientsmith.toml", "sub/clientsmith.toml"]
    assert all(files.search(name) for name in matched)
    assert not any(
        files.search(name) for name in ["src/app.py", "pyproject.toml", "myclientsmith.toml", "yaml"]
    )


def _documented_commands() -> list[str]:
    shell = "\n".join(snippets("")).replace("$PWD/.clientsmith/bin", "")
    fenced = [line.partition(" ||")[0].rstrip("& ") for line in shell.splitlines()]
    inline = re.findall(r"`(clientsmith [a-z]+ [^`]+)`", DOCS)
    return [line for line in [*fenced, *inline] if re.match(r"clientsmith [a-z]", line)]


@pytest.mark.parametrize("line", _documented_commands())
def test_documented_commands_parse(line: str) -> None:
    words = shlex.split(line)[1:]
    parse(words)


def test_placeholders_are_explained_and_nothing_names_a_place_of_ours() -> None:
    assert "`OWNER/clientsmith` below stands for" in DOCS and "`REF` for" in DOCS
    files = [
        WORKFLOW,
        ACTION,
        ACTION.parent / "run.sh",
        ROOT / ".pre-commit-hooks.yaml",
        ROOT / "docs" / "ci.md",
    ]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"TODO|FIXME|pypi\.|/home/|/work/|/root/|--index-url", text), file
