"""Arguments that a client or a call takes or refuses: base URLs, durations, limits, headers, hooks, options.

What is refused is refused before anything is sent, by a ConfigurationError or a RequestValidationError.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import httpx

from clientsmith.conform.client.calls import Called, Caller, NoSuchArgumentError
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of
from clientsmith.traffic.message import HttpResponse

_SECRET_PART = "s3cret"
_BAD_URLS: tuple[Any, ...] = (
    "", "api.conform.invalid", "/v1", "https://", "https:///v1", "//api.conform.invalid", "ftp://api.conform.invalid",
    "http://api.conform.invalid", "http://10.0.0.1", "http://128.0.0.1", "http://localhost.example.com", "http://[::2]",
    "https://user:s3cret@api.conform.invalid", "https://s3cret@api.conform.invalid", "https://api.conform.invalid?key=s3cret",
    "https://api.conform.invalid/#s3cret", "https://api.conform.invalid?", "https://api.conform.invalid/v1#",
    "https://api.conform.invalid/a/../b", "https://api.conform.invalid/./b", "https://api.conform.invalid/..",
    "https://api.conform.invalid:0", "https://api.conform.invalid:65536", "https://api.conform.invalid:port",
    "https://exa mple.com", "https://exa*mple.com", "https://[::1", "https://[v1.x]", 7, b"https://api.conform.invalid",
)  # fmt: skip
_GOOD_URLS = {
    "https://api.conform.invalid": "https://api.conform.invalid", "https://api.conform.invalid/": "https://api.conform.invalid",
    "https://api.conform.invalid/v1//": "https://api.conform.invalid/v1",
    "HTTPS://api.Conform.invalid": "https://api.conform.invalid",
    "https://api.conform.invalid:8443/v1/": "https://api.conform.invalid:8443/v1", "https://a_b-c.d1": "https://a_b-c.d1",
    "https://192.0.2.1:65535": "https://192.0.2.1:65535", "https://api.conform.invalid:1": "https://api.conform.invalid:1",
    "https://[2001:db8::1]/v1": "https://[2001:db8::1]/v1", "http://localhost": "http://localhost",
    "http://localhost:8080/x": "http://localhost:8080/x", "http://127.0.0.1:1": "http://127.0.0.1:1",
    "http://127.255.0.9": "http://127.255.0.9", "http://[::1]:81": "http://[::1]:81",
    "https://b\u00fccher.example": "https://xn--bcher-kva.example",
    "https://api.conform.invalid/...": "https://api.conform.invalid/...",
}  # fmt: skip
"""Base URLs, and what a request then starts with."""
_BAD_DURATIONS: tuple[Any, ...] = (0, -1, -0.5, True, "5", math.nan, math.inf, 1e10, [1])
_BAD_HEADERS: tuple[Any, ...] = (
    {"X-A": 1}, {"X-A": None}, {1: "x"}, {"X-A": "x\r\nY: z"}, {"X-A": "x\n"}, {"X-A": " x"}, {"X-A": "x "},
    {"X-A": "\tx"}, {"X-A": "\x7f"}, {"X-A": "\x00"}, {"X-A": "\u20ac"}, {"": "x"}, {"X A": "x"}, {"X:A": "x"},
    {"X\u00e4": "x"}, {"Host": "x"}, {"content-LENGTH": "1"}, {"Transfer-Encoding": "chunked"},
    {"Connection": "close"}, {"Upgrade": "h2c"}, {"TE": "trailers"}, {"Trailer": "X"},
)  # fmt: skip
"""Names and values that no header has, or that HTTP itself is framed with (RFC 9110 sections 5 and 7)."""
_NO_TABLES: tuple[Any, ...] = (5, "X-A: x", [("X-A", "x")])


def check_arguments(case: PromiseCase) -> None:
    """Give a client and a call what they must refuse, and what they must take."""
    part = _ArgumentsPart.of_case(case)
    part.base_urls()
    part.settings()
    part.taken()
    part.options()


class _ArgumentsPart(PromiseCase):
    def _made(self, **settings: Any) -> tuple[Called | None, Exception | None]:
        """A call of a client with those settings, or the error of making it."""
        caller = None
        try:
            given: dict[str, Any] = {"retries": None, **self.base_url, **settings}
            caller = Caller(self.context.package, self.mode, **given)
            return self.call(caller, lambda _: HttpResponse(404)), None
        except NoSuchArgumentError:
            raise
        except Exception as error:
            return None, error
        finally:
            if caller is not None:
                caller.close()

    def _refused(self, settings: dict[str, Any], word: str) -> None:
        called, error = self._made(**settings)
        sent = len(called.requests) if called is not None else 0
        kind = self.get("ConfigurationError")
        text = str(error)
        self.check(
            isinstance(error, kind) and not sent and outcome_of(error) == "not_sent", "setting-accepted",
            f"a client with {settings!r:.150} ends in {error!r:.150}, after {sent} requests", status=word,
        )  # fmt: skip
        self.check(
            word in text and _SECRET_PART not in text, "error-says-nothing",
            f"{settings!r:.150} is refused with {text!r:.200}", status=word,
        )  # fmt: skip

    def _needed_path(self) -> str:
        """The first server of the document, if a base URL on its host cannot do without a path."""
        addresses = [url.rstrip("/") for url in self.context.checker.index.addresses()]
        split = [httpx.URL(url) for url in addresses if "{" not in url]
        here = [url.path != "/" for url in split if url.host == split[0].host]
        return addresses[0] if here and len(split) == len(addresses) and all(here) else ""

    def base_urls(self) -> None:
        for url in _BAD_URLS:
            self._refused(
                {"base_url": url, "allow_http": False},
                "base URL" if url == "" else "http" if str(url)[:5] == "http:" else "base_url",
            )
        documented = self._needed_path()
        if documented:
            origin = "/".join(documented.split("/")[:3])
            self._refused({"base_url": origin, "allow_http": True}, documented)
        for url, start in _GOOD_URLS.items():
            called, error = self._made(base_url=url)
            targets = [one.target for one in called.requests] if called is not None else []
            hosts = [one.header("host") for one in called.requests] if called is not None else []
            path = targets[0].removeprefix(start) if targets else ""
            self.check(
                path.startswith("/") and not path.startswith("//"), "base-url-ignored",
                f"with {url} the request goes to {targets}; {error!r:.150}",
            )  # fmt: skip
            expected = start.split("://")[1].split("/")[0]
            self.check(
                hosts == [expected], "base-url-ignored", f"with {url} the Host is {hosts}, not {expected}"
            )

    def settings(self) -> None:
        for name, value in self._wrong():
            self._refused({name: value}, name.partition("_")[0])
        retries, limits = self.get("Retries"), self.get("Limits")
        for name in ("attempts", "budget"):
            for value in (-1, True, 1.5, "3", None, *([0] if name == "attempts" else [])):
                self._refused({"retries": retries(**{name: value})}, f"Retries.{name}")
        for name in ("first_delay", "longest_delay"):
            for value in (-0.1, True, "1", None, math.nan, 86_400.5):
                self._refused({"retries": retries(**{name: value})}, f"Retries.{name}")
        for name in ("response_bytes", "json_depth", "connections"):
            for value in (0, -1, True, 1.5, "3", None):
                self._refused({"limits": limits(**{name: value})}, f"Limits.{name}")
        other: Any = httpx.AsyncClient if self.mode == "sync" else httpx.Client
        own: Any = httpx.Client if self.mode == "sync" else httpx.AsyncClient
        none = {"transport": None}
        for client in (other(trust_env=False), object()):
            self._refused({"http_client": client, **none}, "http_client must be")
        self._refused({"http_client": own(trust_env=False)}, "not both")
        self._refused({"transport": object()}, "transport must be")

    def _wrong(self) -> Iterator[tuple[str, Any]]:
        """Settings by name with values that are none."""
        for name in ("timeout", "deadline"):
            yield from ((name, value) for value in _BAD_DURATIONS)
        other = _OtherKind() if self.mode == "sync" else _Blocks()
        wrong: dict[str, tuple[Any, ...]] = {
            "timeout": (httpx.Timeout(0), httpx.Timeout(5, connect=-1)), "retries": (3, "3", {"attempts": 3}, False),
            "limits": (3, {}, False), "validation": ("loose", "", None, 1), "headers": _NO_TABLES,
            "hooks": (None, 5, "abc", {"a": 1}, [5], [print, None]), "journal": (object(), _Half(), other),
        }  # fmt: skip
        for name, values in wrong.items():
            if not self.context.package.takes(name):
                continue
            yield from ((name, value) for value in values)

    def taken(self) -> None:
        """Every bound from its good side; headers arrive as they were given."""
        retries, limits = self.get("Retries"), self.get("Limits")
        fine: tuple[dict[str, Any], ...] = (
            {"timeout": None}, {"timeout": 1e-9}, {"timeout": 1e9}, {"timeout": 5}, {"deadline": None},
            {"deadline": 1e9}, {"deadline": 60}, {"retries": None}, {"limits": None}, {"headers": None},
            {"headers": {}},
            {"retries": retries(attempts=1, first_delay=0, longest_delay=0, budget=0)},
            {"retries": retries(first_delay=86_400, longest_delay=86_400.0)},
            {"limits": limits(response_bytes=1, json_depth=1, connections=1)}, {"hooks": (_nothing,)},
            {"hooks": []}, *({"validation": one} for one in ("lenient", "warn", "strict")),
        )  # fmt: skip
        for settings in fine:
            called, error = self._made(**settings)
            passed = error is None and called is not None and len(called.requests) == 1
            self.check(passed, "setting-refused", f"{settings!r:.150} ends in {error or called!r:.200}")
        for headers in _BAD_HEADERS:
            called, error = self._made(headers=headers)
            sent = called.requests if called is not None else ()
            self.check(
                not sent and isinstance(error, self.get("ConfigurationError")), "header-accepted",
                f"a client with headers {headers!r:.100} ends in {error!r:.150} and {len(sent)} requests",
            )  # fmt: skip
        given = {
            "X-Latin": "\u00e4\u00ff~",
            "X-Tab": "a\tb",
            "X-Empty": "",
            "x!#$%&'*+.^_`|~9": "1",
            "USER-agent": "own",
        }
        called, error = self._made(headers=given)
        sent = called.requests if called is not None else ()
        got = [{name: one.header(name) for name in given} for one in sent]
        self.check(got == [given], "headers-ignored", f"headers {given} arrive as {got}; {error!r:.150}")

    def options(self) -> None:
        """What a call is told that cannot be: refused before anything is sent, naming the operation."""
        refusal, wrong = self.get("RequestValidationError"), self.get("ConfigurationError")
        options = self.get("CallOptions")
        with self.client() as caller:
            nothing: tuple[Any, ...] = (5, {}, "x", object())
            for given in nothing:
                self._stopped(caller, given, wrong, "CallOptions")
            for name, values in (
                ("timeout", _BAD_DURATIONS), ("deadline", _BAD_DURATIONS), ("retries", (3, "3", False)),
                ("validation", ("loose", "", 1)), ("intent_id", ("x", "", 5)), ("headers", _NO_TABLES),
                ("extra_query", (5, "a", [("a", 1)], {1: 2})), ("extra_body", (5, "a", [("a", 1)], {1: 2})),
                ("headers", ({1: "x"},)),
            ):  # fmt: skip
                for value in values:
                    self._stopped(caller, options(**{name: value}), wrong, name)
            for headers in _BAD_HEADERS[:2] + _BAD_HEADERS[3:]:
                self._stopped(caller, options(headers=headers), refusal, "header")
            for query in (
                {"q": object()},
                {"q": "\ud800"},
                {"\ud800": "q"},
                {"q": math.nan},
                {"q": [math.inf]},
            ):
                self._stopped(caller, options(extra_query=query), refusal, "extra_query")
            if not self.operation.body_contents:
                self._stopped(caller, options(extra_body={"a": 1}), refusal, "extra_body")

    def _stopped(self, caller: Caller, options: Any, kind: type[Exception], word: str) -> None:
        called = caller.call_changed(
            self.operation.id, self.inputs, lambda _: HttpResponse(404), lambda given: given | {"options": options}
        )  # fmt: skip
        error: Any = called.error
        self.check(
            isinstance(error, kind) and not called.requests and outcome_of(error) == "not_sent", "option-accepted",
            f"options {options!r:.150} end in {error!r:.150} and {len(called.requests)} requests", status=word,
        )  # fmt: skip
        problems: Any = getattr(error, "problems", None)
        text = str(error)
        self.check(word in text, "error-says-nothing", f"{options!r:.150}: {text!r:.150}", status=word)
        if problems is not None:
            operation: object = getattr(error, "operation", None)
            named = text.startswith(f"{self.operation.id}: ") and operation == self.operation.id
            reasons = [one.reason for one in problems]
            self.check(
                named and bool(reasons) and all(one and one in text for one in reasons), "error-says-nothing",
                f"{options!r:.150}: {text!r:.150}, with the problems {reasons}", status=word,
            )  # fmt: skip


def _nothing(_: object) -> None:
    """A hook that asks not to be told of the end."""


class _Half:
    """A journal that takes intents and no outcomes."""

    def before_send(self, intent: object) -> None:
        """Do nothing."""


class _Blocks(_Half):
    def after_outcome(self, intent: object, outcome: object) -> None:
        """Do nothing."""


class _OtherKind:
    async def before_send(self, intent: object) -> None:
        """Do nothing."""

    async def after_outcome(self, intent: object, outcome: object) -> None:
        """Do nothing."""
