"""An answer in part: which items were taken, as `x-clientsmith-partial-success` has it and as the client reads it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

from clientsmith.conform.calls import Called, Inputs
from clientsmith.conform.promised import Promised
from clientsmith.conform.values import plain, same
from clientsmith.document.extensions import PARTIAL_SUCCESS
from clientsmith.document.model import parse_pointer
from clientsmith.replay import exact_json
from clientsmith.replay.exact_json import Value
from clientsmith.replay.exchange import HttpResponse


def check_partial_success(of: Promised) -> None:
    """Answer items taken, refused, undecided, unmentioned and foreign, with totals that fit and that do not."""
    _PartialPart(of.context, of.operation, of.findings, of.inputs, of.mode).check()


class _PartialPart(Promised):
    def check(self) -> None:
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
        third = copy.deepcopy(first)
        self._each(key, stated, [first, second, third])
        for other in self._others(stated, first):
            self._each(key, stated, [first, second, other])

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
            self._partial_case(key, stated, body, items, verdicts, total_off, extra)

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
        summed = sum(
            (item[amount] for item, verdict in zip(items, verdicts, strict=False) if verdict), Decimal(0)
        )
        if extra:
            foreign = {name: items[0][name] for name in stated["match"]} | {stated["accepted"]: True}
            answered.append(foreign | ({amount: Decimal("77.125")} if amount else {}))
            summed += Decimal("77.125") if amount else 0
        answer: dict[str, Any] = {}
        _put(answer, stated["received"], answered)
        if "total" in stated:
            _put(answer, stated["total"], summed + (Decimal("0.001") if total_off else 0))
        response = HttpResponse(
            int(key), (("Content-Type", "application/json"),), exact_json.write(answer).encode()
        )
        caller = self.context.caller(self.mode, unlimited=True)
        called = caller.call(self.operation.id, Inputs(self.inputs.parameters, body), lambda _: response)
        result: Any = called.result
        due = (
            sum(one is True for one in verdicts), sum(one is False for one in verdicts),
            sum(one is None for one in verdicts), len(items) - len(verdicts), int(extra),
            all(one is True for one in verdicts) and len(verdicts) == len(items) and not extra and not total_off,
        )  # fmt: skip
        names = ("accepted", "rejected", "undecided", "unmentioned", "unexpected")
        got = (*(len(getattr(result, name, ())) for name in names), getattr(result, "all_submitted", None))
        self._holds(
            called.error is None and got == due, "partial-success-misread",
            f"accepted, rejected, undecided, unmentioned, unexpected, all: {got}, not {due}", called, response,
        )  # fmt: skip
        if called.error is None:
            for name, verdict in (("accepted", True), ("rejected", False), ("undecided", None)):
                sent = [item for item, one in zip(items, verdicts, strict=False) if one is verdict]
                told = [getattr(one, "sent", None) for one in getattr(result, name)]
                self._holds(
                    same(sent, [plain(one) for one in told]) and not any(isinstance(one, dict) for one in told),
                    "partial-success-misread", f"{name} are {told}, not {sent}", called, response,
                )  # fmt: skip
        if called.error is None and "total" in stated:
            facts = result.total_matches, result.computed_total
            self._holds(
                facts == (not total_off, summed), "partial-total-misread", f"{facts}, not {(not total_off, summed)}",
                called, response,
            )  # fmt: skip

    def _holds(self, holds: bool, id: str, message: str, called: Called, response: HttpResponse) -> None:
        self.findings.check(
            holds, id, message, mode=self.mode, inputs=self.inputs, response=response,
            request=next(iter(called.requests), None),
        )  # fmt: skip


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
