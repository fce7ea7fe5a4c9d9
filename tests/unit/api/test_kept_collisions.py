"""Two things that ask for one name are told apart by the names that are in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.api.model.types import ModelClass
from tests.unit.api.apis import ref
from tests.unit.api.kept_names import Release, Tree, document, operation, parameter


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
