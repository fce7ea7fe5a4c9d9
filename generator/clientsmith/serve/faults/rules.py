"""Faults as they are asked for: how they are written, and which call each of them hits; `kinds` has the names.

`wire` (bytes and time) and `content` (what a response says) carry them out.
"""

from __future__ import annotations

import contextlib
import contextvars
import difflib
import itertools
import re
import threading
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field

from clientsmith.serve.faults.kinds import KINDS, FaultKind, Number, Phase
from clientsmith.serve.http.heads import FAULT_HEADER
from clientsmith.traffic.message import Fault, HttpRequest


class FaultError(ValueError):
    """A fault that nobody knows, or one written wrongly; the message is for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault and the calls it hits: of one operation or of all, from the n-th on, so many times (None: for ever)."""

    fault: Fault
    operation: str | None = None
    first: int = 1
    times: int | None = None

    def __str__(self) -> str:
        values = ",".join(
            f"{value:g}" if isinstance(value, float) else str(value) for value in self.fault.values
        )
        calls = ""
        if self.times is not None:
            last = self.first + self.times - 1
            calls = f"#{self.first}" if last == self.first else f"#{self.first}-{last}"
        elif self.first > 1:
            calls = f"#{self.first}-"
        operation = f"@{self.operation}" if self.operation else ""
        return f"{self.fault.name}{':' if values else ''}{values}{operation}{calls}"


_HEADER = FAULT_HEADER.lower()
_RULE = re.compile(
    r"(?P<fault>[^@#]+)(@(?P<operation>[^#]+))?(#(?P<first>[1-9]\d{0,8})(?P<range>-(?P<last>[1-9]\d{0,8})?)?)?"
)


def parse_rule(text: str, operations: Iterable[str]) -> FaultRule:
    """`NAME[:NUMBERS][@OPERATION][#N[-[M]]]`: raises FaultError for anything else, and for an unknown operation."""
    parts = _RULE.fullmatch(text.strip())
    if parts is None:
        forms = "NAME, NAME:NUMBER, NAME@operation, NAME#2 (the second call) or NAME#2-4"
        message = f"{text!r} is not a fault; write {forms}"
        raise FaultError(message)
    fault, operation, first = parse_fault(parts["fault"]), parts["operation"], int(parts["first"] or 1)
    if fault.name == "refuse" and parts["first"]:
        raise FaultError(
            "refuse begins when it is switched on, since nobody sees the calls: it takes no call numbers"
        )
    if operation is not None:
        _check_operation(fault, operation, operations)
    if not parts["range"]:
        return FaultRule(fault, operation, first, 1 if parts["first"] else None)
    if parts["last"] is None:
        return FaultRule(fault, operation, first)
    if int(parts["last"]) < first:
        raise FaultError(f"{text!r} ends before it begins: #{first}-{parts['last']}")
    return FaultRule(fault, operation, first, int(parts["last"]) - first + 1)


def parse_fault(text: str) -> Fault:
    """`NAME[:NUMBER[,NUMBER]]` with every number filled in; raises FaultError."""
    name, colon, rest = text.strip().partition(":")
    kind = KINDS.get(name)
    if kind is None:
        close = difflib.get_close_matches(name, KINDS, n=1)
        raise FaultError(
            f"no fault is called {name!r}; " + (f"did you mean {close[0]}?" if close else _known())
        )
    words = rest.split(",") if colon else []
    if len(words) > len(kind.numbers):
        raise FaultError(f"{text!r} has too many numbers; it is written {kind.form}")
    values = [_number(kind, number, word) for number, word in zip(kind.numbers, words, strict=False)]
    defaults = [number.default for number in kind.numbers[len(words) :]]
    return Fault(name, tuple(value for value in [*values, *defaults] if value is not None))


def asked_for(request: HttpRequest) -> Fault | None:
    """The fault that the headers of a request ask for; raises FaultError."""
    for key, value in request.headers:
        name = key.lower()
        if name == _HEADER:
            return _per_request(value)
        if name == "prefer" and "fault=" in value:
            # The values of a preference may be commas apart themselves, so the next preference ends it.
            preference = re.search(r'(?:^|[,;\s])fault="?([\w.:-]+(?:,\d[\d.]*)?)', value)
            if preference is not None:
                return _per_request(preference[1])
    return None


def _per_request(text: str) -> Fault:
    fault = parse_fault(text)
    if KINDS[fault.name].phase is Phase.CONNECTION:
        raise FaultError(f"{fault.name} strikes before a request is read, so no request can ask for it")
    return fault


def _number(kind: FaultKind, number: Number, word: str) -> float | int:
    try:
        value = int(word) if number.whole else float(word)
    except ValueError:
        what = "a whole number" if number.whole else "a number"
        raise FaultError(f"{word!r} is not {what} of {number.unit}; it is written {kind.form}") from None
    if not number.least <= value <= number.most:
        raise FaultError(f"{kind.name}: {number.unit} from {number.least:g} to {number.most:g}, not {word}")
    return value


def _check_operation(fault: Fault, operation: str, operations: Iterable[str]) -> None:
    if KINDS[fault.name].phase is Phase.CONNECTION:
        raise FaultError(f"{fault.name} strikes before a request is read, so it cannot know {operation!r}")
    known = tuple(operations)
    if operation not in known:
        close = difflib.get_close_matches(operation, known, n=1)
        hint = f"did you mean {close[0]}?" if close else "known: " + ", ".join(known)
        raise FaultError(f"the document has no operation {operation!r}; {hint}")


def _known() -> str:
    return "known: " + ", ".join(KINDS)


_ASKED: contextvars.ContextVar[Fault | None] = contextvars.ContextVar("asked", default=None)


@dataclass(slots=True)
class ActiveRule:
    """A rule that is on: the number it is removed by, how many calls it has seen and how many it has hit."""

    id: int
    rule: FaultRule
    seen: int = 0
    hit: int = 0


@dataclass(slots=True)
class FaultRules:
    """The rules that are on. Every rule counts the calls it is about; the first one that hits a call wins it."""

    _active: list[ActiveRule] = field(default_factory=list[ActiveRule])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def active(self) -> tuple[ActiveRule, ...]:
        """Every rule that is on, in the order they came."""
        return tuple(self._active)

    def add(self, rule: FaultRule) -> int:
        """Switch a rule on; returns the number to remove it by."""
        with self._lock:
            number = next(self._ids)
            self._active = [*self._active, ActiveRule(number, rule)]
        return number

    def remove(self, number: int) -> bool:
        """Switch one rule off; whether there was one of that number."""
        with self._lock:
            before = len(self._active)
            self._active = [active for active in self._active if active.id != number]
            return len(self._active) < before

    def clear(self) -> None:
        """Switch every rule off."""
        with self._lock:
            self._active = []

    def has(self, phase: Phase) -> bool:
        """Whether any rule of a phase is on."""
        return any(KINDS[active.rule.fault.name].phase is phase for active in self._active)

    @contextlib.contextmanager
    def asked(self, fault: Fault) -> Generator[None, None, None]:
        """Within this, `pick` gives the fault that one request asked for, in this thread."""
        token = _ASKED.set(fault)
        try:
            yield
        finally:
            _ASKED.reset(token)

    def pick(self, operation_id: str | None) -> Fault | None:
        """The fault that hits this call in its answer, if any."""
        asked = _ASKED.get()
        if asked is not None:
            return asked
        return self._pick(operation_id, (Phase.RESPONSE, Phase.CONTENT)) if self._active else None

    def pick_in_request(self, operation: str | None) -> Fault | None:
        """The fault that hits this call before its body is read, if any."""
        return self._pick(operation, (Phase.REQUEST,)) if self._active else None

    def pick_on_connect(self) -> Fault | None:
        """The fault that hits this connection, if any."""
        return self._pick(None, (Phase.CONNECTION,)) if self._active else None

    def _pick(self, operation: str | None, phases: tuple[Phase, ...]) -> Fault | None:
        chosen: ActiveRule | None = None
        with self._lock:
            for active in self._active:
                rule = active.rule
                if KINDS[rule.fault.name].phase not in phases or rule.operation not in (None, operation):
                    continue
                active.seen += 1
                last = None if rule.times is None else rule.first + rule.times
                if chosen is None and rule.first <= active.seen and (last is None or active.seen < last):
                    active.hit += 1
                    chosen = active
        return None if chosen is None else chosen.rule.fault
