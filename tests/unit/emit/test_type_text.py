from __future__ import annotations

import pytest

from clientsmith.api.model.types import (
    ANY,
    NONE,
    STR,
    ConstrainedType,
    Constraints,
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
from clientsmith.emit.text.constraints import field_arguments
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.type_text import AdapterText, ArgumentText, Catalog, ResultText

INT, DECIMAL, BYTES = ScalarType("int"), ScalarType("Decimal"), ScalarType("bytes")
CATALOG = Catalog.of(
    (
        ModelClass("Item", "request", (), open=False, pointer=""),
        ModelClass("Twin", "request", (), open=False, pointer="", counterpart="TwinResult"),
        ModelClass("Result", "response", (), open=True, pointer=""),
        TypeAlias("Items", "request", ListType(NamedType("Item")), ""),
        TypeAlias("Nested", "request", UnionType((STR, ListType(NamedType("Nested")))), ""),
        TypeAlias("Deep", "request", MapType(NamedType("Items")), ""),
        TypeAlias("Name", "request", STR, ""),
        TypeAlias("Amount", "request", DECIMAL, ""),
    )
)


def test_which_schemas_get_a_dict_type() -> None:
    assert CATALOG.with_input == {"Item", "Twin", "Items", "Deep", "Amount"}


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (STR, "str"),
        (DECIMAL, "Decimal | int"),
        (ScalarType("datetime"), "datetime.datetime"),
        (LiteralType(("a", 1, True)), 'Literal["a", 1, True]'),
        (ListType(INT), "Sequence[int]"),
        (MapType(NamedType("Item")), "Mapping[str, models.Item | inputs.ItemDict]"),
        (NamedType("Twin"), "models.Twin | models.TwinResult | inputs.TwinDict"),
        (NamedType("Items"), "inputs.ItemsDict"),
        (NamedType("Name"), "models.Name"),
        (NamedType("Result"), "models.Result"),
        (UnionType((NONE, STR, NamedType("Item"))), "str | models.Item | inputs.ItemDict | None"),
        (UnionType((STR, ANY)), "Any"),
        (ConstrainedType(STR, Constraints(pattern="x")), "str"),
        (BYTES, "bytes"),
    ],
)
def test_arguments(expression: TypeExpr, text: str) -> None:
    assert ArgumentText(Imports(), CATALOG, "..").text(expression) == text


def test_files_where_binary_content_is_sent() -> None:
    assert ArgumentText(Imports(), CATALOG, "..", files=True).text(ListType(BYTES)) == "Sequence[FileContent]"


def test_expressions_evaluated_too_early_quote_their_dict_types() -> None:
    writer = ArgumentText(Imports(), CATALOG, ".", quoted=True, local=True)

    assert writer.text(ListType(NamedType("Item"))) == 'Sequence[Union[models.Item, "ItemDict"]]'


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (DECIMAL, "Decimal"),
        (ListType(NamedType("Result")), "list[models.Result]"),
        (MapType(ANY), "dict[str, Any]"),
        (UnionType((NamedType("Item"), NONE, NamedType("Item"))), "models.Item | None"),
    ],
)
def test_results(expression: TypeExpr, text: str) -> None:
    assert ResultText(Imports(), "..").text(expression) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (
            ConstrainedType(STR, Constraints(min_length=1, max_length=9, pattern='^"\\d$', min_items=3)),
            'Annotated[str, Field(min_length=1, max_length=9, pattern="^\\"\\\\d$")]',
        ),
        (
            ConstrainedType(ListType(STR), Constraints(min_items=1)),
            "Annotated[list[str], Field(min_length=1)]",
        ),
        (
            UnionType((ConstrainedType(INT, Constraints(minimum="1")), NONE)),
            "Union[Annotated[int, Field(ge=1)], None]",
        ),
        (
            ConstrainedType(UnionType((INT, NONE)), Constraints(minimum="1")),
            "Union[Annotated[int, Field(ge=1)], None]",
        ),
        (
            ConstrainedType(NamedType("Name"), Constraints(max_length=1)),
            "Annotated[models.Name, Field(max_length=1)]",
        ),
        (ConstrainedType(NamedType("Item"), Constraints(max_length=1)), "models.Item"),
        (ConstrainedType(STR, Constraints(minimum="1")), "str"),
    ],
)
def test_adapters(expression: TypeExpr, text: str) -> None:
    assert AdapterText(Imports(), CATALOG, "..").text(expression) == text


@pytest.mark.parametrize(
    ("constraints", "base", "text"),
    [
        (Constraints(minimum="0.5", maximum="2.5"), "int", "ge=1, le=2"),
        (Constraints(exclusive_minimum="0.5", exclusive_maximum="2.5"), "int", "gt=0, lt=3"),
        (Constraints(multiple_of="1.5"), "int", "multiple_of=3"),
        (Constraints(multiple_of="0.01"), "ExactNumber", "multiple_of=0.01"),
        (Constraints(multiple_of="2.50"), "Decimal", "multiple_of=2.5"),
        (
            Constraints(multiple_of="0.10000000000000000555"),
            "Decimal",
            'multiple_of=Decimal("0.10000000000000000555")',
        ),
        (Constraints(minimum="1e2"), "int", "ge=100"),
        (Constraints(minimum="0.1"), "ExactNumber", 'ge=Decimal("0.1")'),
        (Constraints(minimum="0.10"), "Decimal", 'ge=Decimal("0.10")'),
        (Constraints(minimum="10"), "Decimal", "ge=10"),
        (Constraints(maximum="1e999999999"), "int", ""),
        (
            Constraints(maximum="12345678901234567890123.1"),
            "Decimal",
            'le=Decimal("12345678901234567890123.1")',
        ),
        (Constraints(minimum="NaN"), "ExactNumber", ""),
        (Constraints(minimum="1", max_length=2, pattern="x"), "", ""),
    ],
)
def test_bounds_come_from_the_documents_tokens(constraints: Constraints, base: str, text: str) -> None:
    assert ", ".join(field_arguments(constraints, base, Imports())) == text


class TestImports:
    def test_only_what_was_used_in_the_order_of_isort(self) -> None:
        imports = Imports()
        for module, name in [
            ("pydantic", "Field"), ("typing", "Final"), ("typing", "Any"), ("..", "models"), ("..", "inputs"),
            (".._runtime", "Unset"), (".._runtime", "UNSET"), (".sibling", "x"),
        ]:  # fmt: skip
            imports.symbol(module, name)
        imports.module("datetime")

        assert imports.render().split("\n") == [
            "import datetime",
            "from typing import Any, Final",
            "",
            "from pydantic import Field",
            "",
            "from .. import inputs, models",
            "from .._runtime import UNSET, Unset",
            "from .sibling import x",
        ]

    def test_a_name_that_the_module_defines_is_imported_under_another(self) -> None:
        imports = Imports({"Field", "_Field"})

        assert imports.symbol("pydantic", "Field") == "__Field"
        assert imports.render() == "from pydantic import Field as __Field"

    def test_a_hidden_builtin_is_reached_through_its_module(self) -> None:
        imports = Imports({"list", "builtins"})

        assert (imports.builtin("str"), imports.builtin("list")) == ("str", "_builtins.list")
        assert imports.render() == "import builtins as _builtins"

    def test_the_same_name_from_two_modules(self) -> None:
        imports = Imports()

        assert (imports.symbol("a", "X"), imports.symbol("b", "X"), imports.symbol("a", "X")) == (
            "X",
            "_X",
            "X",
        )
