"""Aliases that datamodel-code-generator cannot spell keep every member, whatever it makes of them."""

from __future__ import annotations

import pytest

from clientsmith.api.model.types import (
    ANY,
    STR,
    ConstrainedType,
    Constraints,
    Field,
    ListType,
    LiteralType,
    MapType,
    ModelClass,
    NamedType,
    ScalarType,
    TypeAlias,
    TypeExpr,
    UnionType,
)
from clientsmith.emit.models.own_aliases import own_aliases, with_own_aliases

SELF, NONE = NamedType("Value"), ScalarType("None")


def alias(name: str, kind: TypeExpr) -> TypeAlias:
    return TypeAlias(name, "request", kind, "")


def spelt(kind: TypeExpr) -> str:
    source = 'from __future__ import annotations\nValue = TypeAliasType(\n    "Value", str\n)'
    return with_own_aliases(source, (alias("Value", UnionType((kind, ListType(SELF)))),))


def test_only_what_leads_back_through_aliases_is_recursive() -> None:
    node = ModelClass(
        "Node", "request", (Field("next", "next_", NamedType("Nodes"), False, False),), False, ""
    )
    schemas = (
        node,
        alias("Nodes", ListType(NamedType("Node"))),
        alias("One", ListType(NamedType("Two"))),
        alias("Two", MapType(UnionType((NamedType("One"), NONE)))),
        alias("Three", NamedType("Two")),
    )
    assert list(own_aliases(schemas)) == ["One", "Two"]


def test_a_module_without_any_stays_as_it_is() -> None:
    assert with_own_aliases("x = (", (alias("Names", ListType(STR)),)) == "x = ("


@pytest.mark.parametrize(
    ("kind", "text", "imports"),
    [
        (MapType(UnionType((SELF, NONE))), "dict[str, Value | None]", []),
        (ScalarType("datetime"), "datetime", ["from datetime import datetime"]),
        (ScalarType("bytes"), "Any", ["from typing import Any"]),
        (LiteralType(("a'\\", 1)), 'Literal["a\'\\\\", 1] | list[Value]', ["from typing import Literal"]),
        (
            ConstrainedType(UnionType((STR, NONE)), Constraints(min_length=1)),
            "Annotated[str, Field(min_length=1)]",
            ["from typing import Annotated", "from pydantic import Field"],
        ),
        (
            ConstrainedType(ScalarType("Decimal"), Constraints(minimum="0.5")),
            'Annotated[Decimal, Field(ge=Decimal("0.5"))]',
            ["from decimal import Decimal", "from typing import Annotated", "from pydantic import Field"],
        ),
    ],
)  # fmt: skip
def test_every_kind_of_member_is_spelt(kind: TypeExpr, text: str, imports: list[str]) -> None:
    source = spelt(kind)
    scope: dict[str, str] = {}
    exec(source, {"TypeAliasType": lambda _, value: value}, scope)
    assert text in scope["Value"]
    assert [line for line in source.split("\n")[1:-1] if line] == imports


def test_any_value_takes_the_rest_in() -> None:
    assert 'TypeAliasType("Value", "Any")' in spelt(ANY)
