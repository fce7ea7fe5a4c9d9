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
from clientsmith.package.folder import Kind, Listing, list_folder, note_left_alone, report_broken_mark
from clientsmith.package.line_ends import report_converted, with_lf
from clientsmith.package.manifest import (
    NAME,
    ManifestError,
    NewerManifestError,
    OlderManifestError,
    Parts,
    read_manifest,
)
from clientsmith.package.parts import BrokenMarkError, has_other_text, merged, read_parts

_TOO_LARGE = b"\0"
"""In place of the content of a file: nothing generated has it."""
_FORCE_EDITS = "move the change into the document, the config or a template; --force gives it up"
_FORCE_PART = "write before or behind the part, where it stays; --force gives the edit up"
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
    merged: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """What is written to files of which only parts are generated: the parts with what people wrote around them."""


@dataclass(frozen=True, slots=True)
class _Owned:
    """What clientsmith wrote: the digests of files, None where one is not known, and those of parts of files."""

    files: Mapping[str, str | None]
    parts: Parts | None = None
    """None if the digests are not known."""


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
    merged: dict[str, bytes] = field(default_factory=dict[str, bytes])


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
        sorting.merged,
    )


def _owned(sorting: _Sorting, present: Mapping[str, Kind]) -> _Owned | None:
    """What clientsmith wrote; None after reporting why that is not known."""
    if not present:
        return _Owned({}, {})
    place = Place(span=Span(str(sorting.shown / NAME), 1, 1))
    if NAME not in present:
        if not sorting.force:
            message = f"{sorting.shown} is not empty and holds no {NAME}: clientsmith did not write it"
            hint = "choose another --out, or empty the folder; --force writes beside the files there"
            sorting.diagnostics.error("foreign-output", message, hint=hint)
            return None
        return _Owned({}, {})
    try:
        if present[NAME] != "file":
            raise ManifestError("it is not a file")
        manifest = read_manifest(_content(sorting.folder / NAME))
        return _Owned({**manifest.files, NAME: None}, manifest.parts)
    except OlderManifestError as error:
        return _Owned({**error.files, NAME: None}, error.parts)
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
    return _Owned(dict.fromkeys(sorting.tree))


def _sort(sorting: _Sorting, path: str, kind: Kind, owned: _Owned) -> None:
    parts = sorting.tree.parts if owned.parts is None else owned.parts
    is_known = path in owned.files or path in parts or path in sorting.tree
    data = _content(sorting.folder / path) if kind == "file" and is_known else None
    if data is not None and sorting.tree.get(path) == data:
        sorting.unchanged.add(path)
    elif path in parts and data not in (None, _TOO_LARGE):
        _sort_parts(sorting, path, data, None if owned.parts is None else parts[path])
    elif path in owned.files or path in parts:
        _sort_own(sorting, path, data, owned.files.get(path, ""))
    else:
        _sort_foreign(sorting, path)


def _content(file: Path) -> bytes:
    """What a file holds; _TOO_LARGE of one that is too large to be read. Raises OSError."""
    try:
        return read_file(file)
    except InputFileError as error:
        if error.is_too_large:
            return _TOO_LARGE
        raise


def _sort_own(sorting: _Sorting, path: str, data: bytes | None, digest: str | None) -> None:
    is_whole = data is not None and digest in (None, sha256(data))
    is_converted = data is not None and not is_whole and digest == sha256(with_lf(data))
    if is_converted:
        sorting.converted.append(path)
    edited = not (is_whole or is_converted)
    if edited and not sorting.force:
        what = "was edited by hand" if data is not None else "is no longer a plain file"
        _report_edit(sorting, path, f"{path} {what} since it was generated")
    elif path not in sorting.tree:
        sorting.removed.append(path)


def _sort_parts(sorting: _Sorting, path: str, data: bytes, digests: Mapping[str, str] | None) -> None:
    """A file of which only parts are generated; `digests` are those of the parts, None if they are not known."""
    due = sorting.tree.parts.get(path, {})
    try:
        parts = read_parts(data, due)
    except BrokenMarkError as error:
        report_broken_mark(sorting.shown, path, error, sorting.diagnostics)
        return
    if not due and has_other_text(data, parts):
        _sort_foreign(sorting, path)
        return
    for name, part in parts.items():
        is_whole = digests is None or part.digest in (digests.get(name), due.get(name))
        if not is_whole and not sorting.force:
            message = f"the generated part {name} of {path} was edited by hand since it was generated"
            _report_edit(sorting, path, message, part.line, _FORCE_PART)
    if any(part.is_converted for part in parts.values()):
        sorting.converted.append(path)
    if not due:
        sorting.removed.append(path)
    elif merged(data, sorting.tree[path]) == data:
        sorting.unchanged.add(path)
    else:
        sorting.merged[path] = merged(data, sorting.tree[path])


def _report_edit(sorting: _Sorting, path: str, message: str, line: int = 1, hint: str = _FORCE_EDITS) -> None:
    place = Place(span=Span(str(sorting.shown / path), line, 1))
    sorting.diagnostics.error("edited-file", message, place, hint=hint)


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
