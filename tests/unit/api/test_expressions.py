"""Operations on type expressions."""

from __future__ import annotations

import pytest

from clientsmith.api.model.expressions import admits_null, names, renamed, union, without_null
from clientsmith.api.model.types import (
    ANY,
    NONE,
    STR,
    ConstrainedType,
    Constraints,
    ListType,
    LiteralType,
    MapType,
    NamedType,
    ScalarType,
    TypeAlias,
    TypeExpr,
    UnionType,
)
from tests.unit.api.apis import spelled

INT = ScalarType("int")
A, B = NamedType("A"), NamedType("B")


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ([STR], "str"),
        ([STR, STR], "str"),
        ([STR, INT, STR], "str | int"),
        ([NONE, STR], "str | None"),
        ([UnionType((STR, NONE)), INT], "str | int | None"),
        ([STR, ANY, NONE], "Any"),
        ([NONE], "None"),
        ([], "Any"),
        ([LiteralType((1,)), LiteralType((True,))], "Literal[1] | Literal[True]"),
    ],
)
def test_a_union_is_flat_and_has_null_last(members: list[TypeExpr], text: str) -> None:
    assert spelled(union(members)) == text


@pytest.mark.parametrize(
    ("kind", "text"), [(UnionType((STR, NONE)), "str"), (NONE, "None"), (ANY, "Any"), (STR, "str")]
)
def test_null_can_be_taken_out_unless_it_is_all_there_is(kind: TypeExpr, text: str) -> None:
    assert spelled(without_null(kind)) == text


def test_every_name_in_a_type_is_found_and_replaced() -> None:
    kind = UnionType((ListType(A), MapType(ConstrainedType(B, Constraints(min_items=1))), STR))
    assert list(names(kind)) == ["A", "B"]
    assert spelled(renamed(kind, lambda name: name * 2)) == "list[AA] | dict[BB(min_items=1)] | str"


def test_names_that_become_one_are_one_member() -> None:
    assert renamed(UnionType((A, B)), lambda name: "C") == NamedType("C")


def test_null_is_let_in_by_the_type_or_by_an_alias_in_it() -> None:
    schemas = {
        "A": TypeAlias("A", "request", UnionType((STR, NONE)), ""),
        "B": TypeAlias("B", "request", STR, ""),
    }
    assert [admits_null(kind, schemas) for kind in (NONE, ANY, STR, A, B, ListType(A))] == [
        True, True, False, True, False, False,
    ]  # fmt: skip
