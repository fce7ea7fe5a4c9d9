"""The name of the folder is what a program imports: one that cannot be imported is refused before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientsmith.cli.main import main
from tests.behavior.packages import spec

DOCUMENT = spec("paths: {/x: {get: {operationId: get, responses: {'204': {description: ok}}}}}\n")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _found(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, str]]]:
    code = main(["generate", "openapi.yaml", "--format", "json", *arguments])
    listed = json.loads(capsys.readouterr().out)["diagnostics"]
    return code, [one for one in listed if one["id"] == "folder-name"]


@pytest.mark.parametrize(
    ("out", "better"),
    [
        ("my-client", "my_client"),
        ("class", "class_client"),
        ("None", "None_client"),
        ("src/my.client/", "src/my_client"),
        ("1password", "client_1password"),
        ("a b", "a_b"),
        ("+", "client"),
    ],
)
def test_a_folder_that_no_program_can_import_is_refused_with_a_better_name(
    out: str, better: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, (found,) = _found(capsys, f"--out={out}")

    assert (code, found["severity"]) == (2, "error")
    assert f"call it '{better}'" in found["hint"]
    assert [one.name for one in project.iterdir()] == ["openapi.yaml"]


def test_the_folder_of_the_config_is_refused_at_its_place(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "clientsmith.toml").write_text(
        '[document]\npath = "openapi.yaml"\n[package]\nout = "my-client"\n'
    )

    code, (found,) = _found(capsys)

    assert (code, found["line"]) == (2, 4)


def test_an_import_name_that_is_given_apart_makes_it_a_note(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, (found,) = _found(capsys, "--out=my-client", "--name=acme")

    assert (code, found["severity"]) == (0, "note")
    assert "acme" in found["message"]
    assert (project / "my-client" / "__init__.py").is_file()


@pytest.mark.parametrize(("out", "expected"), [("json", ["warning"]), ("acme/json", []), ("client", [])])
def test_a_module_of_the_standard_library_is_warned_about(
    out: str, expected: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "acme").mkdir()
    (project / "acme" / "__init__.py").touch()

    code, found = _found(capsys, f"--out={out}")

    assert (code, [one["severity"] for one in found]) == (0, expected)
