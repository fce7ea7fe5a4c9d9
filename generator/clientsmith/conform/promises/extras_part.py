"""What a call may add that no document knows: query parameters, members of a body, headers, in any Python value."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, Field

from clientsmith.conform.client.calls import Called, Caller
from clientsmith.conform.client.scripted import not_found
from clientsmith.conform.inputs.python_only import Amount, Real, Text, Whole
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.openapi.operation import DescribedOperation


class _Colour(enum.StrEnum):
    RED = "red"


class _Number(enum.Enum):
    ONE = 1


class _Aliased(BaseModel):
    a_b: int = Field(alias="a-b")
    c: int = 0


class _Spelt(NamedTuple):
    """A Python value and the text that it is sent as."""

    value: Any
    text: str


class _Repeated(NamedTuple):
    """A Python value and the texts that its query parameter is sent with, once for each."""

    value: Any
    texts: tuple[str, ...]


_ID = UUID("12345678-1234-5678-1234-567812345678")
_SCALARS = (
    _Spelt("a", "a"),
    _Spelt(Text("a"), "a"),
    _Spelt(True, "true"),
    _Spelt(False, "false"),
    _Spelt(5, "5"),
    _Spelt(Whole(5), "5"),
    _Spelt(-1.5, "-1.5"),
    _Spelt(Real(0.5), "0.5"),
    _Spelt(1e300, "1e+300"),
    _Spelt(Decimal("1.10"), "1.10"),
    _Spelt(Amount("0.5"), "0.5"),
    _Spelt(Decimal("1E+5"), "100000"),
    _Spelt(Decimal("1E+400"), "1" + "0" * 400),
    _Spelt(Decimal("1E+401"), "1E+401"),
    _Spelt(Decimal("1E-400"), "0." + "0" * 399 + "1"),
    _Spelt(Decimal("1E-401"), "1E-401"),
    _Spelt(12345678901234567890123, "12345678901234567890123"),
    _Spelt(_Colour.RED, "red"),
    _Spelt(_Number.ONE, "1"),
    _Spelt(datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-02-03T04:05:06+00:00"),
    _Spelt(date(2026, 2, 3), "2026-02-03"),
    _Spelt(time(4, 5, tzinfo=UTC), "04:05:00+00:00"),
    _Spelt(_ID, str(_ID)),
    _Spelt(timedelta(days=1, hours=2, seconds=3), "P1DT2H0M3S"),
    _Spelt(timedelta(), "PT0S"),
    _Spelt(ip_address("192.0.2.1"), "192.0.2.1"),
    _Spelt(ip_address("2001:db8::1"), "2001:db8::1"),
)
"""As a member of JSON the text is quoted unless the value is a number or a constant."""
_BARE = (bool, int, float, Decimal, _Number)
_MEMBERS = (
    _Spelt(None, "null"),
    _Spelt([], "[]"),
    _Spelt({}, "{}"),
    _Spelt((1, None), "[1,null]"),
    _Spelt({"a": [{"b": 1}]}, '{"a":[{"b":1}]}'),
    _Spelt(1.0, "1.0"),
    _Spelt(MappingProxyType({"a": 1}), '{"a":1}'),
    _Spelt('q"\\\n\u00e4\U0001f600', '"q\\"\\\\\\n\u00e4\U0001f600"'),
    _Spelt([1, 2], "[1,2]"),
    _Spelt(_Aliased.model_validate({"a-b": 1}), '{"a-b":1}'),
    _Spelt({"a": 1, "b": 2}, '{"a":1,"b":2}'),
)
_QUERIES = (
    _Repeated("a b&c=d/\u00e4", ("a%20b%26c%3Dd%2F%C3%A4",)),
    _Repeated([1, "x", True], ("1", "x", "true")),
    _Repeated((1, 2), ("1", "2")),
    _Repeated({7}, ("7",)),
    _Repeated(frozenset({8}), ("8",)),
    _Repeated(None, ()),
    _Repeated([], ()),
    _Repeated("", ("",)),
    _Repeated("~-._", ("~-._",)),
)
_ENDLESS = "a list in itself"
_NO_JSON: dict[str, Any] = {
    "NaN": float("nan"),
    "infinity": float("inf"),
    "Decimal NaN": Decimal("NaN"),
    "-Infinity": Decimal("-Infinity"),
    "an object": object(),
    "a set": {1, 2},
    "a lone surrogate": "\ud800",
    "bytes": b"bytes",
    "a date-time without an offset": datetime(2026, 2, 3),
    "a time without an offset": time(4, 5),
    "a negative duration": timedelta(seconds=-1),
    "half a second": timedelta(0, 0, 5),
    "a signalling NaN": Decimal("sNaN"),
    "a key that is not a str": {1: 2, None: 4},
    "an iterator": iter([1]),
    "a number of 5,001 digits": 10**5_000,
    "an object in a dict": {"a": object()},
    "NaN in lists": [[float("nan")]],
}
"""What JSON cannot hold (RFC 8259), or Python does not write."""


def check_extras(case: PromiseCase, with_body: DescribedOperation | None) -> None:
    """Add query parameters to the one operation, and members to the JSON body of the other."""
    part = _ExtrasPart.of_case(case)
    part.queries()
    if with_body is not None:
        inputs = case.context.usual_inputs(with_body)
        if inputs is not None:
            part = _ExtrasPart(case.context, with_body, case.findings, inputs, case.mode)
            part.members()
            part.refused_members()


def check_headers(case: PromiseCase) -> None:
    """Give an operation headers that stand for each of those that it sends by itself."""
    _ExtrasPart.of_case(case).headers()


class _ExtrasPart(PromiseCase):
    @property
    def _caller(self) -> Caller:
        return self.context.caller(self.mode, retries=None)

    def check(self, passed: bool, id: str, message: str, called: Called | None = None, **more: Any) -> bool:
        """As for all parts; inputs of another operation than that of the findings are not shown as its own."""
        inputs = self.inputs if self.findings.operation is self.operation else None
        return super().check(passed, id, message, called, inputs=inputs, **more)

    def _sent(self, **options: Any) -> Called:
        return self.call(self._caller, not_found, **options)

    def queries(self) -> None:
        escaped = [one.text.replace("+", "%2B").replace(":", "%3A") for one in _SCALARS]
        scalars = [_Repeated(one.value, (text,)) for one, text in zip(_SCALARS, escaped, strict=True)]
        for value, expected in (*scalars, *_QUERIES):
            called = self._sent(extra_query={"a[b]": value})
            query = [urlsplit(one.target).query for one in called.requests]
            pairs = [one.partition("=") for one in "&".join(query).split("&")]
            got = tuple(text for name, _, text in pairs if name == "a%5Bb%5D")
            said = f"extra_query with {value!r:.100} arrives as {got!r:.100}; {called.error!r:.100}"
            self.check(len(query) == 1 and got == expected, "query-ignored", said)

    def headers(self) -> None:
        """Those of a call win over those of the client, and those over what the client says of itself."""
        given = {"x-CLIENT": "call", "User-Agent": "call-agent", "authorization": "Own", "COOKIE": "own=1"}
        with self.client(headers={"X-Client": "client", "Accept": "client/a"}) as caller:
            sent = self.call(caller, not_found, headers=given).requests
            again = self.call(caller, not_found).requests
        for (request,), wanted in ((sent, list(given.values())), (again, ["client", None, None, None])):
            got = [request.header(name) for name in given]
            passed = all(one in (value, None) for value, one in zip(got, wanted, strict=True))
            self.check(passed, "headers-ignored", f"headers of a call arrive as {got}, not {wanted}")
            names = [name.lower() for name, _ in request.headers]
            passed = len(set(names)) == len(names) and names[0] == "host"
            self.check(passed, "headers-ignored", f"the headers are {names}")
            accepted = request.header("accept-encoding")
            self.check(accepted == "gzip, deflate", "headers-ignored", f"Accept-Encoding is {accepted}")

    def members(self) -> None:
        before = "," if self.inputs.body else "{"
        scalars = [
            one if isinstance(one.value, _BARE) else _Spelt(one.value, f'"{one.text}"') for one in _SCALARS
        ]
        for value, expected in (*scalars, *_MEMBERS):
            called = self._sent(extra_body={"conform member": value})
            text = f'{before}"conform member":{expected}}}'
            bodies = [one.body for one in called.requests]
            passed = len(bodies) == 1 and bodies[0].endswith(text.encode())
            said = f"a member {value!r:.100} arrives in {bodies!r:.300}, not as {expected:.100}"
            self.check(passed, "member-lost", f"{said}; {called.error!r:.100}")
            lengths = [one.header("content-length") for one in called.requests]
            passed = lengths == [str(len(one)) for one in bodies]
            self.check(passed, "wrong-length", f"Content-Length is {lengths}")

    def refused_members(self) -> None:
        endless: list[Any] = []
        endless.append(endless)
        body = self.inputs.body
        taken = next(iter(body), None) if isinstance(body, dict) else None
        cases: dict[str, dict[str, Any]] = {name: {"conform": value} for name, value in _NO_JSON.items()}
        cases[_ENDLESS] = {"conform": endless}
        if taken is not None and taken in self.context.package.operations[self.operation.id].arguments.get(
            "body", {}
        ):
            cases["a member that is there"] = {taken: 1}
        for name, extra in cases.items():
            called = self._sent(extra_body=extra)
            error: Any = called.error
            passed = isinstance(error, self.get("RequestValidationError")) and not called.requests
            passed = passed and str(error).startswith(f"{self.operation.id}: ")
            said = f"{name} ends in {error!r:.200} and {len(called.requests)} requests"
            self.check(passed and error.operation == self.operation.id, "member-accepted", said)
            is_deep = "nested too deeply" in str(error)
            passed = len(str(error)) < 1_000 and is_deep is (name == _ENDLESS)
            self.check(passed, "error-says-nothing", f"{name} is refused with {error!s:.300}")
