"""The typed surface that a package on disk carries, read if the package is as it was generated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clientsmith.api.surface.codec import SurfaceError
from clientsmith.api.surface.surface import NewerSurfaceError, Surface, parse_surface
from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.input_file import InputFileError, read_file
from clientsmith.package.file_tree import sha256
from clientsmith.package.line_ends import with_lf
from clientsmith.package.manifest import Manifest

SURFACE = "_surface.json"
_HINT = "name the package as it was released, or generate it again"


def read_kept_surface(folder: Path, manifest: Manifest, diagnostics: Diagnostics) -> Surface | None:
    """The surface of a package whose modules are those of its manifest.

    None if there is none, as in a package of an earlier clientsmith, or after reporting what is wrong.
    """
    changed = list(_changed(folder, manifest))
    if changed:
        files = changed[0] if len(changed) == 1 else f"{changed[0]} and {len(changed) - 1} more files"
        verb = "differs" if len(changed) == 1 else "differ"
        message = f"{files} {verb} from what was generated: the surface may not be what callers see"
        diagnostics.error("changed-file", message, _at(folder, changed[0]), hint=_HINT)
        return None
    if SURFACE not in manifest.files:
        return None
    try:
        return parse_surface(read_file(folder / SURFACE))
    except NewerSurfaceError as error:
        message = f"{SURFACE} is newer than this clientsmith: {error}"
        diagnostics.error("newer-surface", message, _at(folder, SURFACE), hint="upgrade clientsmith")
    except SurfaceError as error:
        diagnostics.error(
            "damaged-surface", f"{SURFACE} cannot be used: {error}", _at(folder, SURFACE), hint=_HINT
        )
    return None


def _changed(folder: Path, manifest: Manifest) -> Iterator[str]:
    """The modules, and the surface, that are not as the manifest says."""
    for path, digest in manifest.files.items():
        if path.endswith(".py") or path == SURFACE:
            try:
                data = read_file(folder / path)
            except InputFileError:
                yield path
            else:
                if digest not in (sha256(data), sha256(with_lf(data))):
                    yield path


def _at(folder: Path, path: str) -> Place:
    return Place(span=Span(str(folder / path), 1, 1))
