"""What a team accepts: files of findings, levels in the config, and what no list can take away."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from clientsmith.accepted.patterns import matches
from clientsmith.cli.main import main

DOCUMENT = """\
openapi: 3.1.0
info: {title: Mini, version: "1"}
servers: [{url: https://mini.example}]
security: []
paths:
  /pets:
    get:
      operationId: listPets
      summary: List
      parameters:
        - {name: limit, in: query, description: d, schema: {type: integer, default: x}}
        - {name: after, in: query, description: d, schema: {type: string, default: 3}}
      responses: {"200": {description: ok}}
    post:
      operationId: addPet
      tags: [Pets]
      summary: Add
      responses: {"200": {description: ok}}
"""
FOUND = ["missing-tag", "example-mismatch", "example-mismatch"]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def lint(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command; returns its exit code, the ids of warnings and errors, those of notes, and the last line."""

    def run(*flags: str) -> tuple[int, list[str], list[str], str]:
        capsys.readouterr()
        code = main(["lint", "openapi.yaml", "--format", "json", *flags])
        output = capsys.readouterr()
        found = json.loads(output.out)["diagnostics"] if output.out else []
        ids = [one["id"] for one in found if one["severity"] != "note"]
        notes = [one["id"] for one in found if one["severity"] == "note" and one["id"] != "not-carried-out"]
        return code, ids, notes, output.err

    return run


def accept(lint: Any, reason: str = "as published") -> str:
    assert lint("--write-baseline", "--reason", reason)[0] == 0
    return Path("lint-baseline.toml").read_text()


def test_what_is_accepted_with_a_reason_is_no_finding(lint: Any) -> None:
    assert lint()[:2] == (1, FOUND)

    text = accept(lint)

    assert text.count("[[accepted]]") == 3
    assert "# missing-tag at GET /pets: " in text
    code, ids, notes, said = lint()
    assert (code, ids, notes) == (0, [], [])
    assert said.endswith("0 errors, 0 warnings, 1 note; 3 accepted\n")
    assert accept(lint) == text


def test_an_entry_without_a_reason_has_no_effect_and_is_a_finding(lint: Any) -> None:
    accept(lint, "")

    code, ids, _, _ = lint()

    assert code == 1
    assert sorted(ids) == sorted([*FOUND, *["accepted-without-reason"] * 3])
    text = Path("lint-baseline.toml").read_text()
    Path("lint-baseline.toml").write_text(text.replace('reason = ""', 'reason = "known"', 1))
    assert len(lint()[1]) == 4


@pytest.mark.parametrize(
    ("today", "accepted"), [("2030-01-31", True), ("2030-02-01", False), ("2029-06-01", True)]
)
def test_an_entry_holds_to_its_day(today: str, accepted: bool, lint: Any) -> None:
    text = accept(lint)
    Path("lint-baseline.toml").write_text(text.replace("\nreason", "\nuntil = 2030-01-31\nreason", 1))

    code, ids, _, said = lint("--today", today)

    assert f"dates as of {today}" in said
    assert (code, "accepted-too-long" in ids, len(ids)) == ((0, False, 0) if accepted else (1, True, 2))


def test_a_day_is_named_only_if_an_entry_has_one(lint: Any) -> None:
    accept(lint)

    assert "as of" not in lint("--today", "2030-01-01")[3]


def test_entries_that_match_nothing_are_notes_and_pruned_on_request(lint: Any) -> None:
    text = accept(lint)
    Path("openapi.yaml").write_text(DOCUMENT.replace("default: x", "default: 1"))

    code, ids, notes, _ = lint()
    assert (code, ids, notes) == (0, [], ["accepted-nothing"])
    assert Path("lint-baseline.toml").read_text() == text
    code, ids, notes, said = lint("--prune")
    assert (code, ids, notes) == (0, [], []) and "1 pruned from lint-baseline.toml" in said
    pruned = Path("lint-baseline.toml").read_text()
    assert pruned.count("[[accepted]]") == 2 and set(pruned.splitlines()) < set(text.splitlines())


def test_nothing_is_pruned_or_written_for_a_document_that_was_not_looked_at_to_its_end(lint: Any) -> None:
    text = accept(lint)
    Path("openapi.yaml").write_text(DOCUMENT.replace("operationId: listPets", "operationId: 5"))

    assert "accepted-nothing" not in lint("--prune")[2]
    assert lint("--write-baseline")[0] == 2
    assert Path("lint-baseline.toml").read_text() == text


def prints() -> set[str]:
    return set(re.findall(r'fingerprint = "(\w+)"', Path("lint-baseline.toml").read_text()))


def _in_another_file(text: str) -> str:
    item = text.partition("  /pets:\n")[2]
    Path("pets.yaml").write_text("".join(line[4:] for line in item.splitlines(keepends=True)))
    return text.replace(item, "    $ref: pets.yaml\n")


SAME = {
    "lines": lambda text: "# a comment\n\n" + text.replace("      parameters:", "      # more\n      parameters:"),
    "order of parameters": lambda text: re.sub(r"(        - .*limit.*\n)(        - .*after.*\n)", r"\2\1", text),
    "order of keys": lambda text: text.replace("security: []\n", "") + "security: []\n",
    "documentation": lambda text: text.replace("description: d", "description: other").replace("List", "Lists"),
    "json": lambda text: json.dumps(__import__("yaml").safe_load(text)),
    "another file": _in_another_file,
}  # fmt: skip


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_a_finding_is_recognized_after_a_change_elsewhere(change: Any, lint: Any) -> None:
    accept(lint)

    Path("openapi.yaml").write_text(change(DOCUMENT))

    assert lint()[:3] == (0, [], [])


OTHER = {
    "the value": ("default: x", "default: y"),
    "the name": ("name: limit", "name: most"),
    "the method": ("    get:", "    put:"),
    "the path": ("/pets:", "/dogs:"),
}


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_another_finding_is_not_accepted_with_it(change: tuple[str, str], lint: Any) -> None:
    accept(lint)

    Path("openapi.yaml").write_text(DOCUMENT.replace(*change))

    assert lint()[0] == 1


def test_places_are_accepted_by_pattern(lint: Any) -> None:
    Path("lint-baseline.toml").write_text(
        "[[accepted]]\nplace = '/paths/~1p*/get/parameters'\nrule = 'example-mismatch'\nreason = 'vendor'\n"
    )
    assert lint()[:2] == (1, ["missing-tag"])
    Path("lint-baseline.toml").write_text("[[accepted]]\nplace = '/**/get'\nreason = 'vendor'\n")
    assert lint()[:2] == (0, [])


@pytest.mark.parametrize(
    ("pattern", "pointer", "expected"),
    [
        ("/paths", "/paths/~1pets/get", True),
        ("/paths/*/get", "/paths/~1pets/get", True),
        ("/paths/*/get", "/paths/~1pets/put", False),
        ("/paths/*", "/pathsother/a", False),
        ("/paths/~1pets*", "/paths/~1pets~1{id}/get", True),
        ("/**/schema", "/paths/~1a/get/parameters/0/schema/type", True),
        ("/**/schema", "/paths/~1a/get/parameters/0/schemas", False),
        ("/**", "/a", True),
        ("/a", "other.yaml#/a", False),
        ("*.yaml#/a", "other.yaml#/a/b", True),
        ("/a.c", "/abc", False),
        ("/a", None, False),
        ("/" + "*a" * 40, "/" + "a" * 30, False),
    ],
)
def test_a_pattern_names_places(pattern: str, pointer: str | None, expected: bool) -> None:
    assert matches(pattern, pointer) is expected


WRONG = {
    "neither": ("reason = 'r'", "config-bad-value"),
    "both": ("fingerprint = 'a'\nplace = '/a'", "config-bad-value"),
    "key": ("fingerprint = 'a'\nreson = 'r'", "config-unknown-key"),
    "rule": ("place = '/a'\nrule = 'mising-tag'", "config-unknown-name"),
    "pattern": ("place = 'paths'", "config-bad-value"),
    "date": ("fingerprint = 'a'\nuntil = 'soon'", "config-wrong-type"),
    "syntax": ("fingerprint = ", "config-syntax"),
}


@pytest.mark.parametrize(("text", "id"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_wrong_is_refused_with_its_place(text: str, id: str, lint: Any) -> None:
    Path("other.toml").write_text(f"[[accepted]]\n{text}\n")

    code, ids, _, _ = lint("--baseline", "other.toml")

    assert (code, ids) == (2, [id])


@pytest.mark.parametrize("before", ["[", "[\n  "])
def test_an_entry_that_is_no_table_of_its_own_is_refused(before: str, lint: Any) -> None:
    Path("other.toml").write_text(f"accepted = {before}{{fingerprint = 'a', reason = 'r'}}]\n")

    code, ids, _, _ = lint("--baseline", "other.toml")

    assert (code, ids) == (2, ["config-bad-value"])


REFUSED = (
    "      responses: {\"200\": {description: ok, content: {application/json: {schema: {$ref: '#/nope'}}}}}\n"
)


def test_what_makes_generate_refuse_stays_a_finding(lint: Any) -> None:
    Path("openapi.yaml").write_text(
        DOCUMENT.replace('      responses: {"200": {description: ok}}\n', REFUSED, 1)
    )
    Path("lint-baseline.toml").write_text("[[accepted]]\nplace = '/**'\nreason = 'all'\n")

    assert lint()[:2] == (1, ["dangling-reference"])


def config(*rules: str) -> None:
    entries = "".join(f"[[lint.rules]]\n{rule}\n" for rule in rules)
    Path("clientsmith.toml").write_text(f"[document]\npath = 'openapi.yaml'\n{entries}")


def test_a_rule_has_the_level_that_the_config_sets(lint: Any) -> None:
    config("rule = 'missing-tag'\nlevel = 'off'\nreason = 'one resource'")
    assert lint()[1] == ["example-mismatch"] * 2
    config("rule = 'example-mismatch'\nlevel = 'note'\nreason = 'r'\nplace = '/paths/*/get/parameters/0'")
    assert lint()[1:3] == (["missing-tag", "example-mismatch"], ["example-mismatch"])
    everything = "rule = 'example-mismatch'\nlevel = 'off'\nreason = 'r'"
    config(
        everything,
        "rule = 'example-mismatch'\nlevel = 'error'\nreason = 'r'\nplace = '/paths/*/get/parameters/1'",
    )
    assert lint()[1] == ["missing-tag", "example-mismatch"]


@pytest.mark.parametrize(
    ("rule", "id"),
    [
        ("rule = 'missing-tag'\nlevel = 'off'", "config-bad-value"),
        ("rule = 'missing-tag'\nlevel = 'off'\nreason = ' '", "config-bad-value"),
        ("rule = 'missing-tag'\nlevel = 'of'\nreason = 'r'", "config-bad-value"),
        ("rule = 'mising-tag'\nlevel = 'off'\nreason = 'r'", "config-unknown-name"),
        ("rule = 'duplicate-key'\nlevel = 'off'\nreason = 'r'", "config-bad-value"),
        ("rule = 'missing-tag'\nlevel = 'off'\nreason = 'r'\nplace = 'x'", "config-bad-value"),
        ("rule = 'missing-tag'\nlevel = 'off'\nreason = 'r'\nfor = 'x'", "config-unknown-key"),
    ],
)
def test_a_setting_that_is_wrong_is_refused(rule: str, id: str, lint: Any) -> None:
    config(rule)

    assert lint()[:2] == (2, [id])


def test_a_setting_does_not_weaken_what_makes_generate_refuse(lint: Any) -> None:
    config("rule = 'dangling-reference'\nlevel = 'off'\nreason = 'r'")
    Path("openapi.yaml").write_text(
        DOCUMENT.replace('      responses: {"200": {description: ok}}\n', REFUSED, 1)
    )

    assert lint()[:2] == (1, ["dangling-reference"])
