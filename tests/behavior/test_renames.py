"""Renames on purpose: the old name works and warns, in both clients."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.behavior.calls import call
from tests.behavior.releases import CONFIG, DOCUMENT, Project, project, released
from tests.behavior.renames import PET, aliases, package, renamed, warned, warnings_of
from tests.deprecations import deprecations

__all__ = ["project", "released"]


@pytest.mark.parametrize("new", ["pets.all", "animals.all", "owners.list_pets"])
def test_a_method_works_under_both_names(new: str, released: Project) -> None:
    made = renamed(released, f"pets.list={new}")
    for name in ("pets.list", new):
        exchange = call(made, name, kind="dog", limit=3, answer=PET)
        assert sorted(exchange.query) == [("kind", "dog"), ("limit", "3")]
        assert exchange.result.name == "Rex"
        expected = [f"This is client.{new} now."] * 2 if name == "pets.list" else []
        assert warned(warnings_of(made, name, kind="dog")) == expected


def test_an_old_argument_of_an_old_method_warns_in_the_line_of_the_caller(released: Project) -> None:
    made = renamed(released, "pets.list=pets.all", "pets.list.limit=pets.list.size")
    assert len(warned(warnings_of(made, "pets.list", kind="dog", limit=3))) == 4


def test_a_resource_is_renamed_with_all_its_methods(released: Project) -> None:
    made = renamed(released, "pets=animals")
    for name in ("pets.list", "animals.list"):
        assert call(made, name, kind="dog", answer=PET).result.name == "Rex"
    assert (
        call(made, "pets.add", name="Rex").json
        == call(made, "animals.add", name="Rex").json
        == {"name": "Rex"}
    )


def test_both_resources_may_have_old_names_of_each_other(released: Project) -> None:
    made = renamed(released, "pets.list=owners.pets", "owners.get_pet=pets.of_owner")
    assert call(made, "pets.list", kind="dog", answer=PET).result.name == "Rex"
    assert call(made, "owners.get_pet", "a", "b", answer=PET).raw_path == "/owners/a/pets/b"


@pytest.mark.parametrize(
    ("rename", "method", "arguments", "old", "new"),
    [
        ("pets.list.limit=pets.list.size", "pets.list", {"kind": "dog"}, {"limit": 3}, {"size": 3}),
        ("pets.list.kind=pets.list.type_of", "pets.list", {}, {"kind": "dog"}, {"type_of": "dog"}),
        ("pets.add.name=full_name", "pets.add", {}, {"name": "Rex"}, {"full_name": "Rex"}),
        (
            "owners.get_pet.owner=owners.get_pet.who",
            "owners.get_pet",
            {"pet": "b"},
            {"owner": "a"},
            {"who": "a"},
        ),
        (
            "owners.get_pet.pet=owners.get_pet.animal",
            "owners.get_pet",
            {"owner": "b"},
            {"pet": "a"},
            {"animal": "a"},
        ),
    ],
)
def test_an_argument_works_under_both_names(
    rename: str,
    method: str,
    arguments: dict[str, Any],
    old: dict[str, Any],
    new: dict[str, Any],
    released: Project,
) -> None:
    made = renamed(released, rename)
    before = call(made, method, answer=PET, **arguments, **old)
    after = call(made, method, answer=PET, **arguments, **new)
    said = (
        f"the argument '{next(iter(old))}' of {method.partition('.')[2]}() is called '{next(iter(new))}' now"
    )
    if method != "pets.add":
        assert warned(warnings_of(made, method, **arguments, **old)) == [said] * 2
        assert warned(warnings_of(made, method, **arguments, **new)) == []
    assert (before.request.url, before.content) == (after.request.url, after.content)
    with pytest.raises(TypeError, match="its old name"):
        call(made, method, answer=PET, **arguments, **old, **new)


def test_a_required_argument_is_still_demanded(released: Project) -> None:
    made = renamed(released, "pets.list.kind=pets.list.sort", "owners.get_pet.owner=owners.get_pet.who")
    with pytest.raises(TypeError, match="missing the argument 'sort'"):
        call(made, "pets.list", answer=PET)
    for given in ({"pet": "b"}, {"who": "a"}, {"owner": "a"}, {}):
        with pytest.raises(TypeError, match="missing the argument"):
            call(made, "owners.get_pet", answer=PET, **given)


def test_positions_stay(released: Project) -> None:
    made = renamed(
        released, "owners.get_pet.owner=owners.get_pet.who", "owners.get_pet.pet=owners.get_pet.animal"
    )
    assert call(made, "owners.get_pet", "a", "b", answer=PET).raw_path == "/owners/a/pets/b"
    assert call(made, "owners.get_pet", "a", pet="b", answer=PET).raw_path == "/owners/a/pets/b"
    assert call(made, "owners.get_pet", pet="b", owner="a", answer=PET).raw_path == "/owners/a/pets/b"


def test_a_method_and_its_argument_are_renamed_together(released: Project) -> None:
    made = renamed(released, "pets.list=pets.all", "pets.list.limit=size")
    for method, name in itertools.product(("pets.list", "pets.all"), ("limit", "size")):
        assert ("limit", "3") in call(made, method, kind="dog", answer=PET, **{name: 3}).query


def test_a_call_for_the_whole_response_takes_old_names(released: Project) -> None:
    made = renamed(released, "pets.list=pets.all", "pets.list.limit=size")
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, json={"name": str(request.url.query)})
    )
    with made.client_class()(transport=transport) as client:
        found = client.with_response(client.pets.list, kind="dog", limit=3)
    assert "limit=3" in found.result.name


@pytest.mark.parametrize("rename", ["Pet=Animal", "NewPet=Candidate", "Size=Extent"])
def test_a_class_is_there_under_both_names(rename: str, released: Project) -> None:
    made = renamed(released, rename)
    old, _, new = rename.partition("=")
    with deprecations() as caught:
        assert getattr(made.models, old) is getattr(made.models, new)
    assert warned(caught) == [f"{old} is called {new} now"]
    assert Path(caught[-1].filename).name == Path(__file__).name
    with pytest.raises(AttributeError, match="NoSuchName"):
        _ = made.models.NoSuchName
    inputs = made.submodule("inputs")
    if old != "Pet":
        with pytest.deprecated_call():
            assert getattr(inputs, f"{old}Dict") is getattr(inputs, f"{new}Dict")


SENT_TOO = DOCUMENT.replace("schemas/NewPet", "schemas/Pet")
"""A class that is sent and received."""


@pytest.mark.parametrize(
    ("renames", "names"),
    [
        (["Pet=Animal"], {"Pet": "Animal", "PetInput": "AnimalInput"}),
        (["PetInput=Candidate"], {"PetInput": "Candidate"}),
        (["Pet=Animal", "PetInput=Candidate"], {"Pet": "Animal", "PetInput": "Candidate"}),
    ],
)
def test_a_class_takes_the_one_along_that_is_sent(
    renames: list[str], names: dict[str, str], project: Project
) -> None:
    project.bump(SENT_TOO, "major")
    made = renamed(project, *renames)
    for old, new in names.items():
        with pytest.deprecated_call():
            assert getattr(made.models, old) is getattr(made.models, new)
    assert {"Pet", "Animal", "PetInput", "AnimalInput", "Candidate"} & {*made.models.__dict__} == (
        {"Pet", "PetInput"} - {*names} | {*names.values()}
    )


def test_a_class_that_is_sent_takes_no_name_of_another_one(project: Project) -> None:
    project.bump(
        SENT_TOO.replace("Size: {", "AnimalInput: {").replace("schemas/Size", "schemas/AnimalInput"), "major"
    )
    code, _, err = project.run("generate", "--rename", "Pet=Animal")
    assert code == 0 or "--rename Pet=Animal: 'AnimalInput' is or was the name of something else" in err


def test_a_client_is_there_under_both_names(released: Project) -> None:
    made = renamed(released, "PetsClient=ZooClient")
    for prefix in ("", "Async"):
        with pytest.deprecated_call():
            assert getattr(made.module, f"{prefix}PetsClient") is getattr(made.module, f"{prefix}ZooClient")
    assert {"PetsClient", "AsyncPetsClient", "ZooClient", "AsyncZooClient"} <= {*made.module.__all__}
    assert {*made.module.__all__} <= {*dir(made.module)}


def test_fields_are_renamed_without_an_old_name(released: Project) -> None:
    made = renamed(released, "Pet.tag=Pet.label")
    assert {"name", "label"} == {*made.models.Pet.model_fields}
    assert aliases(released) == []
    assert "field-renamed" in _reasons(released)


def _reasons(project: Project) -> list[str]:
    bump = project.facts("generate", "--bump", "auto")["generated"]["bump"]
    return [one["rule"] for one in bump["reasons"]]


def test_the_reference_lists_old_names(released: Project) -> None:
    renamed(released, "pets.list=pets.all", "pets.list.limit=size", "Pet=Animal", "PetsClient=ZooClient")
    text = (released.folder / "pets/REFERENCE.md").read_text()
    rows = text.partition("## Renamed")[2]
    for old, new in (
        ("pets.list", "pets.all"),
        ("pets.all(limit=...)", "pets.all(size=...)"),
        ("models.Pet", "models.Animal"),
        ("PetsClient", "ZooClient"),
    ):
        assert f"| `{old}` | `{new}` |" in rows


def test_configured_names_rename_too(released: Project) -> None:
    released.write(
        f'{CONFIG}[names.methods]\nlistPets = "all"\n[names.parameters]\n"listPets.limit" = "size"\n'
        '[names.schemas]\nPet = "Animal"\n[names.resources]\nowners = "people"\n',
        "clientsmith.toml",
    )
    released.facts("generate")
    made = package(released)
    for method, name in itertools.product(("pets.list", "pets.all"), ("limit", "size")):
        assert ("limit", "3") in call(made, method, kind="dog", answer=PET, **{name: 3}).query
    assert (
        call(made, "owners.get_pet", "a", "b", answer=PET).result
        == call(made, "people.get_pet", "a", "b", answer=PET).result
    )
    with pytest.deprecated_call():
        assert made.models.Pet is made.models.Animal
    assert aliases(released) == [], "a plain generate writes no state"
