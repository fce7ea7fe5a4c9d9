"""How long old names work: until a release breaks something else, or on request."""

from __future__ import annotations

import itertools
import json

import httpx
import pytest

from tests.behavior.calls import call
from tests.behavior.releases import ADDED, BREAKING, DOCUMENT, Project, project, released
from tests.behavior.renames import PET, SECURED, aliases, package, renamed

__all__ = ["project", "released"]


def test_a_rename_is_no_breaking_change(released: Project) -> None:
    renamed(released, "pets.list=pets.all", "pets.list.limit=size", "Pet=Animal", "PetsClient=ZooClient")
    assert aliases(released) == [], "they come with the release"
    bump = released.bump(DOCUMENT)
    assert (bump["to"], bump["step"]) == ("1.1.0", "minor")
    assert {one["rule"] for one in bump["reasons"]} == {
        "method-renamed", "argument-renamed", "class-renamed", "client-renamed",
    }  # fmt: skip
    assert {since for _, since in aliases(released)} == {"1.1.0"}
    assert released.found() == released.found("--regenerate") == (0, [])


def test_the_changelog_says_what_became_of_old_names(released: Project) -> None:
    def sections() -> str:
        text = (released.folder / "pets/CHANGELOG.md").read_text()
        return text.partition("\n## ")[2].partition("\n## ")[0]

    released.bump(DOCUMENT, "auto", "--rename", "pets.list=pets.all", "--rename", "Pet=Animal")
    deprecated = sections().partition("### Deprecated")[2]
    assert "- Class `Pet` is now `Animal`; the old name still works." in deprecated
    assert "- `client.pets.list()` is now `client.pets.all()`; the old name still works." in deprecated
    released.bump(DOCUMENT, "auto", "--drop-aliases")
    removed = sections().partition("### Removed")[2]
    assert "Class `Animal` cannot be imported as `Pet` any more" in removed
    assert "`client.pets.all()` cannot be called as `client.pets.list()` any more" in removed


def test_a_rename_and_its_release_may_be_one_command(released: Project) -> None:
    bump = released.bump(DOCUMENT, "auto", "--rename", "pets.list=pets.all", "--rename", "Pet=Animal")
    assert bump["to"] == "1.1.0"
    assert sorted(aliases(released)) == [("Pet", "1.1.0"), ("pets.list", "1.1.0")]
    assert released.found("--regenerate") == (0, [])


def test_old_names_go_with_a_release_that_breaks_something_else(released: Project) -> None:
    renamed(released, "pets.list=pets.all")
    assert released.bump(DOCUMENT)["to"] == "1.1.0"
    assert released.bump(ADDED)["to"] == "1.2.0"
    assert aliases(released) == [("pets.list", "1.1.0")], "one that only adds keeps them"
    bump = released.bump(BREAKING)
    assert bump["to"] == "2.0.0"
    assert aliases(released) == []
    assert not hasattr(package(released).client_class()().pets, "list")
    assert "old-name-removed" in {one["rule"] for one in bump["reasons"]}
    assert released.found() == released.found("--regenerate") == (0, [])


def test_old_names_stay_in_the_release_that_brings_them(released: Project) -> None:
    renamed(released, "pets.list=pets.all")
    assert released.bump(BREAKING)["to"] == "2.0.0"
    assert aliases(released) == [("pets.list", "2.0.0")]
    assert call(package(released), "pets.list", kind="dog", answer=PET).result.name == "Rex"


def test_old_names_are_dropped_on_request(released: Project) -> None:
    renamed(released, "pets.list=pets.all", "Pet=Animal")
    found = released.facts("generate", "--drop-aliases")
    (note,) = (one for one in found["diagnostics"] if one["id"] == "alias-not-dropped")
    assert note["message"].startswith("the renames of Pet, pets.list are in no release yet")
    assert hasattr(package(released).client_class()().pets, "list")
    released.bump(DOCUMENT)
    bump = released.bump(DOCUMENT, "auto", "--drop-aliases")
    assert (bump["to"], {one["rule"] for one in bump["reasons"]}) == ("2.0.0", {"old-name-removed"})
    assert aliases(released) == []
    assert "## Renamed" not in (released.folder / "pets/REFERENCE.md").read_text()


def test_an_old_name_is_never_given_to_something_else(released: Project) -> None:
    renamed(released, "pets.list=pets.all")
    released.bump(BREAKING)
    released.bump(DOCUMENT, "auto", "--drop-aliases")
    code, _, err = released.run("generate", "--rename", "pets.add=pets.list")
    assert (code, "is or was the name of something else" in err) == (2, True)


def test_a_thing_gets_its_old_name_back(released: Project) -> None:
    renamed(released, "pets.list=pets.all")
    released.bump(DOCUMENT)
    made = renamed(released, "pets.all=pets.list")
    for name in ("pets.list", "pets.all"):
        assert call(made, name, kind="dog", answer=PET).result.name == "Rex"
    assert released.bump(DOCUMENT)["to"] == "1.2.0"
    assert [name for name, _ in aliases(released)] == ["pets.all"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("pets.list=pets.all", "pets.all=pets.list"),
        ("pets=animals", "animals=pets"),
        ("pets.list.limit=size", "pets.list.size=limit"),
        ("Pet=Animal", "Animal=Pet"),
        ("Pet.tag=Pet.label", "Pet.label=Pet.tag"),
        ("PetsClient=ZooClient", "ZooClient=PetsClient"),
    ],
)
def test_a_rename_that_no_release_brought_leaves_nothing(first: str, second: str, released: Project) -> None:
    before = released.state.read_bytes()
    renamed(released, first)
    assert released.state.read_bytes() != before
    renamed(released, second)
    assert released.state.read_bytes() == before
    assert released.bump(DOCUMENT)["step"] == "none"


@pytest.mark.parametrize(
    ("renames", "old"),
    [
        (("pets.list=pets.all", "pets.all=pets.every"), ["pets.list"]),
        (("pets.list.limit=size", "pets.list.size=most"), ["limit"]),
        (("Pet=Animal", "Animal=Beast"), ["Pet"]),
        (("Pet.tag=Pet.label", "Pet.label=Pet.mark"), []),
    ],
)
def test_only_names_of_releases_become_old_names(
    renames: tuple[str, ...], old: list[str], released: Project
) -> None:
    for one in renames:
        renamed(released, one)
    released.bump(DOCUMENT)
    assert [name for name, _ in aliases(released)] == old


def test_a_name_that_no_release_had_is_free_again(released: Project) -> None:
    renamed(released, "pets.list=pets.all")
    renamed(released, "pets.all=pets.every")
    renamed(released, "pets.add=pets.all")
    assert released.bump(DOCUMENT)["to"] == "1.1.0"
    assert sorted(aliases(released)) == [("pets.add", "1.1.0"), ("pets.list", "1.1.0")]
    code, _, err = released.run("generate", "--rename", "owners.get_pet=pets.list")
    assert (code, "is or was the name of something else" in err) == (2, True)


@pytest.mark.parametrize("is_released", [True, False])
def test_a_chosen_name_is_not_told_as_one_that_was_kept(is_released: bool, project: Project) -> None:
    if is_released:
        project.bump(DOCUMENT)
    else:
        project.write(DOCUMENT)
    for words in (("--rename", "pets.list=pets.all"), ("--bump", "auto"), ()):
        found = project.facts("generate", *words)["diagnostics"]
        assert "name-kept" not in {one["id"] for one in found}


RENAMES = (
    ("pets.list=pets.all", "pets=animals"),
    ("pets.list=animals.all", "pets=animals"),
)


@pytest.mark.parametrize("renames", [one for pair in RENAMES for one in itertools.permutations(pair)])
def test_a_resource_and_its_method_are_renamed_together(renames: tuple[str, ...], released: Project) -> None:
    made = renamed(released, *renames)
    client = made.client_class()()
    assert (hasattr(client.animals, "all"), hasattr(client.animals, "add")) == (True, True)
    assert (hasattr(client.pets, "all"), hasattr(client.animals, "list")) == (False, False)
    released.bump(DOCUMENT)
    assert sorted(aliases(released)) == [("pets.add", "1.1.0"), ("pets.list", "1.1.0")]


def test_a_method_leaves_a_resource_that_is_renamed(released: Project) -> None:
    client = renamed(released, "pets=animals", "pets.list=owners.pets").client_class()()
    assert hasattr(client.owners, "pets") and hasattr(client.animals, "add")
    assert not hasattr(client.animals, "list")


def test_before_the_first_release_nothing_needs_an_old_name(project: Project) -> None:
    project.write(DOCUMENT)
    made = renamed(project, "pets.list=pets.all")
    assert aliases(project) == []
    assert not hasattr(made.client_class()().pets, "list")
    assert project.bump(DOCUMENT)["to"] == "0.1.0"
    assert hasattr(package(project).client_class()().pets, "all")


def test_names_stay_although_the_document_calls_things_otherwise(released: Project) -> None:
    changed = (
        DOCUMENT.replace("listPets", "everyAnimal")
        .replace("Pet}", "Animal}")
        .replace("    Pet:", "    Animal:")
    )
    changed = changed.replace("schemas/Pet", "schemas/Animal").replace("title: Pets", "title: Zoo")
    bump = released.bump(changed)
    assert bump["step"] == "patch", bump["reasons"]
    made = package(released)
    assert call(made, "pets.list", kind="dog", answer=PET).result.name == "Rex"
    assert made.models.Pet and made.module.PetsClient


UNION = DOCUMENT.replace('schema: {$ref: "#/components/schemas/Pet"}', "schema: {oneOf: [DOG, CAT]}", 1)
DOG = "{type: object, required: [bark], properties: {bark: {type: string}}}"
CAT = "{type: object, required: [purr], properties: {purr: {type: string}, age: {type: integer}}}"


def test_the_order_of_inline_members_of_a_union_names_nothing(project: Project) -> None:
    project.bump(UNION.replace("DOG", DOG).replace("CAT", CAT), "major")
    classes = {one: set(getattr(package(project).models, one).model_fields) for one in _options(project)}
    bump = project.bump(UNION.replace("DOG", CAT).replace("CAT]", f"{DOG}]"))
    assert bump["step"] in ("none", "patch"), bump["reasons"]
    assert {
        one: set(getattr(package(project).models, one).model_fields) for one in _options(project)
    } == classes


def test_a_released_package_is_compared_under_the_names_of_the_state(released: Project) -> None:
    released.write(DOCUMENT, "old.yaml")
    released.write(DOCUMENT.replace("listPets", "everyAnimal"))
    words = ("diff", "old.yaml", "openapi.yaml", "--format", "json")
    code, out, _ = released.run(*words, "--package", "pets")
    assert (code, json.loads(out)["changes"]) == (0, [])
    code, out, _ = released.run(*words)
    (change,) = json.loads(out)["changes"]
    assert (code, change["rule"]) == (1, "method-renamed")
    assert change["hint"].endswith("keeps its name from the last release, with which --package compares")


def test_credentials_keep_their_positions(project: Project) -> None:
    project.bump(SECURED, "major")
    other_key = SECURED.replace("{key: []}", "{zzz: []}").replace("    key: {", "    zzz: {")
    bump = project.bump(other_key)
    assert bump["step"] in ("none", "patch"), bump["reasons"]
    more = other_key.replace("security: [", "security: [{a: []}, ").replace(
        "    two: {type", "    a: {type: http, scheme: bearer}\n    two: {type"
    )
    assert project.bump(more)["step"] == "minor"
    made = package(project)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"name": str(request.url)}))
    with made.client_class()("mine", transport=transport) as client:
        assert "mine" not in client.pets.list(kind="dog").name, "it goes into the header"


def _options(project: Project) -> list[str]:
    return sorted(one for one in vars(package(project).models) if "Option" in one and one[:4] == "List")
