"""Packages on disk as `diff --package` reads them: a manifest, a typed surface, and a module in place of the client."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clientsmith.api.builder import build
from clientsmith.api.surface.surface import surface_bytes, surface_json
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.digest import digest
from clientsmith.document.load import Policies, open_document
from clientsmith.package.file_tree import FileTree
from clientsmith.package.kept_surface import SURFACE
from clientsmith.package.manifest import Inputs, with_manifest

Json = dict[str, Any]


def release(document: str, folder: str = "released", edit: Callable[[Json], object] | None = None) -> Path:
    """The package that a document makes, its surface edited before it is listed in the manifest."""
    found = Diagnostics()
    resolved = open_document(document, found, Policies(), validation="root")
    assert resolved is not None, list(found)
    api = build(resolved, Config(), found).api
    assert api is not None, list(found)
    surface: Json = json.loads(json.dumps(surface_json(api)))
    if edit is not None:
        edit(surface)
    return write(folder, digest(resolved), {SURFACE: surface_bytes(surface)})


def write(folder: str, document: str, files: dict[str, bytes]) -> Path:
    """A package of these files and of one module, made from the document with that digest."""
    inputs = Inputs("0.1.0", document, "c" * 64, "t" * 64, "r" * 64, {})
    tree = with_manifest(FileTree({"__init__.py": b"one\n", **files}), inputs)
    made = Path(folder)
    made.mkdir()
    for path, data in tree.items():
        (made / path).write_bytes(data)
    return made
