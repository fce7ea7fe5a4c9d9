"""Is the package on disk what its inputs give? Every difference is a diagnostic; nothing is written here.

Two proofs: `check_manifest` compares digests and needs no generation; `check_tree` compares the bytes with a package
generated in memory. Both read every file of the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.input_file import InputFileError, read_file
from clientsmith.package.file_tree import FileTree, sha256
from clientsmith.package.folder import Kind, list_folder, note_left_alone, report_broken_mark
from clientsmith.package.line_ends import report_converted, with_lf
from clientsmith.package.manifest import (
    NAME,
    Inputs,
    Manifest,
    ManifestError,
    NewerManifestError,
    OlderManifestError,
    Parts,
    read_manifest,
)
from clientsmith.package.parts import BrokenMarkError, read_parts
from clientsmith.package.release import REGENERATE, check_version, is_earlier, remedy
from clientsmith.package.runtime import FOLDER, ComparedRuntime, compare_runtime, owner_of
from clientsmith.runtime_copy.bytecode import foreign_bytecode

_MEANS = {
    "document": "the document, or a file it refers to, has another content",
    "config": "the config or a command-line flag that shapes the output has another value",
    "templates": "a template has another content",
    "runtime": "a module of the runtime has another content",
    "state": "a release was recorded, or names were, since then",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """The proof that a check looked: how many files and bytes it read and compared."""

    files: int
    size: int
    runtime: ComparedRuntime | None = None


@dataclass(frozen=True, slots=True)
class _Expected:
    """The digests of the files of a package, and those of the parts of files that are generated in parts only."""

    files: Mapping[str, str]
    parts: Parts


def check_manifest(folder: Path, inputs: Inputs, drift: Diagnostics) -> Compared:
    """Compare the folder with its own manifest, and the manifest with the inputs of today."""
    manifest = read_package(folder, drift)
    if manifest is None:
        return Compared(0, 0)
    _compare_inputs(folder, manifest.inputs, inputs, drift)
    check_version(folder, inputs.version, manifest.inputs.version, drift)
    if not manifest.files:
        drift.error(
            "empty-package", "the manifest lists no file: nothing could be compared", _at(folder, NAME)
        )

    expected = _Expected({**manifest.files, NAME: sha256(manifest.to_bytes())}, manifest.parts)

    def report(path: str, _: bytes) -> None:
        message = f"{path} was changed: its digest is not the one in the manifest"
        drift.error("changed-file", message, _at(folder, path), hint=REGENERATE)

    compared = _compare_files(folder, expected, report, drift)
    return replace(compared, runtime=check_runtime(folder, manifest, drift))


def check_tree(folder: Path, tree: FileTree, inputs: Inputs, drift: Diagnostics) -> Compared:
    """Compare the folder with a package freshly generated from the inputs, manifest included, byte by byte."""
    manifest = read_package(folder, drift)
    if manifest is not None:
        _compare_inputs(folder, manifest.inputs, inputs, drift)
    if not folder.is_dir():
        return Compared(0, 0)
    check_version(
        folder, inputs.version, inputs.version if manifest is None else manifest.inputs.version, drift
    )

    def report(path: str, data: bytes) -> None:
        line = _first_difference(with_lf(data), tree[path])
        message = f"{path} is not what is generated now: it differs from line {line} on"
        drift.error("changed-file", message, _at(folder, path, line), hint=REGENERATE)

    compared = _compare_files(folder, _Expected(tree.digests(), tree.parts), report, drift)
    runtime = check_runtime(folder, manifest, drift) if manifest is not None else None
    return replace(compared, runtime=runtime)


def read_package(folder: Path, drift: Diagnostics) -> Manifest | None:
    """The manifest of the package in a folder; None, and why, if there is none that can be trusted."""
    if not folder.is_dir():
        drift.error("missing-package", f"{folder} is not a folder: there is no package", hint=REGENERATE)
        return None
    place = _at(folder, NAME)
    file = folder / NAME
    try:
        if file.is_symlink():
            raise ManifestError("it is a symbolic link")
        return read_manifest(read_file(file))
    except InputFileError as error:
        if error.is_missing:
            message = f"{NAME} is missing: nothing could be compared"
            drift.error("missing-manifest", message, place, hint=REGENERATE)
        else:
            drift.error("damaged-manifest", f"{NAME} {error}: nothing could be compared", place)
    except OlderManifestError as error:
        message = f"an earlier clientsmith wrote {NAME}: {error}"
        drift.error("older-manifest", message, place, hint=REGENERATE)
    except NewerManifestError as error:
        drift.error(
            "newer-manifest",
            f"{NAME} is newer than this clientsmith: {error}",
            place,
            hint="upgrade clientsmith",
        )
    except ManifestError as error:
        drift.error("damaged-manifest", f"{NAME} was changed: {error}", place, hint=REGENERATE)
    return None


def _compare_inputs(folder: Path, then: Inputs, now: Inputs, drift: Diagnostics) -> None:
    made_from, given = then.facts(), now.facts()
    for name in sorted({*made_from, *given}):
        old, new = made_from.get(name, "none"), given.get(name, "none")
        if old != new:
            means = _MEANS.get(name, f"the package was made with another version of {name}")
            if name == "state" and is_earlier(now.version, then.version):
                means = "it is lost, or older than the package"
            message = (
                f"{name} changed since the package was generated: {means} ({old[:12]} then, {new[:12]} now)"
            )
            hint = remedy(now.version, then.version)
            drift.error("changed-input", message, _at(folder, NAME), hint=hint)


def check_runtime(folder: Path, manifest: Manifest, drift: Diagnostics) -> ComparedRuntime | None:
    """Compare the runtime that a package uses, its own or a shared one, with that of this clientsmith."""
    if not manifest.needs.features:
        return None
    place, needs = folder, manifest.needs
    if needs.runtime is not None:
        owner = owner_of(folder, needs.runtime)
        shared = None if owner is None else read_package(owner, drift)
        if owner is None or shared is None:
            message = f"the runtime of {needs.runtime}, which this package shares, is not there"
            drift.error(
                "shared-runtime-missing", message, _at(folder, NAME), hint="generate that package first"
            )
            return None
        if shared.needs.runtime is not None:
            name = needs.runtime
            message = f"{name} has no runtime that could be shared: it uses that of {shared.needs.runtime}"
            hint = "name a package with a runtime of its own in [runtime] from, and generate this one again"
            drift.error("shared-runtime-missing", message, _at(folder, NAME), hint=hint)
            return None
        _compare_owner(folder, manifest, shared, drift)
        place, needs = owner, shared.needs
    runtime = compare_runtime(place, needs)
    if runtime.differences:
        drift.error("runtime-differs", f"the runtime {runtime.text}", _at(place, FOLDER), hint=REGENERATE)
    elif runtime.converted and place != folder:
        report_converted(place, runtime.converted, drift.error)
    return runtime


def _compare_owner(folder: Path, manifest: Manifest, shared: Manifest, drift: Diagnostics) -> None:
    """Compare what a package needs of a shared runtime with what the package has that owns it."""
    name, place = manifest.needs.runtime, _at(folder, NAME)
    if manifest.inputs.runtime != shared.inputs.runtime:
        message = (
            f"the runtime of {name} is of another release than this package was generated for "
            f"({shared.inputs.runtime[:12]}, not {manifest.inputs.runtime[:12]})"
        )
        drift.error("shared-runtime-differs", message, place, hint="generate both with the same clientsmith")
    missing = sorted({*manifest.needs.features} - {*shared.needs.features})
    if missing:
        listed = ", ".join(missing)
        message = f"the runtime of {name} lacks features that this package needs: {listed}"
        hint = f"add them to [runtime] features in the config of {name}, and generate it again"
        drift.error("shared-runtime-lacks-features", message, place, hint=hint)


def _compare_files(
    folder: Path, expected: _Expected, report: Callable[[str, bytes], None], drift: Diagnostics
) -> Compared:
    """Compare each file with its digest; `report` says what is wrong with one that differs in more than line ends."""
    digests = expected.files
    listing = list_folder(folder)
    files = size = 0
    crlf: list[str] = []
    known = {*digests, *expected.parts}
    for path in sorted(known):
        data = _read_file(folder, path, listing.entries.get(path), drift)
        if data is None:
            continue
        files, size = files + 1, size + len(data)
        if path in expected.parts:
            if _compare_parts(folder, path, data, expected.parts[path], drift):
                crlf.append(path)
        elif sha256(data) != digests[path]:
            if sha256(with_lf(data)) == digests[path]:
                crlf.append(path)
            else:
                report(path, data)
    if crlf:
        report_converted(folder, crlf, drift.error)
    for path in sorted(listing.entries.keys() - known):
        message = f"{path} is an orphan: it is not part of the package"
        drift.error(
            "orphan-file", message, _at(folder, path), hint="remove it, or keep it outside the package folder"
        )
    for found in foreign_bytecode(folder / one for one in listing.bytecode):
        path = found.relative_to(folder).as_posix()
        message = f"{path} is what Python runs, and it is not made of the module beside it"
        drift.error(
            "foreign-bytecode", message, _at(folder, path), hint="remove it; Python compiles the module anew"
        )
    note_left_alone(folder, (*listing.by_products, *listing.bytecode), drift)
    return Compared(files, size)


def _compare_parts(
    folder: Path, path: str, data: bytes, digests: Mapping[str, str], drift: Diagnostics
) -> bool:
    """Compare the generated parts of a file with their digests; whether one has the line ends of Windows."""
    try:
        parts = read_parts(data, digests)
    except BrokenMarkError as error:
        report_broken_mark(folder, path, error, drift)
        return False
    for name in (name for name in digests if name not in parts):
        message = f"{path} lacks its generated part {name}"
        drift.error("changed-file", message, _at(folder, path), hint=REGENERATE)
    for name, part in parts.items():
        if digests.get(name) != part.digest:
            message = (
                f"the generated part {name} of {path} was changed: its digest is not the one that is due"
            )
            drift.error("changed-file", message, _at(folder, path, part.line), hint=REGENERATE)
    return any(part.is_converted for part in parts.values())


def _read_file(folder: Path, path: str, kind: Kind | None, drift: Diagnostics) -> bytes | None:
    """What a file of the package holds; None, and why, if it cannot be compared."""
    if kind is None:
        drift.error("missing-file", f"{path} is missing", _at(folder, path), hint=REGENERATE)
    elif kind != "file":
        drift.error("not-a-file", f"{path} is a {_KIND_NAMES[kind]}, not a file", _at(folder, path))
    else:
        try:
            return read_file(folder / path)
        except InputFileError as error:
            drift.error("changed-file", f"{path} {error}", _at(folder, path), hint=REGENERATE)
    return None


_KIND_NAMES: Mapping[str, str] = {"link": "symbolic link", "special": "special file"}


def _at(folder: Path, path: str, line: int = 1) -> Place:
    return Place(span=Span(str(folder / path), line, 1))


def _first_difference(one: bytes, other: bytes) -> int:
    ours, theirs = one.split(b"\n"), other.split(b"\n")
    for line, (left, right) in enumerate(zip(ours, theirs, strict=False), start=1):
        if left != right:
            return line
    return min(len(ours), len(theirs))
