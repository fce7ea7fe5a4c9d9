"""Why no taped exchange answers a request: the closest one, and in what it differs, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from clientsmith.document.model import Pointer, render_pointer
from clientsmith.json_values.codec import Value, equality_key, write_beginning
from clientsmith.traffic.check import CheckedRequest
from clientsmith.traffic.message import Finding
from clientsmith.traffic.tapes.taped_exchanges import TapedExchange, Tapes

_MAX_COMPARED = 200
_MAX_SHOWN = 20
_MAX_DIFFERENCES = 1000
_MAX_TEXT = 200
_MAX_STEPS = 200_000
"""Values that are looked at for one request, over all taped exchanges that it is compared with."""


class Steps:
    """Counts the values that were looked at."""

    def __init__(self, most: int = _MAX_STEPS) -> None:
        self._left = most

    def take(self, count: int = 1) -> None:
        """So many more were looked at."""
        self._left -= count

    @property
    def are_through(self) -> bool:
        """Whether no more should be looked at."""
        return self._left <= 0


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; a value is None, as opposed to the text `null`, where there is none."""

    part: str
    pointer: str
    taped: str | None
    received: str | None

    def as_finding(self) -> Finding:
        """For the log."""
        taped = "nothing" if self.taped is None else self.taped
        received = "nothing" if self.received is None else self.received
        return Finding("tape-mismatch", self.part, self.pointer, f"taped is {taped}, received {received}")

    def as_json(self) -> Value:
        """For a response."""
        return {"part": self.part, "pointer": self.pointer, "taped": self.taped, "received": self.received}


@dataclass(frozen=True, slots=True)
class NearestMiss:
    """The taped exchange that comes closest to a request; None where none is of the same operation."""

    exchange: TapedExchange | None
    differences: tuple[Difference, ...]


def nearest_miss(checked: CheckedRequest, tapes: Tapes) -> NearestMiss:
    """The taped exchange of the same operation that differs least."""
    operation = checked.operation
    candidates = [
        exchange
        for exchange in tapes.exchanges
        if operation is not None and exchange.operation.id == operation.id and not exchange.request.refusal
    ]
    # What only a scenario plays says less about why nothing answered.
    candidates.sort(key=lambda exchange: exchange.scenario is not None)
    best = NearestMiss(None, ())
    steps = Steps()
    for exchange in candidates[:_MAX_COMPARED]:
        if steps.are_through:
            break
        compared = tuple(islice(differences(exchange.request, checked, steps), _MAX_DIFFERENCES))
        if best.exchange is None or _distance(compared) < _distance(best.differences):
            best = NearestMiss(exchange, compared)
    return NearestMiss(best.exchange, best.differences[:_MAX_SHOWN])


def _distance(differences: Sequence[Difference]) -> int:
    """A value that only one side has tells the two further apart than one that differs."""
    return sum(
        2 if difference.taped is None or difference.received is None else 1 for difference in differences
    )


def differences(taped: CheckedRequest, received: CheckedRequest, steps: Steps) -> Iterator[Difference]:
    """What differs between two requests of the same operation; when `steps` are through, what is left counts as one."""
    for part, ours, theirs in (
        ("path", taped.parameters.path, received.parameters.path),
        ("query", _query(taped), _query(received)),
    ):
        steps.take(len(ours) + len(theirs))
        for name in sorted(ours.keys() | theirs.keys()):
            label = f"{part} parameter '{name}'"
            if name not in ours or name not in theirs:
                yield Difference(label, "", _shown(ours, name), _shown(theirs, name))
            else:
                yield from _compare(ours[name], theirs[name], label, steps)
    yield from _compare(taped.body, received.body, "body", steps)


def _query(checked: CheckedRequest) -> dict[str, Value]:
    undeclared: list[tuple[str, Value]] = [*checked.parameters.undeclared]
    return {**dict(undeclared), **checked.parameters.query}


def _compare(taped: Value, received: Value, part: str, steps: Steps) -> Iterator[Difference]:
    waiting: list[tuple[Pointer, Value, Value]] = [((), taped, received)]
    while waiting:
        pointer, ours, theirs = waiting.pop()
        steps.take()
        if steps.are_through:
            yield Difference(part, render_pointer(pointer), _text(ours), _text(theirs))
            return
        if isinstance(ours, dict) and isinstance(theirs, dict):
            steps.take(len(ours) + len(theirs))
            for key in sorted(ours.keys() | theirs.keys(), reverse=True):
                if key in ours and key in theirs:
                    waiting.append(((*pointer, key), ours[key], theirs[key]))
                else:
                    place = render_pointer((*pointer, key))
                    yield Difference(part, place, _shown(ours, key), _shown(theirs, key))
        elif isinstance(ours, list) and isinstance(theirs, list):
            yield from _lengths(pointer, ours, theirs, part)
            steps.take(min(len(ours), len(theirs)))
            pairs = list(enumerate(zip(ours, theirs, strict=False)))
            waiting.extend(((*pointer, str(index)), item, other) for index, (item, other) in reversed(pairs))
        elif equality_key(ours) != equality_key(theirs):
            yield Difference(part, render_pointer(pointer), _text(ours), _text(theirs))


def _lengths(pointer: Pointer, ours: list[Value], theirs: list[Value], part: str) -> Iterator[Difference]:
    for index in range(min(len(ours), len(theirs)), max(len(ours), len(theirs))):
        taped = _text(ours[index]) if index < len(ours) else None
        received = _text(theirs[index]) if index < len(theirs) else None
        yield Difference(part, render_pointer((*pointer, str(index))), taped, received)


def _shown(values: dict[str, Value], name: str) -> str | None:
    return _text(values[name]) if name in values else None


def _text(value: Value) -> str:
    text = write_beginning(value, _MAX_TEXT + 1)
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "..."


def report(miss: NearestMiss, operation_id: str, known: Sequence[str]) -> tuple[str, dict[str, Value]]:
    """A sentence and the members of a problem that say why nothing on the tapes answers."""
    if miss.exchange is None:
        shown = ", ".join(known[:20]) or "nothing"
        return f"no tape has an exchange of {operation_id}; there are tapes of {shown}", {
            "operation": operation_id
        }
    told = [difference.as_json() for difference in miss.differences]
    said = f"no taped exchange answers this request; {miss.exchange.label} comes closest and differs in " + (
        "; ".join(_sentence(difference) for difference in miss.differences[:3]) or "nothing but its scenario"
    )
    return said, {"operation": operation_id, "nearest": {"entry": miss.exchange.label, "differences": told}}


def _sentence(difference: Difference) -> str:
    finding = difference.as_finding()
    return f"{finding.part}{' at ' + finding.pointer if finding.pointer else ''} ({finding.message})"
