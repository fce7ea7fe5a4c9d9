"""CHANGELOG.md of a package: what each release changed for publishers, and what people write around that stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.behavior.releases import (
    ADDED,
    BREAKING,
    COMMENTED,
    DESCRIBED,
    DOCUMENT,
    TAG,
    Project,
    project,
    released,
)

__all__ = ["project", "released"]
DEPRECATED = DOCUMENT.replace("      tags: [pets]\n", "      tags: [pets]\n      deprecated: true\n")
REMOVED = DOCUMENT.replace(TAG, "")
RENAMED = DOCUMENT.replace("listPets", "findPets")
BOUND = DOCUMENT.replace("schema: {type: integer}}", "schema: {type: integer, maximum: 50}}")
REQUIRED = DOCUMENT.replace("in: query,", "in: query, required: true,")


def changelog(project: Project) -> str:
    return (project.folder / "pets/CHANGELOG.md").read_text(encoding="utf-8")


def newest(project: Project) -> list[str]:
    """The lines of the newest release, from its heading on, without marks."""
    lines = changelog(project).split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("## ")]
    shown = lines[starts[0] : starts[1] if len(starts) > 1 else None]
    return [line for line in shown if line and not line.startswith("<!--")]


def test_a_package_without_a_release_has_no_changelog(project: Project) -> None:
    project.facts("generate")
    assert not (project.folder / "pets/CHANGELOG.md").exists()


def test_the_first_release_has_one_line(released: Project) -> None:
    assert newest(released) == ["## [1.0.0] - unreleased", "### Added", "- First release."]
    assert changelog(released).count("# Changelog") == 1


@pytest.mark.parametrize(
    ("document", "lines"),
    [
        (BREAKING, ["## [2.0.0] - unreleased", "### Changed", "- **Breaking:** `Pet.tag` was str and is int. Send and read values of the new type."]),
        (REMOVED, ["## [2.0.0] - unreleased", "### Removed", "- **Breaking:** `Pet.tag` is gone. Remove what reads `tag`."]),
        (ADDED, ["## [1.1.0] - unreleased", "### Added", "- `Pet.age` is new."]),
        (DEPRECATED, ["## [1.1.0] - unreleased", "### Deprecated", "- `client.pets.list()`: the operation is deprecated now."]),
        (DESCRIBED, ["## [1.0.1] - unreleased", "### Changed", "- Nothing that callers notice."]),
        (RENAMED, ["## [1.0.1] - unreleased", "### Changed", "- Nothing that callers notice."]),
        (BOUND, ["## [2.0.0] - unreleased", "### Changed", "- **Breaking:** Argument `limit` of `client.pets.list()`: maximum is 50 instead of none. Send values within the new bound."]),
        (REQUIRED, ["## [2.0.0] - unreleased", "### Changed", "- **Breaking:** Argument `limit` of `client.pets.list()` is required now. Send it with every message."]),
    ],
    ids=["type", "removed", "added", "deprecated", "described", "renamed", "bound", "required"],
)  # fmt: skip
def test_a_change_is_one_line_in_python_names(document: str, lines: list[str], released: Project) -> None:
    released.bump(document)
    assert newest(released) == lines
    assert released.found() == released.found("--regenerate") == (0, [])


def test_releases_follow_each_other_and_the_same_one_is_told_once(released: Project) -> None:
    released.bump(ADDED)
    before = changelog(released)
    assert released.bump(ADDED)["step"] == "none" and changelog(released) == before
    released.write(f"# Only a comment.\n{ADDED}")
    released.facts("generate")
    assert changelog(released) == before
    released.bump(BREAKING)
    heads = [line for line in changelog(released).split("\n") if line.startswith("## ")]
    assert heads == [f"## [{version}] - unreleased" for version in ("2.0.0", "1.1.0", "1.0.0")]


def test_the_date_is_that_of_the_release(project: Project) -> None:
    project.bump(DOCUMENT, "major", "--date", "2026-11-30")
    assert newest(project)[0] == "## [1.0.0] - 2026-11-30"
    project.bump(ADDED)
    assert newest(project)[0] == "## [1.1.0] - unreleased"
    assert project.bump(ADDED, "auto", "--date", "2026-12-24")["step"] == "none"
    assert newest(project)[0] == "## [1.1.0] - 2026-12-24"
    assert project.found() == project.found("--regenerate") == (0, [])
    before = project.state.read_bytes()
    assert project.bump(ADDED, "auto", "--date", "2026-12-24")["step"] == "none"
    for step in ("auto", "major"):
        code, out, err = project.run("generate", "--bump", step, "--date", "2027-01-01")
        assert (code, out) == (2, "") and "error[usage]: nothing changed since release 1.1.0" in err
        assert "has the date 2026-12-24, not 2027-01-01" in err
    assert project.run("update", "--date", "2027-01-01")[0] == 2
    assert newest(project)[0] == "## [1.1.0] - 2026-12-24" and project.state.read_bytes() == before


def test_a_date_without_a_release_is_refused(project: Project) -> None:
    code, _, err = project.run("generate", "--date", "2026-11-30")
    assert code == 2 and "error[usage]: --date is that of a release" in err
    code, _, err = project.run("generate", "--bump", "auto", "--date", "30.11.2026")
    assert code == 2 and "is not a date such as" in err
    assert not (project.folder / "pets").exists()


def edit(project: Project, old: str, new: str) -> None:
    text = changelog(project)
    assert text.count(old) == 1
    (project.folder / "pets/CHANGELOG.md").write_text(text.replace(old, new), encoding="utf-8")


def test_what_people_write_survives_the_next_release(released: Project) -> None:
    edit(released, "<!-- clientsmith: begin 1.0.0 heading -->", "## [Unreleased]\n\n- soon\n\n<!-- clientsmith: begin 1.0.0 heading -->")  # fmt: skip
    edit(released, "<!-- clientsmith: end 1.0.0 heading -->\n", "<!-- clientsmith: end 1.0.0 heading -->\n\nThank you.\n")  # fmt: skip
    (released.folder / "pets/CHANGELOG.md").write_text(changelog(released) + "\n### Ours\n\n- by hand\n")
    assert released.found() == released.found("--regenerate") == (0, [])
    released.bump(ADDED)
    text = changelog(released)
    order = [
        "# Changelog",
        "## [Unreleased]",
        "- soon",
        "## [1.1.0]",
        "`Pet.age` is new",
        "## [1.0.0]",
        "Thank you.",
    ]
    order += ["First release.", "### Ours", "- by hand"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert released.found() == (0, [])


def test_an_edited_release_is_named_and_not_given_up(released: Project) -> None:
    edit(released, "First release.", "The very first release.")
    before = changelog(released)
    for words in (("check",), ("check", "--regenerate")):
        code, out, _ = released.run(*words, "--format", "json")
        (found,) = json.loads(out)["diagnostics"]
        assert (code, found["id"]) == (1, "changed-file")
        assert "the generated part 1.0.0 changes of CHANGELOG.md was changed" in found["message"]
    released.write(ADDED)
    state = released.state.read_bytes()
    code, _, err = released.run("generate", "--bump", "auto")
    assert code == 2 and "the generated part 1.0.0 changes of CHANGELOG.md was edited by hand" in err
    assert changelog(released) == before and released.state.read_bytes() == state
    released.facts("generate", "--bump", "auto", "--force")
    assert "very first" not in changelog(released) and "`Pet.age` is new" in changelog(released)


def test_a_deleted_changelog_and_a_deleted_folder_are_made_anew(released: Project) -> None:
    released.bump(ADDED)
    before = changelog(released)
    (released.folder / "pets/CHANGELOG.md").unlink()
    assert released.found() == (1, [("missing-file", "CHANGELOG.md")])
    released.facts("generate")
    assert changelog(released) == before
    released.facts("generate", "--out", "elsewhere")
    assert (released.folder / "elsewhere/CHANGELOG.md").read_text() == before


def test_what_people_wrote_is_taken_along_to_another_folder(released: Project) -> None:
    written = changelog(released) + "\n### Ours\n\n- by hand\n"
    (released.folder / "pets/CHANGELOG.md").write_text(written)
    released.facts("generate", "--out", "others")
    (released.folder / "others/CHANGELOG.md").write_text(written)
    released.facts("generate", "--out", "others")

    assert (released.folder / "others/CHANGELOG.md").read_text() == written == changelog(released)


def test_a_changelog_does_not_make_a_release(released: Project) -> None:
    assert released.bump(DOCUMENT)["step"] == released.bump(COMMENTED)["step"] == "none"


@pytest.mark.parametrize(
    ("change", "message", "key"),
    [
        ({"section": "other"}, "there is no section 'other'", '"section": "other"'),
        ({"text": 1}, "text is not text", '"text": 1'),
        ({"more": 1}, "a change is not an object with section, text, breaking and nothing else", "{"),
    ],
)
def test_a_damaged_entry_is_one_message_with_its_place(
    change: dict[str, object], message: str, key: str, released: Project
) -> None:
    state = json.loads(released.state.read_text())
    state["changelog"][0]["changes"][0] |= change
    released.state.write_text(json.dumps(state, indent=2))
    code, _, err = released.run("generate")
    assert code == 2 and err.count("error[") == 1
    assert f"error[state-damaged]: the changelog in the state is damaged: {message}" in err
    assert released.state.read_text().split("\n")[int(err.split(":")[1]) - 1].strip().startswith(key)
    for entry in ({"version": "x"}, {"date": "soon"}, {"changes": None}):
        state = json.loads(released.state.read_text())
        state["changelog"][0] |= {"changes": []} | entry
        released.state.write_text(json.dumps(state, indent=2))
        assert "the changelog in the state is damaged" in released.run("generate")[2]


def test_the_file_is_one_that_git_checks_out_with_other_line_ends(released: Project) -> None:
    file = Path("pets/CHANGELOG.md")
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"\n", b"\r\n"))
    assert released.found() == (1, [("crlf-line-ends", "CHANGELOG.md")])
    released.facts("generate")
    assert file.read_bytes() == whole
