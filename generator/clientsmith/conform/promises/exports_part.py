"""What a package exports: every name it lists, values that nobody can change, the tree of its errors, its defaults."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterable
from typing import Any, cast

import httpx

from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.traffic.message import HttpRequest, HttpResponse

_CAUGHT_AS = {
    "ClientError": (
        "ConfigurationError",
        "RequestValidationError",
        "JournalError",
        "TransportError",
        "ResponseError",
    ),
    "ConfigurationError": ("CredentialsError", "ClientClosedError"),
    "JournalError": ("IntentRefusedError",),
    "TransportError": ("ConnectError", "CallTimeoutError", "WriteError", "ReadError", "ProtocolError"),
    "CallTimeoutError": (
        "ConnectTimeoutError",
        "PoolTimeoutError",
        "WriteTimeoutError",
        "ReadTimeoutError",
        "DeadlineExceededError",
    ),
    "ResponseError": ("ResponseDecodeError", "StatusError"),
    "ResponseDecodeError": ("InvalidResponseError",),
    "StatusError": ("RedirectError", "RequestRejected", "ServerError"),
    "RequestRejected": ("NotFound", "TooManyRequests", "RequestTimeout"),
    "ServerError": ("InternalServerError",),
}
"""Base classes of errors, and the errors that are caught as them, as the README has it."""
_OF_A_SETTING = {
    "JournalError": "journal",
    "IntentRefusedError": "journal",
    "InvalidResponseError": "validation",
}
"""Errors that only packages with a setting have."""
_NOT_SENT = (
    "ConfigurationError",
    "CredentialsError",
    "ClientClosedError",
    "RequestValidationError",
    "JournalError",
    "IntentRefusedError",
)
"""Errors that are raised before anything leaves."""
_OUTCOMES = ("succeeded", "not_sent", "not_processed", "rejected", "unknown")
_DEFAULTS: dict[str, dict[str, float]] = {
    "Retries": {"attempts": 5, "first_delay": 0.1, "longest_delay": 30.0, "budget": 20},
    "Limits": {"response_bytes": 64 * 2**20, "json_depth": 200, "connections": 100},
}
_TRANSPORT = {
    "connections": 100,
    "verify": None,
    "proxy": None,
    "trust_env": True,
    "reuse_within": 1.0,
    "reuse_for_billing": False,
}
_STEPS = ("connect", "read", "write", "pool")
_PATIENCE = 30.0
"""Seconds for each step of an attempt by default."""
_DEADLINE = 300.0
"""Seconds for a whole call by default."""


def check_exports(case: PromiseCase) -> None:
    """Check what can be imported from a package against what it says."""
    part = _ExportsPart.of_case(case)
    part.names()
    part.values()
    part.errors()
    part.defaults()
    part.signatures()


class _ExportsPart(PromiseCase):
    def names(self) -> None:
        module: Any = self.context.package.module
        missing = [name for name in module.__all__ if getattr(module, name, self) is self]
        self.check(not missing, "export-missing", f"{missing} are listed and cannot be imported")
        hidden = [name for name in module.__all__ if name not in dir(module)]
        self.check(not hidden, "export-missing", f"{hidden} are listed and not shown by dir()")
        try:
            found = repr(module.NoSuchName)
        except AttributeError as error:
            found = str(error) if "NoSuchName" in str(error) else ""
        said = f"a name that is not exported gives {found!r:.200}"
        self.check("no attribute" in found, "unknown-name", said)
        private = [name for name in module.__all__ if name.startswith("_")]
        self.check(not private, "export-private", f"{private} are listed and private")

    def values(self) -> None:
        """What is passed in and handed out is frozen: no caller changes the calls of another one."""
        runtime = self.context.package.submodule("_runtime")
        changeable = [
            name
            for name in dir(runtime)
            if dataclasses.is_dataclass(found := getattr(runtime, name, None))
            and not getattr(found, "__dataclass_params__").frozen  # noqa: B009 - the type is not public
        ]
        self.check(not changeable, "value-changeable", f"{changeable} can be changed after they are made")
        unset = self.get("UNSET")
        facts = bool(unset), repr(unset)
        self.check(facts == (False, "UNSET"), "unset-is-set", f"UNSET is {facts}")

    def errors(self) -> None:
        takes = self.context.package.takes
        missing = {name for name, setting in _OF_A_SETTING.items() if not takes(setting)}
        for base, names in _CAUGHT_AS.items():
            for name in (one for one in names if one not in missing):
                found: Any = self.get(name)
                bases = [one.__name__ for one in found.__mro__[1:]]
                self.check(base in bases, "error-not-caught", f"{name} is caught as {bases}, not as {base}")
        not_sent = [name for name in _NOT_SENT if name not in missing]
        stated = [str(getattr(self.get(name), "outcome", None)) for name in not_sent]
        said = f"{', '.join(not_sent)} say {', '.join(stated)}"
        self.check(set(stated) == {"not_sent"}, "wrong-outcome", said)
        outcomes = tuple(map(str, cast("Iterable[object]", self.get("Outcome"))))
        self.check(outcomes == _OUTCOMES, "wrong-outcome", f"the outcomes are {outcomes}")
        bare: Any = self.get("ClientError")("words")
        facts = (
            bare.message,
            bare.operation,
            bare.method,
            bare.url,
            bare.attempts,
            bare.earlier,
            str(bare.outcome),
        )
        passed = facts == ("words", "", "", "", 0, (), "unknown")
        self.check(passed, "error-says-nothing", f"a bare error holds {facts}")

    def signatures(self) -> None:
        """Defaults that are read from the signature, since they would take a hundred connections to see."""
        for name in ("PooledTransport", "AsyncPooledTransport"):
            parameters = inspect.signature(self.get(name)).parameters
            got = {key: one.default for key, one in parameters.items()}
            self.check(got == _TRANSPORT, "wrong-default", f"{name} takes {got}, not {_TRANSPORT}")

    def defaults(self) -> None:
        for name, expected in _DEFAULTS.items():
            made = self.get(name)()
            got = {one: getattr(made, one, None) for one in expected}
            self.check(got == expected, "wrong-default", f"{name}() is {got}, not {expected}")
        with self.client(retries=self.get("UNSET")) as caller:
            sent = self.call(caller, _limited).requests
            said = f"a call that may be repeated was tried {len(sent)} times"
            self.check(len(sent) == 5, "wrong-default", said)
            steps: list[object] = list(caller.wire.timeouts)
            due_steps = dict.fromkeys(_STEPS, _PATIENCE)
            said = f"the steps of an attempt may take {steps[:1]}"
            self.check(steps[:1] == [due_steps], "wrong-default", said)
        with self.client(timeout=httpx.Timeout(4.0, connect=2.0)) as caller:
            self.call(caller, _limited)
            steps = list(caller.wire.timeouts)
            due_steps = {"connect": 2.0, "read": 4.0, "write": 4.0, "pool": 4.0}
            self.check(steps == [due_steps], "timeout-ignored", f"an httpx.Timeout became {steps}")
        for given, due_step in (({"timeout": None}, _DEADLINE), ({"timeout": None, "deadline": None}, None)):
            with self.client(**given) as caller:
                self.call(caller, _limited)
                (step,) = caller.wire.timeouts
            table = cast("dict[str, object]", step) if isinstance(step, dict) else {}
            left = [table.get(one, self) for one in _STEPS]
            passed = left == [None] * 4 if due_step is None else _all_near(left, due_step)
            self.check(passed, "wrong-default", f"with {given} the steps of an attempt may take {step}")


def _all_near(left: list[object], expected: float) -> bool:
    return all(isinstance(one, float) and expected - 5 < one <= expected for one in left)


def _limited(_: HttpRequest) -> HttpResponse:
    return HttpResponse(429, (("Retry-After", "0"),))
