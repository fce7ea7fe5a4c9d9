"""Packages with old names of methods and arguments conform, and one that lost an old name is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.behavior.releases import DOCUMENT, Project, project
from tests.conformance.suites import faulty, opened

__all__ = ["project"]
RENAMES = (
    "pets.list=animals.all",
    "pets.list.limit=size",
    "owners.get_pet.owner=who",
    "pets.add=pets.create",
)


@pytest.fixture
def renamed(project: Project) -> Project:
    """A project whose package has old names of methods and arguments."""
    project.bump(DOCUMENT)
    project.facts("generate", *(word for one in RENAMES for word in ("--rename", one)))
    return project


def failures(project: Project, package: str, *parts: str) -> set[str]:
    units = opened(str(project.folder / "openapi.yaml"), package, []).units
    chosen = [unit for unit in units if unit.name.partition(":")[0] in parts]
    assert chosen
    return {failure.id for unit in chosen for failure in unit.run().failures}


def test_a_package_with_old_names_conforms(renamed: Project) -> None:
    parts = ("surface", "request", "response", "promises")
    assert failures(renamed, str(renamed.folder / "pets"), *parts) == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "id"),
    [
        ("resources/pets.py", "def add(", "def added(", "old-name-missing"),
        ("resources/pets.py", "def list(", "def listed(", "old-name-missing"),
        ("resources/owners.py", "owner: str | Unset = UNSET,", "", "arguments-differ"),
    ],
)
def test_a_lost_name_is_found(
    file: str, old: str, new: str, id: str, renamed: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.mktemp("faulty")
    package = faulty(folder, file, old, new, str(renamed.folder / "pets"))
    assert id in failures(renamed, package, "surface")
