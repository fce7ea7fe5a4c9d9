"""The state file, `__version__`, and `generate --bump`: which version the changes since the last release make."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

import jsonschema
import pytest

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
    released,
)
from tests.unit.diff.repositories import run_git

__all__ = ["project", "released"]
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


def test_a_package_exports_its_version(released: Project) -> None:
    spec = importlib.util.spec_from_file_location("released_pets", released.folder / "pets/__init__.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)

    assert module.__version__ == "1.0.0"
    manifest = json.loads((released.folder / "pets/_manifest.json").read_text())
    assert manifest["version"] == "1.0.0" and len(manifest["state"]) == 64


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
        31,
    )
    assert "integer instead of string" in reason["text"]


def test_a_step_that_is_too_small_is_refused_with_its_reasons(released: Project) -> None:
    released.write(BREAKING)
    before = released.state.read_bytes(), (released.folder / "pets/_manifest.json").read_bytes()
    code, out, err = released.run("generate", "--bump", "minor")

    assert (code, out) == (2, "")
    assert (
        "error[step-too-small]: minor is too small a step: what changed since 1.0.0 makes it a major one"
        in err
    )
    assert "breaking[type-changed]: /components/schemas/Pet/properties/tag: the type is integer" in err
    assert ": openapi.yaml:31:15\n" in err and "hint: --bump major" in err
    assert (released.state.read_bytes(), (released.folder / "pets/_manifest.json").read_bytes()) == before


def test_what_is_gone_is_named_at_its_line_in_the_release(released: Project) -> None:
    released.write(DOCUMENT.replace("        - {name: limit, in: query, schema: {type: integer}}\n", ""))
    code, _, err = released.run("generate", "--bump", "patch")

    assert code == 2 and "1.0.0:openapi.yaml:10:11" in err


def test_ten_reasons_are_listed_and_the_others_counted(project: Project) -> None:
    wide = DOCUMENT.replace(TAG, "".join(f"        f{number:02}: {{type: string}}\n" for number in range(13)))
    project.bump(wide, "major")
    project.write(wide.replace("{type: string}\n        f", "{type: integer}\n        f"))
    code, _, err = project.run("generate", "--bump", "patch")

    assert code == 2 and err.count("breaking[type-changed]") == 10
    assert "    and 3 more" in err


@pytest.mark.parametrize(("to", "version"), [("patch", "1.0.1"), ("minor", "1.1.0"), ("major", "2.0.0")])
def test_a_larger_step_is_allowed(to: str, version: str, released: Project) -> None:
    bump = released.bump(DESCRIBED, to)

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


def test_without_bump_nothing_but_the_package_is_written(released: Project) -> None:
    before = released.state.read_bytes()
    released.write(BREAKING)
    released.facts("generate")

    assert released.state.read_bytes() == before and released.version() == "1.0.0"
    assert released.bump(BREAKING)["to"] == "2.0.0"


def test_ignored_changes_count_and_lowered_levels_too(released: Project) -> None:
    released.write(BREAKING)
    _, out, _ = released.run("diff", "openapi.yaml", "openapi.yaml", "--format", "json")
    released.write(CONFIG + '[diff.levels]\ntype-changed = "info"\n', "clientsmith.toml")
    released.write('[[accepted]]\nplace = "/**"\nreason = "nobody reads it"\n', "diff-ignore.toml")
    bump = released.bump(BREAKING)

    assert out and (bump["step"], bump["to"]) == ("minor", "1.1.0")
    assert [(one["rule"], one["to"]) for one in bump["lowered"]] == [("type-changed", "info")]
    released.write(CONFIG, "clientsmith.toml")
    assert released.bump(DOCUMENT)["to"] == "2.0.0"
    released.write(CONFIG + '[diff.levels]\ntype-changes = "info"\n', "clientsmith.toml")
    assert "no change has the rule 'type-changes'" in released.run("generate", "--bump", "auto")[2]


def test_a_method_that_the_config_renames_can_be_called_by_both_names(released: Project) -> None:
    released.write(CONFIG + '[names.methods]\nlistPets = "everything"\n', "clientsmith.toml")
    bump = released.bump(DOCUMENT)

    assert bump["to"] == "1.1.0" and [one["rule"] for one in bump["reasons"]] == ["method-renamed"]


def test_another_folder_and_a_deleted_one_lose_nothing(released: Project) -> None:
    shutil.rmtree(released.folder / "pets")
    released.facts("generate", "--out", "elsewhere")
    released.facts("generate")

    assert released.version() == released.version("elsewhere") == "1.0.0"
    assert released.found() == (0, [])
    shutil.rmtree(released.folder / "pets")
    assert released.bump(BREAKING)["to"] == "2.0.0"


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
    released: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    released.write(BREAKING)
    with Path("openapi.yaml").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        saved = os.dup(0)
        os.dup2(stream.fileno(), 0)
        try:
            generated = released.facts("generate", "-", "--config", "clientsmith.toml", "--bump", "auto")
        finally:
            os.dup2(saved, 0)
            os.close(saved)
    assert generated["generated"]["bump"]["to"] == "2.0.0"
    assert released.bump(BREAKING)["step"] == "none"


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


def test_documents_of_other_encodings_and_line_ends_are_the_same_release(released: Project) -> None:
    for data in (
        DOCUMENT.encode("utf-16"),
        b"\xef\xbb\xbf" + DOCUMENT.encode(),
        DOCUMENT.replace("\n", "\r\n").encode(),
    ):
        Path("openapi.yaml").write_bytes(data)
        assert released.facts("generate", "--bump", "auto")["generated"]["bump"]["step"] == "none"
    Path("openapi.yaml").write_bytes(BREAKING.replace("\n", "\r\n").encode("utf-16"))
    assert released.facts("generate", "--bump", "auto")["generated"]["bump"]["to"] == "2.0.0"
    Path("openapi.yaml").write_bytes(DOCUMENT.encode())
    (reason,) = released.facts("generate", "--bump", "auto")["generated"]["bump"]["reasons"]
    assert reason["line"] == 31
