"""The same thing keeps its name from release to release, whatever its author calls it; a name is never used twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clientsmith.api.builder import build
from clientsmith.api.model.types import ModelClass
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from tests.unit.api.apis import ref, resolved
from tests.unit.api.kept_names import PET, Release, Tree, document, operation


def with_other_ids(tree: Tree) -> None:
    tree["paths"]["/pets"]["get"]["operationId"] = "everyAnimal"
    tree["paths"]["/dogs"]["post"]["operationId"] = "DogsController_store"


def with_other_tags(tree: Tree) -> None:
    for item in tree["paths"].values():
        for one in item.values():
            one["tags"] = ["Animals"]


def with_another_title(tree: Tree) -> None:
    tree["info"]["title"] = "Zoo"


def with_other_path_parameters(tree: Tree) -> None:
    item = tree["paths"].pop("/pets/{petId}")
    item["get"]["parameters"][0]["name"] = "animal"
    tree["paths"]["/pets/{animal}"] = item


def with_the_server_path_in_the_paths(tree: Tree) -> None:
    tree["servers"] = [{"url": "https://api.example.com"}]
    tree["paths"] = {f"/v1{path}": item for path, item in tree["paths"].items()}


def with_another_server_path(tree: Tree) -> None:
    tree["servers"] = [{"url": "https://api.example.com/v2"}]


def in_another_order(tree: Tree) -> None:
    for part in (tree["paths"], tree["components"]["schemas"]):
        for key in sorted(part):
            part[key] = part.pop(key)


@pytest.mark.parametrize(
    "change",
    [
        with_other_ids,
        with_other_tags,
        with_another_title,
        with_other_path_parameters,
        with_the_server_path_in_the_paths,
        with_another_server_path,
        in_another_order,
    ],
)
def test_everything_keeps_its_name(change: Callable[[Tree], None], tmp_path: Path) -> None:
    old = Release(tmp_path, document())
    tree = document()
    change(tree)
    new = Release(tmp_path, tree, old.names)
    assert sorted(new.methods.values()) == sorted(old.methods.values())
    assert new.arguments == old.arguments
    assert new.classes == old.classes
    assert (new.api.client_class, new.api.package) == (old.api.client_class, old.api.package)
    assert {one.class_name for one in new.api.resources} == {one.class_name for one in old.api.resources}
    by_rule = Release(tmp_path, tree)
    assert ("name-kept" in new.ids) == (by_rule.api != new.api)


def test_without_names_nothing_is_said(tmp_path: Path) -> None:
    assert not {"name-kept", "name-taken", "name-not-kept"} & Release(tmp_path, document()).ids


def test_the_note_says_both_names(tmp_path: Path) -> None:
    old, tree = Release(tmp_path, document()), document()
    with_another_title(tree)
    new = Release(tmp_path, tree, old.names)
    said = [one.message for one in new.diagnostics if one.id == "name-kept"]
    assert any("'PetStoreClient'" in one and "'ZooClient'" in one for one in said), said


def test_a_new_operation_of_a_renamed_tag_joins_the_others(tmp_path: Path) -> None:
    old, tree = Release(tmp_path, document()), document()
    for path in ("/pets", "/pets/{petId}"):
        tree["paths"][path]["get"]["tags"] = ["Animals"]
    tree["paths"]["/pets"]["post"] = operation("createPet", "Animals")
    assert Release(tmp_path, tree, old.names).methods["POST /pets"] == "pets.create_pet"


def test_a_new_operation_of_a_new_tag_starts_a_resource(tmp_path: Path) -> None:
    old, tree = Release(tmp_path, document()), document()
    tree["paths"]["/pets"]["get"]["tags"] = ["Animals"]  # while others are still tagged as pets
    tree["paths"]["/pets"]["post"] = operation("createPet", "Animals")
    made = Release(tmp_path, tree, old.names).methods
    assert made["GET /pets"] == "pets.list"
    assert made["POST /pets"] == "animals.create_pet"


def numbered() -> Tree:
    """Two properties, two schemas and two operations that ask for one name each."""
    properties = {"tax-rate": {"type": "string"}, "taxRate": {"type": "string"}}
    tree = document()
    tree["components"]["schemas"]["pet"] = {"type": "object", "properties": properties}
    tree["paths"]["/cats"] = {"get": operation("list_pets", "Pets", result=ref("pet"))}
    return tree


def test_numbers_stay_if_what_came_first_goes(tmp_path: Path) -> None:
    old, tree = Release(tmp_path, numbered()), numbered()
    second = next(name for name in old.classes if name.startswith("Pet") and name != "Pet")
    tree["paths"] = {"/cats": tree["paths"]["/cats"]}
    del tree["components"]["schemas"]["Pet"], tree["components"]["schemas"]["pet"]["properties"]["tax-rate"]
    new = Release(tmp_path, tree, old.names)
    assert new.methods["GET /cats"] == old.methods["GET /cats"]
    assert second in new.classes
    fields = {
        field.name
        for schema in new.api.schemas
        if schema.name == second
        if isinstance(schema, ModelClass)
        for field in schema.fields
    }
    assert fields == {"tax_rate_2"}


def test_the_name_of_a_thing_that_is_gone_is_not_given_again(tmp_path: Path) -> None:
    old, tree = Release(tmp_path, document()), document()
    del tree["paths"]["/dogs"]
    gone = Release(tmp_path, tree, old.names)
    tree["paths"]["/kennel"] = {"post": operation("addDog", "Dogs", result=ref("Kennel"))}
    tree["components"]["schemas"]["Kennel"] = {"title": "Dog", **PET}
    new = Release(tmp_path, tree, gone.names)
    assert old.methods["POST /dogs"] == "dogs.add"
    assert new.methods["POST /kennel"] == "dogs.add_2"
    assert "name-taken" in new.ids
    tree["paths"]["/dogs"] = document()["paths"]["/dogs"]
    assert Release(tmp_path, tree, new.names).methods["POST /dogs"] == "dogs.add", "it has come back"


def test_a_configured_name_wins(tmp_path: Path) -> None:
    old = Release(tmp_path, document())
    config = Config(method_names={"listPets": "all"}, schema_names={"Pet": "Animal"})
    new = Release(tmp_path, document(), old.names, config)
    assert new.methods["GET /pets"] == "pets.all"
    assert "Animal" in new.classes
    assert {(one.kind, one.name) for one in new.names.aliases} == {
        ("methods", "pets.list"),
        ("classes", "Pet"),
    }
    kept = Release(tmp_path, document(), new.names)
    assert kept.methods["GET /pets"] == "pets.all", "the configuration may go once it is released"


def test_a_configured_name_that_was_another_things_is_refused(tmp_path: Path) -> None:
    old, tree = Release(tmp_path, document()), document()
    tree["paths"]["/pets"]["post"] = operation("addPet", "Pets")
    diagnostics = Diagnostics()
    config = Config(method_names={"addPet": "list"})
    del tree["paths"]["/pets"]["get"]
    build(resolved(tree, tmp_path), config, diagnostics, old.names)
    assert "name-reused" in {one.id for one in diagnostics}


def test_same_input_same_names(tmp_path: Path) -> None:
    old = Release(tmp_path, numbered())
    one, other = (Release(tmp_path, numbered(), old.names) for _ in range(2))
    assert one.names == other.names == old.names
    assert one.api == other.api == old.api
