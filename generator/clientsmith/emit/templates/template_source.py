"""The texts of the templates: ours, one by one replaced by those of a user's folder; nothing is rendered here."""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.input_file import InputFileError, read_file

_MOST_FILES = 1000
"""How many files a folder of templates may hold."""

_PACKAGE = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """Template name (a relative POSIX path) -> text, and one digest over all names and bytes."""

    texts: Mapping[str, str]
    digest: str
    files: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)
    """Where the templates of a user are, by name."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every template name, sorted."""
        return tuple(self.texts)

    def file(self, name: str) -> str:
        """How a reader finds a template: the file of a user, or the name of one of ours."""
        return self.files.get(name, name)

    def load(self, name: str) -> str:
        """The text of one template; KeyError where there is none of that name."""
        return self.texts[name]


def open_templates(override: str | None, diagnostics: Diagnostics) -> TemplateSource | None:
    """Our templates, replaced by files of the same name in `override`; None where something there is wrong."""
    files = _read(_own_folder())
    shown: dict[str, str] = {}
    if override is not None:
        theirs = _override(Path(override), files, diagnostics)
        if theirs is None:
            return None
        files |= theirs
        shown = {name: (Path(override) / name).as_posix() for name in theirs}
    texts: dict[str, str] = {}
    for name in sorted(files):
        try:
            texts[name] = files[name].decode()
        except UnicodeDecodeError as error:
            message = f"the template {name} is not UTF-8 text (byte {error.start})"
            diagnostics.error("template-not-text", message, _at(override, name))
    return TemplateSource(texts, _digest(files), shown) if len(texts) == len(files) else None


def _own_folder() -> Path:
    """Where a wheel puts them, else where the repository has them."""
    packaged = _PACKAGE / "_templates"
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent / "templates"


def _override(folder: Path, known: Mapping[str, bytes], diagnostics: Diagnostics) -> dict[str, bytes] | None:
    if not folder.is_dir():
        diagnostics.error(
            "templates-unreadable", f"the templates folder {folder} does not exist or is not a folder"
        )
        return None
    try:
        files = _listed(folder)
    except OSError as error:
        diagnostics.error("templates-unreadable", f"cannot read the templates in {folder}: {error.strerror}")
        return None
    if len(files) > _MOST_FILES:
        message = f"the templates folder {folder} holds more than {_MOST_FILES} files"
        diagnostics.error("templates-unreadable", message, hint="name the folder that holds templates only")
        return None
    read: dict[str, bytes] = {}
    for name in sorted(files):
        place = _at(str(folder), name)
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else "known templates: " + ", ".join(sorted(known))
            message = f"{name} is not the name of a template, so it would override nothing"
            diagnostics.error("template-unknown", message, place, hint=hint)
            continue
        try:
            read[name] = read_file(files[name])
        except InputFileError as error:
            diagnostics.error("templates-unreadable", f"the template {name} {error}", place, hint=error.hint)
    return read if len(read) == len(files) else None


def _read(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but hidden ones, by relative path."""
    return {name: read_file(path) for name, path in _listed(folder).items()}


def _listed(folder: Path) -> dict[str, Path]:
    """Whatever is below a folder but folders and hidden files, by relative path; a few more than too many at most.

    Raises OSError.
    """

    def refuse(error: OSError) -> None:
        raise error

    found: dict[str, Path] = {}
    for above, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found |= {
            (Path(above) / name).relative_to(folder).as_posix(): Path(above) / name
            for name in names
            if not name.startswith(".")
        }
        if len(found) > _MOST_FILES:
            break
    return found


def _digest(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return total.hexdigest()


def _at(folder: str | None, name: str) -> Place:
    return Place() if folder is None else Place(span=Span(str(Path(folder) / name), 1, 1))
