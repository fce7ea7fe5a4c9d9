"""Recognizes targets of which some were replaced and some were not, because an exchange was killed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.exchange.journal import JournalError, Phase, Status, read_journal, read_note
from clientsmith.exchange.lock import is_owned, working_folder_of


def report_mix(paths: Iterable[str], diagnostics: Diagnostics) -> bool:
    """Whether one of the files and folders is part of an exchange that is not at its end, after reporting that.

    Raises OSError.
    """
    for path in paths:
        mix = find_mix(path)
        if mix is None:
            continue
        if mix.is_running:
            hint = "wait for it to end, then run this again"
            diagnostics.error("output-busy", f"`clientsmith update` is replacing {mix.shown}", hint=hint)
        else:
            hint = "`clientsmith update` completes it, or undoes it if something is missing"
            diagnostics.error(
                "update-interrupted", f"`clientsmith update` was interrupted: {mix.shown}", hint=hint
            )
        return True
    return False


@dataclass(frozen=True, slots=True)
class Mix:
    """An exchange that is not at its end, in words, and whether its process is alive."""

    shown: str
    is_running: bool


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
        return Mix(str(error), is_owned(home))
    if journal is None or journal.phase is not Phase.STAGED:
        return None
    statuses = {os.path.relpath(part.target(home)): part.status(home) for part in journal.replaced}
    if set(statuses.values()) in ({Status.STAGED}, {Status.EXCHANGED}):
        return None
    running = is_owned(home)
    shown = (
        ", ".join(statuses)
        if running
        else ", ".join(f"{name} is {status.value}" for name, status in statuses.items())
    )
    return Mix(shown, running)
