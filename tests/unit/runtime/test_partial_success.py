"""What became of each item: matched as a multiset by exact value, summed exactly, and never with an untyped error."""

from __future__ import annotations

import decimal
import json
from collections.abc import Sequence
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from typing import Annotated, Any

import httpx
import pytest
from pydantic import Field

from clientsmith.runtime import (
    ApiResponse,
    Media,
    Operation,
    Outcome,
    PartialDeclaration,
    PartialSuccess,
    RequestModel,
    Response,
    ResponseDecodeError,
    ResponseModel,
)
from clientsmith.runtime.messages.partial_declaration import exact_sum
from clientsmith.runtime.messages.response import decode


class Item(RequestModel):
    sid: str
    quantity: Annotated[Decimal, Field(gt=0)]
    note: str | None = None


class Answered(ResponseModel):
    sid: str | None = None
    quantity: float | None = None  # loses digits: matching must not read it
    submitted: Any = None


class Answer(ResponseModel):
    item_list: Annotated[list[Answered | None] | None, Field(alias="itemList")] = None
    total: Any = None


DECLARED = PartialDeclaration(
    sent=("items",),
    received=("itemList",),
    accepted="submitted",
    match=("sid", "quantity"),
    item=Item,
    amount="quantity",
    total=("total",),
)
_MEDIA = (Media("application/json", "json", Answer),)


def response(content: str | bytes, status: int = 202) -> ApiResponse:
    headers = httpx.Headers({"content-type": "application/json"})
    body = content.encode() if isinstance(content, str) else content
    return ApiResponse(status, headers, body, "POST", "https://api.example.com/x")


def judge(sent: str, answer: str, declared: PartialDeclaration = DECLARED) -> PartialSuccess[Any, Any, Any]:
    """The result of a call that sends the items in `sent` and is answered `answer`, both in JSON."""
    operation: Operation[Any] = Operation(
        "op", "POST", "/x", responses=(Response("202", _MEDIA, partial=declared),)
    )
    result = decode(operation, response(answer), f'{{"items": {sent}}}'.encode())
    assert isinstance(result, PartialSuccess)
    return result


def items(*quantities: str, sid: str = "A") -> str:
    return "[" + ", ".join(f'{{"sid": "{sid}", "quantity": {quantity}}}' for quantity in quantities) + "]"


def answer(*answered: tuple[str, str], total: str = "null", sid: str = "A") -> str:
    """An answer with an item for each pair of quantity and `submitted`."""
    listed = ", ".join(f'{{"sid": "{sid}", "quantity": {q}, "submitted": {s}}}' for q, s in answered)
    return f'{{"itemList": [{listed}], "total": {total}}}'


def quantities(pairs: Sequence[Any]) -> list[str]:
    return [str(getattr(pair, "sent", pair).quantity) for pair in pairs]


def counts(made: PartialSuccess[Any, Any, Any]) -> tuple[int, ...]:
    groups = (made.accepted, made.rejected, made.undecided, made.unmentioned, made.unexpected)
    return tuple(len(group) for group in groups)


def test_items_are_told_apart_by_what_the_answer_says_of_them() -> None:
    made = judge(
        items("1", "2", "3", "4"),
        answer(("3", "null"), ("9", "true"), ("2", "false"), ("1", "true"), total="10"),
    )
    assert quantities(made.accepted) == ["1"]
    assert quantities(made.rejected) == ["2"]
    assert quantities(made.undecided) == ["3"]
    assert quantities(made.unmentioned) == ["4"]
    assert [item.quantity for item in made.unexpected] == [9]
    assert made.accepted[0].received is made.result.item_list[3]
    assert not made.all_submitted


def test_all_submitted_is_true_of_a_whole_success_only() -> None:
    made = judge(items("12.355", "44.02"), answer(("44.02", "true"), ("12.355", "true"), total="56.375"))
    assert made.all_submitted and made.total_matches
    assert (made.total, made.computed_total) == (Decimal("56.375"), Decimal("56.375"))
    doubts = [{"rejected": made.accepted}, {"undecided": made.accepted}, {"unmentioned": (1,)}]
    doubts += [{"unexpected": (1,)}, {"total_matches": False}]
    assert [replace(made, **doubt).all_submitted for doubt in doubts] == [False] * 5


def test_the_documented_answer_hides_an_item_that_is_not_billed() -> None:
    made = judge(items("12.355", "44.02"), answer(("12.355", "false"), ("44.02", "true"), total="44.02"))
    assert (quantities(made.rejected), quantities(made.accepted)) == (["12.355"], ["44.02"])
    assert made.total_matches is True and not made.all_submitted


def test_each_answer_takes_one_of_several_equal_items_in_the_order_they_were_sent() -> None:
    sent = '[{"sid": "A", "quantity": 1, "note": "first"}, {"sid": "A", "quantity": 1.0, "note": "second"}]'
    for answered in ((("1", "true"), ("1.00", "false")), (("1.00", "false"), ("1", "true"))):
        made = judge(sent, answer(*answered))
        assert [pair.sent.note for pair in made.accepted] == ["first"]
        assert [pair.sent.note for pair in made.rejected] == ["second"]
        assert counts(made) == (1, 1, 0, 0, 0)


def test_an_item_answered_more_often_than_sent_is_unexpected() -> None:
    made = judge(items("1"), answer(("1", "false"), ("1", "true"), total="1"))
    assert counts(made) == (1, 0, 0, 0, 1)
    assert made.unexpected[0].submitted is False
    assert not made.all_submitted


@pytest.mark.parametrize(
    ("sent", "answered", "same"),
    [
        ("12.355", "12.3550", True),
        ("3", "3.000", True),
        ("100", "1E+2", True),
        ("12345678901234567890123456789012345678.5", "12345678901234567890123456789012345678.50", True),
        ("12.355", "12.3550000000000000000001", False),
        ("9007199254740993", "9007199254740992", False),
        ("12.355", "null", False),
    ],
)
def test_numbers_match_by_exact_value(sent: str, answered: str, same: bool) -> None:
    assert counts(judge(items(sent), answer((answered, "true"))))[0] == int(same)


@pytest.mark.parametrize(
    ("sent", "answered", "same"),
    [
        ('{"k": 1}', '{"k": true}', False),
        ('{"k": true}', '{"k": 1}', False),
        ('{"k": false}', '{"k": false}', True),
        ('{"k": 1}', '{"k": "1"}', False),
        ('{"k": "1.0"}', '{"k": "1"}', False),
        ('{"k": null, "l": 1}', '{"l": 1}', False),
        ('{"k": null, "l": 1}', '{"k": null, "l": 1}', True),
        ('{"l": 1}', '{"l": 1}', True),
        ("{}", "{}", False),
        ('{"k": null}', '{"k": null, "l": null}', False),
        ('{"k": [1], "l": 1}', '{"k": [1], "l": 1}', False),
        ('{"k": {"a": 1}, "l": 1}', '{"k": {"a": 1}, "l": 1}', False),
    ],
)
def test_values_match_if_they_are_the_same_in_json(sent: str, answered: str, same: bool) -> None:
    declared = PartialDeclaration(("items",), ("itemList",), "submitted", ("k", "l"), dict[str, Any])
    made = judge(f"[{sent}]", f'{{"itemList": [{answered}]}}', declared)
    assert counts(made) == ((0, 0, 1, 0, 0) if same else (0, 0, 0, 1, 1))


@pytest.mark.parametrize("word", ["1", '"true"', "0", "null", "[true]", "{}"])
def test_only_true_is_accepted_and_only_false_is_rejected(word: str) -> None:
    made = judge(items("1"), answer(("1", word), total="0"))
    assert counts(made) == (0, 0, 1, 0, 0)
    assert made.computed_total == 0


def test_an_item_without_the_property_is_undecided() -> None:
    made = judge(items("1"), '{"itemList": [{"sid": "A", "quantity": 1}], "total": 0}')
    assert counts(made) == (0, 0, 1, 0, 0)


@pytest.mark.parametrize("total", ["null", '"1"', "true", "[1]", "1.01"])
def test_a_total_that_is_absent_no_number_or_different_does_not_match(total: str) -> None:
    made = judge(items("1"), answer(("1", "true"), total=total))
    assert made.total_matches is False and not made.all_submitted
    assert made.total == (Decimal("1.01") if total == "1.01" else None)
    assert made.computed_total == 1
    missing = judge(items("1"), '{"itemList": [{"sid": "A", "quantity": 1, "submitted": true}]}')
    assert (missing.total, missing.total_matches) == (None, False)


def test_an_accepted_item_without_an_amount_leaves_the_sum_open() -> None:
    declared = replace(DECLARED, match=("sid",))
    made = judge(items("1"), '{"itemList": [{"sid": "A", "submitted": true}], "total": 1}', declared)
    assert counts(made) == (1, 0, 0, 0, 0)
    assert (made.total, made.computed_total, made.total_matches) == (1, None, False)
    assert not made.all_submitted


def test_what_was_never_sent_counts_towards_the_sum() -> None:
    made = judge(items("1"), answer(("1", "true"), ("2", "true"), total="3"))
    assert made.computed_total == 3 and made.total_matches
    assert not made.all_submitted


def test_without_a_declared_total_none_is_asked_for() -> None:
    made = judge(items("1"), answer(("1", "true"), total="99"), replace(DECLARED, amount=None, total=None))
    assert (made.total, made.computed_total, made.total_matches) == (None, None, None)
    assert made.all_submitted


def test_the_sum_has_more_digits_than_the_decimal_context() -> None:
    large, small = "1" * 40, "0." + "0" * 30 + "1"
    with decimal.localcontext() as context:
        context.prec = 3
        made = judge(
            items(large, small), answer((large, "true"), (small, "true"), total=f"{large}{small[1:]}")
        )
    assert str(made.computed_total) == f"{large}{small[1:]}"
    assert made.all_submitted


def test_sums_are_exact_and_bounded() -> None:
    assert exact_sum([]) == 0
    assert str(exact_sum([Decimal("0.10"), Decimal("0.2"), Decimal(-3)])) == "-2.70"
    far_apart = Decimal("1" + "0" * 400 + "." + "0" * 399 + "1")
    assert exact_sum([Decimal("1E+400"), Decimal("1E-400")]) == far_apart
    assert exact_sum([Decimal("1E+999999999"), Decimal(1)]) is None
    assert exact_sum([Decimal("1E+999999999"), Decimal(0)]) == Decimal("1E+999999999")
    assert exact_sum([Decimal(1), None]) is None


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        '{"itemList": null, "total": 0}',
        '{"itemList": [], "total": 0}',
        '{"item_list": [{"sid": "A"}], "total": 0}',
    ],
)
def test_an_answer_without_items_leaves_every_item_unmentioned(content: str) -> None:
    made = judge(items("1", "2"), content)
    assert quantities(made.unmentioned) == ["1", "2"]
    assert counts(made) == (0, 0, 0, 2, 0)


def test_a_null_among_the_items_is_unexpected() -> None:
    made = judge(
        items("1"), '{"itemList": [null, {"sid": "A", "quantity": 1, "submitted": true}], "total": 1}'
    )
    assert counts(made) == (1, 0, 0, 0, 1)
    assert made.unexpected == (None,)
    assert not made.all_submitted


@pytest.mark.parametrize("content", ['{"itemList": [1]}', '{"itemList": {}}', "[]", "null", "1", ""])
def test_an_answer_of_another_shape_has_an_unknown_outcome(content: str) -> None:
    with pytest.raises(ResponseDecodeError) as caught:
        judge(items("1"), content)
    assert caught.value.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("status", [202, 204, 205])
def test_no_answer_at_all_is_never_a_success(status: int) -> None:
    operation: Operation[Any] = Operation(
        "op", "POST", "/x", responses=(Response("2XX", _MEDIA, partial=DECLARED),)
    )
    with pytest.raises(ResponseDecodeError, match="the body is empty") as caught:
        decode(operation, response("", status), b'{"items": []}')
    assert caught.value.outcome is Outcome.UNKNOWN


def test_sent_items_come_back_as_their_class_with_every_key() -> None:
    sent = '[{"sid": "A", "quantity": 12.3550, "more": {"a": 0.10}}]'
    made = judge(sent, answer(("12.355", "true")))
    item = made.accepted[0].sent
    assert isinstance(item, Item) and str(item.quantity) == "12.3550"
    assert item.model_extra == {"more": {"a": Decimal("0.10")}}
    assert item.model_fields_set == {"sid", "quantity", "more"}


@pytest.mark.parametrize("odd", ['{"sid": 1}', '"text"', "null", "1", "[]"])
def test_what_was_sent_past_the_checks_is_shown_as_it_was_sent(odd: str) -> None:
    made = judge(f"[{odd}, {items('1')[1:]}", answer(("1", "true"), total="1"))
    assert made.unmentioned == (json.loads(odd),)
    assert counts(made) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize("body", [None, b"", b"{}", b"[]", b"null", b'{"items": 1}'])
def test_where_nothing_was_sent_every_answered_item_is_unexpected(body: bytes | None) -> None:
    operation: Operation[Any] = Operation(
        "op", "POST", "/x", responses=(Response("202", _MEDIA, partial=DECLARED),)
    )
    made = decode(operation, response(answer(("1", "true"), total="1")), body)
    assert counts(made) == (0, 0, 0, 0, 1) and not made.all_submitted


def test_paths_lead_through_objects_maps_and_arrays() -> None:
    class Inner(ResponseModel):
        rows: list[Answered] | None = None

    class Outer(ResponseModel):
        by_name: dict[str, list[Inner]] | None = None

    declared = replace(
        DECLARED, sent=("a", "1", "b"), received=("by_name", "x/y", "0", "rows"), amount=None, total=None
    )
    body = b'{"a": [0, {"b": [{"sid": "A", "quantity": 1}]}]}'
    content = '{"by_name": {"x/y": [{"rows": [{"sid": "A", "quantity": 1, "submitted": true}]}]}}'
    media = (Media("application/json", "json", Outer),)
    operation: Operation[Any] = Operation(
        "op", "POST", "/x", responses=(Response("202", media, partial=declared),)
    )
    assert counts(decode(operation, response(content), body)) == (1, 0, 0, 0, 0)
    outside = replace(declared, received=("by_name", "x/y", "1", "rows"))
    operation = replace(operation, responses=(Response("202", media, partial=outside),))
    assert counts(decode(operation, response(content), body)) == (0, 0, 0, 1, 0)


def test_keys_that_no_field_has_are_read_as_well() -> None:
    declared = replace(DECLARED, received=("extra",), total=("sums", "all"))
    content = '{"extra": [{"sid": "A", "quantity": 1, "submitted": true}], "sums": {"all": 1}}'
    made = judge(items("1"), content, declared)
    assert made.all_submitted and made.accepted[0].received == {
        "sid": "A", "quantity": 1, "submitted": True
    }  # fmt: skip


def test_a_result_is_a_short_immutable_value() -> None:
    made = judge(items("1", "2"), answer(("1", "true"), total="1"))
    assert made == judge(items("1", "2"), answer(("1", "true"), total="1"))
    assert repr(made) == (
        "<PartialSuccess accepted=1 rejected=0 undecided=0 unmentioned=1 unexpected=0 total_matches=True>"
    )
    with pytest.raises(FrozenInstanceError):
        made.total = None  # type: ignore[misc]  # that it is refused is the point


def test_other_responses_of_the_operation_stay_as_they_are() -> None:
    responses = (Response("200", _MEDIA), Response("202", _MEDIA, partial=DECLARED))
    operation: Operation[Any] = Operation("op", "POST", "/x", responses=responses)
    assert isinstance(decode(operation, response("{}", 200), b"{}"), Answer)
    assert isinstance(decode(operation, response("{}", 202), b"{}"), PartialSuccess)
