"""Faults of the domain in items that succeed in part, secrets, credentials, hooks and the journal."""

from __future__ import annotations

from power_patterns import Begin, Fault, Swap, fault

_ITEMS = "messages/partial_declaration.py"
ITEMS: tuple[Fault, ...] = (
    fault(
        "accepted and rejected swapped",
        _ITEMS,
        Swap("PartialDeclaration.judge", "groups[True]", "groups[False]"),
        Swap("PartialDeclaration.judge", "groups[False]", "groups[True]"),
    ),
    fault("rejected items lost", _ITEMS, Swap("PartialDeclaration.judge", "tuple(groups[False])", "()")),
    fault("undecided items lost", _ITEMS, Swap("PartialDeclaration.judge", "tuple(groups[None])", "()")),
    fault(
        "unmentioned items lost",
        _ITEMS,
        Swap(
            "PartialDeclaration.judge",
            "tuple(value for place, value in enumerate(typed) if place not in pairs)",
            "()",
        ),
    ),
    fault(
        "unexpected items lost",
        _ITEMS,
        Swap(
            "PartialDeclaration.judge",
            "tuple(item.value for number, item in enumerate(answered) if number not in matched)",
            "()",
        ),
    ),
    fault(
        "a sum is always right",
        _ITEMS,
        Swap("PartialDeclaration._totals", "stated is not None and stated == computed", "True"),
    ),
    fault(
        "the stated sum is taken for the computed one",
        _ITEMS,
        Swap(
            "PartialDeclaration._totals",
            "computed = exact_sum((_number(item.wire.get(self.amount)) for item in answered if item.decision))",
            "computed = stated",
        ),
    ),
    fault(
        "rejected items are summed too",
        _ITEMS,
        Swap(
            "PartialDeclaration._totals",
            "(_number(item.wire.get(self.amount)) for item in answered if item.decision)",
            "(_number(item.wire.get(self.amount)) for item in answered)",
        ),
    ),
    fault(
        "sum through floats",
        _ITEMS,
        Begin("exact_sum", "return Decimal(sum(float(one or 0) for one in amounts))"),
    ),
    fault("amounts not compared", _ITEMS, Swap("PartialDeclaration._key", "self.match", "self.match[:1]")),
    fault(
        "items matched by place",
        _ITEMS,
        Begin(
            "PartialDeclaration._pair", "return {one: one for one in range(min(len(sent), len(answered)))}"
        ),
    ),
    fault(
        "no decision is a yes",
        _ITEMS,
        Swap("_decision", "value if isinstance(value, bool) else None", "value is not False"),
    ),
    fault(
        "no decision is a no",
        _ITEMS,
        Swap("_decision", "value if isinstance(value, bool) else None", "value is True"),
    ),
    fault("sent items without a type", _ITEMS, Begin("PartialDeclaration._restored", "return item")),
    fault("whole result lost", _ITEMS, Swap("PartialDeclaration.judge", "result", "None")),
    fault("partial success is the plain answer", "messages/response.py", Begin("_in_part", "return result")),
    fault(
        "empty answer is a partial success",
        "messages/response.py",
        Swap("_in_part", "not answered.response.content", "False"),
    ),
    fault(
        "all submitted whatever happened",
        "results/partial_success.py",
        Begin("PartialSuccess.all_submitted", "return True"),
    ),
    fault(
        "all submitted whatever the sum",
        "results/partial_success.py",
        Swap("PartialSuccess.all_submitted", "self.total_matches is not False", "True"),
    ),
    *(
        fault(
            f"all submitted despite {name}",
            "results/partial_success.py",
            Swap("PartialSuccess.all_submitted", f"self.{name}", "()"),
        )
        for name in ("rejected", "undecided", "unmentioned", "unexpected")
    ),
)

SECRETS: tuple[Fault, ...] = (
    fault(
        "repr of the client shows credentials",
        "client/client.py",
        Begin("SyncClient.__repr__", "return f'<{self._core._credentials._values}>'"),
    ),
    fault(
        "repr of the asyncio client shows credentials",
        "client/async_client.py",
        Begin("AsyncClient.__repr__", "return f'<{self._core._credentials._values}>'"),
    ),
    fault(
        "error shows headers",
        "client/call.py",
        Begin("Call._final", "error.args = (f'{error.message} {self.prepared.headers}',)"),
    ),
    fault(
        "repr of a prepared request shows headers",
        "messages/request.py",
        Begin("PreparedRequest.__repr__", "return f'<{self.headers}>'"),
    ),
    fault(
        "repr of credentials shows them",
        "messages/credentials.py",
        Begin("Credentials.__repr__", "return f'<{self._values}>'"),
    ),
    fault(
        "repr of what is applied shows it",
        "messages/credentials.py",
        Begin("Applied.__repr__", "return f'<{self.headers}>'"),
    ),
    fault(
        "log shows headers",
        "client/call.py",
        Swap(
            "Call._finish_attempt",
            "log.attempt_ended(self.attempt, result)",
            "(log.attempt_ended(self.attempt, result), log.LOGGER.warning('%s', self.prepared.headers))",
        ),
    ),
    fault("frames of errors kept", "http/transport.py", Begin("without_frames", "return error")),
    fault(
        "original request kept in the cause",
        "http/transport.py",
        Swap("from_other", "error.request = httpx.Request(method, url)", "pass"),
    ),
    fault(
        "error keeps the prepared request",
        "client/call.py",
        Begin("Call._final", "error.prepared = self.prepared.headers"),
    ),
)

CREDENTIALS: tuple[Fault, ...] = (
    fault(
        "user and secret swapped",
        "messages/credentials.py",
        Swap("_basic", "f'{user}:{secret}'", "f'{secret}:{user}'"),
    ),
    fault("secret lost", "messages/credentials.py", Swap("_basic", "f'{user}:{secret}'", "f'{user}:'")),
    fault(
        "Basic without base64",
        "messages/credentials.py",
        Swap("_basic", "base64.b64encode(f'{user}:{secret}'.encode()).decode('ascii')", "f'{user}:{secret}'"),
    ),
    fault(
        "Basic in the alphabet of URLs",
        "messages/credentials.py",
        Swap(
            "_basic",
            "base64.b64encode(f'{user}:{secret}'.encode())",
            "base64.urlsafe_b64encode(f'{user}:{secret}'.encode())",
        ),
    ),
    fault("Basic without its word", "messages/credentials.py", Swap("_basic", "'Basic '", "''")),
    fault(
        "Authorization under another name",
        "messages/credentials.py",
        Swap("_write", "'Authorization'", "'Authorisation'"),
    ),
    fault(
        "environment before arguments",
        "messages/credentials.py",
        Swap(
            "Credentials.__init__",
            "_given(scheme, given.get(scheme.key, ())) or _from_environment(scheme)",
            "_from_environment(scheme) or _given(scheme, given.get(scheme.key, ()))",
        ),
    ),
    fault("environment not read", "messages/credentials.py", Begin("_from_environment", "return None")),
    fault("colon in a user name", "messages/credentials.py", Swap("_basic", "':' in user", "False")),
    fault(
        "half of the credentials is enough",
        "messages/credentials.py",
        Swap("_given", "len(present) < len(values)", "False"),
    ),
    fault(
        "client without credentials",
        "messages/credentials.py",
        Swap(
            "Credentials.__init__", "required and schemes and (not self._values) and (not elsewhere)", "False"
        ),
    ),
    fault(
        "call without credentials",
        "messages/credentials.py",
        Begin("Credentials._choose", "return Applied()"),
    ),
)

HOOKS: tuple[Fault, ...] = (
    fault("hooks not called", "client/call.py", Swap("Call.start", "self.plan.hooks", "()")),
    fault("hooks not told of the end", "observe/call_hooks.py", Begin("finish", "return None")),
    fault("hooks break a call", "observe/call_hooks.py", Begin("_start", "return hook(attempt)")),
    fault("headers of hooks lost", "observe/call_hooks.py", Begin("_add", "return None")),
    fault("journal not written ahead", "client/journaled.py", Begin("_write_ahead", "return None")),
    fault(
        "journal not written ahead, asyncio",
        "client/journaled.py",
        Begin("_async_write_ahead", "return None"),
    ),
    fault(
        "outcome not journaled",
        "client/journaled.py",
        Swap("_record", "journal.after_outcome(intent, outcome)", "None"),
    ),
    fault(
        "billing calls not journaled",
        "client/journaled.py",
        Swap("JournaledClient._make", "journal is None or not call.operation.bills", "True"),
    ),
    fault("unknown outcome of billing not logged", "observe/log.py", Begin("outcome_unknown", "return None")),
    fault(
        "closed client goes on",
        "client/client.py",
        Swap(
            "SyncClient._attempt",
            "self._closed or (self._http is not None and self._http.is_closed)",
            "False",
        ),
    ),
    fault(
        "timeouts of the client ignored",
        "client/core.py",
        Swap("Core.__init__", "timeout_steps(settings.timeout)", "timeout_steps(UNSET)"),
    ),
    fault(
        "with_response gives the result only",
        "client/client.py",
        Swap(
            "SyncClient.with_response",
            "captured.reply(called_through(method)(*args, **kwargs))",
            "called_through(method)(*args, **kwargs)",
        ),
    ),
)
