"""The same thing keeps its name from release to release, whatever its author calls it; a name is never used twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from clientsmith.api.builder import build
from clientsmith.api.model.api import Api
from clientsmith.api.model.types import ModelClass
from clientsmith.api.names.consistency import check_names
from clientsmith.api.names.kept import NONE, DamagedNamesError, Names
from clientsmith.config.model import Config, CredentialConfig
from clientsmith.diagnostics.model import Diagnostics
from tests.unit.api.apis import ref, resolved

Tree: TypeAlias = dict[str, Any]
PET: Tree = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "tag-name": {"type": "string"}},
}
DOG: Tree = {"type": "object", "required": ["bark"], "properties": {"bark": {"type": "integer"}}}


class Release:
    """A build, with what was said about it and the names that it leaves."""

    def __init__(self, folder: Path, tree: Tree, kept: Names = NONE, config: Config | None = None) -> None:
        self.diagnostics = Diagnostics()
        built = build(resolved(tree, folder), config or Config(), self.diagnostics, kept)
        assert built.api is not None, list(self.diagnostics)
        self.api: Api = built.api
        self.names = Names.from_json(
            json.loads(json.dumps(built.names.to_json())), built.names.aliases_json()
        )
        assert self.names == built.names
        check_names(self.names, is_released=True)

    @property
    def ids(self) -> set[str]:
        return {one.id for one in self.diagnostics}

    @property
    def methods(self) -> dict[str, str]:
        """By HTTP method and path."""
        return {
            f"{one.method} {one.path}": f"{resource.name}.{one.name}"
            for resource in self.api.resources
            for one in resource.operations
        }

    @property
    def arguments(self) -> set[str]:
        every = (one for resource in self.api.resources for one in resource.operations)
        return {parameter.name for one in every for parameter in one.parameters}

    @property
    def classes(self) -> set[str]:
        return {schema.name for schema in self.api.schemas}


def operation(id: str, *tags: str, **others: Any) -> Tree:
    media = {"application/json": {"schema": others.pop("result", ref("Pet"))}}
    return {
        "operationId": id,
        "tags": list(tags),
        "responses": {"200": {"description": "", "content": media}},
        **others,
    }


def parameter(name: str, location: str, **others: Any) -> Tree:
    return {
        "name": name,
        "in": location,
        "required": location == "path",
        "schema": {"type": "string"},
        **others,
    }


def document() -> Tree:
    return {
        "info": {"title": "Pet Store", "version": "1"},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": {
            "/pets": {"get": operation("listPets", "Pets", parameters=[parameter("page-size", "query")])},
            "/pets/{petId}": {
                "get": operation("getPet", "Pets", parameters=[parameter("petId", "path")]),
            },
            "/dogs": {"post": operation("addDog", "Dogs", result=ref("Dog"))},
        },
        "components": {"schemas": {"Pet": deepcopy(PET), "Dog": deepcopy(DOG)}},
    }


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


def test_a_schema_under_the_key_of_a_part_that_is_gone_gets_another_name(tmp_path: Path) -> None:
    tree = document()
    tree["paths"]["/dogs"]["post"] = operation(
        "addDog", "Dogs", result={"type": "object", "properties": {"x": PET}}
    )
    old = Release(tmp_path, tree)
    assert "AddDogResponseX" in old.classes
    tree = document()
    tree["components"]["schemas"]["AddDogResponseX"] = DOG
    tree["paths"]["/dogs"]["post"]["responses"]["200"]["content"]["application/json"]["schema"] = ref(
        "AddDogResponseX"
    )
    assert "AddDogResponseX" not in Release(tmp_path, tree, old.names).classes


def renamed_component(tree: Tree, new: str = "Animal", schema: Tree | None = None) -> None:
    tree["components"]["schemas"][new] = schema or tree["components"]["schemas"].pop("Pet")
    tree["components"]["schemas"].pop("Pet", None)
    for path in ("/pets", "/pets/{petId}"):
        tree["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"] = ref(new)


@pytest.mark.parametrize(
    "schema",
    [
        None,
        {
            "properties": {"tag-name": {"type": ["string"]}, "id": ref("Id")},
            "required": ["id"],
            "type": "object",
        },
        {"allOf": [{"type": "object", "required": ["id"]}, {"properties": deepcopy(PET["properties"])}]},
    ],
)
def test_a_component_under_another_key_keeps_its_class(schema: Tree | None, tmp_path: Path) -> None:
    old, tree = Release(tmp_path, document()), document()
    tree["components"]["schemas"]["Id"] = {"type": "string", "description": "Words."}
    renamed_component(tree, schema=schema)
    new = Release(tmp_path, tree, old.names)
    assert new.classes >= old.classes
    assert "Animal" not in new.classes
    assert "name-kept" in new.ids
    again = Release(tmp_path, tree, new.names)
    assert again.classes == new.classes


@pytest.mark.parametrize(
    "changed",
    [
        {**PET, "required": ["id", "tag-name"]},
        {**PET, "properties": {**PET["properties"], "tag-name": {"type": "string", "minLength": 1}}},
    ],
)
def test_a_component_of_another_meaning_is_another_one(changed: Tree, tmp_path: Path) -> None:
    old, tree = Release(tmp_path, document()), document()
    renamed_component(tree, schema=changed)
    assert "Animal" in Release(tmp_path, tree, old.names).classes


@pytest.mark.parametrize("twice_before", [True, False])
def test_components_of_equal_meaning_are_not_guessed(twice_before: bool, tmp_path: Path) -> None:
    before, after = document(), document()
    twice = before if twice_before else after
    renamed_component(after)
    twice["components"]["schemas"]["Other"] = deepcopy(PET)
    twice["paths"]["/others"] = {"get": operation("others", "Pets", result=ref("Other"))}
    new = Release(tmp_path, after, Release(tmp_path, before).names)
    assert "Animal" in new.classes
    assert "name-not-kept" in new.ids


def with_union(*members: Tree) -> Tree:
    tree = document()
    tree["paths"]["/dogs"]["post"] = operation("addDog", "Dogs", result={"oneOf": list(members)})
    return tree


CAT: Tree = {"type": "object", "required": ["purr"], "properties": {"purr": {"type": "string"}}}


@pytest.mark.parametrize(
    "members",
    [
        (CAT, DOG),
        ({**CAT, "title": "Feline"}, {**DOG, "title": "Hound"}),
        ({**CAT, "description": "Words."}, PET, DOG),
    ],
)
def test_members_of_a_union_are_known_by_what_they_mean(members: tuple[Tree, ...], tmp_path: Path) -> None:
    old = Release(tmp_path, with_union(DOG, CAT))
    new = Release(tmp_path, with_union(*members), old.names)

    def fields(release: Release) -> dict[str, set[str]]:
        return {
            one.name: {field.wire for field in one.fields}
            for one in release.api.schemas
            if isinstance(one, ModelClass)
        }

    before, after = fields(old), fields(new)
    for wire in ("purr", "bark"):
        assert [name for name in after if wire in after[name]] == [
            name for name in before if wire in before[name]
        ]


def test_members_of_a_union_are_known_by_title_if_they_changed(tmp_path: Path) -> None:
    old = Release(tmp_path, with_union({**DOG, "title": "Hound"}, {**CAT, "title": "Feline"}))
    changed: Tree = {**CAT, "title": "Feline", "required": []}
    new = Release(tmp_path, with_union(changed, {**DOG, "title": "Hound"}), old.names)
    assert {name for name in old.classes if "Feline" in name or "Hound" in name} <= new.classes
    assert "name-taken" not in new.ids


def secured(*keys: str, kind: Tree | None = None) -> Tree:
    tree = document()
    scheme = kind or {"type": "apiKey", "in": "header", "name": "X-Key"}
    tree["components"]["securitySchemes"] = dict.fromkeys(keys, scheme)
    tree["security"] = [{key: [] for key in keys}]
    return tree


def credentials(release: Release) -> list[tuple[str, ...]]:
    return [one.arguments for one in release.api.security_schemes]


def test_credentials_keep_their_arguments(tmp_path: Path) -> None:
    two = {"type": "apiKey", "in": "query", "name": "k"}
    before = secured("a")
    before["components"]["securitySchemes"]["b"] = two
    before["security"] = [{"a": [], "b": []}]
    old = Release(tmp_path, before)
    assert credentials(old) == [("api_key",), ("b",)]
    after = secured("z")
    after["components"]["securitySchemes"]["y"] = two
    after["security"] = [{"y": [], "z": []}]
    new = Release(tmp_path, after, old.names)
    assert {one.wire: one.arguments for one in new.api.security_schemes} == {
        "X-Key": ("api_key",),
        "k": ("b",),
    }


def with_schemes(**schemes: Tree) -> Tree:
    """A document in which each of some schemes is enough."""
    tree = document()
    tree["components"]["securitySchemes"] = schemes
    tree["security"] = [{key: []} for key in schemes]
    return tree


IN_HEADER: Tree = {"type": "apiKey", "in": "header", "name": "X-Key"}
IN_QUERY: Tree = {"type": "apiKey", "in": "query", "name": "k"}
BASIC: Tree = {"type": "http", "scheme": "basic"}
BEARER: Tree = {"type": "http", "scheme": "bearer"}


@pytest.mark.parametrize(
    ("before", "after", "wire", "arguments"),
    [
        ({"key": IN_HEADER}, {"key": IN_QUERY, "key2": IN_HEADER}, "X-Key", ("api_key",)),
        ({"key": IN_QUERY}, {"key": IN_HEADER, "aaa": IN_QUERY}, "k", ("api_key",)),
        ({"key": BEARER}, {"key": BASIC, "own": BEARER}, "Authorization", ("token",)),
        ({"a": IN_HEADER, "b": IN_QUERY}, {"a": IN_QUERY, "b": IN_HEADER}, "X-Key", ("api_key",)),
    ],
)
def test_a_scheme_is_known_by_kind_and_place(
    before: dict[str, Tree], after: dict[str, Tree], wire: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    old = Release(tmp_path, with_schemes(**before))
    new = Release(tmp_path, with_schemes(**after), old.names)
    assert arguments in [one.arguments for one in new.api.security_schemes if one.wire == wire]


def test_a_scheme_is_not_taken_for_one_that_went_in_an_earlier_release(tmp_path: Path) -> None:
    first = Release(tmp_path, with_schemes(a=IN_HEADER, b=IN_HEADER))
    second = Release(tmp_path, with_schemes(a=IN_HEADER), first.names)
    third = Release(tmp_path, with_schemes(z=IN_HEADER), second.names)
    assert credentials(third) == credentials(second) == [("api_key",)]


@pytest.mark.parametrize(
    "after",
    [
        {"zzz": IN_HEADER, "two": IN_QUERY, "user": BASIC},
        {"key": IN_HEADER, "aaa": IN_QUERY, "user": BASIC},
        {"key": IN_HEADER, "two": IN_QUERY, "a": BASIC},
        {"aaa": BEARER, "key": IN_HEADER, "two": IN_QUERY, "user": BASIC},
    ],
)
def test_positions_of_released_credentials_stay(after: dict[str, Tree], tmp_path: Path) -> None:
    old = Release(tmp_path, with_schemes(key=IN_HEADER, two=IN_QUERY, user=BASIC))
    assert credentials(old) == [("api_key",), ("two",), ("username", "password")]
    new = Release(tmp_path, with_schemes(**after), old.names)
    assert credentials(new) == credentials(old) + [("token",)] * ("aaa" in after and len(after) == 4)
    again = Release(tmp_path, with_schemes(**dict(reversed(after.items()))), new.names)
    assert credentials(again) == credentials(new)


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


def test_configured_credentials_win(tmp_path: Path) -> None:
    old = Release(tmp_path, secured("a"))
    config = Config(credentials={"a": CredentialConfig(("secret",))})
    assert credentials(Release(tmp_path, secured("a"), old.names, config)) == [("secret",)]


def test_a_class_keeps_its_name_if_the_other_direction_comes_to_use_it(tmp_path: Path) -> None:
    tree = document()
    body = {"content": {"application/json": {"schema": {"type": "array", "items": ref("Cat")}}}}
    tree["components"]["schemas"]["Cat"] = CAT
    tree["paths"]["/cats"] = {"put": {**operation("putCats", "Pets"), "requestBody": body}}
    old = Release(tmp_path, tree)
    tree["paths"]["/cats"]["get"] = operation("getCats", "Pets", result=ref("Cat"))
    new = Release(tmp_path, tree, old.names)
    directions = {
        schema.name: schema.direction for schema in new.api.schemas if schema.name.startswith("Cat")
    }
    assert directions == {"Cat": "request", "CatOutput": "response"}


def test_same_input_same_names(tmp_path: Path) -> None:
    old = Release(tmp_path, numbered())
    one, other = (Release(tmp_path, numbered(), old.names) for _ in range(2))
    assert one.names == other.names == old.names
    assert one.api == other.api == old.api


@pytest.mark.parametrize(
    ("names", "pointer"),
    [
        ([], ("names",)),
        ({"verbs": {}}, ("names", "verbs")),
        ({"methods": {"GET /pets": {"": ["pets"]}}}, ("names", "methods", "GET /pets", "", "0")),
        ({"classes": {"/x": {"response": ["not a name"]}}}, ("names", "classes", "/x", "response", "0")),
        ({"fields": {"/x": {"#a": []}}}, ("names", "fields", "/x", "#a")),
        ({"fields": {"/x": {"#a": "a"}}}, ("names", "fields", "/x", "#a")),
        ({"operations": {"GET /": {"method": "GET", "path": 1}}}, ("names", "operations", "GET /", "path")),
        (
            {"unions": {"/x": {"/oneOf": {"1": {"tags": [1]}}}}},
            ("names", "unions", "/x", "/oneOf", "1", "tags", "0"),
        ),
    ],
)
def test_damaged_names_are_refused_with_their_place(names: object, pointer: tuple[str, ...]) -> None:
    with pytest.raises(DamagedNamesError) as refused:
        Names.from_json(names)
    assert refused.value.pointer == pointer


@pytest.mark.parametrize(
    "alias", [1, {"kind": "fields"}, {"kind": "classes", "base": "", "rest": "", "name": "a b"}]
)
def test_damaged_aliases_are_refused_with_their_place(alias: object) -> None:
    with pytest.raises(DamagedNamesError) as refused:
        Names.from_json({}, [alias])
    assert refused.value.pointer[:2] == ("aliases", "0")


def collisions(release: Release) -> list[str]:
    return [one.message for one in release.diagnostics if one.id == "name-collision"]


@pytest.mark.parametrize("kept", ["do-it", "do_it"])
def test_a_collision_of_methods_is_told_under_the_names_in_use(kept: str, tmp_path: Path) -> None:
    def tree(*ids: str) -> Tree:
        made = document()
        made["paths"] |= {f"/{id.replace('_', '')}": {"get": operation(id, "Pets")} for id in ids}
        return made

    added = {"do-it": "do_it", "do_it": "do-it"}[kept]
    old = Release(tmp_path, tree(kept))
    new = Release(tmp_path, tree("do-it", "do_it"), old.names)
    resource, _, name = new.methods[f"GET /{added.replace('_', '')}"].partition(".")
    assert new.methods[f"GET /{kept.replace('_', '')}"] == f"{resource}.do_it"
    (message,) = collisions(new)
    assert message == f"two operations ask for the method '{resource}.do_it'; this one is called '{name}'"
    (place,) = (one.place.pointer for one in new.diagnostics if one.id == "name-collision")
    assert place == f"/paths/~1{added.replace('_', '')}/get"


@pytest.mark.parametrize("names", [("pet_store", "PetStore"), ("PetStore", "pet_store")])
def test_a_collision_of_classes_is_told_under_the_names_in_use(
    names: tuple[str, str], tmp_path: Path
) -> None:
    def tree(*names: str) -> Tree:
        made = document()
        for number, name in enumerate(names):
            schema = {"type": "object", "properties": {f"only_{name}": {"type": "string"}}}
            made["components"]["schemas"][name] = schema
            made["paths"][f"/{number}"] = {"get": operation(f"get{number}", "Pets", result=ref(name))}
        return made

    old = Release(tmp_path, tree(names[0]))
    new = Release(tmp_path, tree(*reversed(names)), old.names)
    (message,) = collisions(new)
    other = ({one for one in new.classes if one.startswith("PetStore")} - {"PetStore"}).pop()
    assert message == f"two schemas ask for the class name 'PetStore'; this one is called '{other}'"
    (place,) = (one.place.pointer for one in new.diagnostics if one.id == "name-collision")
    assert place == f"/components/schemas/{names[1]}"


@pytest.mark.parametrize("kept", ["page-size", "page_size"])
def test_a_collision_of_arguments_is_told_under_the_names_in_use(kept: str, tmp_path: Path) -> None:
    def tree(*names: str) -> Tree:
        made = document()
        made["paths"]["/pets"]["get"]["parameters"] = [parameter(one, "query") for one in names]
        return made

    added = {"page-size": "page_size", "page_size": "page-size"}[kept]
    old = Release(tmp_path, tree(kept))
    new = Release(tmp_path, tree("page-size", "page_size"), old.names)
    (message,) = collisions(new)
    (name,) = (one for one in new.arguments if "page_size" in one and one != "page_size")
    assert message == (
        f"the query parameter '{added}' is the argument '{name}', not 'page_size': "
        f"the query parameter '{kept}' has it"
    )


@pytest.mark.parametrize("kept", ["tag-name", "tag_name"])
def test_a_collision_of_fields_is_told_under_the_names_in_use(kept: str, tmp_path: Path) -> None:
    def tree(*names: str) -> Tree:
        made = document()
        made["components"]["schemas"]["Pet"]["properties"] = {one: {"type": "string"} for one in names}
        return made

    added = {"tag-name": "tag_name", "tag_name": "tag-name"}[kept]
    old = Release(tmp_path, tree("id", kept))
    new = Release(tmp_path, tree("id", "tag-name", "tag_name"), old.names)
    (message,) = collisions(new)
    (pet,) = (one for one in new.api.schemas if isinstance(one, ModelClass) and one.name == "Pet")
    names = {one.wire: one.name for one in pet.fields}
    assert names[kept] == "tag_name"
    assert message == (
        f"two properties ask for the name 'tag_name': '{kept}' has it, '{added}' is called '{names[added]}'"
    )
