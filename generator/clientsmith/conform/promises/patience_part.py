"""How long a client waits between attempts: at random below a bound that doubles, or as the service says."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

from clientsmith.conform.client.scripted import Respond, always
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.traffic.message import HttpResponse

_FIRST, _LONGEST = 0.001, 0.016
_ROUNDS = 12
"""Calls whose pauses are looked at together: one alone may be short by chance."""
_BOUNDS = (0.001, 0.002, 0.004, 0.008, 0.016, 0.016)
_SUCCESSES_PER_RETRY = 10


def check_patience(case: PromiseCase) -> None:
    """Check the pauses of a client against its settings and against Retry-After (RFC 9110 section 10.2.3)."""
    part = _PatiencePart.of_case(case)
    part.jitter()
    part.reported()
    part.earned()


class _PatiencePart(PromiseCase):
    def _pauses(self, respond: Respond, *, attempts: int, rounds: int = 1) -> list[list[float]]:
        """The pauses that hooks see, for each of a number of calls whose every attempt is limited."""
        found: list[list[float]] = []

        def hook(_: object) -> Callable[[Any], None]:
            return ended

        def ended(result: Any) -> None:
            if result.retry_in is not None:
                found[-1].append(result.retry_in)

        retries = self.get("Retries")(
            attempts=attempts, first_delay=_FIRST, longest_delay=_LONGEST, budget=1_000
        )
        state = random.getstate()
        random.seed(0)
        try:
            with self.client(hooks=[hook], retries=retries) as caller:
                for _ in range(rounds):
                    found.append([])
                    self.call(caller, respond)
        finally:
            random.setstate(state)
        return found

    def jitter(self) -> None:
        found = self._pauses(always(HttpResponse(429)), attempts=len(_BOUNDS) + 1, rounds=_ROUNDS)
        said = f"seven attempts had {[len(one) for one in found]} pauses between them"
        if not self.check(all(len(one) == len(_BOUNDS) for one in found), "wrong-number-of-attempts", said):
            return
        for number, bound in enumerate(_BOUNDS):
            pauses = [one[number] for one in found]
            passed = all(0 <= one <= bound for one in pauses) and min(pauses) < bound / 2 < max(pauses)
            said = f"pauses before attempt {number + 2} lie between {min(pauses)} and {max(pauses)}"
            self.check(passed, "pause-not-drawn", said)

    def reported(self) -> None:
        """Seconds or a date; what is neither is as good as nothing, and no service makes a client wait for ever."""
        for text, expected in _reports():
            found = self._pauses(always(HttpResponse(429, (("Retry-After", text),))), attempts=2)
            pause = next((one for pauses in found for one in pauses), None)
            passed = pause == expected if expected is not None else pause is not None and 0 < pause <= _FIRST
            self.check(passed, "retry-after-ignored", f"Retry-After: {text:.40} made a pause of {pause} s")

    def earned(self) -> None:
        """Ten calls that succeed give one retry back, and never more than there were."""
        answer = self.success()
        if answer is None:
            return
        retries = self.get("Retries")(attempts=3, first_delay=0.0, longest_delay=0.0, budget=1)
        numbers: list[int] = []
        with self.client(retries=retries) as caller:
            for successes in (0, _SUCCESSES_PER_RETRY - 1, 1, 3 * _SUCCESSES_PER_RETRY, 0):
                for _ in range(successes):
                    self.call(caller, always(answer))
                numbers.append(len(self.call(caller, always(HttpResponse(429))).requests))
        said = f"with one retry, earned back by ten successes, limited calls made {numbers} requests"
        self.check(numbers == [2, 1, 2, 2, 1], "budget-ignored", said)


class _Report(NamedTuple):
    """A value of Retry-After, and the pause that it makes; None if the client has to draw the pause itself."""

    text: str
    pause: float | None


def _reports() -> tuple[_Report, ...]:
    now = datetime.now(UTC)
    later, earlier = (format_datetime(now + timedelta(hours=one), usegmt=True) for one in (1, -1))
    return (
        _Report("0", 0.0),
        _Report(" 0 ", 0.0),
        _Report("3600", _LONGEST),
        _Report("9" * 400, _LONGEST),
        _Report(later, _LONGEST),
        _Report(earlier, 0.0),
        _Report("soon", None),
        _Report("-1", None),
        _Report("1.5", None),
        _Report("", None),
        _Report("Sat, 01 Jan 99999 00:00:00 GMT", None),
        _Report("Mon, 99 Foo 2026 99:00:00 GMT", None),
    )
