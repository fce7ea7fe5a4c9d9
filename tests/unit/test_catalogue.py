"""The catalogue lists exactly the findings that the code can report, at the levels at which it reports them."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest

import clientsmith
from clientsmith.cli.main import main
from clientsmith.diagnostics.catalogue import Rule, rules
from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.document.load import Policies, open_document

ROOT = Path(clientsmith.__file__).parent
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+|usage")
SEVERITIES = {severity.value for severity in Severity}
REPORTERS = SEVERITIES | {"_error", "_report", "_spend", "report", "find", "Finding", "findings", "LeftOut"}
"""What reports a finding whose id is one of its arguments."""


def modules() -> Iterator[ast.Module]:
    """Every module of the tool; the runtime reports nothing, and changes of a comparison have a table of their own."""
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).parts[0] != "runtime" and ROOT / "diff" / "wire" not in path.parents:
            yield ast.parse(path.read_text(encoding="utf-8"))


def texts(node: ast.expr, names: dict[str, set[str]]) -> set[str]:
    """The texts that an argument can be: a literal, one of two, or a name that only such are assigned to."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts(node.body, names) | texts(node.orelse, names)
    return names.get(node.id, set()) if isinstance(node, ast.Name) else set()


def assigned(trees: list[ast.Module]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[node.targets[0].id] |= texts(node.value, {})
    return found


def level_of(call: ast.Call, name: str) -> str | None:
    """The level of a report if the call states it."""
    if name in ("Finding", "findings"):
        return "finding"
    if name == "LeftOut":
        return "note"
    stated = [arg.attr.lower() for arg in call.args if isinstance(arg, ast.Attribute)]
    return name if name in SEVERITIES else next((level for level in stated if level in SEVERITIES), None)


@cache
def reported() -> dict[str, set[str]]:
    """Every id that is reported, with the levels that are stated."""
    trees = list(modules())
    constants = {name: found for name, found in assigned(trees).items() if name.isupper()}
    levels: dict[str, set[str]] = defaultdict(set)
    for tree in trees:
        names = {**assigned([tree]), **constants}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name not in REPORTERS:
                continue
            for id in {text for arg in call.args[:3] for text in texts(arg, names) if ID.fullmatch(text)}:
                level = level_of(call, name)
                levels[id] |= set() if level is None else {level}
    return levels


def test_every_finding_is_in_the_catalogue_and_every_entry_is_reported() -> None:
    assert sorted(reported()) == list(rules())


def test_the_levels_are_those_at_which_it_is_reported() -> None:
    unknown = {id: levels - set(rules()[id].levels) for id, levels in reported().items() if id in rules()}
    assert {id: levels for id, levels in unknown.items() if levels} == {}


@pytest.mark.parametrize("target", ["'#/components/schemas/None'", "3", "'#/components/schemas/A'"])
@pytest.mark.parametrize("policies", [Policies(), Policies(skip_unsupported=True)])
def test_a_broken_reference_has_a_level_of_the_catalogue(
    tmp_path: Path, target: str, policies: Policies
) -> None:
    path, diagnostics = tmp_path / "openapi.yaml", Diagnostics()
    path.write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"
        f"components: {{schemas: {{A: {{$ref: {target}}}}}}}\n"
    )
    open_document(path, diagnostics, policies, validation="none")
    found = [(one.severity.value, rules()[one.id].levels) for one in diagnostics]
    assert [level for level, _ in found] == ["warning" if policies.skip_unsupported else "error"]
    assert all(level in levels for level, levels in found)


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_an_entry_says_what_it_means_with_an_example_and_a_remedy(rule: Rule) -> None:
    for text in (rule.meaning, rule.example, rule.remedy):
        assert text.strip() == text
        assert 3 < len(text) <= 160
    assert rule.meaning.endswith(".")
    assert set(rule.levels) <= SEVERITIES | {"finding"}


def explained(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    try:
        code = main(["--explain", *words])
    except SystemExit as ended:
        code = int(ended.code or 0)
    output = capsys.readouterr()
    return code, output.out, output.err


def test_one_finding_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    rule = rules()["dangling-reference"]
    code, out, err = explained("dangling-reference", capsys=capsys)
    assert (code, err) == (0, "")
    assert out == (
        f"error or warning[dangling-reference]: {rule.meaning}\n"
        f"  example: {rule.example}\n  remedy:  {rule.remedy}\n"
    )


@pytest.mark.parametrize("id", ["dangling-reference", "accepted-nothing", "config-syntax"])
@pytest.mark.parametrize("shape", ["text", "json"])
def test_the_command_prints_what_the_flag_does(
    id: str, shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", id, "--format", shape]) == 0
    assert capsys.readouterr().out == explained(id, "--format", shape, capsys=capsys)[1]


def test_the_page_of_all_findings_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--format", "markdown"]) == 0
    page = capsys.readouterr().out
    assert page == (ROOT.parents[1] / "docs" / "diagnostics.md").read_text(encoding="utf-8"), (
        "make diagnostics"
    )
    for rule in rules().values():
        entry = page.partition(f"## {rule.id}\n")[2].partition("\n## ")[0]
        assert " or ".join(rule.levels) in entry
        assert entry.count("\n- Example: ") == entry.count("\n- Remedy: ") == 1


@pytest.mark.parametrize(
    ("id", "meant"),
    [
        ("dangling-refrence", "dangling-reference"),
        ("exmple-mismatch", "example-mismatch"),
        ("DUPLICATE-key", "duplicate-key"),
    ],
)
def test_the_command_names_the_finding_that_was_meant(
    id: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", id]) == 2
    assert f"did you mean '{meant}'?" in capsys.readouterr().err


def test_all_findings_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = explained(capsys=capsys)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(rules())


def test_a_finding_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = explained("dangling-refrence", capsys=capsys)
    assert (code, out) == (2, "")
    assert "there is no finding 'dangling-refrence'; did you mean 'dangling-reference'?" in err


def test_a_finding_is_explained_to_a_machine(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = explained("dangling-reference", "--format", "json", capsys=capsys)
    assert (code, err) == (0, "")
    assert json.loads(out) == json.loads(json.dumps(asdict(rules()["dangling-reference"])))


def test_all_findings_are_listed_for_a_machine(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = explained("--format=json", capsys=capsys)
    assert (code, [entry["id"] for entry in json.loads(out)]) == (0, list(rules()))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--format", "json"], "--format belongs after the command"),
        (["--format", "json", "lint", "openapi.yaml"], "--format belongs after the command"),
        (["--explain", "dangling-reference", "--format", "github"], "invalid choice: 'github'"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_a_format_without_anything_to_explain_is_refused(
    words: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert reason in capsys.readouterr().err
