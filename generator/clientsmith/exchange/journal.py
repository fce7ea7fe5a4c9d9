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
_FORMAT = 1


class Phase(Enum):
    """How far an exchange has come; the names of the journal, the furthest first."""

    EXCHANGED = "exchanged"
    STAGED = "staged"
    PLANNED = "planned"


class Status(Enum):
    """What became of one target of an exchange that is staged."""

    STAGED = "still as it was"
    HALFWAY = "moved away, and not replaced yet"
    EXCHANGED = "replaced"
    LOST = "unknown: what was to come is gone"


class JournalError(Exception):
    """A journal, or a note, that is not as it was written."""


@dataclass(frozen=True, slots=True)
class Part:
    """One target: `mark` is a file of what is to come that what was there does not have, the target itself if empty.

    `digest` is the SHA-256 of that file. Without a digest the target stays as it is, and belongs to the others.
    """

    path: str
    """Relative to the folder that the home target is in."""
    mark: str = ""
    digest: str = ""
    removed: tuple[str, ...] = ()
    """The files of a folder that are not in the new one, on purpose."""

    def target(self, home: Path) -> Path:
        """Where it is, given the working folder of the home target."""
        return Path(os.path.normpath(home.parent / self.path))

    def status(self, home: Path) -> Status:
        """What became of it; raises OSError."""
        target = self.target(home)
        work = working_folder_of(target)
        if self.is_at(work / NEW):
            is_halfway = (work / OLD).exists() and not target.exists()
            return Status.HALFWAY if is_halfway else Status.STAGED
        if any(map(os.path.lexists, (work / OLD, work / NEW))) or self.is_at(target):
            return Status.EXCHANGED
        return Status.LOST

    def is_at(self, path: Path) -> bool:
        """Whether that is what was to come; raises OSError."""
        file = path / self.mark if self.mark else path
        return file.is_file() and digest_of(file) == self.digest


@dataclass(frozen=True, slots=True)
class Journal:
    """All targets, and the folders that were missing above them, the deepest first, relative as the targets are."""

    phase: Phase
    parts: tuple[Part, ...]
    made: tuple[str, ...] = ()

    @property
    def replaced(self) -> tuple[Part, ...]:
        """The targets that do not stay as they are."""
        return tuple(part for part in self.parts if part.digest)


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
    """The SHA-256 of a file; raises OSError."""
    return hashlib.sha256(read_file(file)).hexdigest()


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
    path, mark, digest = (members.get(name) for name in ("path", "mark", "digest"))
    if not (isinstance(path, str) and path and isinstance(mark, str) and isinstance(digest, str)):
        raise JournalError(f"what {work} holds is damaged")
    if ".." in PurePosixPath(mark).parts or PurePosixPath(mark).is_absolute():
        raise JournalError(f"what {work} holds leads out of its target")
    return Part(path, mark, digest, _texts(members.get("removed"), work))


def _texts(value: object, work: Path) -> tuple[str, ...]:
    texts = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(text, str) for text in texts):
        raise JournalError(f"what {work} holds is damaged")
    return tuple(cast("list[str]", texts))
