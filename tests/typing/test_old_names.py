"""Type checkers take old names that still work, and say that those of methods and arguments are deprecated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.behavior.releases import CONFIG, DOCUMENT, Project, project
from tests.typing import checkers

__all__ = ["project"]
RENAMES = (
    "pets.list=animals.all", "pets.list.limit=size", "pets.add.name=full_name", "owners.get_pet.owner=who",
    "owners.get_pet.pet=animal", "Pet=Animal", "NewPet=Candidate", "Size=Extent", "PetsClient=ZooClient",
)  # fmt: skip
SNIPPET = """\
from pets import AsyncPetsClient, AsyncZooClient, PetsClient, ZooClient, inputs, models

client = PetsClient()
same: ZooClient = client


class Mine(models.Pet):
    pass


def both(one: models.Pet, other: models.Animal, size: inputs.SizeDict) -> tuple[models.Animal, models.Pet]:
    models.Size(feet=size.get("feet"))
    return one, other


client.animals.all(kind="dog", size=3)
client.pets.list(kind="dog", size=3)  # error: mypy[deprecated] pyright[reportDeprecated]
client.pets.list(kind="dog", limit=3)  # error: mypy[deprecated] pyright[reportDeprecated]
client.animals.all(kind="dog", limit=3)  # error: mypy[deprecated] pyright[reportDeprecated]
client.animals.all(kind="dog", limit=3, size=3)  # error: mypy[call-overload] pyright[reportCallIssue]
client.animals.all(limit=3)  # error: mypy[call-overload] pyright[reportCallIssue]
client.animals.all(kind="dog", limit="3")  # error: mypy[call-overload] pyright[reportArgumentType]
client.pets.add(full_name="Rex")
client.pets.add(name="Rex")  # error: mypy[deprecated] pyright[reportDeprecated]
client.pets.add()  # error: mypy[call-overload] pyright[reportCallIssue]
client.owners.get_pet("a", "b")
client.owners.get_pet(who="a", animal="b")
client.owners.get_pet("a", pet="b")  # error: mypy[deprecated] pyright[reportDeprecated]
client.owners.get_pet(owner="a", pet="b")  # error: mypy[deprecated] pyright[reportDeprecated]
client.with_response(client.animals.all, kind="dog", size=3)


async def awaited(client: AsyncPetsClient) -> AsyncZooClient:
    await client.animals.all(kind="dog", size=3)
    await client.pets.list(kind="dog")  # error: mypy[deprecated] pyright[reportDeprecated]
    await client.animals.all(kind="dog", limit=3)  # error: mypy[deprecated] pyright[reportDeprecated]
    return client
"""


@pytest.fixture
def renamed(project: Project) -> Path:
    """The folder with a package that has old names of every kind."""
    project.write(f'{CONFIG}client = "PetsClient"\n', "clientsmith.toml")
    project.bump(DOCUMENT)
    project.write(CONFIG, "clientsmith.toml")
    project.facts("generate", *(word for one in RENAMES for word in ("--rename", one)))
    return project.folder


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_old_names_are_accepted_and_marked(checker: str, renamed: Path, tmp_path: Path) -> None:
    snippets, scratch = tmp_path / "snippets", tmp_path / "scratch"
    for folder in (snippets, scratch):
        folder.mkdir()
    (snippets / "calls.py").write_text(SNIPPET)
    found = (
        checkers.mypy(snippets, renamed, scratch, "--enable-error-code=deprecated")
        if checker == "mypy"
        else checkers.pyright(snippets, renamed, scratch)
    )
    wanted = checkers.wanted(snippets, checker)
    assert sorted((found - wanted).elements()) == [], "reported, not marked"
    assert sorted((wanted - found).elements()) == [], "marked, not reported"


def test_a_package_with_old_names_is_clean(renamed: Path, tmp_path: Path) -> None:
    checks = (
        ["mypy", "--strict", "--config-file=", "--no-error-summary", f"--cache-dir={tmp_path}"],
        ["pyright"],
    )
    (renamed / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict", "include": ["pets"]}')
    for command in checks:
        words = [
            sys.executable,
            "-m",
            *command,
            *(["pets"] if command[0] == "mypy" else ["--pythonpath", sys.executable]),
        ]
        done = subprocess.run(words, cwd=renamed, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
