"""Which release a package is of, by what is in its folder, and whether the state says the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.emit.version import MODULE
from clientsmith.input_file import InputFileError, read_file
from clientsmith.package.manifest import NAME, ManifestError, read_manifest
from clientsmith.state.model import COPY, UNRELEASED, VERSION, version_numbers

_VERSION = re.compile(rb"^__version__ = \"([^\"\n]*)\"", re.MULTILINE)

REGENERATE = "run `clientsmith generate` with the same inputs"
RESTORE_STATE = (
    "restore the state file from version control, and move it with the config if that was moved or renamed; "
    "or, to begin anew, save what people wrote in CHANGELOG.md and delete the package folder"
)
_TAKE_VERSION = "run `clientsmith generate`, which takes the version from the state"


def remedy(version: str, released: str) -> str:
    """What to do about a package that was `released`, and differs from what a state of that `version` gives."""
    return RESTORE_STATE if is_earlier(version, released) else REGENERATE


def is_earlier(version: str, released: str) -> bool:
    """Whether a state with that last version does not know the release of a package."""
    return bool(VERSION.fullmatch(released)) and version_numbers(version) < version_numbers(released)


def released_version(folder: Path) -> str:
    """The version that a package was released as, by its manifest or its copy of the state; 0.0.0 if it was not."""
    return max(_of_manifest(folder), _of_copy(folder), key=version_numbers)


def _of_manifest(folder: Path) -> str:
    try:
        version = read_manifest(read_file(folder / NAME)).inputs.version
    except (InputFileError, ManifestError):
        return UNRELEASED
    return version if VERSION.fullmatch(version) else UNRELEASED


def _of_copy(folder: Path) -> str:
    """What is left if the manifest is damaged, or an earlier clientsmith wrote it."""
    try:
        copy: object = json.loads(read_file(folder / COPY))
    except (InputFileError, ValueError, RecursionError):
        return UNRELEASED
    match copy:
        case {"release": {"version": str(version)}} if VERSION.fullmatch(version):
            return version
        case _:
            return UNRELEASED


def report_lost_state(
    folder: Path, released: str, version: str, file: Path | None, diagnostics: Diagnostics
) -> bool:
    """Whether the state does not know the release of the package in a folder, after reporting that.

    `version` is that of the state, `file` where it is or would be. Generated without it, the package would lose its
    changelog and its version, and names would no longer be kept.
    """
    if not is_earlier(version, released):
        return False
    if file is None:
        what = "there is no config file that its state is beside"
    elif not file.exists():
        what = f"there is no {file.as_posix()}"
    elif version == UNRELEASED:
        what = f"{file.as_posix()} records no release"
    else:
        what = f"the last release in {file.as_posix()} is {version}"
    message = f"the package in {folder} was released as {released}, and {what}"
    diagnostics.error(
        "state-missing", message, Place(span=Span(str(folder / NAME), 1, 1)), hint=RESTORE_STATE
    )
    return True


def check_version(folder: Path, version: str, released: str, drift: Diagnostics) -> None:
    """Compare `__version__` with the version of the state; a module that is missing is reported as any other file.

    `released` is what the manifest says.
    """
    try:
        data = read_file(folder / MODULE)
    except InputFileError:
        return
    found = _VERSION.search(data)
    stated = "not stated" if found is None else found[1].decode("utf-8", "replace")
    if stated != version:
        line = 1 if found is None else data.count(b"\n", 0, found.start()) + 1
        drift.error(
            "version-differs",
            f"__version__ is {stated:.40}, and the last release in the state is {version}",
            Place(span=Span(str(folder / MODULE), line, 1)),
            hint=RESTORE_STATE if is_earlier(version, released) else _TAKE_VERSION,
        )
