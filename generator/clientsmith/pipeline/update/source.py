"""The document to come: read from wherever it is, and laid out in a scratch folder as it will be beside the config."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.config.request import PackageRequest
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.sides import Side, open_side
from clientsmith.document.references.targets import is_remote
from clientsmith.exchange.staging import real_path
from clientsmith.input_file import stream_number
from clientsmith.pipeline.policies import policies_of

if TYPE_CHECKING:
    from clientsmith.document.load import Policies


@dataclass(frozen=True, slots=True)
class Source:
    """A document to come. `request` is about it as it is laid out; a document that was edited in place stays there.

    `files` are its files by the path that each of them takes, `names` says how a reader finds those laid out.
    """

    shown: str
    request: PackageRequest
    files: Mapping[Path, bytes] = field(default_factory=dict[Path, bytes])
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_in_place(self) -> bool:
        """Whether it is the configured document itself."""
        return not self.files


def read_source(
    request: PackageRequest, new: str | None, scratch: Path, diagnostics: Diagnostics
) -> Source | None:
    """The document that `new` names (a file, `-` or `REV:path`), laid out below `scratch`; None after an error."""
    if new is None or (stream_number(new) is None and real_path(new) == real_path(request.document)):
        return Source(request.document, request)
    side = open_side(new, request.document, _policies(new, request), diagnostics)
    bounds = Path(request.config.document_root or Path(request.document).parent)
    paths = None if side is None else _paths(side, request, bounds, diagnostics)
    if side is None or paths is None:
        return None
    files: dict[Path, bytes] = {}
    names: dict[str, str] = {}
    for uri, path in paths.items():
        document, laid = side.document.documents[uri], scratch / path
        laid.parent.mkdir(parents=True, exist_ok=True)
        laid.write_bytes(document.text)
        files[bounds / path], names[laid.as_posix()] = document.text, document.file
    root = scratch / paths[side.document.root.uri]
    config = replace(
        request.config,
        document_path=str(root),
        document_root=None if request.config.document_root is None else str(scratch),
    )
    return Source(side.file, replace(request, document=str(root), config=config), files, names)


def _policies(new: str, request: PackageRequest) -> Policies:
    """What is accepted of it here, where only its files are looked for: what is wrong with them, lint finds.

    Its root is as far above it as `document.root` is above the configured document.
    """
    policies = replace(policies_of(request.config), allow_invalid=True)
    is_stream = stream_number(new) is not None
    if policies.root is None or not (is_stream or os.path.lexists(new)):
        return policies
    depth = len(_below(Path(request.document), Path(policies.root)).parts) - 1
    place = Path("stream") if is_stream else Path(new)
    above = place.absolute().parents
    return replace(policies, root=str(above[min(depth, len(above) - 1)]))


def _paths(
    side: Side, request: PackageRequest, bounds: Path, diagnostics: Diagnostics
) -> dict[str, Path] | None:
    """Where each file goes, from the folder that all have to be below; None after reporting those that would not be."""
    root = side.document.root
    home = _below(Path(request.document), bounds)
    package = real_path(request.out)
    found: dict[str, Path] = {}
    for uri, document in side.document.documents.items():
        if is_remote(uri):
            continue
        beside = "" if document is root else posixpath.relpath(uri, posixpath.dirname(root.uri) or ".")
        path = Path(posixpath.normpath(home.parent.as_posix() + "/" + beside)) if beside else home
        target = real_path(bounds / path)
        problem = None
        if ".." in path.parts or not target.is_relative_to(real_path(bounds)):
            problem = f"outside of {bounds.as_posix()}"
        elif target.is_relative_to(package):
            problem = "inside the package folder, which is generated"
        if problem is not None:
            message = f"{document.file:.200} would be placed at {(bounds / path).as_posix():.200}, {problem}"
            hint = "document.root names the folder that all files of the document are below"
            diagnostics.error("update-misplaced", message, hint=hint)
        found[uri] = path
    return None if diagnostics.has_errors else found


def _below(path: Path, folder: Path) -> Path:
    return Path(os.path.relpath(real_path(path), real_path(folder)))
