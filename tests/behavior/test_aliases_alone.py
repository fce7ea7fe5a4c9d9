"""Aliases of a package used alone in a `TypeAdapter`: local names of the caller are not taken for theirs."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import both_ways, package_of

TEXT = both_ways("""
    Root: {type: object, properties: {pet: {$ref: '#/components/schemas/AnyPet'}, pets: {$ref: '#/components/schemas/Pets'}, map: {$ref: '#/components/schemas/Map'}, pair: {$ref: '#/components/schemas/Pair'}, tree: {$ref: '#/components/schemas/Tree'}, trees: {$ref: '#/components/schemas/Trees'}}}
    AnyPet: {oneOf: [{$ref: '#/components/schemas/Zebra'}, {$ref: '#/components/schemas/Yak'}], discriminator: {propertyName: kind}}
    Pets: {type: array, items: {anyOf: [{$ref: '#/components/schemas/AnyPet'}, {type: integer}, {type: 'null'}]}}
    Map: {type: object, patternProperties: {'^z': {$ref: '#/components/schemas/Zebra'}, '^m': {$ref: '#/components/schemas/Map'}, '^p': {$ref: '#/components/schemas/AnyPet'}}}
    Pair: {type: array, prefixItems: [{type: string}, {$ref: '#/components/schemas/AnyPet'}], minItems: 2, maxItems: 2}
    Tree: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Tree'}}]}
    Trees: {type: array, prefixItems: [{$ref: '#/components/schemas/Tree'}, {$ref: '#/components/schemas/Yak'}]}
    Zebra: {type: object, required: [kind], properties: {kind: {type: string}, friend: {$ref: '#/components/schemas/AnyPet'}}}
    Yak: {type: object, required: [kind], properties: {kind: {type: string}, bark: {type: string}}}
""")
ZEBRA = {"kind": "Zebra", "friend": {"kind": "Yak", "bark": "b"}}
VALUES: dict[str, Any] = {
    "AnyPet": ZEBRA,
    "Pets": [ZEBRA, 1, None],
    "Map": {"z": ZEBRA, "m": {"mm": {"p": ZEBRA}}},
    "Pair": ["a", ZEBRA],
    "Tree": ["a", ["b"]],
    "Trees": [["a"], {"kind": "Yak"}],
}


_LOCALS = (
    "Zebra", "ZebraInput", "Yak", "YakInput", "AnyPet", "AnyPetInput", "Map", "MapInput", "Tree", "Annotated", "Any",
    "ByName", "ByPosition", "ResponseUnion", "RequestUnion",
)  # fmt: skip


def _alone(alias: Any) -> Any:
    """An adapter of an alias, made by a function whose local names are those of its module and mean something else."""
    scope: dict[str, Any] = {"TypeAdapter": TypeAdapter}
    exec(f"def adapter(alias, {', '.join(_LOCALS)}): return TypeAdapter(alias)", scope)
    return scope["adapter"](alias, *[bool] * len(_LOCALS))


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("suffix", ["", "Input"])
def test_an_alias_alone_means_what_it_means_in_its_module(name: str, suffix: str) -> None:
    models = package_of(TEXT).models
    alias: Any = getattr(models, name + suffix, getattr(models, name))

    adapter = _alone(alias)

    read = adapter.dump_python(adapter.validate_python(VALUES[name]), exclude_unset=True)
    assert read == (tuple(VALUES[name]) if name == "Pair" else VALUES[name])
    with pytest.raises(ValidationError):
        adapter.validate_python(True)


def test_their_values_go_out_and_come_back() -> None:
    body = {"pet": ZEBRA, "pets": [ZEBRA, 1, None], "map": VALUES["Map"], "pair": VALUES["Pair"]}
    body = {**body, "tree": VALUES["Tree"], "trees": VALUES["Trees"]}

    exchange = call(TEXT, "things.send", **body, answer=json_answer(body))

    assert exchange.json == plain(exchange.result) == body


@pytest.mark.parametrize("name", ["AnyPet", "Pets", "Map", "Pair", "Trees"])
def test_only_what_leads_back_to_itself_is_text(name: str) -> None:
    source = package_of(TEXT).files["models.py"].decode()

    assert f'TypeAliasType("{name}", "' not in source and f'TypeAliasType(\n    "{name}", \'' not in source
    assert 'TypeAliasType("Tree", "str | list[Tree]")' in source


_ITSELF = """
    Root: {type: object, properties: {item: {$ref: '#/components/schemas/Item'}}}
    Yak: {type: object, required: [kind], properties: {kind: {type: string}, bark: {type: string}}}
"""
_DISCRIMINATED = "discriminator: {propertyName: kind}"
MEMBERS_OF_THEMSELVES = {
    "one": f"    Item: {{oneOf: [{{$ref: '#/components/schemas/Item'}}, {{$ref: '#/components/schemas/Yak'}}], {_DISCRIMINATED}}}\n",
    "two": (
        f"    Item: {{oneOf: [{{$ref: '#/components/schemas/Other'}}, {{$ref: '#/components/schemas/Yak'}}], {_DISCRIMINATED}}}\n"
        f"    Other: {{oneOf: [{{$ref: '#/components/schemas/Item'}}, {{$ref: '#/components/schemas/Yak'}}], {_DISCRIMINATED}}}\n"
    ),
    "by another name": (
        f"    Item: {{oneOf: [{{$ref: '#/components/schemas/Named'}}, {{$ref: '#/components/schemas/Yak'}}], {_DISCRIMINATED}}}\n"
        "    Named: {$ref: '#/components/schemas/Item'}\n"
    ),
}


@pytest.mark.parametrize("schemas", MEMBERS_OF_THEMSELVES.values(), ids=MEMBERS_OF_THEMSELVES)
def test_a_union_may_be_a_member_of_itself(schemas: str) -> None:
    body = {"item": {"kind": "Yak", "bark": "b"}}

    exchange = call(both_ways(_ITSELF + schemas), "things.send", **body, answer=json_answer(body))

    assert exchange.json == plain(exchange.result) == body
