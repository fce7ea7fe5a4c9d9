"""A folder with a config, in which packages are released with the command itself; only the models process stays up, and is asked once for the same models."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from clientsmith.cli import main as cli
from tests.behavior.packages import models_worker, remembering_worker

CONFIG = '[document]\npath = "openapi.yaml"\n[package]\nout = "pets"\n'
DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: 7.0.0}
servers: [{url: https://api.example.com}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: kind, required: true, schema: {type: string}, in: query}
      responses:
        "200": {description: All of them., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
    post: {operationId: addPet, tags: [pets], requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewPet"}}}}, responses: {"204": {description: Done.}}}
  /owners/{owner}/pets/{pet}:
    get:
      operationId: getPet
      tags: [owners]
      parameters:
        - {name: owner, in: path, required: true, schema: {type: string}}
        - {name: pet, in: path, required: true, schema: {type: string}}
      responses:
        "200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        tag: {type: string}
    NewPet: {type: object, required: [name], properties: {name: {type: string}, size: {$ref: "#/components/schemas/Size"}}}
    Size: {type: object, properties: {feet: {type: integer}}}
"""
TAG = "        tag: {type: string}\n"
BREAKING = DOCUMENT.replace(TAG, "        tag: {type: integer}\n")
"""A field has another type."""
ADDED = DOCUMENT.replace(TAG, f"{TAG}        age: {{type: integer}}\n")
"""A field is new."""
DESCRIBED = DOCUMENT.replace("All of them.", "Every single one.")
"""A description is another one."""
COMMENTED = f"# Nobody generates this.\n{DOCUMENT}"


@dataclass(frozen=True, slots=True)
class Project:
    """The folder, which is the working directory."""

    folder: Path
    capfd: pytest.CaptureFixture[str]

    @property
    def state(self) -> Path:
        return self.folder / "clientsmith.state.json"

    def write(self, text: str, name: str = "openapi.yaml") -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *words: str) -> tuple[int, str, str]:
        """The exit code, and what was printed on stdout and stderr; what checks models has them made anew."""
        self.capfd.readouterr()
        worker = models_worker if "--regenerate" in words else remembering_worker
        try:
            with mock.patch.object(cli, "start_worker", worker):
                code = cli.main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        output = self.capfd.readouterr()
        return code, output.out, output.err

    def facts(self, *words: str) -> dict[str, Any]:
        """What a command that has to succeed says as JSON."""
        code, out, err = self.run(*words, "--format", "json")
        assert code == 0, (out, err)
        return dict(json.loads(out))

    def bump(self, text: str, to: str = "auto", *words: str) -> dict[str, Any]:
        """Release a document; what became of it."""
        self.write(text)
        generated = self.facts("generate", "--bump", to, *words)["generated"]
        assert generated["version"] == generated["bump"]["to"] == self.version(generated["package"])
        return dict(generated["bump"])

    def released_as(self, version: str) -> None:
        """Let the last release have another version."""
        state = json.loads(self.state.read_text())
        state["release"]["version"] = state["changelog"][0]["version"] = version
        self.state.write_text(json.dumps(state))
        self.facts("generate")

    def version(self, package: str = "pets") -> str:
        names: dict[str, object] = {}
        exec((self.folder / package / "_version.py").read_text(), names)
        return str(names["__version__"])

    def found(self, *words: str) -> tuple[int, list[tuple[str, str]]]:
        """The exit code of a check, with the ids and files of what it found."""
        code, out, _ = self.run("check", *words, "--format", "json")
        return code, [(one["id"], Path(one["file"]).name) for one in json.loads(out)["diagnostics"]]


@functools.cache
def _first_release() -> Path:
    """A folder in which the document was released as 1.0.0."""
    folder = Path(tempfile.mkdtemp(prefix="clientsmith-released-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "clientsmith.toml").write_text(CONFIG)
    (folder / "openapi.yaml").write_text(DOCUMENT)
    with contextlib.chdir(folder):
        assert cli.main(["generate", "--bump", "major", "--quiet"]) == 0
    return folder


@pytest.fixture
def released(project: Project) -> Project:
    """A project whose package was released as 1.0.0: each gets a copy of one that was made once."""
    shutil.copytree(_first_release(), project.folder, dirs_exist_ok=True)
    return project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.setattr(cli, "start_worker", remembering_worker)
    monkeypatch.chdir(tmp_path)
    made = Project(tmp_path, capfd)
    made.write(CONFIG, "clientsmith.toml")
    made.write(DOCUMENT)
    return made
