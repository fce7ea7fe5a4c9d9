"""oneOf with a discriminator whose property no member requires, as FastAPI writes unions of models with defaults."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import package_of, spec

ITEMS = spec("""
security: []
paths:
  /items:
    put:
      operationId: send
      tags: [items]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [item], properties: {item: {$ref: '#/components/schemas/Item'}}}}}}
      responses: {'204': {description: ok}}
  /named:
    put:
      operationId: named
      tags: [items]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [item], properties: {item: {$ref: '#/components/schemas/Named'}}}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Item:
      oneOf: [{$ref: '#/components/schemas/Car'}, {$ref: '#/components/schemas/Plane'}]
      discriminator: {propertyName: type, mapping: {car: '#/components/schemas/Car', plane: '#/components/schemas/Plane'}}
    Car: {type: object, required: [d], properties: {type: {type: string, enum: [car]}, d: {type: string}}}
    Plane: {type: object, required: [d, size], properties: {type: {type: string, enum: [plane]}, d: {type: string}, size: {type: integer}}}
    Named:
      oneOf: [{$ref: '#/components/schemas/Must'}, {$ref: '#/components/schemas/May'}]
      discriminator: {propertyName: type}
    Must: {type: object, required: [d, type], properties: {type: {type: string}, d: {type: string}}}
    May: {type: object, required: [d], properties: {type: {type: string}, d: {type: string}, size: {type: integer}}}
""")


@pytest.mark.parametrize(
    ("method", "item"),
    [
        ("send", {"d": "x"}),
        ("send", {"d": "x", "type": "car"}),
        ("send", {"d": "x", "size": 1, "type": "plane"}),
        ("named", {"d": "x", "size": 1}),
        ("named", {"d": "x", "type": "Must"}),
        ("named", {"d": "x", "type": "May"}),
    ],
)
def test_what_one_member_alone_takes_is_sent(method: str, item: dict[str, Any]) -> None:
    assert call(ITEMS, f"items.{method}", item=item).json == {"item": item}


def test_what_names_no_member_and_fits_two_is_refused() -> None:
    package = package_of(ITEMS)
    both = {"d": "x", "size": 1}

    for item in (both, package.models.Plane(**both)):
        with pytest.raises(package.errors.RequestValidationError, match="item: fits several alternatives"):
            call(package, "items.send", item=item)


@pytest.mark.parametrize(
    ("method", "item"),
    [("send", {"d": "x", "type": "boat"}), ("named", {"d": "x", "type": "boat"}), ("send", {"size": 1})],
)
def test_what_names_another_or_fits_none_is_refused(method: str, item: dict[str, Any]) -> None:
    package = package_of(ITEMS)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, f"items.{method}", item=item)
