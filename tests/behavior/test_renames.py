"""Renames on purpose: the old name works and warns, in both clients, until a release breaks something else."""

from __future__ import annotations

import asyncio
import itertools
import json
import warnings
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.behavior.calls import call, json_answer
from tests.behavior.packages import Package, load
from tests.behavior.releases import CONFIG, Project, project

__all__ = ["project"]

_NUMBERS = itertools.count(1)
DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: 7.0.0}
servers: [{url: https://api.example.com}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: kind, in: query, required: true, schema: {type: string}}
      responses:
        "200": {description: All., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
    post:
      operationId: addPet
      tags: [pets]
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewPet"}}}}
      responses: {"204": {description: Done.}}
  /owners/{owner}/pets/{pet}:
    get:
      operationId: getPet
      tags: [owners]
      parameters:
        - {name: owner, in: path, required: true, schema: {type: string}}
        - {name: pet, in: path, required: true, schema: {type: string}}
      responses:
        "200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}, tag: {type: string}}}
    NewPet: {type: object, required: [name], properties: {name: {type: string}, size: {$ref: "#/components/schemas/Size"}}}
    Size: {type: object, properties: {feet: {type: integer}}}
"""
BREAKING = DOCUMENT.replace("tag: {type: string}", "tag: {type: integer}")
ADDED = DOCUMENT.replace("tag: {type: string}", "tag: {type: string}, age: {type: integer}")
PET = json_answer({"name": "Rex"})


@pytest.fixture
def released(project: Project) -> Project:
    """A project whose package was released as 1.0.0."""
    project.bump(DOCUMENT, "major")
    return project


def package(project: Project) -> Package:
    folder = project.folder / "pets"
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return Package(load(folder, f"renamed_pets_{next(_NUMBERS)}"), folder, files, ())


def renamed(project: Project, *renames: str) -> Package:
    words = [word for one in renames for word in ("--rename", one)]
    project.facts("generate", *words)
    return package(project)


def aliases(project: Project) -> list[tuple[str, str | None]]:
    return [(one["name"], one["since"]) for one in json.loads(project.state.read_text())["aliases"]]


def warned(caught: list[warnings.WarningMessage]) -> list[str]:
    return [str(one.message) for one in caught if one.category is DeprecationWarning]


def warnings_of(
    made: Package, method: str, *arguments: Any, **keywords: Any
) -> list[warnings.WarningMessage]:
    """What a call warns of, through the blocking client and through that of asyncio."""
    resource, _, name = method.partition(".")
    settings = {"transport": httpx.MockTransport(lambda _: httpx.Response(200, json={"name": "Rex"}))}

    async def awaited() -> None:
        async with made.client_class(asynchronous=True)(**settings) as client:
            await getattr(getattr(client, resource), name)(*arguments, **keywords)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with made.client_class()(**settings) as client:
            getattr(getattr(client, resource), name)(*arguments, **keywords)
        asyncio.run(awaited())
    assert {Path(one.filename).name for one in caught} <= {"test_renames.py"}, (
        "it is about the line of the caller"
    )
    return caught


# -- what works under the old name --------------------------------------------------------------------------------


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
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert getattr(made.models, old) is getattr(made.models, new)
    assert warned(caught) == [f"{old} is called {new} now"]
    assert Path(caught[-1].filename).name == "test_renames.py"
    with pytest.raises(AttributeError, match="NoSuchName"):
        _ = made.models.NoSuchName
    inputs = made.submodule("inputs")
    if old != "Pet":
        with pytest.deprecated_call():
            assert getattr(inputs, f"{old}Dict") is getattr(inputs, f"{new}Dict")


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


# -- how long the old name works ----------------------------------------------------------------------------------


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


UNION = DOCUMENT.replace(
    '{application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}\n    post:',
    "{application/json: {schema: {oneOf: [DOG, CAT]}}}}\n    post:",
)
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


SECURED = DOCUMENT.replace("paths:\n", "security: [{key: []}, {two: []}]\npaths:\n", 1).replace(
    "  schemas:\n",
    "  securitySchemes:\n"
    "    key: {type: apiKey, in: header, name: X-Key}\n"
    "    two: {type: apiKey, in: query, name: k}\n"
    "  schemas:\n",
    1,
)


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


# -- what is refused -----------------------------------------------------------------------------------------------


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
