"""Documents from text, as they are after each stage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Document
from clientsmith.document.references.resolve import ResolvedDocument, resolve
from clientsmith.document.text.parse import load

Loaded = tuple[Document | None, Diagnostics]
LoadText = Callable[..., Loaded]
ResolveText = Callable[..., tuple[ResolvedDocument | None, Diagnostics]]

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


@pytest.fixture
def load_text(tmp_path: Path) -> LoadText:
    """Writes text into a file and loads it."""

    def run(text: str | bytes, name: str = "api.yaml") -> Loaded:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        diagnostics = Diagnostics()
        return load(path, diagnostics), diagnostics

    return run


@pytest.fixture
def resolve_text(load_text: LoadText, tmp_path: Path) -> ResolveText:
    """Resolves a document given as text, with other files beside it."""

    def run(
        text: str, files: dict[str, str] | None = None, **options: Any
    ) -> tuple[ResolvedDocument | None, Diagnostics]:
        for name, content in (files or {}).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        document, diagnostics = load_text(text)
        assert document is not None, list(diagnostics)
        return resolve(document, diagnostics, **options), diagnostics

    return run


def ids(diagnostics: Diagnostics) -> list[str]:
    """The ids of all findings in the order of their places."""
    return [found.id for found in diagnostics]
