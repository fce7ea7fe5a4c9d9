"""Recognizes targets of which some were replaced and some were not, because an exchange was killed.

What counts is what each target holds now: version control, or somebody, may have put some of them back since.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.exchange.journal import Journal, JournalError, Part, Phase, Status, read_journal, read_note
from clientsmith.exchange.lock import is_owned, working_folder_of


class Remedy(Enum):
    """What an exchange that was killed needs, so that all of its targets are new, or all as they were."""

    NONE = "nothing: no target is new"
    CLOSE = "nothing: every target is new"
    COMPLETE = "`clientsmith update` completes it"
    UNDO = "`clientsmith update` undoes it, because something that was to come is gone"
    MANUAL = "somebody has to decide"


@dataclass(frozen=True, slots=True)
class Look:
    """What the targets of an exchange that is staged hold, and what it needs."""

    statuses: Mapping[Part, Status]
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class Mix:
    """An exchange that is not at its end: in words, whether its process is alive, and what somebody can do."""

    shown: str
    is_running: bool
    hint: str


class UnsettledError(Exception):
    """Nothing can be completed or undone without losing what somebody did to a target since."""

    def __init__(self, mix: Mix) -> None:
        super().__init__(mix.shown)
        self.mix = mix


def report_mix(paths: Iterable[str], diagnostics: Diagnostics, *, is_dry: bool = False) -> bool:
    """Whether one of the files and folders is part of an exchange that is not at its end, after reporting that.

    `is_dry` is for a dry run of the command that settles it. Raises OSError.
    """
    found = next((mix for path in paths if (mix := find_mix(path)) is not None), None)
    if found is not None:
        report(found, diagnostics, is_dry=is_dry)
    return found is not None


def report(mix: Mix, diagnostics: Diagnostics, *, is_dry: bool = False) -> None:
    """Report an exchange that is not at its end."""
    if mix.is_running:
        hint = "wait for it to end, then run this again"
        diagnostics.error("output-busy", f"`clientsmith update` is replacing {mix.shown}", hint=hint)
        return
    hint = mix.hint.replace("update`", "update` without --dry-run") if is_dry else mix.hint
    diagnostics.error("update-interrupted", f"`clientsmith update` was interrupted: {mix.shown}", hint=hint)


def find_mix(path: str) -> Mix | None:
    """The exchange that a file or folder is part of, if it stopped between two targets; raises OSError."""
    work = working_folder_of(Path(os.path.realpath(path)))
    # A name that is too long for the folder is not an error here: nothing was exchanged under it.
    if not os.path.lexists(work):
        return None
    home = work
    try:
        note = read_note(work)
        home = work if note is None else note[0]
        journal = read_journal(home)
    except JournalError as error:
        return Mix(str(error), is_owned(home), "`clientsmith update` undoes it")
    if journal is None or journal.phase is not Phase.STAGED:
        return None
    found = look(home, journal)
    if found.remedy in (Remedy.NONE, Remedy.CLOSE):
        return None
    return mix_of(home, found, is_running=is_owned(home))


def leftovers(paths: Iterable[str]) -> list[str]:
    """The working folders of files and folders that a kill left, as far as no process is using them; raises OSError."""
    folders = (working_folder_of(Path(os.path.realpath(path))) for path in paths)
    return [os.path.relpath(folder) for folder in folders if os.path.lexists(folder) and not is_owned(folder)]


def look(home: Path, journal: Journal) -> Look:
    """What the targets of an exchange that is staged hold, and what it needs; raises OSError."""
    statuses = {part: part.status(home) for part in journal.replaced}
    if {*statuses.values()} == {Status.NEW}:
        return Look(statuses, Remedy.CLOSE)
    others = [part for part, status in statuses.items() if status is Status.OTHER]
    # Something else at a target that was not reached yet is what somebody did to what was there.
    if {*statuses.values()} <= {Status.OLD, Status.OTHER} and all(part.is_waiting(home) for part in others):
        return Look(statuses, Remedy.NONE)
    replaced = [part for part, status in statuses.items() if status is Status.NEW]
    if others:
        return Look(statuses, Remedy.MANUAL)
    if all(part in replaced or part.is_waiting(home) for part in statuses):
        return Look(statuses, Remedy.COMPLETE)
    if all(part.was_missing or part.kept(home) is not None for part in replaced):
        return Look(statuses, Remedy.UNDO)
    return Look(statuses, Remedy.MANUAL)


def mix_of(home: Path, found: Look, *, is_running: bool = False) -> Mix:
    """What a look found, in words; raises OSError."""
    targets = {part: os.path.relpath(part.target(home)) for part in found.statuses}
    if is_running:
        return Mix(", ".join(targets.values()), is_running=True, hint="")
    shown = ", ".join(f"{targets[part]} is {status.value}" for part, status in found.statuses.items())
    if found.remedy is not Remedy.MANUAL:
        return Mix(shown, is_running=False, hint=found.remedy.value)
    folders = (working_folder_of(part.target(home)) for part in found.statuses)
    listed = ", ".join(os.path.relpath(folder) for folder in folders if folder.exists())
    hint = (
        "put each of them back as it was, for example with `git checkout`, and run `clientsmith update`; or, to keep "
        f"what is there, delete {listed}"
    )
    return Mix(shown, is_running=False, hint=hint)
