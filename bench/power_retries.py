"""Faults of the domain in attempts and in what an error says of the request."""

from __future__ import annotations

from power_patterns import Begin, Fault, Swap, fault, repeated

_SENT = 'http_client.send(request, stream=True, auth=request.extensions.get("auth"), follow_redirects=False)'
_RETRIED = (
    ("500", "getattr(error, 'status', 0) == 500"),
    ("503", "getattr(error, 'status', 0) == 503"),
    ("400", "getattr(error, 'status', 0) == 400"),
    ("a redirect", "300 <= getattr(error, 'status', 0) < 400"),
    ("a dropped connection", "type(error).__name__ in ('ReadError', 'ProtocolError')"),
    ("a read timeout", "type(error).__name__ == 'ReadTimeoutError'"),
    ("a failed write", "type(error).__name__ in ('WriteError', 'WriteTimeoutError')"),
    ("anything", "True"),
)
_FIRST = "first = self._earlier[0] if self._earlier else None"

RETRIES: tuple[Fault, ...] = (
    *(
        fault(
            f"every operation retried after {name}",
            "client/call.py",
            *repeated(test),
        )
        for name, test in _RETRIED
    ),
    *(
        fault(
            f"never retried after {name}",
            "client/retry.py",
            Begin("may_retry", f"if {test}:\n    return False"),
        )
        for name, test in _RETRIED
    ),
    fault(
        "billing calls are repeatable",
        "messages/operation.py",
        Swap("Operation.repeatable", "self.bills", "False"),
    ),
    fault("everything is repeatable", "messages/operation.py", Begin("Operation.repeatable", "return True")),
    fault("nothing is repeatable", "messages/operation.py", Begin("Operation.repeatable", "return False")),
    fault(
        "limited calls not retried",
        "client/retry.py",
        Swap("may_retry", "error.outcome is Outcome.NOT_PROCESSED", "False"),
    ),
    fault(
        "failures before sending not retried",
        "client/retry.py",
        Swap("may_retry", "isinstance(error, _NOT_SENT)", "False"),
    ),
    fault(
        "refused arguments retried",
        "client/retry.py",
        Swap("may_retry", "isinstance(error, _NOT_SENT)", "True"),
    ),
    fault("501 and 505 retried", "client/retry.py", Swap("may_retry", "error.status not in _FINAL", "True")),
    fault(
        "Retry-After ignored",
        "client/retry.py",
        Swap("pause_before", "retry_after(error) if isinstance(error, StatusError) else None", "None"),
    ),
    fault(
        "Retry-After without a bound",
        "client/retry.py",
        Swap("pause_before", "min(asked, retries.longest_delay)", "asked"),
    ),
    fault(
        "Retry-After in milliseconds",
        "client/retry.py",
        Swap("retry_after", "float(text[:15])", "float(text[:15]) / 1000"),
    ),
    fault(
        "no pause between attempts",
        "client/client.py",
        Swap("SyncClient._run", "time.sleep(pause or 0.0)", "None"),
    ),
    fault(
        "no pause between attempts, asyncio",
        "client/async_client.py",
        Swap("AsyncClient._run", "anyio.sleep(pause or 0.0)", "anyio.sleep(0)"),
    ),
    fault(
        "one attempt too many",
        "client/call.py",
        Swap("Call._pause", "self.number >= plan.retries.attempts", "self.number > plan.retries.attempts"),
    ),
    fault(
        "attempts of the client ignored",
        "client/core.py",
        Swap("Core.__init__", "checked_retries(settings.retries)", "Retries()"),
    ),
    fault(
        "attempts of the call ignored",
        "client/core.py",
        Swap("Core._plan", "retries = checked_retries(options.retries)", "pass"),
    ),
    fault("budget never spent", "client/retry.py", Begin("RetryBudget.spend", "return True")),
    fault("budget always spent", "client/retry.py", Begin("RetryBudget.spend", "return False")),
    fault("sync never retries", "client/client.py", Swap("SyncClient._run", "failed = error", "raise")),
    fault(
        "asyncio never retries",
        "client/async_client.py",
        Swap("AsyncClient._run", "failed = error", "raise"),
    ),
    fault(
        "sync retries what it likes",
        "client/client.py",
        Swap(
            "SyncClient._run", "failed = error", "failed = error\nif call.number >= 3:\n    raise\ncontinue"
        ),
    ),
    fault(
        "asyncio retries what it likes",
        "client/async_client.py",
        Swap(
            "AsyncClient._run", "failed = error", "failed = error\nif call.number >= 3:\n    raise\ncontinue"
        ),
    ),
    fault(
        "redirects followed",
        "client/client.py",
        Swap(
            "_sent_through",
            _SENT,
            _SENT.replace("False", "True"),
        ),
    ),
    fault(
        "redirects followed, asyncio",
        "client/async_client.py",
        Swap(
            "_sent_through",
            _SENT,
            _SENT.replace("False", "True"),
        ),
    ),
    fault(
        "deadline ignored",
        "client/call.py",
        Swap(
            "Call._pause", "plan.deadline is not None and time.monotonic() + pause >= plan.deadline", "False"
        ),
    ),
    fault(
        "body lost in a second attempt",
        "client/call.py",
        Swap(
            "Call.start",
            "headers = self.prepared.headers",
            "headers = self.prepared.headers\nif self.number > 1:\n    self.prepared.content = b''",
        ),
    ),
)

OUTCOMES: tuple[Fault, ...] = (
    fault(
        "not processed lost",
        "messages/response.py",
        Swap(
            "outcome_of",
            "Outcome.NOT_PROCESSED if declared is not None and declared.not_processed else class_for(status).outcome",
            "class_for(status).outcome",
        ),
    ),
    fault(
        "outcome of a status is always unknown",
        "messages/response.py",
        Swap(
            "outcome_of",
            "Outcome.NOT_PROCESSED if declared is not None and declared.not_processed else class_for(status).outcome",
            "Outcome.UNKNOWN",
        ),
    ),
    fault(
        "what is sent counts as not sent", "http/transport.py", Swap("from_other", "sent is False", "True")
    ),
    fault(
        "what is not sent counts as sent", "http/transport.py", Swap("from_other", "sent is False", "False")
    ),
    fault(
        "transport errors of one class",
        "http/transport.py",
        Swap("from_other", "kind, outcome, text = ours, known, meaning", "outcome, text = known, meaning"),
    ),
    fault("errors of httpx come through", "client/call.py", Begin("Call.failure", "raise error")),
    fault(
        "earlier attempts forgotten",
        "client/call.py",
        Swap("Call._final", "error.earlier = tuple(self._earlier)", "pass"),
    ),
    fault(
        "attempts not counted", "client/call.py", Swap("Call._final", "error.attempts = self.number", "pass")
    ),
    fault("doubt of an earlier attempt forgotten", "client/call.py", Begin("Call._overall", "return last")),
    fault(
        "operation not named in errors",
        "results/errors.py",
        Swap("ClientError.__init__", "self.operation = operation", "self.operation = ''"),
    ),
    fault(
        "method not named in errors",
        "results/errors.py",
        Swap("ClientError.__init__", "self.method = method", "self.method = ''"),
    ),
    fault(
        "URL not named in errors",
        "results/errors.py",
        Swap("ClientError.__init__", "self.url = url", "self.url = ''"),
    ),
    fault(
        "first error hides the last",
        "client/call.py",
        Begin("Call._final", f"{_FIRST}\nif first is not None:\n    return first"),
    ),
)
