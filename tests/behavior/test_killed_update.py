"""An update that is killed leaves old or new targets; every command recognizes a mix, and the next update completes it."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from clientsmith.cli import main as cli
from clientsmith.exchange import swap
from tests.behavior.releases import ADDED, COMMENTED, DOCUMENT, Project, project, released
from tests.behavior.updates import contents, untested, updated

__all__ = ["project", "released", "untested"]
pytestmark = pytest.mark.usefixtures("untested")
COMMANDS = [
    ["generate"],
    ["check"],
    ["check", "--regenerate"],
    ["lint"],
    ["diff", "openapi.yaml", "new.yaml"],
    ["serve"],
    ["record"],
    ["conform"],
    ["runtime", "--digest", "pets"],
    ["update", "new.yaml", "--dry-run"],
]


@pytest.fixture
def mixed(released: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An update that was killed when the document was new and the package was old."""
    released.write(ADDED, "new.yaml")
    child = os.fork()
    if child == 0:
        original = swap.exchange_names

        def killed(one: Path, other: Path) -> bool:
            if other.name == "pets":
                os.kill(os.getpid(), signal.SIGKILL)
            return original(one, other)

        swap.exchange_names = killed
        released.run("update", "new.yaml")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    return released


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_recognizes_what_a_killed_update_left(mixed: Project, words: list[str]) -> None:
    before = contents(mixed)
    code, out, err = mixed.run(*words)

    assert code == 2 and out == ""
    assert err.count("error[update-interrupted]") == 1 and "openapi.yaml is replaced" in err
    how = " without --dry-run" if "--dry-run" in words else ""
    assert f"`clientsmith update`{how} completes it" in err
    assert contents(mixed) == before


def test_the_next_update_completes_what_was_begun(mixed: Project) -> None:
    code, _, err = mixed.run("update", "new.yaml")

    assert code == 0
    assert err.startswith("clientsmith update: the interrupted update was completed\n")
    assert err.endswith("clientsmith update: nothing to do\n")
    assert mixed.version() == "1.1.0" and mixed.found() == (0, []) and not list(mixed.folder.glob(".*"))


@pytest.mark.parametrize("words", [(), ("-q",), ("--format", "json")])
def test_what_was_made_of_an_interrupted_update_is_said_whatever_comes_of_the_next(
    mixed: Project, words: tuple[str, ...]
) -> None:
    code, out, err = mixed.run("update", "missing.yaml", *words)

    assert code == 2 and err.startswith("clientsmith update: the interrupted update was completed\n")
    if "json" in words:
        assert json.loads(out)["update"] == {"settled": "completed"}
    else:
        assert err.endswith("clientsmith update: 1 error; nothing more was exchanged\n")


def test_an_interrupted_update_whose_targets_were_put_back_is_forgotten(mixed: Project) -> None:
    mixed.write(DOCUMENT, "openapi.yaml")
    code, _, err = mixed.run("update")

    assert code == 0 and err.startswith("clientsmith update: the interrupted update was undone\n")
    assert mixed.version() == "1.0.0" and mixed.found() == (0, []) and not list(mixed.folder.glob(".*"))


def test_a_target_that_was_edited_after_a_kill_is_for_somebody_to_decide(mixed: Project) -> None:
    mixed.write(COMMENTED, "openapi.yaml")
    code, _, err = mixed.run("update", "new.yaml")

    assert code == 2 and err.count("error[") == 1
    assert "openapi.yaml is neither as it was nor as it should be" in err
    assert "delete .openapi.yaml.clientsmith" in err


def test_what_a_kill_left_of_an_update_that_was_over_is_mentioned(released: Project) -> None:
    folder = released.folder / ".openapi.yaml.clientsmith"
    folder.mkdir()
    code, out, _ = released.run("check")

    assert code == 0 and "note[update-leftovers]: an interrupted run left .openapi.yaml.clientsmith;" in out


def test_an_update_that_is_killed_at_any_moment(released: Project) -> None:
    """Twenty moments of a whole run in a process of its own, each followed by the next update."""
    old = contents(released)
    released.write(ADDED, "new.yaml")
    began = time.monotonic()
    updated(released, "new.yaml")
    took, new = time.monotonic() - began, contents(released)
    draw = random.Random(7)
    for _ in range(20):
        for path in contents(released).keys() - old.keys():
            (released.folder / path).unlink()
        for path, data in old.items():
            (released.folder / path).write_bytes(data)
        child = os.fork()
        if child == 0:
            cli.main(["update", "new.yaml", "--quiet"])
            os._exit(0)
        time.sleep(draw.uniform(0, took))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        states = {
            part: state(released, part, old, new)
            for part in ("openapi.yaml", "clientsmith.state.json", "pets/")
        }
        assert set(states.values()) <= {"old", "new"}, states
        interrupted = "error[update-interrupted]" in released.run("lint")[2]
        assert interrupted == (len(set(states.values())) > 1)
        updated(released, "new.yaml")
        assert contents(released) == new and not list(released.folder.glob(".*"))


def state(project: Project, part: str, old: dict[str, bytes], new: dict[str, bytes]) -> str | None:
    """Whether a part of the folder is as before or as after an update; None if it is neither."""
    now, before, after = (
        {path: data for path, data in files.items() if path.startswith(part)}
        for files in (contents(project), old, new)
    )
    return "old" if now == before else "new" if now == after else None
