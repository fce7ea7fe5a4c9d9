"""The state file, `__version__`, and `generate --bump`: which version the changes since the last release make."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from clientsmith.exchange import swap
from tests.behavior.releases import (
    ADDED,
    BREAKING,
    COMMENTED,
    CONFIG,
    DESCRIBED,
    DOCUMENT,
    TAG,
    Project,
    project,
)
from tests.unit.diff.repositories import run_git

__all__ = ["project"]
WRITTEN = "this is not a state that clientsmith wrote"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/diff.schema.json").read_text("utf-8"))


def test_before_the_first_release_the_version_is_0_0_0_and_there_is_no_state(project: Project) -> None:
    assert project.facts("generate")["generated"]["version"] == "0.0.0"
    assert project.version() == "0.0.0" and not project.state.exists()
    assert not (project.folder / "pets/_state.json").exists()
    assert project.found() == (0, [])


@pytest.mark.parametrize(
    ("to", "version"), [("auto", "0.1.0"), ("minor", "0.1.0"), ("major", "1.0.0"), ("patch", "0.0.1")]
)
def test_the_first_release_gets_its_version(to: str, version: str, project: Project) -> None:
    bump = project.bump(DOCUMENT, to)

    assert (bump["from"], bump["to"], bump["reasons"]) == ("0.0.0", version, [])
    assert project.found() == project.found("--regenerate") == (0, [])


def test_a_package_exports_its_version(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    spec = importlib.util.spec_from_file_location("released_pets", project.folder / "pets/__init__.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)

    assert module.__version__ == "1.0.0"
    manifest = json.loads((project.folder / "pets/_manifest.json").read_text())
    assert manifest["version"] == "1.0.0" and len(manifest["state"]) == 64


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


@pytest.mark.parametrize(
    ("text", "stable", "unstable"),
    [
        (BREAKING, ("major", "2.0.0"), ("minor", "0.4.0")),
        (ADDED, ("minor", "1.3.0"), ("patch", "0.3.5")),
        (
            DOCUMENT.replace("limit, in", "limit, deprecated: true, in"),
            ("minor", "1.3.0"),
            ("patch", "0.3.5"),
        ),
        (DESCRIBED, ("patch", "1.2.5"), ("patch", "0.3.5")),
        (DOCUMENT.replace("7.0.0", "8.0.0"), ("patch", "1.2.5"), ("patch", "0.3.5")),
        (COMMENTED, ("none", "1.2.4"), ("none", "0.3.4")),
    ],
    ids=["breaking", "added", "deprecated", "described", "info-version", "commented"],
)
def test_each_change_makes_its_step(
    text: str, stable: tuple[str, str], unstable: tuple[str, str], project: Project
) -> None:
    for version, expected in (("1.2.4", stable), ("0.3.4", unstable)):
        project.state.unlink(missing_ok=True)
        shutil.rmtree(project.folder / "pets", ignore_errors=True)
        project.bump(DOCUMENT)
        project.released_as(version)
        bump = project.bump(text)
        assert (bump["step"], bump["to"]) == expected
        assert bump["from"] == version and bump["needed"] == bump["step"]


def test_reasons_are_the_changes_that_need_the_step(project: Project) -> None:
    project.bump(DOCUMENT)
    bump = project.bump(
        BREAKING.replace("tag: {type: integer}", "tag: {type: integer}\n        age: {type: integer}")
    )

    (reason,) = bump["reasons"]
    assert (reason["rule"], reason["level"], reason["file"], reason["line"]) == (
        "type-changed",
        "breaking",
        "openapi.yaml",
        20,
    )
    assert "integer instead of string" in reason["text"]


def test_a_step_that_is_too_small_is_refused_with_its_reasons(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    project.write(BREAKING)
    before = project.state.read_bytes(), (project.folder / "pets/_manifest.json").read_bytes()
    code, out, err = project.run("generate", "--bump", "minor")

    assert (code, out) == (2, "")
    assert (
        "error[step-too-small]: minor is too small a step: what changed since 1.0.0 makes it a major one"
        in err
    )
    assert "breaking[type-changed]: /components/schemas/Pet/properties/tag: the type is integer" in err
    assert ": openapi.yaml:20:15\n" in err and "hint: --bump major" in err
    assert (project.state.read_bytes(), (project.folder / "pets/_manifest.json").read_bytes()) == before


def test_what_is_gone_is_named_at_its_line_in_the_release(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    project.write(
        DOCUMENT.replace("        - {name: limit, in: query, schema: {type: integer}}\n", "        []\n")
    )
    code, _, err = project.run("generate", "--bump", "patch")

    assert code == 2 and "1.0.0:openapi.yaml:10:11" in err


def test_ten_reasons_are_listed_and_the_others_counted(project: Project) -> None:
    wide = DOCUMENT.replace(TAG, "".join(f"        f{number:02}: {{type: string}}\n" for number in range(13)))
    project.bump(wide, "major")
    project.write(wide.replace("{type: string}\n        f", "{type: integer}\n        f"))
    code, _, err = project.run("generate", "--bump", "patch")

    assert code == 2 and err.count("breaking[type-changed]") == 10
    assert "    and 3 more" in err


@pytest.mark.parametrize(("to", "version"), [("patch", "1.0.1"), ("minor", "1.1.0"), ("major", "2.0.0")])
def test_a_larger_step_is_allowed(to: str, version: str, project: Project) -> None:
    project.bump(DOCUMENT, "major")
    bump = project.bump(DESCRIBED, to)

    assert (bump["needed"], bump["to"]) == ("patch", version)


def test_a_major_step_leaves_the_versions_that_promise_little(project: Project) -> None:
    project.bump(DOCUMENT)
    assert project.bump(DESCRIBED, "major")["to"] == "1.0.0"


@pytest.mark.parametrize("to", ["auto", "patch", "minor", "major"])
def test_the_same_run_twice_bumps_once(to: str, project: Project) -> None:
    project.bump(DOCUMENT, to)
    before = project.state.read_bytes()
    again = project.bump(DOCUMENT, to)
    code, _, err = project.run("generate", "--bump", to)

    assert (again["step"], again["from"]) == ("none", again["to"]) and project.state.read_bytes() == before
    assert code == 0 and f"none: nothing changed since {again['to']}, so no release was recorded" in err


def test_an_api_is_declared_stable_without_a_change_and_once(project: Project) -> None:
    for first, version in (("auto", "0.1.0"), ("patch", "0.0.1")):
        project.state.unlink(missing_ok=True)
        shutil.rmtree(project.folder / "pets", ignore_errors=True)
        project.bump(DOCUMENT, first)
        for step in ("auto", "patch", "minor"):
            assert project.bump(DOCUMENT, step)["to"] == version
        bump = project.bump(DOCUMENT, "major")
        assert (bump["step"], bump["needed"], bump["to"], bump["reasons"]) == ("major", "none", "1.0.0", [])
        assert project.found() == project.found("--regenerate") == (0, [])
        assert project.bump(DOCUMENT, "major")["step"] == "none"


def test_without_bump_nothing_but_the_package_is_written(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    before = project.state.read_bytes()
    project.write(BREAKING)
    project.facts("generate")

    assert project.state.read_bytes() == before and project.version() == "1.0.0"
    assert project.bump(BREAKING)["to"] == "2.0.0"


def test_ignored_changes_count_and_lowered_levels_too(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    project.write(BREAKING)
    _, out, _ = project.run("diff", "openapi.yaml", "openapi.yaml", "--format", "json")
    project.write(CONFIG + '[diff.levels]\ntype-changed = "info"\n', "clientsmith.toml")
    project.write('[[accepted]]\nplace = "/**"\nreason = "nobody reads it"\n', "diff-ignore.toml")
    bump = project.bump(BREAKING)

    assert out and (bump["step"], bump["to"]) == ("minor", "1.1.0")
    assert [(one["rule"], one["to"]) for one in bump["lowered"]] == [("type-changed", "info")]
    project.write(CONFIG, "clientsmith.toml")
    assert project.bump(DOCUMENT)["to"] == "2.0.0"
    project.write(CONFIG + '[diff.levels]\ntype-changes = "info"\n', "clientsmith.toml")
    assert "no change has the rule 'type-changes'" in project.run("generate", "--bump", "auto")[2]


def test_a_method_that_the_config_renames_can_be_called_by_both_names(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    project.write(CONFIG + '[names.methods]\nlistPets = "everything"\n', "clientsmith.toml")
    bump = project.bump(DOCUMENT)

    assert bump["to"] == "1.1.0" and [one["rule"] for one in bump["reasons"]] == ["method-renamed"]


def test_another_folder_and_a_deleted_one_lose_nothing(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    shutil.rmtree(project.folder / "pets")
    project.facts("generate", "--out", "elsewhere")
    project.facts("generate")

    assert project.version() == project.version("elsewhere") == "1.0.0"
    assert project.found() == (0, [])
    shutil.rmtree(project.folder / "pets")
    assert project.bump(BREAKING)["to"] == "2.0.0"


def test_files_outside_of_the_folder_of_the_document_are_kept_too(project: Project) -> None:
    """The root of references is the folder above, and another one later."""
    root = CONFIG.replace('"openapi.yaml"', '"api/openapi.yaml"\nroot = "."')
    project.write(root, "clientsmith.toml")
    project.write(DOCUMENT.replace("#/components/schemas/Pet", "../shared/pet.yaml"), "api/openapi.yaml")
    pet = "type: object\nproperties:\n  name: {type: string}\n"
    project.write(pet, "shared/pet.yaml")
    project.facts("generate", "--bump", "major")
    assert {*json.loads(project.state.read_text())["release"]["document"]["texts"]} == {
        "api/openapi.yaml",
        "shared/pet.yaml",
    }
    project.write(pet.replace("string", "integer"), "shared/pet.yaml")
    code, _, err = project.run("generate", "--bump", "minor")
    assert code == 2 and "type is integer instead of string: shared/pet.yaml:3:10" in err

    shutil.move("shared", "api/shared")
    project.write(root.replace('\nroot = "."', ""), "clientsmith.toml")
    project.write(DOCUMENT.replace("#/components/schemas/Pet", "shared/pet.yaml"), "api/openapi.yaml")
    assert project.run("generate", "--bump", "minor")[0] == 2
    project.write(pet, "api/shared/pet.yaml")
    assert project.facts("generate", "--bump", "auto")["generated"]["bump"]["step"] in ("none", "patch")


def test_a_document_out_of_a_pipe_is_released_as_a_file_is(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.bump(DOCUMENT, "major")
    project.write(BREAKING)
    with Path("openapi.yaml").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        saved = os.dup(0)
        os.dup2(stream.fileno(), 0)
        try:
            generated = project.facts("generate", "-", "--config", "clientsmith.toml", "--bump", "auto")
        finally:
            os.dup2(saved, 0)
            os.close(saved)
    assert generated["generated"]["bump"]["to"] == "2.0.0"
    assert project.bump(BREAKING)["step"] == "none"


def test_what_an_earlier_surface_does_not_say_is_said_to_be_not_compared(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    state = json.loads(project.state.read_text())
    surface = state["release"]["surface"]
    surface["members"]["Operation"].remove("bills")
    for resource in surface["api"]["resources"]:
        for operation in resource["operations"]:
            operation.pop("bills", None)
    project.state.write_text(json.dumps(state, indent=2))
    project.write(DESCRIBED)
    code, _, err = project.run("generate", "--bump", "auto", "--verbose")

    assert (
        code == 0
        and "warning[older-surface]: not compared, as release 1.0.0 does not say it: Operation.bills" in err
    )
    assert project.version() == "1.0.1"


def test_each_config_has_a_state_of_its_own(project: Project) -> None:
    project.write(CONFIG.replace('"pets"', '"others"'), "others.toml")
    project.bump(DOCUMENT, "major", "--config", "others.toml")

    assert (project.folder / "others.state.json").exists() and not project.state.exists()
    assert project.bump(DOCUMENT)["to"] == "0.1.0"


def test_without_a_config_there_is_no_state(project: Project) -> None:
    Path("clientsmith.toml").unlink()
    code, _, err = project.run("generate", "openapi.yaml", "--out", "pets", "--bump", "auto")

    assert code == 2 and "error[usage]: --bump needs a config file" in err and not Path("pets").exists()
    project.write(CONFIG.replace("openapi", "another"), "clientsmith.toml")
    assert project.run("generate", "openapi.yaml", "--out", "pets", "--bump", "auto")[0] == 2
    assert project.facts("generate", "openapi.yaml", "--out", "pets")["generated"]["version"] == "0.0.0"


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
def test_a_release_is_not_forgotten_with_its_state(lose: Callable[[Project], str], project: Project) -> None:
    project.bump(DOCUMENT, "major")
    changelog = project.folder / "pets/CHANGELOG.md"
    changelog.write_text(f"{changelog.read_text()}\nby hand\n")
    said = lose(project)
    given = ("--config", "api.toml") if Path("api.toml").exists() else ()
    given = given if given or Path("clientsmith.toml").exists() else ("openapi.yaml", "--out", "pets")
    before = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}
    commands = [("generate", *given), ("generate", "--force", *given)]
    if "--out" not in given:
        rename = ("--rename", "pets.list=pets.all")
        commands += [("generate", *rename, *given), ("generate", "--bump", "auto", *rename, *given)]
        commands += [("generate", "--bump", "major", *given), ("update", *given)]
        commands += [("update", "--dry-run", *given)]
    for command in commands:
        code, out, err = project.run(*command)
        assert (code, out) == (2, ""), command
        assert f"error[state-missing]: the package in pets was released as 1.0.0, and {said}\n" in err
        assert err.count("error[") == 1 and "restore the state file from version control" in err
        assert "save what people wrote in CHANGELOG.md and delete the package folder" in err
    assert {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()} == before


def test_check_does_not_send_a_package_of_an_unknown_release_to_generate(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    older = project.state.read_bytes()
    project.bump(BREAKING)
    for state in (older, None):
        project.state.unlink()
        if state is not None:
            project.state.write_bytes(state)
        for words in ((), ("--regenerate",)):
            _, out, _ = project.run("check", *words, "--format", "json")
            found = {one["id"]: one for one in json.loads(out)["diagnostics"]}
            assert {*found} == {"version-differs", "changed-input"}
            for one in found.values():
                assert one["hint"].startswith("restore the state file from version control")
            assert "it is lost, or older than the package" in found["changed-input"]["message"]
        if state is not None:
            code, _, err = project.run("generate")
            assert code == 2 and "the last release in clientsmith.state.json is 1.0.0" in err


def test_without_a_state_another_folder_and_one_without_a_release_are_written(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    project.state.unlink()
    assert project.facts("generate", "--out", "others")["generated"]["version"] == "0.0.0"
    assert project.facts("generate", "--out", "others")["generated"]["version"] == "0.0.0"
    assert project.facts("generate", "--out", "others", "--bump", "auto")["generated"]["version"] == "0.1.0"
    project.state.unlink()
    shutil.rmtree(project.folder / "pets")
    assert project.bump(DOCUMENT)["to"] == "0.1.0"


def test_check_names_a_version_that_is_not_that_of_the_state(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    older = project.state.read_bytes()
    project.bump(BREAKING)
    newer = project.state.read_bytes()

    project.state.write_bytes(older)
    for words in ((), ("--regenerate",)):
        code, found = project.found(*words)
        assert (
            code == 1
            and ("version-differs", "_version.py") in found
            and ("changed-input", "_manifest.json") in found
        )
    assert "__version__ is 2.0.0, and the last release in the state is 1.0.0" in project.run("check")[1]
    project.state.write_bytes(newer)
    assert project.found() == (0, [])
    module = project.folder / "pets/_version.py"
    module.write_text(module.read_text().replace("2.0.0", "3.0.0"))
    assert project.found()[1] == [("changed-file", "_version.py"), ("version-differs", "_version.py")]
    project.state.unlink()
    assert ("version-differs", "_version.py") in project.found()[1]


def test_a_state_of_other_layout_is_the_same_state(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    project.state.write_text(json.dumps(json.loads(project.state.read_text())))

    assert project.found() == (0, []) and project.bump(DOCUMENT)["step"] == "none"


@pytest.mark.parametrize(
    "command",
    [
        ("generate",),
        ("generate", "--bump", "auto"),
        ("check",),
        ("check", "--regenerate"),
        ("diff", "openapi.yaml", "openapi.yaml"),
    ],
)
def test_a_damaged_state_stops_every_command_with_its_place(
    command: tuple[str, ...], project: Project
) -> None:
    project.bump(DOCUMENT, "major")
    lines = project.state.read_text().splitlines()
    line = lines.index('  "format": 1,')
    lines[line] = "<<<<<<< HEAD"
    project.state.write_text("\n".join(lines))
    code, out, err = project.run(*command)

    assert (code, out) == (2, "")
    assert (
        err.startswith(f"clientsmith.state.json:{line + 1}:")
        and "error[state-damaged]" in err
        and err.count("error[") == 1
    )


@pytest.mark.parametrize(
    "command",
    [
        ("generate",),
        ("generate", "--bump", "auto"),
        ("check",),
        ("check", "--regenerate"),
        ("update",),
        ("diff",),
    ],
)
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
    change: dict[str, object] | str, line: str, said: str, command: tuple[str, ...], project: Project
) -> None:
    project.bump(DOCUMENT, "major")
    project.bump(BREAKING)
    state = json.loads(project.state.read_text())
    if isinstance(change, dict):
        state |= change
    else:
        state["changelog"] = [{**state["changelog"][0], "version": change}]
    project.state.write_text(json.dumps(state, indent=2))
    words = ("openapi.yaml", "openapi.yaml") if command == ("diff",) else ()
    code, out, err = project.run(*command, *words)

    assert (code, out, err.count("error[")) == (
        2,
        "",
        1,
    ) and f"error[state-damaged]: {WRITTEN}: {said}" in err
    expected = '"version": "2.0.0"' if change == "1.0.0" else line
    assert expected in project.state.read_text().splitlines()[int(err.split(":")[1]) - 1]


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
    change: dict[str, object], id: str, line: str, project: Project
) -> None:
    project.bump(DOCUMENT, "major")
    state = json.loads(project.state.read_text())
    state["release"]["surface"].update(change)
    project.state.write_text(json.dumps(state, indent=2))
    code, out, _ = project.run("generate", "--bump", "auto", "--format", "json")
    (found,) = json.loads(out)["diagnostics"]
    lines = project.state.read_text().splitlines()

    assert code == 2 and (found["id"], found["file"]) == (id, "clientsmith.state.json")
    assert line in lines[found["line"] - 1]


def test_a_state_that_cannot_be_written_leaves_package_and_state(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.bump(DOCUMENT, "major")
    before = {path: path.read_bytes() for path in project.folder.rglob("*.*") if path.is_file()}
    project.write(BREAKING)
    before[project.folder / "openapi.yaml"] = BREAKING.encode()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        code, _, err = project.run("generate", "--bump", "auto")

    assert code == 2 and "error[output-unwritable]" in err and "No space left on device" in err
    assert {path: path.read_bytes() for path in project.folder.rglob("*.*") if path.is_file()} == before


def test_a_package_that_cannot_be_written_leaves_the_state(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    before = project.state.read_bytes()
    (project.folder / "pets/models.py").write_text("edited = True\n")
    project.write(BREAKING)
    code, _, err = project.run("generate", "--bump", "auto")

    assert code == 2 and "error[edited-file]" in err and project.state.read_bytes() == before
    assert [path.name for path in project.folder.iterdir() if path.name.startswith(".")] == []


def test_interrupted_between_state_and_package_neither_is_new(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.bump(DOCUMENT, "major")
    project.write(BREAKING)
    original = swap.exchange_names

    def interrupted(one: Path, other: Path) -> bool:
        if other.name == "pets":
            raise KeyboardInterrupt
        return original(one, other)

    with monkeypatch.context() as patch:
        patch.setattr(swap, "exchange_names", interrupted)
        assert project.run("generate", "--bump", "auto")[0] == 130

    assert (
        project.version() == "1.0.0"
        and json.loads(project.state.read_text())["release"]["version"] == "1.0.0"
    )
    assert project.bump(BREAKING)["to"] == "2.0.0" and project.found() == (0, [])


def test_a_state_behind_a_link_stays_behind_it(project: Project) -> None:
    project.write("{}", "shared/pets.json")
    Path("shared/pets.json").unlink()
    project.state.symlink_to("shared/pets.json")
    project.bump(DOCUMENT, "major")

    assert (
        project.state.is_symlink()
        and json.loads(Path("shared/pets.json").read_text())["release"]["version"] == "1.0.0"
    )


def test_neither_a_checkout_nor_git_is_needed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project.folder / "nothing"))
    project.bump(DOCUMENT, "major")

    assert project.bump(BREAKING)["to"] == "2.0.0"


def test_diff_says_which_version_comes_next_counted_from_the_release(project: Project) -> None:
    run_git(project.folder, "init", "-q")
    project.bump(DOCUMENT, "major")
    project.write(BREAKING)
    run_git(project.folder, "add", "-A")
    run_git(project.folder, "commit", "-q", "-m", "not released yet")
    project.write(BREAKING.replace("integer}\n", "integer}\n        age: {type: integer}\n"))
    report = json.loads(project.run("diff", "--format", "json")[1])

    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert (report["step"], report["version"]) == ("minor", {"from": "1.0.0", "to": "2.0.0"})
    for shape in ("text", "markdown", "html"):
        assert "step: minor; since release 1.0.0: next 2.0.0" in project.run("diff", "--format", shape)[
            1
        ].replace("&gt;", ">")
    project.write(DOCUMENT)
    assert "since release 1.0.0: nothing to release" in project.run("diff")[1]


def test_diff_below_1_0_0_and_of_two_bare_documents(project: Project) -> None:
    project.bump(DOCUMENT)
    project.write(BREAKING, "next.yaml")
    project.write(DOCUMENT, "last.yaml")
    with_state = json.loads(project.run("diff", "openapi.yaml", "next.yaml", "--format", "json")[1])
    bare = json.loads(project.run("diff", "last.yaml", "next.yaml", "--format", "json")[1])

    assert (with_state["step"], with_state["version"]) == ("minor", {"from": "0.1.0", "to": "0.2.0"})
    assert (bare["step"], bare["version"]) == ("major", None)


def test_an_invalid_release_does_not_keep_a_mended_document_from_being_released(project: Project) -> None:
    broken = DOCUMENT.replace(TAG, f'{TAG}        home: {{$ref: "#/components/schemas/Home"}}\n')
    project.write(broken)
    project.facts("generate", "--allow-invalid", "--bump", "major")
    mended = f"{broken}    Home: {{type: object, properties: {{street: {{type: string}}}}}}\n"

    assert project.bump(mended)["from"] == "1.0.0"


def test_documents_of_other_encodings_and_line_ends_are_the_same_release(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    for data in (
        DOCUMENT.encode("utf-16"),
        b"\xef\xbb\xbf" + DOCUMENT.encode(),
        DOCUMENT.replace("\n", "\r\n").encode(),
    ):
        Path("openapi.yaml").write_bytes(data)
        assert project.facts("generate", "--bump", "auto")["generated"]["bump"]["step"] == "none"
    Path("openapi.yaml").write_bytes(BREAKING.replace("\n", "\r\n").encode("utf-16"))
    assert project.facts("generate", "--bump", "auto")["generated"]["bump"]["to"] == "2.0.0"
    Path("openapi.yaml").write_bytes(DOCUMENT.encode())
    (reason,) = project.facts("generate", "--bump", "auto")["generated"]["bump"]["reasons"]
    assert reason["line"] == 20
