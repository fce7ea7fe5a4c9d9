"""What an exchange writes down before it does it: which targets there are, and how far it has come.

The journal is in the working folder of one target, the home. Its name is the phase: `planned` (nothing was replaced
yet), `staged` (all that is to come is there; targets are being replaced), `exchanged` (all were replaced). The working
folders of the other targets hold a note that leads to it. Paths are relative, so that a copy of the whole tree means
the same.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import cast

from clientsmith.exchange.lock import working_folder_of
from clientsmith.input_file import InputFileError, read_file

NEW, OLD, SCRATCH = "new", "old", "scratch"
"""In a working folder: what is to come, what was replaced, and whatever a run wants to try before."""
NOTE, TEMPORARY = "note", "journal.tmp"
_FORMAT = 2


class Phase(Enum):
    """How far an exchange has come; the names of the journal, the furthest first."""

    EXCHANGED = "exchanged"
    STAGED = "staged"
    PLANNED = "planned"


class Status(Enum):
    """What a target of an exchange that is staged holds now."""

    OLD = "still as it was"
    HALFWAY = "moved away, and not replaced yet"
    NEW = "replaced"
    OTHER = "neither as it was nor as it should be"


class JournalError(Exception):
    """A journal, or a note, that is not as it was written."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that an exchange changes: its SHA-256 before and after, empty if it is not there then."""

    path: str
    """Relative to the folder that is the target; empty if the target is the file itself."""
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Part:
    """One target and its replaced files; a target without replaced files stays as it is."""

    path: str
    """Relative to the folder that the home target is in."""
    files: tuple[Replaced, ...] = ()

    @property
    def removed(self) -> tuple[str, ...]:
        """The files of a folder that are not in the new one, on purpose."""
        return tuple(file.path for file in self.files if not file.new)

    def target(self, home: Path) -> Path:
        """Where it is, given the working folder of the home target."""
        return Path(os.path.normpath(home.parent / self.path))

    def status(self, home: Path) -> Status:
        """What it holds now, whatever was done to it since; raises OSError."""
        target = self.target(home)
        if self.is_new(target):
            return Status.NEW
        if self.is_old(target):
            return Status.OLD
        is_away = not os.path.lexists(target) and self.is_old(working_folder_of(target) / OLD)
        return Status.HALFWAY if is_away else Status.OTHER

    def is_new(self, path: Path) -> bool:
        """Whether that is what was to come; raises OSError."""
        return all(digest_of(path / file.path) == file.new for file in self.files)

    def is_old(self, path: Path) -> bool:
        """Whether that is what was there before; raises OSError.

        A file that is new may be left over: version control puts back only what it knows.
        """
        return all(digest_of(path / file.path) in (file.old, file.old or file.new) for file in self.files)

    def kept(self, home: Path) -> Path | None:
        """The path that keeps the previous content, if there is one; raises OSError."""
        work = working_folder_of(self.target(home))
        found = (path for path in (work / OLD, work / NEW) if path.exists())
        return next((path for path in found if self.is_old(path) and not self.is_new(path)), None)

    def is_waiting(self, home: Path) -> bool:
        """Whether the new content exists outside its final place; raises OSError."""
        return self.is_new(working_folder_of(self.target(home)) / NEW)

    @property
    def was_missing(self) -> bool:
        """Whether there was nothing before."""
        return not any(file.old for file in self.files)


@dataclass(frozen=True, slots=True)
class Journal:
    """All targets, and the folders that were missing above them, the deepest first, relative as the targets are."""

    phase: Phase
    parts: tuple[Part, ...]
    made: tuple[str, ...] = ()

    @property
    def replaced(self) -> tuple[Part, ...]:
        """The targets that do not stay as they are."""
        return tuple(part for part in self.parts if part.files)


def write_journal(home: Path, journal: Journal) -> None:
    """Write it down; raises OSError."""
    parts = [asdict(part) for part in journal.parts]
    _write(home, journal.phase.value, {"parts": parts, "made": journal.made})


def advance(home: Path, phase: Phase, to: Phase) -> None:
    """Rename the journal: that needs no room on the disk."""
    (home / phase.value).rename(home / to.value)
    flush(home)


def read_journal(home: Path, phases: Iterable[Phase] = Phase) -> Journal | None:
    """The journal of the furthest phase in a working folder; None if there is none. Raises JournalError, OSError."""
    for phase in phases:
        try:
            data = read_file(home / phase.value)
        except InputFileError as error:
            if error.is_missing:
                continue
            raise
        members = _members(data, home / phase.value)
        parts = members.get("parts")
        if not isinstance(parts, list):
            raise JournalError(f"{home / phase.value} is damaged")
        listed = tuple(_part(one, home) for one in cast("list[object]", parts))
        return Journal(phase, listed, _texts(members.get("made"), home))
    return None


def write_note(work: Path, home: Path, part: Part) -> None:
    """Note in the working folder of a target which exchange it belongs to, and as what."""
    _write(work, NOTE, {"home": os.path.relpath(home, work), **asdict(part)})


def read_note(work: Path) -> tuple[Path, Part] | None:
    """The home and the part that a working folder belongs to, if it does; raises JournalError, OSError."""
    try:
        data = read_file(work / NOTE)
    except InputFileError as error:
        if error.is_missing:
            return None
        raise
    members = _members(data, work / NOTE)
    home = members.get("home")
    if not isinstance(home, str):
        raise JournalError(f"{work / NOTE} is damaged")
    return Path(os.path.normpath(work / home)), _part(members, work)


def digest_of(file: Path) -> str:
    """The SHA-256 of a file; empty if nothing is there, another text for what is not a file. Raises OSError."""
    if not os.path.lexists(file):
        return ""
    return hashlib.sha256(read_file(file)).hexdigest() if file.is_file() else "not a file"


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the device."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(work: Path, name: str, members: Mapping[str, object]) -> None:
    """Write a file whole, to the device, and only then under its name."""
    text = json.dumps({"format": _FORMAT, **members}, indent=2, sort_keys=True)
    (work / TEMPORARY).write_bytes(f"{text}\n".encode())
    flush(work / TEMPORARY)
    (work / TEMPORARY).rename(work / name)
    flush(work)


def _members(data: bytes, file: Path) -> Mapping[str, object]:
    try:
        found: object = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict) or cast("dict[str, object]", found).get("format") != _FORMAT:
        raise JournalError(f"{file} is damaged, or of another clientsmith")
    return cast("dict[str, object]", found)


def _part(value: object, work: Path) -> Part:
    members = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    path, files = members.get("path"), members.get("files")
    if not (isinstance(path, str) and path and isinstance(files, list)):
        raise JournalError(f"what {work} holds is damaged")
    return Part(path, tuple(_replaced(one, work) for one in cast("list[object]", files)))


def _replaced(value: object, work: Path) -> Replaced:
    match value:
        case {"path": str(path), "old": str(old), "new": str(new)}:
            if ".." in PurePosixPath(path).parts or PurePosixPath(path).is_absolute():
                raise JournalError(f"what {work} holds leads out of its target")
            return Replaced(path, old, new)
        case _:
            raise JournalError(f"what {work} holds is damaged")


def _texts(value: object, work: Path) -> tuple[str, ...]:
    texts = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(text, str) for text in texts):
        raise JournalError(f"what {work} holds is damaged")
    return tuple(cast("list[str]", texts))
