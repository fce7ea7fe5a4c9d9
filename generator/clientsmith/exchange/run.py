"""Replaces several targets as one: all of them, or after a failure none.

Everything to come is built first, each beside its target, and written to the device. Then the journal says so, and the
targets are replaced one by one. Killed before that, every target is as it was; killed after it, some may be replaced
and some not, which `mix` recognizes and `recovery` settles.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from clientsmith.exchange.journal import (
    NEW,
    Journal,
    Part,
    Phase,
    advance,
    write_journal,
    write_note,
)
from clientsmith.exchange.lock import working_folder, working_folder_of
from clientsmith.exchange.recovery import recover, replace_all, tidy
from clientsmith.exchange.staging import Staging, flush_all, missing_above


def exchange(home_target: Path, stagings: Sequence[Staging], witnesses: Sequence[Path] = ()) -> None:
    """Replace every target, or raise BusyError or OSError and leave all of them as they are.

    The working folder of `home_target`, which the caller owns, holds the journal. `witnesses` are files and folders
    that stay as they are although they belong to the targets: a mix is recognized from them, too. No path has a link.
    """
    home = working_folder_of(home_target)
    made = {staging.target: staging for staging in stagings}
    try:
        journal = _planned(home, made, witnesses)
        write_journal(home, journal)
        with ExitStack() as locks:
            for part in journal.parts:
                _own(home, part, locks)
            staged = _staged(home, journal, made)
            write_journal(home, staged)
            replace_all(home, staged)
            advance(home, Phase.STAGED, Phase.EXCHANGED)
    finally:
        recover(home_target, completes=False)


def _planned(home: Path, stagings: Mapping[Path, Staging], witnesses: Sequence[Path]) -> Journal:
    targets = dict.fromkeys((*stagings, *witnesses))
    missing = {folder for target in targets for folder in missing_above(target)}
    deepest_first = sorted(missing, key=lambda folder: len(folder.parts), reverse=True)
    parts = [Part(os.path.relpath(target, home.parent)) for target in targets]
    folders = [os.path.relpath(folder, home.parent) for folder in deepest_first]
    return Journal(Phase.PLANNED, tuple(parts), tuple(folders))


def _own(home: Path, part: Part, locks: ExitStack) -> None:
    """Own the working folder of a target until the locks are released, and settle what is left in it."""
    target = part.target(home)
    target.parent.mkdir(parents=True, exist_ok=True)
    if working_folder_of(target) != home:
        tidy(target, locks.enter_context(working_folder(target)))


def _staged(home: Path, journal: Journal, stagings: Mapping[Path, Staging]) -> Journal:
    parts: list[Part] = []
    for part in journal.parts:
        target = part.target(home)
        work, staging = working_folder_of(target), stagings.get(target)
        if staging is not None:
            new = work / NEW
            staging.make(new)
            flush_all(new)
            parts.append(replace(part, files=staging.replaced(new)))
        else:
            parts.append(part)
        write_note(work, home, parts[-1])
    return replace(journal, phase=Phase.STAGED, parts=tuple(parts))
