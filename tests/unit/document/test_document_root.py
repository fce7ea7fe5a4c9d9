"""`document.root`: which files references may lead to, and that the same file is the same wherever it is named from."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from clientsmith.cli.main import main

API = """\
openapi: 3.1.0
info: {title: Mono, version: "1"}
servers: [{url: https://mono.example}]
security: []
paths:
  /pets:
    post:
      operationId: addPet
      tags: [Pets]
      summary: Add
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '../shared/models.yaml#/Owner'}}}}}
components:
  schemas:
    Pet: {type: object, properties: {owner: {$ref: '../shared/models.yaml#/Owner'}}}
"""
MODELS = (
    "Owner: {type: object, properties: {pet: {$ref: '../service/openapi.yaml#/components/schemas/Pet'}}}\n"
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"service/openapi.yaml": API, "shared/models.yaml": MODELS}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    (tmp_path / "clientsmith.toml").write_text("[document]\npath = 'service/openapi.yaml'\nroot = '.'\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint(capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, list[dict[str, Any]]]:
    code = main(["lint", "--format", "json", *flags])
    return code, json.loads(capsys.readouterr().out)["diagnostics"]


def test_references_lead_to_files_of_the_wider_folder_and_back(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lint(capsys) == (0, [])
    assert main(["generate", "--out", "out", "--quiet"]) == 0
    assert (repository / "out/models.py").read_text().count("\nclass Pet(") == 1
    assert main(["check", "--out", "out"]) == 0


@pytest.mark.parametrize(("config", "root"), [("service", ".."), ("config", "..")])
def test_the_folder_is_relative_to_the_config(
    config: str,
    root: str,
    repository: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (repository / config).mkdir(exist_ok=True)
    text = f"[document]\npath = '../service/openapi.yaml'\nroot = '{root}'\n"
    (repository / config / "clientsmith.toml").write_text(text)
    monkeypatch.chdir(repository / config)
    (repository / "shared/models.yaml").write_text("Owner: {type: nonsense}\n")

    code, found = lint(capsys)

    assert code == 1
    assert [(one["file"], one["pointer"]) for one in found] == [
        ("../shared/models.yaml", "shared/models.yaml#/Owner/type")
    ]


def test_without_it_the_folder_of_the_document_is_the_limit(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "clientsmith.toml").write_text("[document]\npath = 'service/openapi.yaml'\n")

    code, found = lint(capsys)

    assert code == 1 and {one["id"] for one in found} == {"reference-outside"}
    assert all("document.root" in one["hint"] for one in found)


@pytest.mark.parametrize(
    "target", ["../outside.yaml", "../../outside.yaml", "shared/link.yaml", "/etc/hosts"]
)
def test_nothing_outside_of_it_is_read(
    target: str, repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = repository / "inner"
    for folder in ("service", "shared"):
        os.renames(repository / folder, inner / folder)
    os.renames(repository / "clientsmith.toml", inner / "clientsmith.toml")
    (repository / "outside.yaml").write_text("Owner: {type: nonsense}\n")
    (inner / "shared/link.yaml").symlink_to(repository / "outside.yaml")
    path = target if target[0] == "/" else f"../{target}"
    (inner / "service/openapi.yaml").write_text(API.replace("../shared/models.yaml", path))
    monkeypatch.chdir(inner)

    code, found = lint(capsys)

    assert code == 1 and {one["id"] for one in found} == {"reference-outside"}


@pytest.mark.parametrize("root", ["shared", "nowhere", "service/openapi.yaml"])
def test_a_folder_that_does_not_hold_the_document_is_refused(
    root: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"[document]\npath = 'service/openapi.yaml'\nroot = '{root}'\n"
    (repository / "clientsmith.toml").write_text(text)

    found = lint(capsys)[1]

    assert [(one["id"], one["file"], one["line"]) for one in found] == [
        ("config-bad-value", "clientsmith.toml", 3)
    ]
