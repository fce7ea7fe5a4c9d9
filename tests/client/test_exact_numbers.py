"""Amounts keep every digit, from the argument to the wire and from the wire to the result, and on the way back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.client.answers import good
from tests.client.calls import INSTALLATION, ITEM
from tests.client.pairs import Pair, examples, pair, same, text_of
from twilio_marketplace import ClientError

_QUANTITY = re.compile(rb'"quantity":([^},]+)')
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    with pair() as made:
        yield made


_DIGITS = st.lists(st.integers(0, 9), min_size=1, max_size=60).filter(any)
AMOUNTS = st.builds(
    lambda digits, exponent: Decimal((0, tuple(digits), exponent)), _DIGITS, st.integers(-60, 20)
)
TOKENS = st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?", fullmatch=True)


@examples(150)
@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=4))
@example(amounts=[Decimal("12.355"), Decimal("44.02"), Decimal("12345678901234567.123456789")])
@example(amounts=[Decimal("1E-6143"), Decimal("1E+6144"), Decimal("100.00"), Decimal("0.0000001")])
def test_amount_is_on_the_wire_digit_by_digit(both: Pair, amounts: list[Decimal]) -> None:
    items = [{"sid": ITEM, "quantity": amount} for amount in amounts]

    _, requests = both.both("report", INSTALLATION, billable_items=items)

    assert len(requests) == 2
    for request in requests:
        tokens = [found.decode() for found in _QUANTITY.findall(request.body)]
        assert [Decimal(token) for token in tokens] == amounts
        for token, amount in zip(tokens, amounts, strict=True):
            assert _NUMBER.fullmatch(token)
            if -400 <= int(amount.as_tuple().exponent) <= 0:
                assert token == f"{amount:f}"


@examples(60)
@given(number=st.integers(1, 10**60))
def test_amount_may_be_an_int(both: Pair, number: int) -> None:
    _, requests = both.both("report", INSTALLATION, billable_items=[{"sid": ITEM, "quantity": number}])

    assert _QUANTITY.findall(requests[0].body) == [str(number).encode()]


@examples(60)
@given(text=AMOUNTS.map(str))
def test_text_is_not_an_amount(both: Pair, text: str) -> None:
    outcomes, requests = both.both("report", INSTALLATION, billable_items=[{"sid": ITEM, "quantity": text}])

    assert requests == []
    error = same(outcomes)
    assert isinstance(error, ClientError)
    assert error.outcome == "not_sent"


@examples(100)
@given(number=st.floats().filter(lambda number: not (number.is_integer() and 0 < number < 2**53)))
def test_float_that_may_not_be_meant_is_never_sent(both: Pair, number: float) -> None:
    outcomes, requests = both.both("report", INSTALLATION, billable_items=[{"sid": ITEM, "quantity": number}])

    assert requests == []
    error = same(outcomes)
    assert isinstance(error, ClientError)
    assert error.outcome == "not_sent"


@examples(200)
@given(total=TOKENS, quantity=TOKENS, other=TOKENS)
@example(total="12345678901234567.123456789", quantity="0.10", other="1.000000000000000000000")
@example(total="-0.0", quantity="0", other="100")
def test_amount_of_an_answer_keeps_its_token(both: Pair, total: str, quantity: str, other: str) -> None:
    body = f'{{"total_submitted":{total},"billable_items":[{{"quantity":{quantity}}}],"other":[{other}]}}'
    both.answer = lambda request: good(request, body=body.encode())

    result = same(both.both("report", INSTALLATION, billable_items=[{"sid": ITEM, "quantity": 1}])[0])

    assert str(result.total_submitted) == str(Decimal(total)) or total == "-0"
    assert str(result.billable_items[0].quantity) == str(Decimal(quantity)) or quantity == "-0"
    dumped = text_of(result.model_dump(by_alias=True, exclude_unset=True))
    assert json.loads(dumped, parse_float=_token, parse_int=_token) == json.loads(
        body, parse_float=_token, parse_int=_token
    )


def _token(text: str) -> str:
    """A number as it stands; JSON's negative zero without a fraction is the same integer as zero."""
    return "number " + ("0" if text == "-0" else text)


@examples(100)
@given(token=st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?[eE][+-]?[0-9]{1,4}", fullmatch=True))
def test_amount_with_an_exponent_keeps_its_value(both: Pair, token: str) -> None:
    body = f'{{"total_submitted":{token}}}'
    both.answer = lambda request: good(request, body=body.encode())

    result = same(both.both("report", INSTALLATION, billable_items=[{"sid": ITEM, "quantity": 1}])[0])

    assert result.total_submitted == Decimal(token)
    dumped = text_of(result.model_dump(by_alias=True, exclude_unset=True))
    assert json.loads(dumped, parse_float=Decimal, parse_int=Decimal) == {"total_submitted": Decimal(token)}
