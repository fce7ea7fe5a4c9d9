"""The files of GitHub annotations are named from the root of the repository, wherever a command runs in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clientsmith.cli.main import main
from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.diagnostics.render import render_github, render_json, render_text


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that the working directory is in, two folders below the root."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "repository/services/shop").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository/services/shop")
    return tmp_path / "repository"


def at(file: str) -> Diagnostics:
    diagnostics = Diagnostics()
    diagnostics.error("some-id", "wrong", Place(None, Span(file, 2, 5)))
    return diagnostics


def named(file: str) -> str:
    """How an annotation names a file."""
    found = re.match(r"::error file=([^,]*),line=2,", render_github(at(file)))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("api.yaml", "services/shop/api.yaml"),
        ("spec/../missing/api.yaml", "services/shop/missing/api.yaml"),
        ("../../spec/api.yaml", "spec/api.yaml"),
        ("../../../elsewhere/api.yaml", "../../../elsewhere/api.yaml"),
        ("/dev/stdin", "/dev/stdin"),
        ("-", "-"),
        ("https://api.example/openapi.yaml", "https%3A//api.example/openapi.yaml"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_a_path_counts_from_the_root_not_from_the_working_directory(file: str, expected: str) -> None:
    assert named(file) == expected


def test_absolute_paths_and_those_through_links_are_found_in_it(repository: Path, tmp_path: Path) -> None:
    assert named(str(repository / "spec/api.yaml")) == "spec/api.yaml"
    (tmp_path / "alias").symlink_to(repository)
    assert named(str(tmp_path / "alias/spec/api.yaml")) == "spec/api.yaml"
    (repository / "link.yaml").symlink_to("/etc/passwd")
    assert named("../../link.yaml") == "link.yaml"


def test_a_submodule_is_seen_from_the_repository_that_the_command_runs_in(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "vendor/client").mkdir(parents=True)
    (repository / "vendor/client/.git").write_text("gitdir: ../../.git/modules/client\n")
    assert named("../../vendor/client/models.py") == "vendor/client/models.py"
    monkeypatch.chdir(repository / "vendor/client")
    assert named("models.py") == "models.py"


def test_without_git_the_workspace_of_the_job_is_the_root(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / ".git").rmdir()
    assert named("api.yaml") == "api.yaml"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository))
    assert named("api.yaml") == "services/shop/api.yaml"


def test_text_and_json_keep_the_path_that_was_given(repository: Path) -> None:
    assert repository.is_dir()
    assert render_text(at("api.yaml")).startswith("api.yaml:2:5: ")
    assert '"file": "api.yaml"' in render_json(at("api.yaml"))


def test_commands_annotate_from_the_root(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert repository.is_dir()
    Path("api.yaml").write_text("openapi: 3.1.0\ninfo: {title: t}\npaths: {}\n")
    assert main(["lint", "api.yaml", "--format", "github"]) in (1, 2)
    assert "::error file=services/shop/api.yaml,line=2," in capsys.readouterr().out
