"""What a journal sees of a call that bills, before its first byte and after its end, and that it sees of no other."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Callable
from typing import Any

import httpx

from clientsmith.conform.client.calls import Called, arguments_for, holds_secret
from clientsmith.conform.client.scripted import always, failing, not_found
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of
from clientsmith.traffic.message import HttpRequest, HttpResponse

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OWN_ID = "conform-intent-1"


def check_journal(case: PromiseCase) -> None:
    """Give a client a journal that takes what it is told, fails, or takes its time."""
    part = _JournalPart.of_case(case)
    if case.bills or case.context.package.takes("journal"):
        part.order()
    if case.bills:
        part.intents()
        part.endings()
        part.failures()
        if case.mode == "async":
            part.cancellation()


class _JournalPart(PromiseCase):
    def _told(
        self, respond: Callable[[HttpRequest], HttpResponse], journal: _Journal, **options: Any
    ) -> tuple[Called, list[logging.LogRecord]]:
        """A call of a client with that journal, and what was logged."""
        with self.client(journal=journal if self.mode == "sync" else _AsyncJournal(journal)) as caller:
            called = self.call(caller, respond, **options)
            return called, list(caller.records.found)

    def order(self) -> None:
        """A billing call is written down before it is sent and after it ended, any other one never."""
        journal = _Journal()

        def answered(_: HttpRequest) -> HttpResponse:
            journal.seen.append("sent")
            return HttpResponse(404)

        self._told(answered, journal)
        expected = ["before", "sent", "after rejected"] if self.bills else ["sent"]
        self.check(
            journal.seen == expected,
            "not-written-down",
            f"journal and wire saw {journal.seen}, not {expected}",
        )
        _, records = self._told(failing(httpx.ReadError), journal)
        alarms = [one for one in records if one.levelname == "WARNING"]
        self.check(
            len(alarms) == int(self.bills), "not-logged", f"an unknown outcome gave {len(alarms)} warnings"
        )
        for one in alarms:
            text, facts = one.getMessage(), vars(one)
            passed = text.startswith(f"{self.operation.id}: the outcome is unknown")
            passed = (
                passed and text.endswith(f"(intent {journal.intents[-1].id})") and facts.get("attempt") == 1
            )
            self.check(
                passed and (facts.get("operation"), facts.get("method"), facts.get("path"))
                == (self.operation.id, self.operation.method, self.operation.path),
                "not-logged", f"an unknown outcome is logged as {text:.300}",
            )  # fmt: skip

    def intents(self) -> None:
        journal = _Journal()
        sent = [self._told(not_found, journal)[0].requests for _ in range(2)]
        sent += [self._told(not_found, journal, intent_id=_OWN_ID)[0].requests]
        for (request,), intent in zip(sent, journal.intents, strict=True):
            digest = f"sha256:{hashlib.sha256(request.body).hexdigest()}"
            facts = intent.operation, intent.method, intent.url.split("?")[0], intent.digest, intent.body
            expected = self.operation.id, request.method, request.target.split("?")[0], digest, request.body
            self.check(facts == expected, "intent-differs", f"the intent says {facts}, not {expected}")
            shown = f"{intent!r} {intent.url}"
            hidden = not holds_secret(shown) and (
                not request.body or request.body.decode("latin-1") not in shown
            )
            self.check(hidden, "secret-shown", "an intent shows what it must not")
        ids = [one.id for one in journal.intents]
        self.check(
            ids[2] == _OWN_ID and ids[0] != ids[1] and all(map(_UUID.fullmatch, ids[:2])), "intent-differs",
            f"the intents are called {ids}",
        )  # fmt: skip

    def endings(self) -> None:
        answer = self.success()
        for name, respond, expected in (
            ("404", not_found, ("rejected", 1, 404)), ("no answer", failing(httpx.ReadError), ("unknown", 1, None)),
            ("no connection", failing(httpx.ConnectError), ("not_sent", 1, None)),
            *((("a success", always(answer), ("succeeded", 1, answer.status)),
            ) if answer is not None else ()),
        ):  # fmt: skip
            journal = _Journal()
            called, _ = self._told(respond, journal)
            facts = [
                (str(one.outcome), one.attempts, one.response.status if one.response is not None else None)
                for one in journal.outcomes
            ]
            self.check(
                facts == [expected],
                "outcome-differs",
                f"after {name} the journal is told {facts}, not {expected}",
            )
            self.check(
                [one.error for one in journal.outcomes] == [called.error], "outcome-differs",
                f"after {name} the journal is told of {journal.outcomes}",
            )  # fmt: skip

    def failures(self) -> None:
        """Without an intent on file nothing is sent; without the outcome on file the call has ended all the same."""
        kind: Any = self.get("JournalError")
        for error in (OSError("no space left"), kind("sent before")):
            journal = _Journal()
            journal.refuses = error
            called, _ = self._told(not_found, journal)
            found: Any = called.error
            self.check(
                not called.requests and type(found) is kind and outcome_of(found) == "not_sent", "sent-unwritten",
                f"without a journal that takes it a billing call ends in {found!r:.200}",
            )  # fmt: skip
            self.check(not journal.outcomes, "outcome-differs", "a call that was not made has an outcome")
            if type(error) is kind:
                self.check(
                    found is error, "error-replaced", f"an error of the journal's own became {found!r:.200}"
                )
            else:
                facts = found.operation, found.method, type(found.__cause__).__name__
                text = str(found)
                self.check(
                    facts == (self.operation.id, self.operation.method,
                    "OSError") and "OSError: no space left" in text
                    and text.startswith(f"{self.operation.id}: "),
                    "error-says-nothing", f"{text:.200} {facts}",
                )  # fmt: skip
        journal = _Journal()
        journal.loses = OSError("no space left")
        called, records = self._told(not_found, journal)
        words = [one.getMessage() for one in records if one.levelname == "ERROR"]
        self.check(
            isinstance(called.error, self.get("NotFound")), "journal-breaks-call", f"{called.error!r:.200}"
        )
        names = (journal.intents[0].id, self.operation.id, "OSError: no space left")
        operations = [vars(one).get("operation") for one in records if one.levelname == "ERROR"]
        passed = (
            len(words) == 1 and all(one in words[0] for one in names) and operations == [self.operation.id]
        )
        self.check(passed, "not-logged", f"a journal that loses an outcome is logged as {words}")

    def cancellation(self) -> None:
        """A task that is cancelled, also while the outcome is written down: that is done first."""
        for waits in ("answer", "outcome"):
            journal = _Journal()
            journal.slow = 0.05
            with self.client(journal=_AsyncJournal(journal)) as caller:
                caller.wire.respond, caller.wire.stalls = not_found, waits == "answer"
                arguments = arguments_for(self.context.package, self.operation.id, self.inputs, {})
                cancelled = caller.run(_cancelled(caller.method(self.operation.id), arguments))
            known = "unknown" if waits == "answer" else "rejected"
            self.check(
                cancelled and journal.seen == ["before", f"after {known}"], "not-written-down",
                f"a call that is cancelled at its {waits} ({cancelled}) leaves {journal.seen} in the journal",
            )  # fmt: skip


async def _cancelled(method: Any, arguments: dict[str, Any]) -> bool:
    """Cancel a call twice, the second time when it may be busy with its end."""
    task: asyncio.Future[Any] = asyncio.ensure_future(method(**arguments))
    await asyncio.sleep(0.07)
    task.cancel()
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


class _Journal:
    def __init__(self) -> None:
        self.seen: list[str] = []
        self.intents: list[Any] = []
        self.outcomes: list[Any] = []
        self.refuses: Exception | None = None
        self.loses: Exception | None = None
        self.slow = 0.0

    def before_send(self, intent: Any) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.seen.append("before")
        self.intents.append(intent)

    def after_outcome(self, intent: Any, outcome: Any) -> None:
        if self.loses is not None:
            raise self.loses
        self.seen.append(f"after {outcome.outcome}" if intent is self.intents[-1] else "after another")
        self.outcomes.append(outcome)


class _AsyncJournal:
    def __init__(self, journal: _Journal) -> None:
        self._journal = journal

    async def before_send(self, intent: Any) -> None:
        await asyncio.sleep(self._journal.slow)
        self._journal.before_send(intent)

    async def after_outcome(self, intent: Any, outcome: Any) -> None:
        await asyncio.sleep(self._journal.slow)
        self._journal.after_outcome(intent, outcome)
