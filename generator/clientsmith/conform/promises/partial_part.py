"""An answer in part: which items were taken, as `x-clientsmith-partial-success` has it and as the client reads it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

from clientsmith.conform.client.calls import Called, CallInputs
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


def check_partial_success(case: PromiseCase) -> None:
    """Answer items taken, refused, undecided, unmentioned and foreign, with totals that fit and that do not."""
    _PartialPart.of_case(case).run()


class _PartialPart(PromiseCase):
    def run(self) -> None:
        """What became of each item, worked out here from the declaration and compared with what the client says."""
        for key, declaration in self.operation.responses.items():
            stated = declaration.node.mapping.get(PARTIAL_SUCCESS)
            if isinstance(stated, dict) and isinstance(self.inputs.body, dict):
                self._partial(key, cast("dict[str, Any]", stated))

    def _partial(self, key: str, stated: dict[str, Any]) -> None:
        sent = _at(self.inputs.body, stated["sent"])
        if not isinstance(sent, list) or not sent or not isinstance(sent[0], dict):
            return
        amount = stated.get("amount")
        first, second = (copy.deepcopy(cast("dict[str, Any]", sent[0])) for _ in range(2))
        if isinstance(amount, str):
            first[amount], second[amount] = Decimal("12.355"), Decimal("0.105")
        self._contradicted(key, stated, first)
        self._unreadable(key, stated, first, second)
        third = copy.deepcopy(first)
        self._each(key, stated, [first, second, third])
        for other in self._others(stated, first):
            self._each(key, stated, [first, second, other])

    def _answered(self, key: str, body: Any, answer: dict[str, Any]) -> tuple[Called, HttpResponse]:
        text = codec.write(answer).encode()
        response = HttpResponse(int(key), (("Content-Type", "application/json"),), text)
        caller = self.context.caller(self.mode, unlimited=True)
        return caller.call(
            self.operation.id, CallInputs(self.inputs.parameters, body), lambda _: response
        ), response

    def _contradicted(self, key: str, stated: dict[str, Any], first: dict[str, Any]) -> None:
        """One item was sent and two answers tell of it: the accepted one counts, in whatever order they come."""
        body = copy.deepcopy(self.inputs.body)
        _put(body, stated["sent"], [first])
        reported = {name: first[name] for name in stated["match"] if name in first}
        for verdicts in ((True, False), (False, True), (False, None), (None, False), (None, True)):
            answer: dict[str, Any] = {}
            _put(
                answer, stated["received"], [reported | {stated["accepted"]: verdict} for verdict in verdicts]
            )
            called, response = self._answered(key, body, answer)
            counts = _counts(called.result)
            wins = True in verdicts
            expected = (int(wins), int(not wins), 0, 0, 1, False)
            self._holds(
                counts == expected, "partial-success-misread",
                f"one item, answered with {verdicts}, gives {counts}, not {expected}", called, response,
            )  # fmt: skip

    def _unreadable(
        self, key: str, stated: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
    ) -> None:
        """Verdicts, keys and totals that are of other types decide nothing; digits are never lost."""
        body = copy.deepcopy(self.inputs.body)
        _put(body, stated["sent"], [first, second])
        reported = [{name: one[name] for name in stated["match"] if name in one} for one in (first, second)]
        accepted, amount = stated["accepted"], stated.get("amount")
        whole = [one | {accepted: True} for one in reported]
        cases: list[tuple[str, Any, tuple[int, ...]]] = [
            ("text for a verdict", [reported[0] | {accepted: "true"}, whole[1]], (1, 0, 1, 0, 0)),
            ("a number for a verdict", [reported[0] | {accepted: 1}, whole[1]], (1, 0, 1, 0, 0)),
            ("an object for a list", {"0": whole[0]}, (0, 0, 0, 2, 0)), ("null for a list", None, (0, 0, 0, 2, 0)),
        ]  # fmt: skip
        for name in stated["match"]:
            for other in _NO_KEYS:
                item = whole[0] | {name: other}
                cases.append((f"{other!r} for {name}", [item, whole[1]], (1, 0, 0, 1, 1)))
        for name, answered, expected in cases:
            answer: dict[str, Any] = {}
            _put(answer, stated["received"], answered)
            called, response = self._answered(key, body, answer)
            counts = _counts(called.result)[:5]
            if not self._is_unreadable(called, response):
                self._holds(
                    counts == expected,
                    "partial-success-misread",
                    f"{name} gives {counts}, not {expected}",
                    called,
                    response,
                )
        if "total" in stated and amount is not None:
            self._totals(key, stated, body, whole)

    def _is_unreadable(self, called: Called, response: HttpResponse) -> bool:
        """Whether an answer could not be read, as one that conforms has to be; the error says that nothing is known."""
        if called.error is None:
            return False
        conforms = not self.context.checker.check_response(self.operation, response)
        is_typed = (
            isinstance(called.error, self.get("ResponseDecodeError"))
            and outcome_of(called.error) == "unknown"
        )
        self._holds(
            is_typed and not conforms, "valid-response-refused", f"an answer in part ends in {called.error!r:.300}",
            called, response,
        )  # fmt: skip
        return True

    def _totals(self, key: str, stated: dict[str, Any], body: Any, answered: list[dict[str, Any]]) -> None:
        """Sums are exact whatever the precision of Python's context; what is no number has none."""
        amount = stated["amount"]
        large = Decimal("123456789012345678901234567890.000000000000000000000000000001")
        small = Decimal("0.0000000000000000000000000000000000001")
        cases: tuple[tuple[Any, Any, bool, Any], ...] = (
            (large, small, True, large), (large, small, True, decimals.total((large, small))),
            (Decimal("1E+30"), Decimal("1E-30"), True, Decimal("1E+30")), (1, 2, True, 3),
            (1, Decimal("2.50"), True, "3.5"),
            (Decimal("1E+20000"), Decimal("1E-20000"), False, Decimal("1E+20000")),
            (Decimal("-1"), Decimal("1.0"), True, 0),
            (True, Decimal(1), False, Decimal(1)), (None, Decimal(1), False, Decimal(1)),
            ("1", Decimal(1), False, Decimal(2)),
            (Decimal(0), Decimal("0.00"), True, Decimal(0)), (Decimal("1E+9998"), Decimal(1), True, Decimal(1)),
            (Decimal("1E+9999"), Decimal(1), False, Decimal(1)),
            (Decimal("1E+2000000"), Decimal("1E+2000000"), True, Decimal(1)),
        )  # fmt: skip
        for one, other, is_sum, total in cases:
            items = [answered[0] | {amount: one}, answered[1] | {amount: other}]
            answer: dict[str, Any] = {}
            _put(answer, stated["received"], items)
            _put(answer, stated["total"], total)
            called, response = self._answered(key, body, answer)
            result: Any = called.result
            if self._is_unreadable(called, response):
                continue
            wanted = decimals.total(cast("tuple[int | Decimal, ...]", (one, other))) if is_sum else None
            stated_total = total if not isinstance(total, str) else None
            facts = result.computed_total, result.total, result.total_matches
            matches = wanted is not None and stated_total == wanted
            self._holds(
                facts == (wanted, stated_total, matches), "partial-total-misread",
                f"amounts {one} and {other} with the total {total} give {facts}, not {(wanted, stated_total, matches)}",
                called, response,
            )  # fmt: skip

    def _others(self, stated: dict[str, Any], first: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """An item that differs from the first one in a single property that items are matched by."""
        media = self.context.body_media(self.operation)
        drawn = self.context.draws.valid(media.get("schema") if media is not None else None, "request")
        for name in stated["match"]:
            items = [item for one in drawn for item in _items(cast("Value", _at(one, stated["sent"])))]
            found = next((one for one in items if name in one and not same(one[name], first.get(name))), None)
            if name != stated.get("amount") and found is not None:
                yield copy.deepcopy(first) | {name: found[name]}

    def _each(self, key: str, stated: dict[str, Any], items: list[dict[str, Any]]) -> None:
        body = copy.deepcopy(self.inputs.body)
        _put(body, stated["sent"], items)
        for verdicts, total_off, extra in (
            ((True, True, True), False, False), ((True, False, None), False, False), ((True, True), False, False),
            ((True, False, True), False, False), ((True, None, True), False, False),
            ((True, True, True), True, False), ((True, True, True), False, True), ((), False, False),
        ):  # fmt: skip
            self._partial_case(key, stated, body, items, verdicts, total_off and "total" in stated, extra)

    def _partial_case(
        self, key: str, stated: dict[str, Any], body: Any, items: list[Any], verdicts: tuple[bool | None, ...],
        total_off: bool, extra: bool,
    ) -> None:  # fmt: skip
        amount = stated.get("amount")
        answered = [
            {name: item[name] for name in stated["match"]} | {stated["accepted"]: verdict}
            for item, verdict in zip(items, verdicts, strict=False)
        ]
        answered = (
            answered[1:] + answered[:1]
        )  # in another order, and not the reverse, which some lists have in common
        taken = [item[amount] for item, verdict in zip(items, verdicts, strict=False) if verdict and amount]
        if extra:
            foreign = {name: items[0][name] for name in stated["match"]} | {stated["accepted"]: True}
            answered.append(foreign | ({amount: Decimal("77.125")} if amount else {}))
            taken += [Decimal("77.125")] if amount else []
        summed = decimals.total(taken)
        answer: dict[str, Any] = {}
        _put(answer, stated["received"], answered)
        if "total" in stated:
            _put(answer, stated["total"], decimals.total((summed, Decimal("0.001") if total_off else 0)))
        called, response = self._answered(key, body, answer)
        result: Any = called.result
        expected = (
            sum(one is True for one in verdicts), sum(one is False for one in verdicts),
            sum(one is None for one in verdicts), len(items) - len(verdicts), int(extra),
            all(one is True for one in verdicts) and len(verdicts) == len(items) and not extra and not total_off,
        )  # fmt: skip
        got = _counts(result)
        self._holds(
            called.error is None and got == expected, "partial-success-misread",
            f"accepted, rejected, undecided, unmentioned, unexpected, all: {got}, not {expected}", called, response,
        )  # fmt: skip
        if called.error is None:
            for name, verdict in (("accepted", True), ("rejected", False), ("undecided", None)):
                sent = [item for item, one in zip(items, verdicts, strict=False) if one is verdict]
                reported = [getattr(one, "sent", None) for one in getattr(result, name)]
                self._holds(
                    same(sent, [plain(one) for one in reported]) and not any(isinstance(one, dict) for one in reported),
                    "partial-success-misread", f"{name} are {reported}, not {sent}", called, response,
                )  # fmt: skip
        if called.error is None and "total" in stated:
            facts = result.total_matches, result.computed_total
            self._holds(
                facts == (not total_off, summed), "partial-total-misread", f"{facts}, not {(not total_off, summed)}",
                called, response,
            )  # fmt: skip

    def _holds(self, passed: bool, id: str, message: str, called: Called, response: HttpResponse) -> None:
        self.findings.check(
            passed, id, message, mode=self.mode, inputs=self.inputs, response=response,
            request=next(iter(called.requests), None),
        )  # fmt: skip


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
