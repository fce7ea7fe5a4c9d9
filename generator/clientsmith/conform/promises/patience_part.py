"""How long a client waits between attempts: at random below a bound that doubles, or as the service says."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from clientsmith.conform.client.scripted import always
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.traffic.message import HttpRequest, HttpResponse

_FIRST, _LONGEST = 0.001, 0.016
_ROUNDS = 12
"""Calls whose pauses are looked at together: one alone may be short by chance."""
_BOUNDS = (0.001, 0.002, 0.004, 0.008, 0.016, 0.016)
_SUCCESSES_PER_RETRY = 10


def check_patience(case: PromiseCase) -> None:
    """Hold the pauses of a client against its settings and against Retry-After (RFC 9110 section 10.2.3)."""
    part = _PatiencePart.of_case(case)
    part.jitter()
    part.reported()
    part.earned()


class _PatiencePart(PromiseCase):
    def _pauses(self, respond: Callable[[HttpRequest], HttpResponse], **retries: Any) -> list[list[float]]:
        """What hooks are told of the pauses, of a number of calls that are all limited to the end."""
        found: list[list[float]] = []

        def hook(_: Any) -> Callable[[Any], None]:
            def ended(result: Any) -> None:
                if result.retry_in is not None:
                    found[-1].append(result.retry_in)

            return ended

        state = random.getstate()
        random.seed(0)
        rounds = retries.pop("rounds", 1)
        try:
            with self.client(hooks=[hook], retries=self.get("Retries")(budget=1_000, **retries)) as caller:
                for _ in range(rounds):
                    found.append([])
                    self.call(caller, respond)
        finally:
            random.setstate(state)
        return found

    def jitter(self) -> None:
        found = self._pauses(
            lambda _: HttpResponse(429),
            attempts=7,
            first_delay=_FIRST,
            longest_delay=_LONGEST,
            rounds=_ROUNDS,
        )
        if not self.check(
            all(len(one) == len(_BOUNDS) for one in found), "wrong-number-of-attempts",
            f"seven attempts had {[len(one) for one in found]} pauses between them",
        ):  # fmt: skip
            return
        for number, bound in enumerate(_BOUNDS):
            pauses = [one[number] for one in found]
            self.check(
                all(0 <= one <= bound for one in pauses) and max(pauses) > bound / 2 and min(pauses) < bound / 2,
                "pause-not-drawn", f"pauses before attempt {number + 2} lie between {min(pauses)} and {max(pauses)}",
            )  # fmt: skip

    def reported(self) -> None:
        """Seconds or a date; what is neither is as good as nothing, and no service makes a client wait for ever."""
        now = datetime.now(UTC)
        later, earlier = (format_datetime(now + timedelta(hours=one), usegmt=True) for one in (1, -1))
        for text, expected in (
            ("0", 0.0), (" 0 ", 0.0), ("3600", _LONGEST), ("9" * 400, _LONGEST), (later, _LONGEST), (earlier, 0.0),
            ("soon", None), ("-1", None), ("1.5", None), ("", None),
            ("Sat, 01 Jan 99999 00:00:00 GMT", None), ("Mon, 99 Foo 2026 99:00:00 GMT", None),
        ):  # fmt: skip
            answer = HttpResponse(429, (("Retry-After", text),))
            respond = always(answer)
            found = self._pauses(respond, attempts=2, first_delay=_FIRST, longest_delay=_LONGEST)
            pause = next((one for pauses in found for one in pauses), None)
            self.check(
                pause == expected if expected is not None else pause is not None and 0 < pause <= _FIRST,
                "retry-after-ignored", f"Retry-After: {text:.40} made a pause of {pause} s",
            )  # fmt: skip

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
                    self.call(caller, lambda _: answer)
                numbers.append(len(self.call(caller, lambda _: HttpResponse(429)).requests))
        self.check(
            numbers == [2, 1, 2, 2, 1], "budget-ignored",
            f"with one retry, earned back by ten successes, limited calls made {numbers} requests",
        )  # fmt: skip
