"""`[custom]` names code beside the package: the folder that is generated is never part of it, and the code is never touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientsmith.cli.main import main
from tests.behavior.packages import spec

DOCUMENT = spec("paths: {/x: {get: {operationId: get, responses: {'204': {description: ok}}}}}\n")
CONFIG = '[document]\npath = "openapi.yaml"\n[package]\nout = "src/acme/pets"\n[custom]\n'


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    (tmp_path / "src/acme/ours").mkdir(parents=True)
    (tmp_path / "src/acme/ours/client.py").write_text("import nothing  # yet\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _ran(
    project: Path, capsys: pytest.CaptureFixture[str], custom: str, *arguments: str
) -> tuple[int, list[tuple[str, str, int | None]]]:
    (project / "clientsmith.toml").write_text(CONFIG + custom)
    code = main([*arguments, "--format", "json"])
    listed = json.loads(capsys.readouterr().out)["diagnostics"]
    return code, [(one["id"], one["message"], one["line"]) for one in listed if one["severity"] == "error"]


def test_generate_and_check_never_touch_custom_code(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    custom = 'paths = ["src/acme/ours", "src/acme/billing.py"]\nroot = "src"\n'
    before = {path: path.stat() for path in (project / "src/acme/ours").rglob("*")}
    assert _ran(project, capsys, custom, "generate", "--force") == (0, [])
    (project / "src/acme/billing.py").write_text("x = 1\n")
    assert _ran(project, capsys, custom, "check") == (0, [])
    assert _ran(project, capsys, custom, "check", "--regenerate") == (0, [])
    assert {path: path.stat() for path in (project / "src/acme/ours").rglob("*")} == before


@pytest.mark.parametrize(
    ("path", "how"),
    [
        ("src/acme/pets", "is inside"),
        ("src/acme/pets/ours.py", "is inside"),
        ("src/acme/ours/../pets", "is inside"),
        ("src/acme", "holds"),
        (".", "holds"),
        ("link", "holds"),
    ],
)
def test_code_in_the_package_folder_or_around_it_is_refused(
    path: str, how: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "link").symlink_to("src")
    custom = f'paths = ["src/acme/ours", "{path}"]\n'
    for command in ("generate", "check"):
        code, found = _ran(project, capsys, custom, command)
        message = f"custom.paths: '{path}' {how} the package folder 'src/acme/pets', which is generated"
        assert code == 2
        assert found == [("config-bad-value", message, 6)]
    assert not (project / "src/acme/pets").exists()


def test_the_folder_of_a_flag_counts(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = _ran(project, capsys, 'paths = ["src/acme/ours"]\n', "generate", "--out", "src/acme/ours/x")
    assert (code, [id for id, *_ in found]) == (2, ["config-bad-value"])


def test_imports_must_start_above_the_package(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for root in ("src/acme/pets", "src/acme/ours"):
        code, found = _ran(project, capsys, f'root = "{root}"\n', "generate")
        message = f"custom.root: the package folder 'src/acme/pets' is not below '{root}'"
        assert (code, found) == (2, [("config-bad-value", message, 6)])


def test_other_keys_and_types_are_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = _ran(project, capsys, 'path = "x"\npaths = "y"\n', "generate")
    assert (code, [(id, line) for id, _, line in found]) == (
        2,
        [("config-unknown-key", 6), ("config-wrong-type", 7)],
    )
