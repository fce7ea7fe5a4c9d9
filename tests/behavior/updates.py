"""A released package that is updated, and what an update says and leaves."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.behavior.releases import Project


@pytest.fixture
def untested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a conformance test nor type checkers, which take seconds."""
    for name in ("schemathesis", "mypy", "pyright"):
        monkeypatch.setitem(sys.modules, name, None)


def updated(project: Project, *words: str, code: int = 0) -> dict[str, Any]:
    """What an update says as JSON."""
    found, out, err = project.run("update", *words, "--format", "json")
    assert found == code, (out, err)
    return dict(json.loads(out)["update"])


def contents(project: Project) -> dict[str, bytes]:
    return {
        path.relative_to(project.folder).as_posix(): path.read_bytes()
        for path in project.folder.rglob("*")
        if path.is_file() and path.name not in ("new.yaml", "common.yaml")
    }


def stage(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(dict(one) for one in found["stages"] if one["name"] == name)
