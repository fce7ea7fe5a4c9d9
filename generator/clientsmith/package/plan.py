"""What writing a tree would do to a folder, or why it is refused; reads the folder, changes nothing.

The rule: a file that clientsmith did not write is never overwritten or removed. `force` gives up changes that were made
to files which it did write, and allows it to work beside files which it did not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.input_file import InputFileError, read_file
from clientsmith.package.file_tree import FileTree, parents, sha256
from clientsmith.package.folder import Kind, Listing, list_folder, note_left_alone
from clientsmith.package.line_ends import report_converted, with_lf
from clientsmith.package.manifest import (
    NAME,
    ManifestError,
    NewerManifestError,
    OlderManifestError,
    read_manifest,
)

_FORCE_EDITS = "move the change into the document, the config or a template; --force gives it up"
_FORCE_FOREIGN = "keep it outside the package folder; --force leaves it where it is"


@dataclass(frozen=True, slots=True)
class Plan:
    """Every path of the folder to come, by what happens to it, and what goes."""

    write: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]
    """Files of others, left as they are."""
    removed: tuple[str, ...]
    left_alone: tuple[str, ...] = ()
    """What editors, checkers and version control left there, files and whole folders."""


@dataclass(slots=True)
class _Sorting:
    folder: Path
    shown: Path
    """The folder as the reader knows it."""
    tree: FileTree
    force: bool
    diagnostics: Diagnostics
    folders: frozenset[str]
    """Every folder that the tree needs."""
    unchanged: set[str] = field(default_factory=set[str])
    kept: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])
    converted: list[str] = field(default_factory=list[str])
    """Files of ours that differ from what was written in line ends only."""


def make_plan(
    folder: Path, shown: Path, tree: FileTree, diagnostics: Diagnostics, *, force: bool
) -> Plan | None:
    """The plan for writing `tree`, manifest included, to `folder`; None where something refuses it."""
    listing = list_folder(folder) if folder.exists() else Listing({})
    present = listing.entries
    found = Diagnostics()
    folders = frozenset(above for path in tree for above in parents(path))
    sorting = _Sorting(folder, shown, tree, force, found, folders)
    owned = _owned(sorting, present)
    if owned is not None:
        for path, kind in present.items():
            _sort(sorting, path, kind, owned)
    for path in listing.by_products:
        if any(above in tree for above in parents(path)):
            _report_in_the_way(sorting, path)
    if sorting.converted:
        report_converted(shown, sorting.converted, found.note)
    note_left_alone(shown, listing.by_products, found)
    for diagnostic in found:
        diagnostics.add(diagnostic)
    if found.has_errors:
        return None
    write = tuple(path for path in tree if path not in sorting.unchanged)
    return Plan(
        write,
        tuple(sorted(sorting.unchanged)),
        tuple(sorting.kept),
        tuple(sorting.removed),
        listing.by_products,
    )


def _owned(sorting: _Sorting, present: Mapping[str, Kind]) -> Mapping[str, str | None] | None:
    """The files that clientsmith wrote: path -> digest, or None where it is not known. None where that is refused."""
    if not present:
        return {}
    place = Place(span=Span(str(sorting.shown / NAME), 1, 1))
    if NAME not in present:
        if not sorting.force:
            message = f"{sorting.shown} is not empty and holds no {NAME}: clientsmith did not write it"
            hint = "choose another --out, or empty the folder; --force writes beside the files there"
            sorting.diagnostics.error("foreign-output", message, hint=hint)
            return None
        return {}
    try:
        if present[NAME] != "file":
            raise ManifestError("it is not a file")
        return {**read_manifest(_content(sorting.folder / NAME)).files, NAME: None}
    except OlderManifestError as error:
        return {**error.files, NAME: None}
    except NewerManifestError as error:
        message = f"a later clientsmith wrote this package: {error}"
        sorting.diagnostics.error("newer-manifest", message, place, hint="upgrade clientsmith")
        return None
    except ManifestError as error:
        if not sorting.force:
            message = f"{NAME} was edited, so that changes to other files cannot be told: {error}"
            sorting.diagnostics.error(
                "edited-file", message, place, hint="restore it; --force generates anew"
            )
            return None
    return dict.fromkeys(sorting.tree)


def _sort(sorting: _Sorting, path: str, kind: Kind, owned: Mapping[str, str | None]) -> None:
    data = (
        _content(sorting.folder / path)
        if kind == "file" and (path in owned or path in sorting.tree)
        else None
    )
    if data is not None and sorting.tree.get(path) == data:
        sorting.unchanged.add(path)
    elif path in owned:
        _sort_own(sorting, path, data, owned[path])
    else:
        _sort_foreign(sorting, path)


def _content(file: Path) -> bytes:
    """What a file holds; of one that is too large to be read, bytes that nothing generated has. Raises OSError."""
    try:
        return read_file(file)
    except InputFileError as error:
        if error.is_too_large:
            return b"\0"
        raise


def _sort_own(sorting: _Sorting, path: str, data: bytes | None, digest: str | None) -> None:
    is_whole = data is not None and digest in (None, sha256(data))
    is_converted = data is not None and not is_whole and digest == sha256(with_lf(data))
    if is_converted:
        sorting.converted.append(path)
    edited = not (is_whole or is_converted)
    if edited and not sorting.force:
        what = "was edited by hand" if data is not None else "is no longer a plain file"
        place = Place(span=Span(str(sorting.shown / path), 1, 1))
        sorting.diagnostics.error(
            "edited-file", f"{path} {what} since it was generated", place, hint=_FORCE_EDITS
        )
    elif path not in sorting.tree:
        sorting.removed.append(path)


def _sort_foreign(sorting: _Sorting, path: str) -> None:
    place = Place(span=Span(str(sorting.shown / path), 1, 1))
    folders = {folder for wanted in sorting.tree for folder in parents(wanted)}
    in_the_way = (
        path in sorting.tree or path in folders or any(folder in sorting.tree for folder in parents(path))
    )
    if in_the_way:
        _report_in_the_way(sorting, path)
    elif sorting.force:
        sorting.kept.append(path)
    else:
        message = f"{path} stands in the package folder, and clientsmith did not write it"
        sorting.diagnostics.error("foreign-file", message, place, hint=_FORCE_FOREIGN)


def _report_in_the_way(sorting: _Sorting, path: str) -> None:
    message = f"{path} is in the way of a generated file, and clientsmith did not write it"
    place = Place(span=Span(str(sorting.shown / path), 1, 1))
    sorting.diagnostics.error("foreign-file", message, place, hint="move or remove it; --force does not")
