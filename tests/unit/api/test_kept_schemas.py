"""A class keeps its name: components by what they mean, members of unions too, and parts by their place."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from clientsmith.api.model.types import ModelClass
from tests.unit.api.apis import ref
from tests.unit.api.kept_names import CAT, DOG, PET, Release, Tree, document, operation


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
