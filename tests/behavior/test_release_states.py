"""The state file: what it holds, what is lost or damaged, and what an interrupted release leaves."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clientsmith.exchange import swap
from tests.behavior.releases import (
    BREAKING,
    DESCRIBED,
    DOCUMENT,
    Project,
    project,
    released,
)

__all__ = ["project", "released"]
WRITTEN = "this is not a state that clientsmith wrote"
COMMANDS = [
    ("generate",),
    ("generate", "--bump", "auto"),
    ("check",),
    ("check", "--regenerate"),
    ("update",),
    ("diff", "openapi.yaml", "openapi.yaml"),
]
"""Every command that reads the state."""


def test_the_state_holds_the_texts_of_every_file_and_the_copy_their_digests(project: Project) -> None:
    project.write(DOCUMENT.replace("#/components/schemas/Pet", "parts/pet.yaml"))
    project.write("type: object\nproperties:\n  name: {type: string}", "parts/pet.yaml")
    project.facts("generate", "--bump", "auto")
    state = json.loads(project.state.read_text())
    document = state["release"]["document"]
    copy = json.loads((project.folder / "pets/_state.json").read_text())

    assert document["file"] == "openapi.yaml"
    assert document["texts"]["parts/pet.yaml"] == ["type: object", "properties:", "  name: {type: string}"]
    assert "\n".join(document["texts"]["openapi.yaml"]) == Path("openapi.yaml").read_text()
    assert {uri: len(digest) for uri, digest in copy["release"]["document"]["texts"].items()} == {
        "openapi.yaml": 64,
        "parts/pet.yaml": 64,
    }
    del state["release"]["document"], copy["release"]["document"]
    assert state == copy


def test_what_an_earlier_surface_does_not_say_is_said_to_be_not_compared(released: Project) -> None:
    state = json.loads(released.state.read_text())
    surface = state["release"]["surface"]
    surface["members"]["Operation"].remove("bills")
    for resource in surface["api"]["resources"]:
        for operation in resource["operations"]:
            operation.pop("bills", None)
    released.state.write_text(json.dumps(state, indent=2))
    released.write(DESCRIBED)
    code, _, err = released.run("generate", "--bump", "auto", "--verbose")

    assert (
        code == 0
        and "warning[older-surface]: not compared, as release 1.0.0 does not say it: Operation.bills" in err
    )
    assert released.version() == "1.0.1"


def _lost(project: Project) -> str:
    project.state.unlink()
    return "there is no clientsmith.state.json"


def _lost_behind_a_link(project: Project) -> str:
    project.state.unlink()
    project.state.symlink_to("shared/nothing.json")
    return "there is no clientsmith.state.json"


def _left_behind(project: Project) -> str:
    Path("clientsmith.toml").rename("api.toml")
    return "there is no api.state.json"


def _without_config(_: Project) -> str:
    Path("clientsmith.toml").unlink()
    return "there is no config file that its state is beside"


def _emptied(project: Project) -> str:
    empty: dict[str, object] = {"format": 1, "release": None, "names": {}, "aliases": [], "changelog": []}
    project.state.write_text(json.dumps(empty))
    return "clientsmith.state.json records no release"


def _lost_with_the_manifest_in_conflict(project: Project) -> str:
    manifest = project.folder / "pets/_manifest.json"
    manifest.write_text(f"<<<<<<< HEAD\n{manifest.read_text()}")
    return _lost(project)


@pytest.mark.parametrize(
    "lose",
    [
        _lost,
        _lost_behind_a_link,
        _left_behind,
        _without_config,
        _emptied,
        _lost_with_the_manifest_in_conflict,
    ],
)
def test_a_release_is_not_forgotten_with_its_state(lose: Callable[[Project], str], released: Project) -> None:
    changelog = released.folder / "pets/CHANGELOG.md"
    changelog.write_text(f"{changelog.read_text()}\nby hand\n")
    said = lose(released)
    given = ("--config", "api.toml") if Path("api.toml").exists() else ()
    given = given if given or Path("clientsmith.toml").exists() else ("openapi.yaml", "--out", "pets")
    before = {path: path.read_bytes() for path in released.folder.rglob("*") if path.is_file()}
    commands = [("generate", *given), ("generate", "--force", *given)]
    if "--out" not in given:
        rename = ("--rename", "pets.list=pets.all")
        commands += [("generate", *rename, *given), ("generate", "--bump", "auto", *rename, *given)]
        commands += [("generate", "--bump", "major", *given), ("update", *given)]
        commands += [("update", "--dry-run", *given)]
    for command in commands:
        code, out, err = released.run(*command)
        assert (code, out) == (2, ""), command
        assert f"error[state-missing]: the package in pets was released as 1.0.0, and {said}\n" in err
        assert err.count("error[") == 1 and "restore the state file from version control" in err
        assert "save what people wrote in CHANGELOG.md and delete the package folder" in err
    assert {path: path.read_bytes() for path in released.folder.rglob("*") if path.is_file()} == before


def test_check_does_not_send_a_package_of_an_unknown_release_to_generate(released: Project) -> None:
    older = released.state.read_bytes()
    released.bump(BREAKING)
    for state in (older, None):
        released.state.unlink()
        if state is not None:
            released.state.write_bytes(state)
        for words in ((), ("--regenerate",)):
            _, out, _ = released.run("check", *words, "--format", "json")
            found = {one["id"]: one for one in json.loads(out)["diagnostics"]}
            assert {*found} == {"version-differs", "changed-input"}
            for one in found.values():
                assert one["hint"].startswith("restore the state file from version control")
            assert "it is lost, or older than the package" in found["changed-input"]["message"]
        if state is not None:
            code, _, err = released.run("generate")
            assert code == 2 and "the last release in clientsmith.state.json is 1.0.0" in err


def test_without_a_state_another_folder_and_one_without_a_release_are_written(released: Project) -> None:
    released.state.unlink()
    assert released.facts("generate", "--out", "others")["generated"]["version"] == "0.0.0"
    assert released.facts("generate", "--out", "others")["generated"]["version"] == "0.0.0"
    assert released.facts("generate", "--out", "others", "--bump", "auto")["generated"]["version"] == "0.1.0"
    released.state.unlink()
    shutil.rmtree(released.folder / "pets")
    assert released.bump(DOCUMENT)["to"] == "0.1.0"


def test_check_names_a_version_that_is_not_that_of_the_state(released: Project) -> None:
    older = released.state.read_bytes()
    released.bump(BREAKING)
    newer = released.state.read_bytes()

    released.state.write_bytes(older)
    for words in ((), ("--regenerate",)):
        code, found = released.found(*words)
        assert (
            code == 1
            and ("version-differs", "_version.py") in found
            and ("changed-input", "_manifest.json") in found
        )
    assert "__version__ is 2.0.0, and the last release in the state is 1.0.0" in released.run("check")[1]
    released.state.write_bytes(newer)
    assert released.found() == (0, [])
    module = released.folder / "pets/_version.py"
    module.write_text(module.read_text().replace("2.0.0", "3.0.0"))
    assert released.found()[1] == [("changed-file", "_version.py"), ("version-differs", "_version.py")]
    released.state.unlink()
    assert ("version-differs", "_version.py") in released.found()[1]


def test_a_state_of_other_layout_is_the_same_state(released: Project) -> None:
    released.state.write_text(json.dumps(json.loads(released.state.read_text())))

    assert released.found() == (0, []) and released.bump(DOCUMENT)["step"] == "none"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_damaged_state_stops_every_command_with_its_place(
    command: tuple[str, ...], released: Project
) -> None:
    lines = released.state.read_text().splitlines()
    line = lines.index('  "format": 1,')
    lines[line] = "<<<<<<< HEAD"
    released.state.write_text("\n".join(lines))
    code, out, err = released.run(*command)

    assert (code, out) == (2, "")
    assert (
        err.startswith(f"clientsmith.state.json:{line + 1}:")
        and "error[state-damaged]" in err
        and err.count("error[") == 1
    )


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        ({"release": None}, '"release": null', "there is no release, and the changelog has entries"),
        ("1.0.0", "", "the changelog has no entry of the last release, 2.0.0"),
        ("3.0.0", '"version": "3.0.0"', "the entry of 3.0.0 is newer than the last release, which is 2.0.0"),
    ],
    ids=["no-release", "no-entry", "newer-entry"],
)
def test_a_state_whose_release_is_not_that_of_its_changelog_is_damaged(
    change: dict[str, object] | str, line: str, said: str, command: tuple[str, ...], released: Project
) -> None:
    released.bump(BREAKING)
    state = json.loads(released.state.read_text())
    if isinstance(change, dict):
        state |= change
    else:
        state["changelog"] = [{**state["changelog"][0], "version": change}]
    released.state.write_text(json.dumps(state, indent=2))
    code, out, err = released.run(*command)

    assert (code, out, err.count("error[")) == (
        2,
        "",
        1,
    ) and f"error[state-damaged]: {WRITTEN}: {said}" in err
    expected = '"version": "2.0.0"' if change == "1.0.0" else line
    assert expected in released.state.read_text().splitlines()[int(err.split(":")[1]) - 1]


@pytest.mark.parametrize(
    ("change", "id", "line"),
    [
        ({"format": 99}, "state-newer", '"surface": {'),
        ({"format": None}, "state-damaged", '"format": null'),
        ({"members": []}, "state-damaged", '"members": []'),
        ({"api": {"package": "not a name"}}, "state-damaged", '"package": "not a name"'),
    ],
)
def test_a_damaged_surface_has_its_place(
    change: dict[str, object], id: str, line: str, released: Project
) -> None:
    state = json.loads(released.state.read_text())
    state["release"]["surface"].update(change)
    released.state.write_text(json.dumps(state, indent=2))
    code, out, _ = released.run("generate", "--bump", "auto", "--format", "json")
    (found,) = json.loads(out)["diagnostics"]
    lines = released.state.read_text().splitlines()

    assert code == 2 and (found["id"], found["file"]) == (id, "clientsmith.state.json")
    assert line in lines[found["line"] - 1]


def test_a_state_that_cannot_be_written_leaves_package_and_state(
    released: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in released.folder.rglob("*.*") if path.is_file()}
    released.write(BREAKING)
    before[released.folder / "openapi.yaml"] = BREAKING.encode()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        code, _, err = released.run("generate", "--bump", "auto")

    assert code == 2 and "error[output-unwritable]" in err and "No space left on device" in err
    assert {path: path.read_bytes() for path in released.folder.rglob("*.*") if path.is_file()} == before


def test_a_package_that_cannot_be_written_leaves_the_state(released: Project) -> None:
    before = released.state.read_bytes()
    (released.folder / "pets/models.py").write_text("edited = True\n")
    released.write(BREAKING)
    code, _, err = released.run("generate", "--bump", "auto")

    assert code == 2 and "error[edited-file]" in err and released.state.read_bytes() == before
    assert [path.name for path in released.folder.iterdir() if path.name.startswith(".")] == []


def test_interrupted_between_state_and_package_neither_is_new(
    released: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    released.write(BREAKING)
    original = swap.exchange_names

    def interrupted(one: Path, other: Path) -> bool:
        if other.name == "pets":
            raise KeyboardInterrupt
        return original(one, other)

    with monkeypatch.context() as patch:
        patch.setattr(swap, "exchange_names", interrupted)
        assert released.run("generate", "--bump", "auto")[0] == 130

    assert (
        released.version() == "1.0.0"
        and json.loads(released.state.read_text())["release"]["version"] == "1.0.0"
    )
    assert released.bump(BREAKING)["to"] == "2.0.0" and released.found() == (0, [])


def test_a_state_behind_a_link_stays_behind_it(project: Project) -> None:
    project.write("{}", "shared/pets.json")
    Path("shared/pets.json").unlink()
    project.state.symlink_to("shared/pets.json")
    project.bump(DOCUMENT, "major")

    assert (
        project.state.is_symlink()
        and json.loads(Path("shared/pets.json").read_text())["release"]["version"] == "1.0.0"
    )
