"""The sample APIs rendered to a folder, once for each test session."""

from __future__ import annotations

import re
from pathlib import Path

from clientsmith.api.model.api import Api
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.emit.package import render
from clientsmith.emit.templates.template_source import open_templates
from tests.behavior.packages import models_worker

_PYTHON_BLOCK = re.compile(r"^(`{3,})python\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


def render_sample(api: Api, templates: str | None = None) -> tuple[dict[str, bytes] | None, Diagnostics]:
    """The files of one API, with templates overridden from a folder where one is given."""
    diagnostics = Diagnostics()
    source = open_templates(templates, diagnostics)
    assert source is not None
    rendered = render(api, source, models_worker(), diagnostics)
    return rendered and rendered.files, diagnostics


def write_package(api: Api, folder: Path) -> None:
    """Render an API into `folder`, under the name of its package."""
    files, diagnostics = render_sample(api)
    assert files is not None, list(diagnostics)
    for name, content in files.items():
        path = folder / api.package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def programs(page: str) -> list[str]:
    """The runnable examples of a reference page: every Python block but the signatures."""
    blocks = [match[2] for match in _PYTHON_BLOCK.finditer(page)]
    return [block for block in blocks if not block.startswith("def ")]
