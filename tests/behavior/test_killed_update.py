"""An update that is killed leaves old or new targets; every command recognizes a mix, and the next update completes it."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from clientsmith.cli import main as cli
from clientsmith.exchange import swap
from tests.behavior.releases import ADDED, Project, project, released
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
    assert "`clientsmith update` completes it" in err
    assert contents(mixed) == before


def test_the_next_update_completes_what_was_begun(mixed: Project) -> None:
    code, _, err = mixed.run("update", "new.yaml")

    assert code == 0
    assert "the one that was interrupted is completed; nothing to do" in err
    assert mixed.version() == "1.1.0" and mixed.found() == (0, []) and not list(mixed.folder.glob(".*"))


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
