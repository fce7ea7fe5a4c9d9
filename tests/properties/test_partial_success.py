"""The matching of sent and answered items gives what a naive reading of the two bodies gives, item by item."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clientsmith.runtime import PartialDeclaration, PartialSuccess
from clientsmith.runtime.values.json_codec import parse, write_bytes
from tests.properties.packages import deterministic

_MATCH = ("id", "amount")
_DECLARED = PartialDeclaration(
    ("sent",), ("items",), "ok", _MATCH, dict[str, Any], amount="amount", total=("total",)
)
# Few values, and several forms of the same one: otherwise hardly any two items would ever be equal.
_NUMBERS = st.sampled_from(
    [
        0,
        1,
        2,
        Decimal("1.0"),
        Decimal("1.00"),
        Decimal("1E+1"),
        10,
        Decimal("12.355"),
        Decimal("12.3550"),
        10**40,
    ]
) | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-3, max_value=3)
_VALUES = _NUMBERS | st.sampled_from([None, True, False, "", "1", "a", "A"]) | st.just([1]) | st.just({})
_ITEMS = st.fixed_dictionaries({}, optional={"id": _VALUES, "amount": _VALUES})
_VERDICTS = st.sampled_from([True, False, None, 1, "true"])
_ANSWERED = st.builds(
    lambda item, verdict, said: {**item, **({"ok": verdict} if said else {})},
    _ITEMS,
    _VERDICTS,
    st.booleans(),
) | st.sampled_from([None, 1, "text", []])


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[list[Any], list[Any]]:
    """What was sent, and an answer that mentions some of it, some of it twice, and other things."""
    sent = draw(st.lists(_ITEMS | st.none(), max_size=8))
    objects = [item for item in sent if item is not None]
    echoes = st.sampled_from(objects) if objects else _ITEMS
    echoed = st.builds(lambda item, verdict: {**item, "ok": verdict}, echoes, _VERDICTS)
    return sent, draw(st.lists(echoed | echoed | _ANSWERED, max_size=8))


def judged(sent: list[Any], answered: list[Any], total: Any = None) -> PartialSuccess[Any, Any, Any]:
    """Through the wire, as a call does it; nothing is decoded to a class."""
    body = parse(write_bytes({"sent": sent}))
    answer = parse(write_bytes({"items": answered, "total": total}))
    return _DECLARED.judge(answer, answer, body)


def name(value: Any) -> str | None:
    """A text that two values share exactly if JSON holds them for the same; None for what is never compared."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, (int, Decimal)):
        return f"number {Fraction(value)}"
    return f"text {value}" if isinstance(value, str) else None


def key(item: Any) -> tuple[str, ...] | None:
    """The same for an item; None for one that says nothing to know it by."""
    if not isinstance(item, dict):
        return None
    names = [name(item[part]) if part in item else "missing" for part in _MATCH]
    if None in names or not set(names) - {"missing", "None"}:
        return None
    return tuple(map(str, names))


def verdict(item: Any) -> str:
    said = item.get("ok") if isinstance(item, dict) else None
    return {"True": "accepted", "False": "rejected"}.get(repr(said), "undecided")


def expected(sent: list[Any], answered: list[Any]) -> dict[str, Counter[tuple[str, ...] | None]]:
    """By group and key how many items there have to be: worked out by counting, without pairing anything."""
    groups = ("accepted", "rejected", "undecided", "unmentioned", "unexpected")
    found: dict[str, Counter[tuple[str, ...] | None]] = {group: Counter() for group in groups}
    asked = Counter(map(key, sent))
    said = Counter((key(item), verdict(item)) for item in answered)
    for one in {*asked, *map(key, answered)}:
        left = asked[one]
        for group in groups[:3]:
            answers = said[one, group]
            taken = min(left, answers) if one is not None else 0
            found[group][one] = taken
            found["unexpected"][one] += answers - taken
            left -= taken
        found["unmentioned"][one] = left
    return {group: +counts for group, counts in found.items()}


@deterministic(400)
@given(exchanges())
def test_every_item_is_in_the_group_where_counting_puts_it(exchange: tuple[list[Any], list[Any]]) -> None:
    sent, answered = exchange
    made = judged(sent, answered)
    pairs = {group: getattr(made, group) for group in ("accepted", "rejected", "undecided")}
    assert {
        **{group: Counter(key(pair.sent) for pair in found) for group, found in pairs.items()},
        "unmentioned": Counter(map(key, made.unmentioned)),
        "unexpected": Counter(map(key, made.unexpected)),
    } == expected(sent, answered)
    for group, found in pairs.items():
        for pair in found:
            assert key(pair.sent) == key(pair.received)
            assert verdict(pair.received) == group


@deterministic(200)
@given(exchanges(), st.randoms(use_true_random=False))
def test_the_order_of_the_answer_changes_nothing_about_what_was_sent(
    exchange: tuple[list[Any], list[Any]], order: random.Random
) -> None:
    sent, answered = exchange
    numbered = [
        {**item, "place": place} if isinstance(item, dict) else item for place, item in enumerate(sent)
    ]
    shuffled = list(answered)
    order.shuffle(shuffled)
    first, second = judged(numbered, answered), judged(numbered, shuffled)
    for group in ("accepted", "rejected", "undecided"):
        assert [p.sent for p in getattr(first, group)] == [p.sent for p in getattr(second, group)]
    assert first.unmentioned == second.unmentioned
    assert (first.all_submitted, first.computed_total) == (second.all_submitted, second.computed_total)


@deterministic(200)
@given(st.lists(_NUMBERS, max_size=6), st.randoms(use_true_random=False))
def test_all_submitted_means_that_each_item_came_back_accepted_and_the_sum_is_right(
    amounts: list[Any], order: random.Random
) -> None:
    sent = [{"id": "x", "amount": amount} for amount in amounts]
    answered = [{**item, "ok": True} for item in sent]
    order.shuffle(answered)
    thousandths = int(sum(map(Fraction, amounts), Fraction(0)) * 1000)
    stated = parse(f"{thousandths}E-3".encode())
    made = judged(sent, answered, stated)
    assert made.all_submitted and made.computed_total is not None
    assert Fraction(made.computed_total) * 1000 == thousandths
    assert not judged(sent, answered, parse(f"{thousandths + 1}E-3".encode())).all_submitted
    if sent:
        assert not judged(sent, answered[1:], stated).all_submitted
        assert not judged(sent, [*answered, answered[0]], stated).all_submitted
        assert not judged(sent, [{**answered[0], "ok": False}, *answered[1:]], stated).all_submitted
