"""What a change of a description changes for callers: each row is one change and every finding that it makes."""

from __future__ import annotations

import pytest

from clientsmith.diff.python.compare import compare
from clientsmith.document.operations import operations
from tests.unit.diff.pets import (
    BASE,
    ID,
    JSON_PET,
    Change,
    Tree,
    changed,
    described,
    get,
    get_at,
    move_version,
    pet,
    put,
    secure,
)


def found(old: Tree, new: Tree) -> list[str]:
    """Rule, level and subject of each finding; operations are paired by place as long as there are as many."""
    (document, before), (other, after) = described(old), described(new)
    ids, others = ([one.key for one in operations(side.node(), side.deref)] for side in (document, other))
    findings = compare(before, after, dict(zip(ids, others, strict=True)) if len(ids) == len(others) else {})
    return sorted(f"{one.rule} {one.level.word} {one.spot.part}".rstrip() for one in findings)


ROWS: dict[str, tuple[Change, list[str]]] = {
    "nothing": (lambda tree: None, []),
    "documentation": (lambda tree: pet(tree).update(description="A pet."), []),
    "a property is required": (
        lambda tree: pet(tree)["required"].append("size"),
        ["argument-required breaking body.size", "field-required breaking size", "field-required info size"],
    ),
    "a property is optional": (
        lambda tree: pet(tree).update(required=[]),
        ["argument-optional info body.name", "field-optional breaking name", "field-optional info name"],
    ),
    "a property only answers have is optional": (
        lambda tree: pet(tree)["required"].append("seen"),
        ["field-required info seen"],
    ),
    "a value is listed": (
        lambda tree: pet(tree)["properties"]["kind"]["enum"].append("cow"),
        ["argument-type-changed info body.kind", "field-type-changed info kind"],
    ),
    "a value is not listed any more": (
        lambda tree: pet(tree)["properties"]["kind"]["enum"].pop(),
        ["argument-type-changed breaking body.kind", "field-type-changed breaking kind"],
    ),
    "null": (
        lambda tree: pet(tree)["properties"]["name"].update(type=["string", "null"]),
        [
            "argument-type-changed info body.name",
            "field-type-changed breaking name",
            "field-type-changed info name",
        ],
    ),
    "whole numbers only": (
        lambda tree: pet(tree)["properties"]["size"].update(type="integer"),
        [
            "argument-type-changed breaking body.size",
            "field-type-changed breaking size",
            "field-type-changed info size",
        ],
    ),
    "text instead of a date": (
        lambda tree: pet(tree)["properties"]["born"].pop("format"),
        ["argument-type-changed breaking body.born", "field-type-changed breaking born"],
    ),
    "items of a list": (
        lambda tree: pet(tree)["properties"]["tags"]["items"].update(type="boolean"),
        [
            "argument-type-changed breaking body.tags",
            "field-type-changed breaking tags",
            "field-type-changed breaking tags",
        ],
    ),
    "a property is gone": (
        lambda tree: pet(tree)["properties"].pop("born"),
        ["argument-removed breaking body.born", "field-removed breaking born", "field-removed breaking born"],
    ),
    "a property is new": (
        lambda tree: pet(tree)["properties"].update(age={"type": "integer"}),
        ["argument-added info body.age", "field-added info age", "field-added info age"],
    ),
    "a component has another key": (
        lambda tree: (
            tree["components"]["schemas"].update(Person=tree["components"]["schemas"].pop("Owner")),
            pet(tree)["properties"].update(owner={"$ref": "#/components/schemas/Person"}),
        ),
        [
            "class-renamed breaking",
            "class-renamed breaking",
        ],
    ),
    "another operation id": (
        lambda tree: get(tree).update(operationId="readPet"),
        ["method-renamed breaking"],
    ),
    "another tag": (lambda tree: get(tree).update(tags=["animals"]), ["method-renamed breaking"]),
    "an argument is required": (
        lambda tree: get(tree)["parameters"][1].update(required=True),
        ["argument-required breaking query.limit"],
    ),
    "an argument takes text": (
        lambda tree: get(tree)["parameters"][1].update(schema={"type": "string"}),
        ["argument-type-changed breaking query.limit"],
    ),
    "an argument takes numbers with a fraction": (
        lambda tree: get(tree)["parameters"][1].update(schema={"type": "number"}),
        ["argument-type-changed info query.limit"],
    ),
    "an argument is gone": (
        lambda tree: get(tree)["parameters"].pop(),
        ["argument-removed breaking query.limit"],
    ),
    "the parameter in the path has another name": (
        lambda tree: (
            tree["paths"].update({"/pets/{pet}": tree["paths"].pop("/pets/{id}")}),
            get_at(tree, "/pets/{pet}").update(
                parameters=[{**ID, "name": "pet"}, *get_at(tree, "/pets/{pet}")["parameters"][1:]]
            ),
            tree["paths"]["/pets/{pet}"]["put"].update(parameters=[{**ID, "name": "pet"}]),
        ),
        ["argument-renamed breaking path.pet", "argument-renamed breaking path.pet"],
    ),
    "one body for many arguments": (
        lambda tree: put(tree)["requestBody"].update(
            content={
                "application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}
                }
            }
        ),
        ["body-reshaped breaking body"],
    ),
    "another result": (
        lambda tree: get(tree)["responses"].update(
            {"201": {"description": "", "content": {"text/plain": {}}}}
        ),
        ["result-changed breaking result"],
    ),
    "no body in an answer": (
        lambda tree: get(tree).update(responses={"204": {"description": ""}}),
        [
            "class-removed breaking",
            "class-removed breaking",
            "class-renamed breaking",
            "class-renamed breaking",
            "export-removed breaking",
            "result-changed breaking result",
            "setting-removed breaking",
        ],
    ),
    "a body where none was": (
        lambda tree: put(tree)["responses"].update({"204": {"description": "", "content": JSON_PET}}),
        ["result-changed info result"],
    ),
    "credentials": (secure, ["credential-added info", "credentials-due breaking"]),
    "an operation bills": (
        lambda tree: put(tree).update({"x-clientsmith-bills": True}),
        ["billing-mark-added warning"],
    ),
    "an operation may be repeated": (
        lambda tree: put(tree).update({"x-clientsmith-idempotent": False}),
        ["retries-changed warning"],
    ),
    "a status says that nothing was processed": (
        lambda tree: put(tree)["responses"].update(
            {"409": {"description": "", "x-clientsmith-not-processed": True}}
        ),
        ["retries-changed warning"],
    ),
    "the version moves from the server to the paths": (
        move_version,
        ["base-url-moved breaking"],
    ),
    "another title": (
        lambda tree: tree["info"].update(title="Animals"),
        ["client-renamed breaking", "client-renamed breaking"],
    ),
}
BACK: dict[str, list[str]] = {
    "credentials": ["credential-removed breaking"],
    "an operation bills": [
        "billing-mark-removed breaking",
        "export-removed breaking",
        "setting-removed breaking",
    ],
    "an argument is required": ["argument-optional info query.limit"],
    "a property is new": [
        "argument-removed breaking body.age",
        "field-removed breaking age",
        "field-removed breaking age",
    ],
    "another result": ["result-changed info result"],
}
"""What the change back makes, where that is not plain from the row."""


@pytest.mark.parametrize("name", ROWS)
def test_a_change_is_found_once_at_its_level(name: str) -> None:
    change, expected = ROWS[name]

    assert found(BASE, changed(change)) == expected


@pytest.mark.parametrize("name", BACK)
def test_the_change_back_has_its_own_level(name: str) -> None:
    assert found(changed(ROWS[name][0]), BASE) == BACK[name]
