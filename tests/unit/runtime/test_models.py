"""Requests are strict and exact, responses are open, and unions pick the variant the data is marked as."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import Field, ValidationError
from typing_extensions import TypeAliasType

from clientsmith.runtime import OpenRequestModel, RequestModel, RequestValidationError, ResponseModel
from clientsmith.runtime.types.schemas import RequestSchema

Amount = TypeAliasType("Amount", Annotated[Decimal, Field(gt=0)])


class Item(RequestModel):
    quantity: Decimal
    fee: Amount | None = None
    count: int | None = None
    ratio: float | None = None
    flag: bool | None = None
    note: Annotated[str | None, Field(alias="Note", json_schema_extra={"x-nullable": True})] = None
    label: Annotated[str | None, Field(alias="Label")] = None
    parts: list[Item] | None = None


def reasons(call: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        call()
    return "; ".join(problem["msg"] for problem in caught.value.errors())


@pytest.mark.parametrize("value", [Decimal("12.355"), 3, 10**30, 2.0])
def test_exact_amounts_are_accepted(value: Any) -> None:
    assert Item(quantity=value).quantity == Decimal(value)


def test_an_inexact_float_is_refused_with_advice() -> None:
    assert 'pass Decimal("12.355") instead' in reasons(lambda: Item(quantity=12.355))  # type: ignore[arg-type]
    assert 'Decimal("0.5")' in reasons(lambda: Item(quantity=1, fee=0.5))  # type: ignore[arg-type]
    assert "Decimal" in reasons(lambda: Item(quantity=1, parts=[{"quantity": 0.5}]))  # type: ignore[arg-type, list-item]


@pytest.mark.parametrize(
    "value", [True, float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), 1e300, None, [1], "0.10"]
)
def test_what_is_no_amount_is_refused(value: Any) -> None:
    reasons(lambda: Item(quantity=value))


@pytest.mark.parametrize(
    "bad",
    [{"count": True}, {"count": 1.0}, {"ratio": True}, {"ratio": float("nan")}, {"flag": 1}, {"count": "1"}],
)
def test_numbers_and_bools_are_not_mixed_up(bad: Any) -> None:
    reasons(lambda: Item(quantity=Decimal(1), **bad))


def test_an_int_is_a_number() -> None:
    assert Item(quantity=Decimal(1), ratio=3).ratio == 3.0


@pytest.mark.parametrize("name", ["label", "Label", "fee"])
def test_null_is_refused_where_the_api_does_not_know_it(name: str) -> None:
    assert "leave it out" in reasons(lambda: Item.model_validate({"quantity": 1, name: None}))


def test_null_is_sent_where_the_api_knows_it() -> None:
    item = Item(quantity=Decimal(1), note=None)
    assert item.model_dump(by_alias=True, exclude_unset=True) == {"quantity": Decimal(1), "Note": None}


def test_unknown_keys_are_refused_unless_the_object_is_open() -> None:
    class Open(OpenRequestModel):
        amount: Decimal

    reasons(lambda: Item.model_validate({"quantity": 1, "quantitty": 1}))
    assert Open.model_validate({"amount": 1, "x": 2}).model_extra == {"x": 2}
    reasons(lambda: Open.model_validate({"amount": 1.5}))


def test_adapters_outside_models_are_exact_too() -> None:
    for annotation, value in [
        (Decimal, 0.5),
        (list[Amount], [0.5]),
        (dict[str, Amount | None], {"a": 0.5}),
        (int, True),
    ]:
        with pytest.raises(RequestValidationError):
            RequestSchema(annotation).encode(value, "value")


class Awkward(RequestModel):
    type: Decimal | None = None
    default: Decimal | None = None
    config: Decimal | None = None
    fields: Decimal | None = None  # type: ignore[assignment]
    choices: Decimal | None = None


@pytest.mark.parametrize("name", ["type", "default", "config", "fields", "choices"])
def test_fields_named_like_schema_keywords_are_exact_too(name: str) -> None:
    assert "Decimal" in reasons(lambda: Awkward.model_validate({name: 0.5}))
    assert Awkward.model_validate({name: 2}).model_dump(exclude_unset=True) == {name: Decimal(2)}


class NestedOut(ResponseModel):
    name: str | None = None


class Out(ResponseModel):
    nested: NestedOut | None = None
    tag: str | None = None


class NestedIn(RequestModel):
    name: str | None = None


class In(RequestModel):
    nested: NestedIn | None = None
    other: NestedIn | None = None


def test_a_response_passed_as_a_request_keeps_its_unknown_keys() -> None:
    received = Out.model_validate(
        {"nested": {"name": "n", "new": {"deep": Decimal("1.10")}}, "tag": "t", "x": 1}
    )
    assert RequestSchema(In).encode(received, "body") == {
        "nested": {"name": "n", "new": {"deep": Decimal("1.10")}},
        "tag": "t",
        "x": 1,
    }
    assert RequestSchema(In | None).encode({"nested": received.nested}, "body") == {
        "nested": {"name": "n", "new": {"deep": Decimal("1.10")}}
    }


def test_a_response_passed_as_a_request_has_its_known_keys_checked() -> None:
    received = NestedOut.model_validate({"new": 1})
    received.name = 5  # type: ignore[assignment]
    with pytest.raises(RequestValidationError, match=r"nested\.name"):
        RequestSchema(In).encode({"nested": received}, "body")


def test_a_typing_mistake_beside_a_response_is_still_refused() -> None:
    received = NestedOut.model_validate({"new": 1})
    with pytest.raises(RequestValidationError, match=r"other\.nmae"):
        RequestSchema(In).encode({"nested": received, "other": {"nmae": "x"}}, "body")


def test_changes_after_construction_are_checked_again() -> None:
    item = Item(quantity=Decimal(1))
    item.quantity = 0.1  # type: ignore[assignment]
    with pytest.raises(RequestValidationError, match="Decimal"):
        RequestSchema(list[Item]).encode([item], "items")


def test_refusals_do_not_show_values() -> None:
    with pytest.raises(RequestValidationError) as caught:
        RequestSchema(Annotated[str, Field(pattern="^a$")]).encode("canary", "path parameter 'Sid'")
    assert "canary" not in str(caught.value) and "path parameter 'Sid'" in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__
