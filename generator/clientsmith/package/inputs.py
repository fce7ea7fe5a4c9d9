"""The digests and versions of everything beside the document and the config that shapes a package."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from clientsmith import __version__
from clientsmith.package.manifest import Inputs
from clientsmith.runtime_copy.files import runtime_release
from clientsmith.state.model import State

_TOOLS = ("datamodel-code-generator", "jinja2", "ruff")


def read_inputs(*, document: str, config: str, templates: str, state: State) -> Inputs:
    """The inputs of a package, given the digests of the document, of the config and of the templates."""
    return Inputs(
        tool=__version__,
        document=document,
        config=config,
        templates=templates,
        runtime=runtime_release(),
        state=state.digest,
        version=state.version,
        versions={tool: installed_version(tool) for tool in _TOOLS},
    )


def installed_version(distribution: str) -> str:
    """The version of an installed distribution, or `missing`.

    Read off the name of the `.dist-info` folder: `importlib.metadata` costs 50 ms, as much as the rest of a check.
    """
    wanted = re.compile(
        re.escape(distribution).replace(r"\-", "[-_.]") + r"-([^-]+)\.dist-info", re.IGNORECASE
    )
    for folder in sys.path:
        try:
            names = [name.name for name in Path(folder or ".").iterdir()]
        except OSError:
            continue
        versions = [found[1] for found in map(wanted.fullmatch, names) if found]
        if len(versions) == 1:
            return versions[0]
        if versions:
            break
    return _slow_version(distribution)


def _slow_version(distribution: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "missing"
