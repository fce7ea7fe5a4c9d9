"""How a response says what became of each item that was sent, and the matching that reads it; no I/O.

Items are matched as a multiset, on the wire values: a key may come twice, and no order of the answer means anything.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from ..results.partial_success import Matched, PartialSuccess
from ..types.models import fields_of
from ..types.schemas import RequestSchema
from ..values.first_use import once
from ..values.shapes import is_array, is_object

_MOST_DIGITS: Final = 10_000
"""Amounts further apart than this are no money: 1E+999999999 and 1 have a sum of a billion digits."""
_MISSING: Final = object()
_TURNS: Final = {True: 0, False: 1, None: 2}
_Key = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class PartialDeclaration:
    """Where sent and answered items stand, and what their properties mean; paths are lists of wire names.

    `item` is the type of one sent item. `match` are the properties that say which sent item an answered one is;
    `amount` and `total` come together or not at all.
    """

    sent: tuple[str, ...]
    received: tuple[str, ...]
    accepted: str
    match: tuple[str, ...]
    item: Any
    amount: str | None = None
    total: tuple[str, ...] | None = None

    @once
    def schema(self) -> RequestSchema:
        """The type of one sent item, for reading it back."""
        return RequestSchema(self.item)

    def judge(self, result: Any, answer: Any, body: Any) -> PartialSuccess[Any, Any, Any]:
        """What became of the items of `body`, a request in JSON; `result` is `answer` after decoding."""
        sent = _items(_at(body, self.sent))
        answered = self._answered(result, answer)
        pairs = self._pair(sent, answered)
        typed = list(map(self._restored, sent))
        groups: dict[object, list[Matched[Any, Any]]] = {True: [], False: [], None: []}
        for place, number in sorted(pairs.items()):
            item = answered[number]
            groups[item.decision].append(Matched(typed[place], item.value))
        matched = set(pairs.values())
        stated, computed, equal = self._totals(answer, answered)
        return PartialSuccess(
            result=result,
            accepted=tuple(groups[True]),
            rejected=tuple(groups[False]),
            undecided=tuple(groups[None]),
            unmentioned=tuple(value for place, value in enumerate(typed) if place not in pairs),
            unexpected=tuple(item.value for number, item in enumerate(answered) if number not in matched),
            total=stated,
            computed_total=computed,
            total_matches=equal,
        )

    def _answered(self, result: Any, answer: Any) -> list[_Answered]:
        """Each answered item in both forms: decoded for the caller, and with all digits of the wire to compare."""
        # Of different length only where the answer uses another name than the wire name of the list: then none counts.
        items = zip(_items(_at(answer, self.received)), _items(_at(result, self.received)), strict=False)
        return [_Answered(wire, value, _decision(wire, self.accepted)) for wire, value in items]

    def _pair(self, sent: Sequence[Any], answered: Sequence[_Answered]) -> dict[int, int]:
        """Which answered item belongs to which sent one, by place.

        Accepted answers choose first, so that the order of the answer changes nothing, and an item that was accepted
        is not taken for one that may be sent again.
        """
        waiting: defaultdict[_Key, deque[int]] = defaultdict(deque)
        for place, item in enumerate(sent):
            key = self._key(item)
            if key is not None:
                waiting[key].append(place)
        choosing = sorted(enumerate(answered), key=lambda choice: _TURNS[choice[1].decision])
        pairs: dict[int, int] = {}
        for number, item in choosing:
            key = self._key(item.wire)
            places = waiting.get(key) if key is not None else None
            if places:
                pairs[places.popleft()] = number
        return pairs

    def _key(self, item: Any) -> _Key | None:
        """What two items that are the same have in common; None for an item that cannot be told from others."""
        if not is_object(item):
            return None
        parts = [_comparable(item.get(name, _MISSING)) for name in self.match]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or all(kind in ("missing", "null") for kind, _ in known):
            return None
        return tuple(known)

    def _restored(self, item: Any) -> Any:
        """A sent item as an instance of its class, keys of no field included."""
        try:
            return self.schema.restore(item)
        except (ValidationError, RecursionError):
            # Sent past all checks, by `extra_body`: the call has been made, so it is shown as it was sent.
            return item

    def _totals(
        self, answer: Any, answered: Sequence[_Answered]
    ) -> tuple[Decimal | None, Decimal | None, bool | None]:
        if self.amount is None or self.total is None:
            return None, None, None
        stated = _number(_at(answer, self.total))
        computed = exact_sum(_number(item.wire.get(self.amount)) for item in answered if item.decision)
        return stated, computed, stated is not None and stated == computed


class _Answered(NamedTuple):
    wire: Any
    value: Any
    decision: bool | None


def exact_sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum with all of its digits, whatever the precision of the current context; None where an amount is None.

    None too where the sum would have more digits than any amount of money.
    """
    listed = [amount for amount in amounts if amount is None or amount]
    known = [amount for amount in listed if amount is not None]
    if len(known) < len(listed):
        return None
    if not known:
        return Decimal(0)
    lowest = min(_exponent(amount) for amount in known)
    digits = max(amount.adjusted() for amount in known) - lowest + 1 + len(str(len(known)))
    if digits > _MOST_DIGITS:
        return None
    context = Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact, InvalidOperation])
    total = Decimal((0, (0,), lowest))
    for amount in known:
        total = context.add(total, amount)
    return total


def _exponent(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _decision(item: Any, name: str) -> bool | None:
    value = item.get(name) if is_object(item) else None
    return value if isinstance(value, bool) else None


def _comparable(value: Any) -> tuple[str, Any] | None:
    """A value that is equal to another one exactly if both are the same in JSON; None for lists and objects.

    To Python 1 and True are equal, so the kind of the value is a part of it; int and Decimal compare exactly.
    """
    if value is _MISSING:
        return "missing", None
    if value is None:
        return "null", None
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, (int, Decimal)):
        return "number", value
    return ("text", value) if isinstance(value, str) else None


def _number(value: Any) -> Decimal | None:
    """A JSON number; true is none."""
    if isinstance(value, Decimal):
        return value
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _items(value: Any) -> list[Any]:
    return value if is_array(value) else []


def _at(value: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path, in JSON values or decoded ones; `_MISSING` where nothing does."""
    for step in path:
        value = _member(value, step)
    return value


def _member(value: Any, step: str) -> Any:
    if isinstance(value, BaseModel):
        for name, field in fields_of(type(value)).items():
            if (field.serialization_alias or name) == step:
                return getattr(value, name)
        return (value.model_extra or {}).get(step, _MISSING)
    if is_object(value):
        return value.get(step, _MISSING)
    if is_array(value) and step.isascii() and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    return _MISSING
