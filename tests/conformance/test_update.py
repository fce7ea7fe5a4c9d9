"""`clientsmith update` with its conformance test: what it finds stops the update."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clientsmith.config.request import PackageRequest
from clientsmith.conform.model import PARTS
from clientsmith.conform.suite import Settings, Suite
from clientsmith.pipeline import conformance
from tests.behavior.releases import ADDED, Project, project, released
from tests.behavior.updates import contents, stage, updated

__all__ = ["project", "released"]
TEMPLATES = Path(__file__).parents[2] / "templates"
QUICK = ("--examples", "1")


@pytest.fixture(autouse=True)
def few_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """An update asks for all parts; two of them, and no type checker, show what becomes of what they find."""
    for name in ("mypy", "pyright"):
        monkeypatch.setitem(sys.modules, name, None)
    original = conformance.open_suite

    def opened(request: PackageRequest, settings: Settings, *given: Any) -> Suite | None:
        assert settings.parts == PARTS
        return original(request, replace(settings, parts=("surface", "request")), *given)

    monkeypatch.setattr(conformance, "open_suite", opened)


def test_what_the_conformance_test_finds_stops_the_update(released: Project) -> None:
    released.write(ADDED, "new.yaml")
    wrong = (TEMPLATES / "resource.py.j2").read_text().replace("path={{ operation.path }}", 'path="/cats"')
    released.write(wrong, "mine/resource.py.j2")
    before = contents(released)
    found = updated(released, "new.yaml", *QUICK, "--templates", "mine", code=1)

    assert stage(found, "conformance")["details"] and contents(released) == before


def test_what_the_conformance_test_lets_pass_is_exchanged(released: Project) -> None:
    released.write(ADDED, "new.yaml")
    found = updated(released, "new.yaml", *QUICK)

    assert stage(found, "conformance")["text"].startswith("clean: ") and released.found() == (0, [])
