"""The typed surface: the model of a package as JSON, what is read back of it, and what is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest

from clientsmith.api.model import types as model
from clientsmith.api.model.api import Api
from clientsmith.api.surface import surface as kept
from clientsmith.api.surface.codec import SurfaceError, members_of
from clientsmith.api.surface.surface import (
    NewerSurfaceError,
    api_of,
    parse_surface,
    read_surface,
    surface_bytes,
    surface_json,
)
from tests.properties.kitchen_sink import DOCUMENT
from tests.unit.diff.pets import BASE, described

Json = dict[str, Any]


def _api(tree: Json = DOCUMENT) -> Api:
    return described(copy.deepcopy(tree))[1]


def _surface(tree: Json = DOCUMENT) -> Json:
    return json.loads(surface_bytes(surface_json(_api(tree))))


def test_what_is_read_is_what_was_written() -> None:
    surface = surface_json(_api())

    assert surface_json(api_of(json.loads(json.dumps(surface)))) == surface
    assert surface_json(parse_surface(surface_bytes(surface)).api) == surface


def test_every_type_and_mark_is_read_back() -> None:
    types = (
        model.LiteralType((1, True, "1"), "UUID"),
        model.ScalarType("str", "date"),
        model.TupleType((model.NONE, model.ListType(model.NamedType("Pet")))),
        model.UnionType((model.MapType(model.ANY), model.NONE)),
        model.ConstrainedType(model.STR, model.Constraints(pattern="^a", max_length=0)),
    )
    api = _api(BASE)
    first, *others = api.resources[0].operations
    parameters = tuple(replace(first.parameters[0], name=f"a{i}", type=one) for i, one in enumerate(types))
    marked = replace(first, parameters=parameters, bills=True, idempotent=False, security=((), ("key",)))
    resource = replace(api.resources[0], operations=(marked, *others))

    read = api_of(json.loads(json.dumps(surface_json(replace(api, resources=(resource,))))))

    operation = read.resources[0].operations[0]
    assert tuple(one.type for one in operation.parameters) == types
    assert (operation.bills, operation.idempotent, operation.security) == (True, False, ((), ("key",)))


def test_texts_examples_and_embedded_schemas_are_not_in_it() -> None:
    text = surface_bytes(surface_json(_api())).decode()

    assert "A pet." not in text
    assert not {"description", "summary", "example", "hints"} & set(text.replace('"', " ").split())


def test_all_that_is_left_out_is_in_the_model() -> None:
    tables = (kept._LEFT_OUT, kept._PYTHON_NAMES)
    unknown = [
        (record, name)
        for table in tables
        for record, names in table.items()
        for name in names
        if name not in {one.name for one in members_of(record)}
    ]
    assert unknown == []


def test_tags_tell_the_types_of_a_union_apart() -> None:
    for union in (model.TypeExpr, model.Schema):
        tags = [one.__name__.removesuffix("Type").lower() for one in get_args(union)]
        assert len(tags) == len(set(tags))


def test_lines_of_a_surface_are_in_one_order() -> None:
    surface = surface_json(_api())
    turned = json.loads(json.dumps(surface), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert surface_bytes(turned) == surface_bytes(surface)
    assert all(line.count('"wire"') < 2 for line in _lines_of_fields(surface_bytes(surface).decode()))


def _lines_of_fields(text: str) -> list[str]:
    return [line for line in text.partition('"schemas"')[2].splitlines() if '"wire"' in line]


def _without(record: str, name: str) -> Json:
    """The surface of a clientsmith whose model did not have that member."""
    surface = _surface()
    surface["members"][record].remove(name)

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: strip(one) for key, one in value.items() if key != name}
        return [strip(one) for one in value] if isinstance(value, list) else value

    return {**surface, "api": strip(surface["api"])}


DAMAGED: dict[str, tuple[Callable[[Json], object], str]] = {
    "no format": (lambda it: it.pop("format"), "None is not a format of surfaces (at /format)"),
    "format of no number": (lambda it: it.update(format=True), "(at /format)"),
    "no members": (lambda it: it.pop("members"), "there is no object (at /members)"),
    "members that are no list": (lambda it: it["members"].update(Api="name"), "(at /members/Api)"),
    "members that are not names": (lambda it: it["members"].update(Api=[["name"]]), "(at /members/Api)"),
    "a type that is not listed": (lambda it: it["members"]["Field"].remove("type"), "(at /members/Field)"),
    "no model": (lambda it: it.pop("api"), "there is no api (at /api)"),
    "a model without a name": (lambda it: it["api"].pop("client_class"), "api lacks client_class (at /api)"),
    "a member of another kind": (
        lambda it: it["api"].update(requires_credentials=1),
        "1 is not what is expected (at /api/requires_credentials)",
    ),
    "a member that is not there": (lambda it: it["api"].update(__class__="x"), "no member '__class__'"),
    "a list that is none": (lambda it: it["api"].update(schemas={}), "there is no list (at /api/schemas)"),
    "a schema of no kind": (
        lambda it: it["api"]["schemas"][0].update({"is": "eval"}),
        "there is no modelclass or typealias (at /api/schemas/0)",
    ),
    "a type of no kind": (
        lambda it: it["api"]["resources"][0]["operations"][0].update(result=["exec", "x"]),
        "(at /api/resources/0/operations/0/result)",
    ),
    "a list of three": (
        lambda it: it["api"]["resources"][0]["operations"][0].update(result=["named", "A", "B"]),
        "(at /api/resources/0/operations/0/result)",
    ),
    "code for a name": (
        lambda it: it["api"].update(client_class="x: int = exec('')"),
        "is not a name in Python (at /api/client_class)",
    ),
    "code in a type": (
        lambda it: it["api"]["resources"][0]["operations"][0].update(result=["named", "A[exec('')]"]),
        "is not a name in Python (at /api/resources/0/operations/0/result/name)",
    ),
    "an attribute for a name": (
        lambda it: it["api"]["schemas"][0].update(name="os.system"),
        "'os.system' is not a name in Python (at /api/schemas/0/name)",
    ),
    "a package in a package that is none": (
        lambda it: it["api"].update(package="acme..pets"),
        "'acme..pets' is not a name in Python (at /api/package)",
    ),
    "a keyword for a name": (
        lambda it: it["api"]["resources"][0]["operations"][0].update(name="import"),
        "'import' is not a name in Python",
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_surface_is_refused_with_its_place(name: str) -> None:
    damage, expected = DAMAGED[name]
    surface = _surface()
    damage(surface)

    with pytest.raises(SurfaceError) as refused:
        read_surface(surface)
    assert expected in str(refused.value)
    assert not isinstance(refused.value, NewerSurfaceError)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[]", b"[" * 100_000, b"1" * 10_000, b'{"format":1}'])
def test_what_is_no_surface_is_refused(data: bytes) -> None:
    with pytest.raises(SurfaceError):
        parse_surface(data)


def test_types_that_are_nested_too_deeply_are_refused() -> None:
    surface = _surface()
    deep: object = ["scalar", "str"]
    for _ in range(5_000):
        deep = ["list", deep]
    surface["api"]["resources"][0]["operations"][0]["result"] = deep

    with pytest.raises(SurfaceError, match="nested too deeply"):
        read_surface(surface)


@pytest.mark.parametrize(
    "newer",
    [
        lambda it: it.update(format=kept.FORMAT + 1),
        lambda it: it["members"]["Operation"].append("cost"),
        lambda it: it["members"].update(Webhook=["name"]),
    ],
)
def test_a_newer_surface_is_refused_as_such(newer: Callable[[Json], object]) -> None:
    surface = _surface()
    newer(surface)

    with pytest.raises(NewerSurfaceError):
        read_surface(surface)


@pytest.mark.parametrize(
    ("record", "name"), [("Operation", "deprecated"), ("Api", "base_url"), ("ModelClass", "read_only")]
)
def test_what_an_older_surface_does_not_hold_is_named_and_makes_no_difference(record: str, name: str) -> None:
    surface = read_surface(_without(record, name))

    assert surface.lacking == (f"{record}.{name}",)
    assert api_of(surface_json(surface.as_held(_api()))) == surface.api


def test_members_that_are_left_out_later_are_read_over() -> None:
    surface = _surface()
    surface["members"]["Resource"].append("description")
    for one in surface["api"]["resources"]:
        one["description"] = "Pets."

    read = read_surface(surface)

    assert read.lacking == ()
    assert read.api.resources[0].description == "Pets."
