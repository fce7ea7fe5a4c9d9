"""A component keeps the names of all that is in it when it moves to another file, even if it changes on the way."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.unit.api.kept_names import Release, Tree, document, operation

THING: Tree = {
    "type": "object",
    "properties": {"tag-name": {"type": "string"}, "part": {"type": "object", "properties": {"x": {}}}},
}
CHANGED: Tree = {**THING, "properties": {**THING["properties"], "more": {"type": "integer"}}}


def at(folder: Path, reference: str, schema: Tree, **others: tuple[str, Tree]) -> Tree:
    """A document with an operation for each schema, which is written where its reference leads to."""
    tree = document()
    schemas = {"things": (reference, schema), **others}
    files: dict[str, Tree] = {}
    for path, (place, content) in schemas.items():
        tree["paths"][f"/{path}"] = {"get": operation(f"get{path}", path, result={"$ref": place})}
        file, _, pointer = place.partition("#")
        target: Any = tree if not file else files.setdefault(file, {})
        steps = pointer.split("/")[1:]
        for step in steps[:-1]:
            target = target.setdefault(step, {})
        target.update({steps[-1]: deepcopy(content)} if steps else deepcopy(content))
    for file, content in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(json.dumps(content))
    return tree


ROOT, FILE = "#/components/schemas/Thing", "common.json#/definitions/Thing"
MOVES = [
    (ROOT, FILE),
    (FILE, ROOT),
    (FILE, "other.json#/components/schemas/Thing"),
    (FILE, "schemas/thing.json"),
    ("schemas/thing.json", "v2/Thing.json"),
    ("common.json#/definitions/thing", ROOT),
]


@pytest.mark.parametrize("schema", [THING, CHANGED])
@pytest.mark.parametrize(("before", "after"), MOVES)
def test_a_component_that_moves_and_changes_keeps_its_names(
    before: str, after: str, schema: Tree, tmp_path: Path
) -> None:
    old = Release(tmp_path, at(tmp_path, before, THING))
    new = Release(tmp_path, at(tmp_path, after, schema), old.names)
    assert new.classes == old.classes
    assert {"Thing", "ThingPart"} <= new.classes
    assert not {"name-taken", "name-not-kept"} & new.ids
    assert Release(tmp_path, at(tmp_path, after, schema), new.names).classes == new.classes


def test_equal_meaning_counts_before_the_key(tmp_path: Path) -> None:
    old = Release(tmp_path, at(tmp_path, ROOT, THING))
    tree = at(tmp_path, FILE, CHANGED, others=("common.json#/definitions/Other", THING))
    new = Release(tmp_path, tree, old.names)
    assert new.names.of("classes", "common.json#/definitions/Other", "response") == ("Thing",)
    assert new.names.of("classes", "common.json#/definitions/Thing", "response") != ("Thing",)


def test_of_equals_the_key_tells_which_is_which(tmp_path: Path) -> None:
    old = Release(tmp_path, at(tmp_path, ROOT, THING, others=("#/components/schemas/Other", THING)))
    tree = at(tmp_path, FILE, THING, others=("common.json#/definitions/Other", THING))
    new = Release(tmp_path, tree, old.names)
    assert new.classes == old.classes
    assert "name-not-kept" not in new.ids


def test_two_of_one_key_are_not_guessed(tmp_path: Path) -> None:
    old = Release(tmp_path, at(tmp_path, ROOT, THING))
    other = {**CHANGED, "required": ["more"]}
    tree = at(tmp_path, FILE, CHANGED, others=("other.json#/definitions/Thing", other))
    new = Release(tmp_path, tree, old.names)
    assert "Thing" not in new.classes
    assert [
        one.place.span.file for one in new.diagnostics if one.id == "name-not-kept" and one.place.span
    ] == [str(tmp_path / "common.json")]


def test_another_key_and_another_meaning_is_another_component(tmp_path: Path) -> None:
    old = Release(tmp_path, at(tmp_path, ROOT, THING))
    new = Release(tmp_path, at(tmp_path, "common.json#/definitions/Item", CHANGED), old.names)
    assert "Thing" not in new.classes


def test_a_parameter_of_that_key_is_no_schema(tmp_path: Path) -> None:
    old = Release(tmp_path, at(tmp_path, ROOT, THING))
    tree = at(tmp_path, FILE, CHANGED)
    parameter = {"name": "thing", "in": "query", "schema": {"type": "string"}}
    (tmp_path / "parameters.json").write_text(json.dumps({"Thing": parameter}))
    tree["paths"]["/things"]["get"]["parameters"] = [{"$ref": "parameters.json#/Thing"}]
    new = Release(tmp_path, tree, old.names)
    assert "Thing" in new.classes
    assert "name-not-kept" not in new.ids


def test_a_reference_into_a_union_does_not_stop_the_search(tmp_path: Path) -> None:
    def tree(schema: Tree, place: str) -> Tree:
        made = at(
            tmp_path,
            place,
            schema,
            others=("#/components/schemas/Other", {"oneOf": [THING, {"type": "string"}]}),
        )
        made["paths"]["/part"] = {
            "get": operation("part", result={"$ref": "#/components/schemas/Other/oneOf/0"})
        }
        return made

    old = Release(tmp_path, tree(THING, ROOT))
    new = Release(tmp_path, tree(CHANGED, FILE), old.names)
    assert new.classes == old.classes


BODY: Tree = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}
HOLDERS: dict[str, Tree] = {
    "responses": {"description": "Words.", "content": {"application/json": {"schema": BODY}}},
    "requestBodies": {"required": True, "content": {"application/json": {"schema": BODY}}},
    "parameters": {"name": "filter", "in": "query", "style": "deepObject", "schema": BODY},
    "headers": {"schema": BODY},
}


def holding(section: str, key: str, holder: Tree, **schemas: Tree) -> Tree:
    """A document that uses an entry of a section of the Components Object."""
    tree = document()
    made, used = tree["paths"]["/dogs"]["post"], {"$ref": f"#/components/{section}/{key}"}
    if section == "responses":
        made["responses"]["201"] = used
    elif section == "headers":
        used["$ref"] += "/schema"
        made["responses"]["201"] = operation("x", result=used)["responses"]["200"]
    else:
        made |= {"requestBody": used} if section == "requestBodies" else {"parameters": [used]}
    tree["components"][section] = {key: deepcopy(holder)}
    tree["components"]["schemas"] |= schemas
    return tree


@pytest.mark.parametrize("section", HOLDERS)
def test_what_is_in_an_entry_under_another_key_keeps_its_names(section: str, tmp_path: Path) -> None:
    old = Release(tmp_path, holding(section, "Old", HOLDERS[section]))
    described = {"description": "Other words.", "x-words": 1}
    new = Release(tmp_path, holding(section, "New", {**HOLDERS[section], **described}), old.names)
    assert new.classes == old.classes > {"Dog", "Pet"}
    assert Release(tmp_path, holding(section, "New", HOLDERS[section]), new.names).classes == old.classes


def test_an_entry_of_another_meaning_is_another_one(tmp_path: Path) -> None:
    old = Release(tmp_path, holding("responses", "Old", HOLDERS["responses"]))
    changed = deepcopy(HOLDERS["responses"])
    changed["content"]["application/json"]["schema"]["properties"]["message"] = {"type": "integer"}
    new = Release(tmp_path, holding("responses", "New", changed), old.names)
    assert new.classes != old.classes


def test_a_schema_is_not_the_response_that_had_its_key(tmp_path: Path) -> None:
    old = Release(tmp_path, holding("responses", "Old", HOLDERS["responses"]))
    tree = holding("responses", "New", {"description": "None."}, Old=BODY)
    tree["paths"]["/dogs"]["post"]["responses"]["202"] = operation(
        "x", result={"$ref": "#/components/schemas/Old"}
    )["responses"]["200"]
    new = Release(tmp_path, tree, old.names)
    assert "/components/schemas/Old" in new.names.tables["classes"]
    assert new.names.of("classes", "/components/schemas/Old", "response") == ("Old",)
