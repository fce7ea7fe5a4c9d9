"""An answer in part: which items were taken, as `x-clientsmith-partial-success` has it and as the client reads it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, cast

from clientsmith.conform.client.call_inputs import CallInputs
from clientsmith.conform.client.calls import Called
from clientsmith.conform.client.scripted import always
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of
from clientsmith.document.extensions import PARTIAL_SUCCESS
from clientsmith.document.model import parse_pointer
from clientsmith.json_values import codec, decimals
from clientsmith.json_values.codec import Value
from clientsmith.traffic.message import HttpResponse

_NO_KEYS: tuple[Value, ...] = ([], {}, None, True)
"""What stands for no item that was sent, in the place of a property that items are matched by."""
_VERDICTS = ((True, False), (False, True), (False, None), (None, False), (None, True))
"""Two answers to one item."""


class _Answer(NamedTuple):
    """What an answer says of items: verdicts in their order, a wrong total, an item that was never sent."""

    verdicts: tuple[bool | None, ...]
    is_total_off: bool = False
    has_foreign: bool = False


_ANSWERS = (
    _Answer((True, True, True)),
    _Answer((True, False, None)),
    _Answer((True, True)),
    _Answer((True, False, True)),
    _Answer((True, None, True)),
    _Answer((True, True, True), is_total_off=True),
    _Answer((True, True, True), has_foreign=True),
    _Answer(()),
)
_FOREIGN = Decimal("77.125")
"""The amount of an item that was never sent."""


class _Odd(NamedTuple):
    """An answer with a mistake, and how many of two items are then in each group of the result."""

    name: str
    answered: Any
    counts: tuple[int, ...]


class _Sum(NamedTuple):
    """Two amounts with the total that an answer states of them; whether they have a sum at all."""

    one: Any
    other: Any
    is_sum: bool
    total: Any


_LARGE = Decimal("123456789012345678901234567890.000000000000000000000000000001")
_SMALL = Decimal("0.0000000000000000000000000000000000001")
_SUMS = (
    _Sum(_LARGE, _SMALL, True, _LARGE),
    _Sum(_LARGE, _SMALL, True, decimals.total((_LARGE, _SMALL))),
    _Sum(Decimal("1E+30"), Decimal("1E-30"), True, Decimal("1E+30")),
    _Sum(1, 2, True, 3),
    _Sum(1, Decimal("2.50"), True, "3.5"),
    _Sum(Decimal("1E+20000"), Decimal("1E-20000"), False, Decimal("1E+20000")),
    _Sum(Decimal("-1"), Decimal("1.0"), True, 0),
    _Sum(True, Decimal(1), False, Decimal(1)),
    _Sum(None, Decimal(1), False, Decimal(1)),
    _Sum("1", Decimal(1), False, Decimal(2)),
    _Sum(Decimal(0), Decimal("0.00"), True, Decimal(0)),
    _Sum(Decimal("1E+9998"), Decimal(1), True, Decimal(1)),
    _Sum(Decimal("1E+9999"), Decimal(1), False, Decimal(1)),
    _Sum(Decimal("1E+2000000"), Decimal("1E+2000000"), True, Decimal(1)),
)


def check_partial_success(case: PromiseCase) -> None:
    """Answer items taken, refused, undecided, unmentioned and foreign, with totals that fit and that do not."""
    for key, declaration in case.operation.responses.items():
        stated = declaration.node.mapping.get(PARTIAL_SUCCESS)
        if isinstance(stated, dict) and isinstance(case.inputs.body, dict):
            _PartialPart.of_case(case, key=key, stated=cast("dict[str, Any]", stated)).run()


@dataclass
class _PartialPart(PromiseCase):
    """A response that declares partial success, by its status, and what it declares."""

    key: str
    stated: dict[str, Any]

    def run(self) -> None:
        """What became of each item, worked out here from the declaration and compared with what the client says."""
        sent = _at(self.inputs.body, self.stated["sent"])
        if not isinstance(sent, list) or not sent or not isinstance(sent[0], dict):
            return
        amount = self.stated.get("amount")
        first, second, third = (copy.deepcopy(cast("dict[str, Any]", sent[0])) for _ in range(3))
        if isinstance(amount, str):
            first[amount], second[amount], third[amount] = (
                Decimal("12.355"),
                Decimal("0.105"),
                Decimal("12.355"),
            )
        self._contradicted(first)
        self._unreadable(first, second)
        for last in (third, *self._others(first)):
            for answer in _ANSWERS:
                self._answer([first, second, last], answer)

    def _called(self, items: list[dict[str, Any]], answered: Any, **more: Any) -> tuple[Called, HttpResponse]:
        """A call that sends those items, and the answer that it got: items, and under `total` their total."""
        body, answer = copy.deepcopy(self.inputs.body), dict[str, Any]()
        _put(body, self.stated["sent"], items)
        for name, value in {"received": answered, **more}.items():
            _put(answer, self.stated[name], value)
        text = codec.write(answer).encode()
        response = HttpResponse(int(self.key), (("Content-Type", "application/json"),), text)
        caller = self.context.caller(self.mode, unlimited=True)
        inputs = CallInputs(self.inputs.parameters, body)
        return caller.call(self.operation.id, inputs, always(response)), response

    def _reported(self, item: dict[str, Any], verdict: Any) -> dict[str, Any]:
        """What an answer says of an item: the properties that it is matched by, and what became of it."""
        keys = {name: item[name] for name in self.stated["match"] if name in item}
        return keys | {self.stated["accepted"]: verdict}

    def _contradicted(self, first: dict[str, Any]) -> None:
        """One item was sent and two answers are about it: the accepted one counts, in whatever order they come."""
        for verdicts in _VERDICTS:
            called, response = self._called([first], [self._reported(first, verdict) for verdict in verdicts])
            counts, wins = _counts(called.result), True in verdicts
            expected = (int(wins), int(not wins), 0, 0, 1, False)
            said = f"one item, answered with {verdicts}, gives {counts}, not {expected}"
            self.check(counts == expected, "partial-success-misread", said, called, response=response)

    def _unreadable(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        """Verdicts, keys and totals that are of other types decide nothing; digits are never lost."""
        whole = [self._reported(one, True) for one in (first, second)]
        odd = [
            _Odd("text for a verdict", [self._reported(first, "true"), whole[1]], (1, 0, 1, 0, 0)),
            _Odd("a number for a verdict", [self._reported(first, 1), whole[1]], (1, 0, 1, 0, 0)),
            _Odd("an object for a list", {"0": whole[0]}, (0, 0, 0, 2, 0)),
            _Odd("null for a list", None, (0, 0, 0, 2, 0)),
            *(
                _Odd(f"{other!r} for {name}", [whole[0] | {name: other}, whole[1]], (1, 0, 0, 1, 1))
                for name in self.stated["match"]
                for other in _NO_KEYS
            ),
        ]
        for name, answered, expected in odd:
            called, response = self._called([first, second], answered)
            if not self._is_unreadable(called, response):
                counts = _counts(called.result)[:5]
                said = f"{name} gives {counts}, not {expected}"
                self.check(counts == expected, "partial-success-misread", said, called, response=response)
        if "total" in self.stated and self.stated.get("amount") is not None:
            for row in _SUMS:
                self._total([first, second], whole, row)

    def _is_unreadable(self, called: Called, response: HttpResponse) -> bool:
        """Whether an answer could not be read, as one that conforms has to be; the error says that nothing is known."""
        if called.error is None:
            return False
        conforms = not self.context.checker.check_response(self.operation, response)
        is_typed = isinstance(called.error, self.get("ResponseDecodeError"))
        passed = is_typed and outcome_of(called.error) == "unknown" and not conforms
        said = f"an answer in part ends in {called.error!r:.300}"
        self.check(passed, "valid-response-refused", said, called, response=response)
        return True

    def _total(self, sent: list[dict[str, Any]], answered: list[dict[str, Any]], row: _Sum) -> None:
        """Sums are exact whatever the precision of Python's context; what is not a number has none."""
        amount, amounts = self.stated["amount"], (row.one, row.other)
        items = [one | {amount: each} for one, each in zip(answered, amounts, strict=True)]
        called, response = self._called(sent, items, total=row.total)
        result: Any = called.result
        if self._is_unreadable(called, response):
            return
        total = decimals.total(amounts) if row.is_sum else None
        stated = row.total if not isinstance(row.total, str) else None
        facts = result.computed_total, result.total, result.total_matches
        expected = (total, stated, total is not None and stated == total)
        said = f"amounts {row.one} and {row.other} with the total {row.total} give {facts}, not {expected}"
        self.check(facts == expected, "partial-total-misread", said, called, response=response)

    def _others(self, first: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """An item that differs from the first one in a single property that items are matched by."""
        media = self.context.body_media(self.operation)
        drawn = self.context.draws.valid(media.get("schema") if media is not None else None, "request")
        for name in self.stated["match"]:
            items = [item for one in drawn for item in _items(cast("Value", _at(one, self.stated["sent"])))]
            found = next((one for one in items if name in one and not same(one[name], first.get(name))), None)
            if name != self.stated.get("amount") and found is not None:
                yield copy.deepcopy(first) | {name: found[name]}

    def _answer(self, items: list[dict[str, Any]], row: _Answer) -> None:
        """Answer with what a row says, the first item last: some lists have the reverse in common with their order."""
        amount, has_total = self.stated.get("amount"), "total" in self.stated
        paired = list(zip(items, row.verdicts, strict=False))
        answered = [self._reported(item, verdict) for item, verdict in (*paired[1:], *paired[:1])]
        taken = [item[amount] for item, verdict in paired if verdict and amount]
        if row.has_foreign:
            answered.append(self._reported(items[0], True) | ({amount: _FOREIGN} if amount else {}))
            taken += [_FOREIGN] if amount else []
        summed, is_off = decimals.total(taken), row.is_total_off and has_total
        total = {"total": decimals.total((summed, Decimal("0.001") if is_off else 0))} if has_total else {}
        called, response = self._called(items, answered, **total)
        numbers = [sum(one is verdict for one in row.verdicts) for verdict in (True, False, None)]
        is_all = numbers[0] == len(items) and not row.has_foreign and not is_off
        expected = (*numbers, len(items) - len(row.verdicts), int(row.has_foreign), is_all)
        got = _counts(called.result)
        said = f"accepted, rejected, undecided, unmentioned, unexpected, all: {got}, not {expected}"
        passed = called.error is None and got == expected
        self.check(passed, "partial-success-misread", said, called, response=response)
        if called.error is None:
            self._groups(paired, called, response)
            if has_total:
                result: Any = called.result
                facts, wanted = (result.total_matches, result.computed_total), (not is_off, summed)
                said = f"{facts}, not {wanted}"
                self.check(facts == wanted, "partial-total-misread", said, called, response=response)

    def _groups(
        self, paired: list[tuple[dict[str, Any], bool | None]], called: Called, response: HttpResponse
    ) -> None:
        """Each group of a result holds the items that were sent, as they were sent."""
        for name, verdict in (("accepted", True), ("rejected", False), ("undecided", None)):
            sent = [item for item, one in paired if one is verdict]
            reported = [getattr(one, "sent", None) for one in getattr(called.result, name)]
            passed = same(sent, [plain(one) for one in reported])
            passed = passed and not any(isinstance(one, dict) for one in reported)
            said = f"{name} are {reported}, not {sent}"
            self.check(passed, "partial-success-misread", said, called, response=response)


def _counts(result: object) -> tuple[object, ...]:
    """How many items are in each group, and whether all were taken."""
    names = ("accepted", "rejected", "undecided", "unmentioned", "unexpected")
    return (*(len(getattr(result, name, ())) for name in names), getattr(result, "all_submitted", None))


def _items(value: Value) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _at(value: Value | object, pointer: str) -> object:
    for step in parse_pointer(pointer) or ():
        value = cast("dict[str, object]", value)[step] if isinstance(value, dict) else None
    return value


def _put(value: Any, pointer: str, item: object) -> None:
    above = parse_pointer(pointer) or ("",)
    last = above[-1]
    for step in above[:-1]:
        value = value.setdefault(step, {})
    value[last] = item
