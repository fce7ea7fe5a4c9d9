"""What a refusal says of a union: the place on the wire, the members that were tried, those that fit, the reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import both_ways, package_of

NAMED = both_ways("""
    Root:
      type: object
      properties:
        tagged: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
        loose: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
        inline: {oneOf: [{type: object, required: [a], properties: {a: {}}}, {type: object, required: [b], properties: {b: {}}}]}
        either: {anyOf: [{type: integer}, {type: boolean}]}
    Cat: {type: object, properties: {kind: {type: string}, tail-length: {type: integer}}}
    Dog: {type: object, properties: {kind: {type: string}, bark: {type: string}}}
""")


@pytest.mark.parametrize(
    ("given", "pointer", "message"),
    [
        ({"tagged": {"kind": "Cat", "tail-length": "x"}}, "/tagged/tail-length", r"tagged\.tail-length: .* \(as CatInput\)"),
        ({"tagged": {"kind": "Cat", "tail_length": "x"}}, "/tagged/tail_length", r"tagged\.tail_length: .* \(as CatInput\)"),
        ({"tagged": {"kind": "Cow"}}, "/tagged/kind", "tagged.kind: must be one of 'Cat', 'Dog'$"),
        ({"tagged": {}}, "/tagged", "alone may fit: Cat, Dog; property 'kind' says which is meant"),
        ({"loose": {"kind": "Cat"}}, "/loose", "alone may fit: Cat, Dog$"),
        ({"inline": {"a": 1, "b": 1}}, "/inline", "alone may fit: number 1, number 2$"),
        ({"either": "x"}, "/either", r"either: .* integer \(as int\)"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_place_on_the_wire_and_the_members(
    given: Any, pointer: str, message: str
) -> None:
    package = package_of(NAMED)

    with pytest.raises(package.errors.RequestValidationError, match=message) as caught:
        call(package, "things.send", **given)

    assert caught.value.problems[0].pointer == pointer
