"""What a journal sees of a call that bills, before its first byte and after its end, and that it sees of no other."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from typing import Any, NamedTuple

import httpx

from clientsmith.conform.client.call_inputs import arguments_for
from clientsmith.conform.client.calls import Called
from clientsmith.conform.client.credentials import holds_secret
from clientsmith.conform.client.scripted import Respond, ScriptedTransport, always, failing, not_found
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of
from clientsmith.conform.promises.time_bounds import until
from clientsmith.traffic.message import HttpRequest, HttpResponse

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OWN_ID = "conform-intent-1"
_LOGGED = ("operation", "method", "path", "attempt")


class _End(NamedTuple):
    """How a call ends, and what its journal then gets: the outcome, and the status of an answer."""

    name: str
    respond: Respond
    known: str
    status: int | None


def check_journal(case: PromiseCase) -> None:
    """Give a client a journal that takes what it gets, fails, or takes its time."""
    part = _JournalPart.of_case(case)
    if case.bills or case.context.package.takes("journal"):
        part.order()
    if case.bills:
        part.intents()
        part.endings()
        part.failures()
        part.losses()
        if case.mode == "async":
            part.cancellation()


class _JournalPart(PromiseCase):
    def _told(
        self, respond: Respond, journal: _Journal, **options: Any
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
        self.equal(journal.seen, expected, "not-written-down", "journal and wire saw")
        _, records = self._told(failing(httpx.ReadError), journal)
        alarms = [one for one in records if one.levelname == "WARNING"]
        said = f"an unknown outcome gave {len(alarms)} warnings"
        self.check(len(alarms) == int(self.bills), "not-logged", said)
        wanted = [self.operation.id, self.operation.method, self.operation.path, 1]
        for one in alarms:
            text, facts = one.getMessage(), [getattr(one, name, None) for name in _LOGGED]
            passed = text.startswith(f"{self.operation.id}: the outcome is unknown") and facts == wanted
            passed = passed and text.endswith(f"(intent {journal.intents[-1].id})")
            self.check(passed, "not-logged", f"an unknown outcome is logged as {text:.300}")

    def intents(self) -> None:
        journal = _Journal()
        sent = [self._told(not_found, journal)[0].requests for _ in range(2)]
        sent += [self._told(not_found, journal, intent_id=_OWN_ID)[0].requests]
        for (request,), intent in zip(sent, journal.intents, strict=True):
            digest = f"sha256:{hashlib.sha256(request.body).hexdigest()}"
            facts = intent.operation, intent.method, intent.url.split("?")[0], intent.digest, intent.body
            expected = self.operation.id, request.method, request.target.split("?")[0], digest, request.body
            self.check(facts == expected, "intent-differs", f"the intent says {facts}, not {expected}")
            shown, body = f"{intent!r} {intent.url}", request.body.decode("latin-1")
            passed = not holds_secret(shown) and (not body or body not in shown)
            self.check(passed, "secret-shown", "an intent shows what it must not")
        ids = [one.id for one in journal.intents]
        passed = ids[2] == _OWN_ID and ids[0] != ids[1] and all(map(_UUID.fullmatch, ids[:2]))
        self.check(passed, "intent-differs", f"the intents are called {ids}")

    def endings(self) -> None:
        ends = [
            _End("404", not_found, "rejected", 404),
            _End("no answer", failing(httpx.ReadError), "unknown", None),
            _End("no connection", failing(httpx.ConnectError), "not_sent", None),
        ]
        answer = self.success()
        if answer is not None:
            ends.append(_End("a success", always(answer), "succeeded", answer.status))
        for name, respond, known, status in ends:
            journal = _Journal()
            called, _ = self._told(respond, journal)
            facts = [
                (str(one.outcome), one.attempts, getattr(one.response, "status", None))
                for one in journal.outcomes
            ]
            said = f"after {name} the journal gets"
            self.equal(facts, [(known, 1, status)], "outcome-differs", said)
            passed = [one.error for one in journal.outcomes] == [called.error]
            self.check(passed, "outcome-differs", f"{said} of {journal.outcomes}")

    def failures(self) -> None:
        """Without an intent on file nothing is sent."""
        kind: Any = self.get("JournalError")
        for error in (OSError("no space left"), kind("sent before")):
            journal = _Journal()
            journal.refuses = error
            called, _ = self._told(not_found, journal)
            found: Any = called.error
            passed = not called.requests and type(found) is kind and outcome_of(found) == "not_sent"
            said = f"without a journal that takes it a billing call ends in {found!r:.200}"
            self.check(passed, "sent-unwritten", said)
            self.check(not journal.outcomes, "outcome-differs", "a call that was not made has an outcome")
            if type(error) is kind:
                said = f"an error of the journal's own became {found!r:.200}"
                self.check(found is error, "error-replaced", said)
            else:
                facts = found.operation, found.method, type(found.__cause__).__name__
                text = str(found)
                passed = facts == (self.operation.id, self.operation.method, "OSError")
                passed = (
                    passed and text.startswith(f"{self.operation.id}: ") and "OSError: no space left" in text
                )
                self.check(passed, "error-says-nothing", f"{text:.200} {facts}")

    def losses(self) -> None:
        """Without the outcome on file the call has ended all the same, and the loss is logged."""
        journal = _Journal()
        journal.loses = OSError("no space left")
        called, records = self._told(not_found, journal)
        passed = isinstance(called.error, self.get("NotFound"))
        self.check(passed, "journal-breaks-call", f"{called.error!r:.200}")
        failed = [
            (one.getMessage(), vars(one).get("operation")) for one in records if one.levelname == "ERROR"
        ]
        words = [text for text, _ in failed]
        names = (journal.intents[0].id, self.operation.id, "OSError: no space left")
        passed = [operation for _, operation in failed] == [self.operation.id]
        passed = passed and all(one in words[0] for one in names)
        self.check(passed, "not-logged", f"a journal that loses an outcome is logged as {words}")

    def cancellation(self) -> None:
        """A task that is cancelled, also while the outcome is written down: that is done first."""
        for waits in ("answer", "outcome"):
            journal = _Journal()
            slow = _AsyncJournal(journal)
            slow.goes_on.clear()
            with self.client(journal=slow) as caller:
                caller.wire.respond, caller.wire.stalls = not_found, waits == "answer"
                arguments = arguments_for(self.context.package, self.operation.id, self.inputs, {})
                task = caller.method(self.operation.id)(**arguments)
                cancelled = caller.run(_cancelled(task, caller.wire, slow))
            known = "unknown" if waits == "answer" else "rejected"
            passed = cancelled and journal.seen == ["before", f"after {known}"]
            said = (
                f"a call that is cancelled at its {waits} ({cancelled}) leaves {journal.seen} in the journal"
            )
            self.check(passed, "not-written-down", said)


async def _cancelled(call: Any, wire: ScriptedTransport, journal: _AsyncJournal) -> bool:
    """Cancel a call that waits for its answer or ends, and again while its outcome is written down."""
    task: asyncio.Future[Any] = asyncio.ensure_future(call)
    await until(lambda: wire.held > 0 or journal.is_ending or task.done())
    task.cancel()
    await until(lambda: journal.is_ending or task.done())
    task.cancel()
    await asyncio.sleep(0)
    journal.goes_on.set()
    await asyncio.wait([task])
    return task.cancelled()


class _Journal:
    def __init__(self) -> None:
        self.seen: list[str] = []
        self.intents: list[Any] = []
        self.outcomes: list[Any] = []
        self.refuses: Exception | None = None
        self.loses: Exception | None = None

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
    """Writes down an outcome only when it may go on."""

    def __init__(self, journal: _Journal) -> None:
        self._journal = journal
        self.is_ending = False
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def before_send(self, intent: Any) -> None:
        await asyncio.sleep(0)
        self._journal.before_send(intent)

    async def after_outcome(self, intent: Any, outcome: Any) -> None:
        self.is_ending = True
        await self.goes_on.wait()
        self._journal.after_outcome(intent, outcome)
