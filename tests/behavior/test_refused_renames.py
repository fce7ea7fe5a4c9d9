"""Renames that cannot be, and names in a state that contradict each other, are refused with the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.behavior.releases import CONFIG, Project, project, released
from tests.behavior.renames import SECURED

__all__ = ["project", "released"]


@pytest.mark.parametrize(
    ("rename", "said"),
    [
        ("pets.lsit=pets.all", "did you mean 'pets.list'?"),
        ("Pest=Animal", "did you mean 'Pet'?"),
        ("pets.list.limt=size", "did you mean 'pets.list.limit'?"),
        ("pets.list=all", "must read resource.method"),
        ("pets.list=pets.add", "is or was the name of something else"),
        ("pets.list.limit=kind", "is or was the name of something else"),
        ("pets.list.limit=owners.get_pet.size", "must read pets.list.NAME"),
        ("pets.list=pets.class", "is a Python keyword"),
        ("pets.list.limit=options", "means something else"),
        ("Pet=BaseModel", "means something else"),
        ("Pet=animal", "does not start with a capital"),
        ("Pet.tag=Pet.name", "is or was the name of something else"),
        ("pets=close", "means something else"),
    ],
)
def test_a_rename_that_cannot_be_is_refused(rename: str, said: str, released: Project) -> None:
    before = released.state.read_bytes()
    code, _, err = released.run("generate", "--rename", rename)
    assert (code, said in err) == (2, True), err
    assert "Traceback" not in err
    assert released.state.read_bytes() == before


@pytest.mark.parametrize(
    ("renames", "said"),
    [
        (("pets.list=pets.a", "pets.add=pets.a"), "gives that name to something else"),
        (("pets.list=pets.a", "owners.get_pet=pets.a"), "gives that name to something else"),
        (("pets.list=pets.a", "pets.list=pets.b"), "gives the same thing another name"),
        (("pets.list.limit=a", "pets.list.kind=pets.list.a"), "gives that name to something else"),
        (("pets.list.limit=a", "pets.list.limit=b"), "gives the same thing another name"),
        (("Pet=Zed", "Size=Zed"), "gives that name to something else"),
        (("Pet.tag=Pet.zed", "Pet.name=Pet.zed"), "gives that name to something else"),
        (("pets=zoo", "pets=animals"), "gives the same thing another name"),
        (("pets.add=zoo.get_pet", "owners=zoo"), "gives that name to something else"),
    ],
)
def test_renames_that_contradict_each_other_are_refused(
    renames: tuple[str, str], said: str, released: Project
) -> None:
    before = released.state.read_bytes()
    for pair in (renames, renames[::-1]):
        code, _, err = released.run("generate", *(word for one in pair for word in ("--rename", one)))
        assert (code, said in err, "wrong-rename" in err) == (2, True, True), err
    assert released.state.read_bytes() == before


def test_what_the_configuration_names_is_renamed_there(released: Project) -> None:
    released.write(f'{CONFIG}[names.methods]\nlistPets = "all"\n', "clientsmith.toml")
    code, _, err = released.run("generate", "--rename", "pets.all=pets.every")
    assert (code, "change it there" in err) == (2, True)


@pytest.mark.parametrize("name", ["api_key", "PetsClient.api_key", "AsyncPetsClient.two"])
def test_credentials_are_renamed_in_the_configuration(name: str, project: Project) -> None:
    project.bump(SECURED, "major")
    code, _, err = project.run("generate", "--rename", f"{name}=token")
    assert (code, "[credentials.KEY]" in err, "did you mean" in err, "pets.list" in err) == (
        2,
        True,
        False,
        False,
    )
    code, _, err = project.run("generate", "--rename", "pets.list.api_key=token")
    assert (code, "[credentials.KEY]" in err) == (2, False)


@pytest.mark.parametrize("flags", [("--rename", "a.b=a.c"), ("--drop-aliases",)])
def test_without_a_config_there_are_no_names_to_change(flags: tuple[str, ...], project: Project) -> None:
    (project.folder / "clientsmith.toml").unlink()
    code, _, err = project.run("generate", "openapi.yaml", "--out", "pets", *flags)
    assert (code, f"{flags[0]} needs a config file" in err) == (2, True)


def test_a_rename_is_two_names(released: Project) -> None:
    code, _, err = released.run("generate", "--rename", "pets.list")
    assert (code, "is not OLD=NEW" in err) == (2, True)


PETS, PET_COMPONENT = "GET /pets", "/components/schemas/Pet"


METHOD = {"kind": "methods", "base": PETS, "rest": "", "since": "1.0.0"}


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda state: state["names"].update(verbs={}), "verbs"),
        (lambda state: state["names"]["methods"][PETS].update({"": ["pets.import"]}), "import"),
        (lambda state: state.update(aliases=[{"kind": "methods"}]), "must be a string"),
        (lambda state: state["names"]["methods"][PETS].update({"": ["pets.add"]}), "the name of two things"),
        (lambda state: state["names"]["methods"][PETS][""].append("pets.add"), "the name of two things"),
        (
            lambda state: state["names"]["arguments"][PETS].update({"query limit": ["kind"]}),
            "the name of two things",
        ),
        (
            lambda state: state["names"]["fields"][PET_COMPONENT].update({"#tag": ["name"]}),
            "the name of two things",
        ),
        (
            lambda state: state["names"]["classes"][PET_COMPONENT].update(response=["Size"]),
            "the name of two things",
        ),
        (
            lambda state: state["names"].update(
                chosen={"methods": {"POST /pets": {"": "zoo.a"}, PETS: {"": "zoo.a"}}}
            ),
            "the name of two things",
        ),
        (
            lambda state: state["names"]["classes"][PET_COMPONENT].update(response=["dict"]),
            "not the name of a class",
        ),
        (lambda state: state.update(aliases=[METHOD | {"name": "pets.add"}]), "never was a name"),
        (lambda state: state.update(aliases=[METHOD | {"name": "pets.list"}] * 2), "is listed twice"),
        (lambda state: state.update(names={}), "its names are missing"),
        (lambda state: state["names"].update(chosen={"verbs": {}}), "verbs"),
        (lambda state: state["names"].update(constructor=["api-key"]), "api-key"),
    ],
)
def test_damaged_names_are_refused_with_their_place(damage: Any, place: str, released: Project) -> None:
    state = json.loads(released.state.read_text())
    damage(state)
    released.state.write_text(json.dumps(state, indent=2))
    for words in (
        ("generate",),
        ("generate", "--bump", "auto"),
        ("check",),
        ("diff", "openapi.yaml", "openapi.yaml"),
    ):
        code, _, err = released.run(*words)
        found = [one in err for one in ("state-damaged", place, "clientsmith.state.json:")]
        assert (code, found) == (2, [True] * 3), (words, err)
