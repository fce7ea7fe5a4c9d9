"""Settles what a killed exchange left: completes it if everything to come is there, or else undoes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from enum import Enum
from pathlib import Path

from clientsmith.exchange.journal import (
    NEW,
    NOTE,
    OLD,
    SCRATCH,
    TEMPORARY,
    Journal,
    JournalError,
    Part,
    Phase,
    Status,
    advance,
    read_journal,
    read_note,
)
from clientsmith.exchange.lock import BusyError, working_folder, working_folder_of
from clientsmith.exchange.mix import Remedy, UnsettledError, look, mix_of
from clientsmith.exchange.staging import discard, remove, remove_empty
from clientsmith.exchange.swap import swap


class Settled(Enum):
    """What was made of an exchange that had been interrupted."""

    COMPLETED = "completed"
    UNDONE = "undone"


def recover(target: Path, known: Iterable[Path] = (), *, completes: bool) -> Settled | None:
    """Settle what is left in the working folder of `target`, which the caller owns; None if it was no exchange.

    With `completes`, what was not replaced yet is replaced; without it the exchange is undone unless nothing of it is
    missing. If the journal is damaged, what the working folders of the targets in `known` say is undone.
    Raises BusyError, OSError, and UnsettledError if a target is neither as it was nor as it should be.
    """
    home = working_folder_of(target)
    try:
        journal = read_journal(home)
    except JournalError:
        journal, completes = _from_notes(home, (target, *known)), False
    if journal is None:
        tidy(target, home)
        return None
    with ExitStack() as locks:
        owned = tuple(part for part in journal.parts if _own(home, part, journal.phase, locks))
        settled = _settle(home, journal, completes=completes)
        _clean(home, owned, is_exchanged=settled is Settled.COMPLETED)
    _close(home, journal)
    return settled


def _own(home: Path, part: Part, phase: Phase, locks: ExitStack) -> bool:
    """Own what there is of the working folder of a target; False if nothing in it is to be settled."""
    target = part.target(home)
    if working_folder_of(target) == home:
        return True
    try:
        if working_folder_of(target).exists():
            locks.enter_context(working_folder(target))
            return True
    except BusyError:
        if phase is Phase.STAGED:
            raise
    return False


def replace_all(home: Path, journal: Journal) -> None:
    """Replace every target that is not replaced yet; raises OSError."""
    for part in journal.replaced:
        if part.status(home) is not Status.NEW:
            work = working_folder_of(part.target(home))
            swap(work / NEW, part.target(home), work / OLD)


def _undo(home: Path, statuses: Mapping[Part, Status]) -> None:
    """Put back every target that was replaced; raises OSError."""
    for part, status in reversed([*statuses.items()]):
        target, kept = part.target(home), part.kept(home)
        new, old = (working_folder_of(target) / name for name in (NEW, OLD))
        if status is Status.HALFWAY:
            old.rename(target)
        elif status is Status.NEW and kept is not None:
            swap(kept, target, new if kept == old else old)
        elif status is Status.NEW:
            target.rename(new)
        elif status is Status.OLD and not part.is_waiting(home):
            _remove_added(target, part)


def _remove_added(target: Path, part: Part) -> None:
    """Remove what version control left of the new files when it put the others back; raises OSError."""
    for file in part.files:
        if not file.old:
            remove(target / file.path)


def _clean(home: Path, parts: Iterable[Part], *, is_exchanged: bool) -> None:
    """Empty the working folders of targets but for the journal; the folders are owned. Raises OSError."""
    for part in parts:
        target = part.target(home)
        work = working_folder_of(target)
        for path in (work / NEW, work / OLD):
            if is_exchanged:
                discard(path, target, part.removed)
            else:
                remove(path)
        for name in (NOTE, TEMPORARY):
            remove(work / name)


def _close(home: Path, journal: Journal) -> None:
    """Remove the journal, after everything that it leads to; raises OSError."""
    remove_empty([home.parent / folder for folder in journal.made])
    remove(home / SCRATCH)
    for phase in Phase:
        remove(home / phase.value)


def tidy(target: Path, work: Path) -> None:
    """Settle what a run left that replaced this one target alone; the folder is owned. Raises OSError."""
    if (work / OLD).exists() and not target.exists():
        (work / OLD).rename(target)
    for name in (NEW, OLD, NOTE, SCRATCH, TEMPORARY):
        remove(work / name)


def _from_notes(home: Path, known: Iterable[Path]) -> Journal:
    """What the working folders of the targets say in place of a damaged journal; the plan may still name them all."""
    try:
        planned = read_journal(home, (Phase.PLANNED,))
    except JournalError:
        planned = None
    listed = () if planned is None else (part.target(home) for part in planned.parts)
    parts: list[Part] = []
    for target in dict.fromkeys((*known, *listed)):
        with suppress(JournalError):
            note = read_note(working_folder_of(target))
            parts += [note[1]] if note is not None and note[0] == home else []
    return Journal(Phase.STAGED, tuple(parts), () if planned is None else planned.made)


def _settle(home: Path, journal: Journal, *, completes: bool) -> Settled:
    if journal.phase is Phase.PLANNED:
        return Settled.UNDONE
    found = look(home, journal)
    is_over = journal.phase is Phase.EXCHANGED and found.remedy is not Remedy.NONE
    if found.remedy is Remedy.CLOSE or is_over or (completes and found.remedy is Remedy.COMPLETE):
        if not is_over:
            replace_all(home, journal)
            advance(home, Phase.STAGED, Phase.EXCHANGED)
        return Settled.COMPLETED
    if found.remedy is Remedy.MANUAL:
        raise UnsettledError(mix_of(home, found))
    _undo(home, found.statuses)
    with suppress(FileNotFoundError):
        advance(home, journal.phase, Phase.PLANNED)
    return Settled.UNDONE
