"""The command as a whole: what is compared by default, which config counts, standard input, bounds of what is read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from clientsmith.cli.main import main
from tests.patience import PATIENCE
from tests.unit.diff.repositories import SEALED, Repository
from tests.unit.diff.sample import NEW, OLD

TOOL = Path(sys.executable).with_name("clientsmith")
CONFIG = '[document]\npath = "openapi.yaml"\n[diff]\nfail_on = "info"\n'


@pytest.fixture
def repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository whose last commit has the old document, and whose working tree has the new one."""
    for name, value in SEALED.items():
        monkeypatch.setenv(name, value)
    made = Repository(folder)
    made.commit({"api/openapi.yaml": OLD, "api/clientsmith.toml": CONFIG})
    (folder / "api/openapi.yaml").write_text(NEW)
    return made


def found(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str, list[str]]:
    """The exit code, the files of both sides, and the rules of the changes."""
    capsys.readouterr()
    code = main(["diff", *words, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    return code, report["old"]["file"], report["new"]["file"], [one["rule"] for one in report["changes"]]


@pytest.mark.parametrize(
    ("words", "old"),
    [
        ((), "HEAD:api/openapi.yaml"),
        (("HEAD:",), "HEAD:api/openapi.yaml"),
        (("main:",), "main:api/openapi.yaml"),
        (("HEAD:./openapi.yaml",), "HEAD:api/openapi.yaml"),
        (("HEAD:api/openapi.yaml", "openapi.yaml"), "HEAD:api/openapi.yaml"),
        (("HEAD:", "openapi.yaml"), "HEAD:api/openapi.yaml"),
        (("HEAD:", "../api/openapi.yaml"), "HEAD:api/openapi.yaml"),
    ],
)
def test_the_last_commit_is_compared_with_the_file(
    words: tuple[str, ...],
    old: str,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(repository.folder / "api")

    code, before, after, rules = found(capsys, *words)

    assert (code, before) == (1, old) and after.endswith("openapi.yaml") and "operation-removed" in rules


def test_two_revisions_of_one_file_are_compared(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({})
    monkeypatch.chdir(repository.folder / "api")

    assert found(capsys, "HEAD~1:", "HEAD:./openapi.yaml")[1:3] == (
        "HEAD~1:api/openapi.yaml",
        "HEAD:api/openapi.yaml",
    )


def test_the_config_of_another_document_does_not_count(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository.folder / "api")
    Path("old.yaml").write_text(OLD)
    Path("new.yaml").write_text(NEW)
    Path("clientsmith.toml").write_text(CONFIG.replace("info", "never"))

    assert found(capsys, "old.yaml", "new.yaml")[0] == 1
    assert found(capsys, "old.yaml", "new.yaml", "--config", "clientsmith.toml")[0] == 0
    assert found(capsys, "old.yaml", "openapi.yaml")[0] == 0
    assert found(capsys, "old.yaml")[0] == 0


def test_a_side_can_be_standard_input(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "new.yaml").write_text(NEW)
    done = subprocess.run(
        [TOOL, "diff", "-", "new.yaml", "--format", "json"],
        input=OLD,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    report = json.loads(done.stdout)
    assert done.returncode == 1 and report["old"]["file"] == "-"


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (("HEAD:", "-"), ("HEAD:api/openapi.yaml", "-")),
        (("HEAD~1:", "/dev/stdin"), ("HEAD~1:api/openapi.yaml", "/dev/stdin")),
        (("HEAD~1:", "HEAD:"), ("HEAD~1:api/openapi.yaml", "HEAD:api/openapi.yaml")),
        (("-", "HEAD:"), ("-", "HEAD:api/openapi.yaml")),
    ],
)
def test_a_revision_beside_standard_input_is_of_the_document_of_the_config(
    words: tuple[str, str], files: tuple[str, str], repository: Repository
) -> None:
    repository.commit({})
    done = subprocess.run(
        [TOOL, "diff", *words, "--format", "json"],
        input=OLD,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        cwd=repository.folder / "api",
    )

    report = json.loads(done.stdout)
    assert (report["old"]["file"], report["new"]["file"]) == files
    assert bool(report["changes"]) is (done.returncode == 1) and done.returncode < 2


def test_a_revision_alone_without_a_document_is_a_wrong_use(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("HEAD:", "HEAD:"), ("HEAD:", "-")):
        assert main(["diff", *words]) == 2
        told = capsys.readouterr().err
        assert "HEAD: is a revision without a file" in told and "document.path" in told


def test_the_same_input_gives_the_same_bytes_whatever_the_order_of_keys(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reports(old: object, new: object) -> list[str]:
        """Every report that names no lines, of documents on one line."""
        (folder / "old.yaml").write_text(json.dumps(old))
        (folder / "new.yaml").write_text(json.dumps(new))
        texts: list[str] = []
        for shape in ("text", "json", "markdown", "junit", "html"):
            main(["diff", "old.yaml", "new.yaml", "--format", shape])
            texts.append(re.sub(r":1:\d+|\"column\":\d+", "", capsys.readouterr().out))
        return texts

    old, new = yaml.safe_load(OLD), yaml.safe_load(NEW)
    first = reports(old, new)

    assert "operation-removed" in first[0]
    assert reports(reordered(old), reordered(new)) == first


def reordered(value: Any) -> Any:
    """The same value with its keys in the reverse order."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(one) for one in value] if isinstance(value, list) else value


def test_what_is_too_large_or_too_deep_is_bad_input(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new.yaml").write_text(NEW)
    with (folder / "large.yaml").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    (folder / "deep.json").write_text("[" * 100_000)
    bomb = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    (folder / "bomb.yaml").write_text(f"openapi: 3.1.0\na0: &a0 [x]\n{bomb}\n")

    for name in ("large.yaml", "deep.json", "bomb.yaml"):
        assert main(["diff", name, "new.yaml"]) == 2
        output = capsys.readouterr()
        assert output.out == "" and re.match(rf"{name}:\d+:\d+: error\[too-", output.err)
        assert "internal error" not in output.err and output.err.endswith("1 error; nothing was compared\n")


def test_a_reference_by_url_is_not_followed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new.yaml").write_text(NEW)
    schema = 'schema: {$ref: "https://192.0.2.1/pet.yaml"}'
    (folder / "old.yaml").write_text(OLD.replace("schema: {type: integer}", schema))

    assert main(["diff", "old.yaml", "new.yaml"]) == 2
    assert "references to other machines are not followed" in capsys.readouterr().err


def test_parts_of_an_invalid_document_that_are_left_out_are_findings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "old.yaml").write_text(OLD)
    (folder / "new.yaml").write_text(OLD.replace("{description: ok}", "{description: 5}", 1))

    assert main(["diff", "old.yaml", "new.yaml"]) == 2
    assert "new.yaml:" in capsys.readouterr().err
    assert main(["diff", "old.yaml", "new.yaml", "--allow-invalid"]) == 0
    text = capsys.readouterr().out
    assert "new.yaml:10:27: warning[not-compared]: compared only as far as it can be read" in text
    assert main(["diff", "old.yaml", "new.yaml", "--allow-invalid", "--fail-on", "warning"]) == 1


def test_two_apis_and_the_same_document_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "old.yaml").write_text(OLD)
    (folder / "new.yaml").write_text(OLD.replace("/pets:", "/bills:"))

    assert main(["diff", "old.yaml", "new.yaml", "--fail-on", "never", "--format", "json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert [one["id"] for one in notes] == ["different-apis"]
    assert main(["diff", "old.yaml", "old.yaml", "--fail-on", "info", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in report["notes"]] == ["same-document"] and report["step"] == "none"


def test_a_description_alone_makes_a_patch(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "old.yaml").write_text(OLD)
    (folder / "new.yaml").write_text(OLD.replace("description: ok", "description: fine", 1))

    assert main(["diff", "old.yaml", "new.yaml", "--fail-on", "info", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["step"] == "patch"
