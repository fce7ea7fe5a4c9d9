"""The texts of the templates: ours, one by one replaced by those of a user's folder; nothing is rendered here."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clientsmith.diagnostics import Diagnostics, Place, Span

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """Template name (a relative POSIX path) -> text, and one digest over all names and bytes."""

    texts: Mapping[str, str]
    digest: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every template name, sorted."""
        return tuple(self.texts)

    def load(self, name: str) -> str:
        """The text of one template; KeyError where there is none of that name."""
        return self.texts[name]


def open_templates(override: str | None, diagnostics: Diagnostics) -> TemplateSource | None:
    """Our templates, replaced by files of the same name in `override`; None where something there is wrong."""
    files = _read(_own_folder())
    if override is not None:
        theirs = _override(Path(override), files, diagnostics)
        if theirs is None:
            return None
        files |= theirs
    texts: dict[str, str] = {}
    for name in sorted(files):
        try:
            texts[name] = files[name].decode()
        except UnicodeDecodeError as error:
            message = f"the template {name} is not UTF-8 text (byte {error.start})"
            diagnostics.error("template-not-text", message, _at(override, name))
    return TemplateSource(texts, _digest(files)) if len(texts) == len(files) else None


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
        files = _read(folder)
    except OSError as error:
        diagnostics.error("templates-unreadable", f"cannot read the templates in {folder}: {error.strerror}")
        return None
    unknown = [name for name in sorted(files) if name not in known]
    for name in unknown:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else "known templates: " + ", ".join(sorted(known))
        message = f"{name} is not the name of a template, so it would override nothing"
        diagnostics.error("template-unknown", message, _at(str(folder), name), hint=hint)
    return None if unknown else files


def _read(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but hidden ones, by relative path."""
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in names.items()
        if not name.startswith(".") and "/." not in name
    }


def _digest(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return total.hexdigest()


def _at(folder: str | None, name: str) -> Place:
    return Place() if folder is None else Place(span=Span(str(Path(folder) / name), 1, 1))
