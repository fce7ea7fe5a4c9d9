"""Schemas that are found by the URIs and anchors that they give themselves, in one file and in several."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import Package, both_ways, package_from, package_of


def passes(package: Package, value: Any) -> None:
    """The value is sent and read as it is, by both clients."""
    exchange = call(package, "things.send", **value, answer=json_answer(value))
    assert exchange.json == value and plain(exchange.result) == value


def refuses(package: Package, value: Any) -> None:
    """The value does not leave."""
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **value)


BY_URI = """
    Root: {$id: 'https://schemas.example/order', type: object, required: [buyer], properties: {buyer: {$ref: person}, seller: {$ref: 'person#short'}, note: {$ref: '#/$defs/Note'}}, $defs: {Note: {type: string, maxLength: 3}}}
    Person: {$id: 'https://schemas.example/person', type: object, required: [name], properties: {name: {type: string}}, $defs: {Short: {$anchor: short, type: string, maxLength: 2}}}
"""
URN = BY_URI.replace("https://schemas.example/order", "urn:example:order").replace("{$ref: person}", "{$ref: 'https://schemas.example/person'}").replace("person#short", "https://schemas.example/person#short")  # fmt: skip
RELATIVE = BY_URI.replace("https://schemas.example/", "schemas/")


@pytest.mark.parametrize("schemas", [BY_URI, URN, RELATIVE], ids=["absolute", "urn", "relative"])
def test_a_schema_is_sent_and_read_by_what_its_uri_leads_to(schemas: str) -> None:
    package = package_of(both_ways(schemas))
    value = {"buyer": {"name": "A"}, "seller": "me", "note": "abc"}

    passes(package, value)
    wrong_values: list[Any] = [
        {"buyer": {}},
        {"buyer": {"name": "A"}, "seller": "long"},
        {"buyer": {"name": "A"}, "note": "abcd"},
    ]
    for wrong in wrong_values:
        refuses(package, wrong)


TREE = """
    Root: {$dynamicAnchor: node, type: object, properties: {label: {type: string, maxLength: 2}, below: {type: array, items: {$dynamicRef: '#node'}}}}
"""
GENERIC = """
    Page: {$id: 'https://schemas.example/page', type: object, properties: {items: {type: array, items: {$dynamicRef: '#item'}}}, $defs: {any: {$dynamicAnchor: item, type: string}}}
    Root: {$id: 'https://schemas.example/pets', $ref: page, $defs: {pet: {$dynamicAnchor: item, type: object, required: [name], properties: {name: {type: string}}}}}
"""


def test_a_dynamic_reference_with_one_target_is_checked_like_any_other() -> None:
    package = package_of(both_ways(TREE))
    value = {"label": "a", "below": [{"label": "b", "below": [{"label": "c"}]}]}

    passes(package, value)
    refuses(package, {"below": [{"below": [{"label": "long"}]}]})


def test_a_dynamic_reference_with_several_targets_takes_any_value_and_is_noted() -> None:
    value = {"items": [{"name": "A"}]}
    package = package_of(both_ways(GENERIC))

    passes(package, value)
    noted = [
        found
        for found in package.diagnostics
        if found.place.pointer and found.place.pointer.endswith("$dynamicRef")
    ]
    assert {found.id for found in noted} >= {"keyword-not-checked"}


FILES = {
    "openapi.yaml": both_ways("\n    Root: {$ref: './schemas/order.yaml'}\n"),
    "schemas/order.yaml": "$id: https://published.example/order.yaml\ntype: object\nrequired: [buyer]\n"
    "properties: {buyer: {$ref: person.yaml}}\n",
    "schemas/person.yaml": "$id: https://published.example/person.yaml\ntype: object\nrequired: [name]\n"
    "properties: {name: {type: string}}\n",
}
BUNDLE = {
    "openapi.yaml": both_ways(
        "\n    Root: {$ref: 'https://published.example/order'}\n    Other: {$ref: 'all.yaml#/$defs/other'}\n"
    ),
    "all.yaml": "$defs:\n  other: {type: string}\n  order: {$id: 'https://published.example/order', type: object, required: [buyer],"
    " properties: {buyer: {$ref: '#who'}}, $defs: {who: {$anchor: who, type: object, required: [name], properties: {name: {type: string}}}}}\n",
}
ANCHORED = {
    "openapi.yaml": both_ways("\n    Root: {$ref: 'all.yaml#order'}\n"),
    "all.yaml": "$defs:\n  order: {$anchor: order, type: object, required: [buyer], properties: {buyer: {$ref: '#who'}}}\n"
    "  who: {$anchor: who, type: object, required: [name], properties: {name: {type: string}}}\n",
}


@pytest.mark.parametrize("documents", [FILES, BUNDLE, ANCHORED], ids=["published files", "bundle", "anchors"])
def test_names_are_found_in_other_files(documents: dict[str, str]) -> None:
    package = package_from(documents)
    value = {"buyer": {"name": "A"}}

    passes(package, value)
    refuses(package, {"buyer": {}})


MAPPED = """
    Root: {$id: 'https://schemas.example/pet', oneOf: [{$ref: cat}, {$ref: dog}], discriminator: {propertyName: kind, mapping: {c: cat, d: 'https://schemas.example/dog'}}}
    Cat: {$id: 'https://schemas.example/cat', type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {$id: 'https://schemas.example/dog', type: object, required: [kind], properties: {kind: {type: string}, lives: {type: string}}}
"""


def test_a_mapping_of_a_discriminator_is_relative_to_the_schemas_uri() -> None:
    package = package_of(both_ways(MAPPED))
    value = {"kind": "c", "lives": 9}

    exchange = call(package, "things.send", body=value, answer=json_answer(value))

    assert exchange.json == value and plain(exchange.result) == value
    assert not [found.id for found in package.diagnostics if found.id == "dangling-discriminator"]
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", body={"kind": "d", "lives": 9})
