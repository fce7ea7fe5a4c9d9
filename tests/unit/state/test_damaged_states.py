"""States that people or tools damaged: one message, at the line, with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clientsmith.api.builder import build
from clientsmith.api.surface.surface import surface_json
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.last_release import stored_document
from clientsmith.pipeline.changelog import read_changelog
from clientsmith.pipeline.naming import names_of
from clientsmith.state.file import read_state
from clientsmith.state.model import Release, State
from tests.unit.api.apis import resolved
from tests.unit.api.kept_names import document

Json = dict[str, Any]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state of a released package."""
    read = resolved(document(), tmp_path)
    built = build(read, Config(), Diagnostics())
    assert built.api is not None
    surface = json.loads(json.dumps(surface_json(built.api)))
    released = Release("1.0.0", stored_document(read), surface, "a" * 64)
    entry = {
        "version": "1.0.0",
        "date": None,
        "changes": [{"section": "added", "text": "All.", "breaking": False}],
    }
    made = State(released, built.names.to_json(), (), (entry,))
    (tmp_path / "c.toml").write_text("")
    path = tmp_path / "c.state.json"
    path.write_bytes(made.to_bytes())
    return path


def read(path: Path) -> Diagnostics:
    """What is reported of a state before anything is made with it."""
    config, found = Config(file=str(path.with_name("c.toml"))), Diagnostics()
    held = read_state(config, found)
    if held is not None and read_changelog(held, config, found) is not None:
        names_of(held, config, found)
    return found


def test_a_state_as_it_was_written_is_fine(state: Path) -> None:
    assert not [*read(state)]


def edited(path: Path, edit: Callable[[Json], object]) -> list[str]:
    tree = json.loads(path.read_text())
    edit(tree)
    path.write_text(json.dumps(tree, indent=2))
    lines = path.read_text().splitlines()
    return [
        f"{one.id}: {one.message} @ {lines[one.place.span.line - 1].strip() if one.place.span else None}"
        for one in read(path)
    ]


@pytest.mark.parametrize("kind", ["methods", "classes"])
def test_names_of_a_kind_that_are_gone_are_missed(kind: str, state: Path) -> None:
    (found,) = edited(state, lambda tree: tree["names"].pop(kind))
    assert found.startswith("state-damaged: ") and "what has that name is missing" in found


@pytest.mark.parametrize(
    ("kind", "base", "name"),
    [("methods", "GET /v1/pets", "'pets.list'"), ("classes", "/components/schemas/Dog", "'Dog'")],
)
def test_a_name_that_is_gone_is_missed(kind: str, base: str, name: str, state: Path) -> None:
    (found,) = edited(state, lambda tree: tree["names"][kind].pop(base))
    assert f"the release has {name}" in found
    assert found.endswith(f'@ "{kind}": {{')


def test_a_name_that_was_edited_is_missed(state: Path) -> None:
    def edit(tree: Json) -> None:
        tree["names"]["methods"]["GET /v1/pets"][""] = ["pets.all"]

    (found,) = edited(state, edit)
    assert "the release has 'pets.list'" in found


def test_a_changelog_without_entries_does_not_remove_the_file(state: Path) -> None:
    (found,) = edited(state, lambda tree: tree.update(changelog=[]))
    assert "it has no entry of the last release, 1.0.0 @" in found
    assert found.endswith('"changelog": [],')


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda tree: tree.update(aliases=[{}]), "an old name of that kind cannot go on working"),
        (lambda tree: tree.update(aliases=["x"]), "'0' must be an object"),
        (lambda tree: tree["names"].update(methods=[]), "'methods' must be an object"),
        (lambda tree: tree["names"]["unions"].update(x={"y": {"1": {"properties": "a"}}}), "'properties' must be an array"),
        (lambda tree: tree["names"].update(more={}), "'more' is not a kind of names"),
    ],
)  # fmt: skip
def test_entries_by_hand_are_named(edit: Callable[[Json], object], message: str, state: Path) -> None:
    def both(tree: Json) -> None:
        tree["names"].setdefault("unions", {})
        edit(tree)

    (found,) = edited(state, both)
    assert f"clientsmith wrote: {message} @" in found


ALIAS = {"kind": "classes", "base": "/components/schemas/Dog", "rest": "response", "name": "Hound"}


@pytest.mark.parametrize(
    ("since", "message"),
    [
        ("1.0.1", "an old name works since 1.0.1, and the last release is 1.0.0"),
        ("10.0.0", "an old name works since 10.0.0, and the last release is 1.0.0"),
        ("latest", "'latest' is not a version such as 1.2.3"),
        ("1.0", "'1.0' is not a version such as 1.2.3"),
    ],
)
def test_an_old_name_came_with_a_release_that_there_was(since: str, message: str, state: Path) -> None:
    (found,) = edited(state, lambda tree: tree.update(aliases=[{**ALIAS, "since": since}]))
    assert (
        found == f'state-damaged: this is not a state that clientsmith wrote: {message} @ "since": "{since}"'
    )


@pytest.mark.parametrize("since", ["1.0.0", "0.9.0", None])
def test_an_old_name_may_be_of_any_release_until_now(since: str | None, state: Path) -> None:
    def edit(tree: Json) -> None:
        tree["names"]["classes"]["/components/schemas/Dog"]["response"].append("Hound")
        tree.update(aliases=[{**ALIAS, "since": since}])

    assert edited(state, edit) == []


def test_an_old_name_of_a_release_needs_one(state: Path) -> None:
    def edit(tree: Json) -> None:
        tree.update(release=None, changelog=[], aliases=[{**ALIAS, "since": "0.0.1"}])

    (found,) = edited(state, edit)
    assert "an old name works since 0.0.1, and there is no release @" in found


@pytest.mark.parametrize(
    "marks", ["<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n", "<<<<<<< ours\n{}=======\n{}>>>>>>>\n"]
)
def test_a_merge_that_left_both_sides_is_called_that(marks: str, state: Path) -> None:
    line = '      "version": "1.0.0"\n'
    text = state.read_text()
    at = text[: text.index(line)].count("\n") + 1
    state.write_text(text.replace(line, marks.format(line, line), 1))
    (found,) = read(state)
    assert found.id == "state-damaged" and "a merge has left the lines of both sides" in found.message
    assert found.place.span is not None and found.place.span.line == at
    assert "keep the file of the later version as a whole" in (found.hint or "")


def test_texts_that_look_like_a_merge_are_texts(state: Path) -> None:
    found = edited(state, lambda tree: tree["changelog"][0]["changes"][0].update(text="<<<<<<< HEAD"))
    assert found == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_state_that_was_cut_off_is_damaged_at_its_end(share: float, state: Path) -> None:
    data = state.read_bytes()
    state.write_bytes(data[: int(len(data) * share)])
    (found,) = read(state)
    assert found.id == "state-damaged" and found.place.span is not None
    assert found.place.span.line == state.read_bytes().count(b"\n") + 1 or "line" in found.message


def test_what_is_no_file_is_not_offered_as_input(tmp_path: Path, state: Path) -> None:
    state.unlink()
    state.mkdir()
    (found,) = read(state)
    assert (found.id, found.message) == ("state-unreadable", f"the state file {state} is a directory")
    assert found.hint == (
        "it must be a file that can be read; restore it from version control: it cannot be made anew"
    )
