from __future__ import annotations

from importlib import metadata

import pytest

from clientsmith import __version__
from clientsmith.package.inputs import installed_version, read_inputs
from clientsmith.state.model import State


@pytest.mark.parametrize("tool", ["datamodel-code-generator", "jinja2", "ruff", "pytest"])
def test_versions_are_those_that_importlib_metadata_knows(tool: str) -> None:
    assert installed_version(tool) == metadata.version(tool)


def test_a_tool_that_is_not_installed_is_said_to_be_missing() -> None:
    assert installed_version("no-such-distribution") == "missing"


def test_inputs_name_everything_that_shapes_a_package() -> None:
    inputs = read_inputs(document="d", config="c", templates="t", state=State())
    assert inputs.tool == __version__
    assert len(inputs.runtime) == 64
    assert list(inputs.facts()) == [
        "document", "config", "templates", "runtime", "state", "clientsmith", "datamodel-code-generator", "jinja2", "ruff",
    ]  # fmt: skip
