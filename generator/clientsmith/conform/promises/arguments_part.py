"""Arguments that a client or a call takes or refuses: base URLs, durations, limits, headers, hooks, options.

What is refused is refused before anything is sent, by a ConfigurationError or a RequestValidationError.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import httpx

from clientsmith.conform.client.call_inputs import NoSuchArgumentError
from clientsmith.conform.client.calls import Called, Caller
from clientsmith.conform.client.scripted import not_found
from clientsmith.conform.promises.promise_case import PromiseCase, outcome_of

_SECRET_PART = "s3cret"
_HOST = "api.conform.invalid"
_BAD_URLS: dict[str, tuple[object, ...]] = {
    "no host": (_HOST, "/v1", "https://", "https:///v1", f"//{_HOST}"),
    "another scheme": (f"ftp://{_HOST}",),
    "credentials": (f"https://user:s3cret@{_HOST}", f"https://s3cret@{_HOST}"),
    "a query": (f"https://{_HOST}?key=s3cret", f"https://{_HOST}?"),
    "a fragment": (f"https://{_HOST}/#s3cret", f"https://{_HOST}/v1#"),
    "dot segments": (f"https://{_HOST}/a/../b", f"https://{_HOST}/./b", f"https://{_HOST}/.."),
    "not a port": (f"https://{_HOST}:0", f"https://{_HOST}:65536", f"https://{_HOST}:port"),
    "not a host": ("https://exa mple.com", "https://exa*mple.com", "https://[::1", "https://[v1.x]"),
    "not text": (7, b"https://api.conform.invalid"),
}
"""Base URLs by what is wrong with them; the words that refuse them name the argument."""
_PLAIN_HOSTS = (_HOST, "10.0.0.1", "128.0.0.1", "localhost.example.com", "[::2]")
"""Other machines, which a client does not talk to without encryption."""
_OWN_HOSTS = ("localhost", "localhost:8080/x", "127.0.0.1:1", "127.255.0.9", "[::1]:81")
"""This machine, which it talks to either way."""
_GOOD_URLS = (
    f"https://{_HOST}",
    f"https://{_HOST}:1",
    f"https://{_HOST}/...",
    "https://a_b-c.d1",
    "https://192.0.2.1:65535",
    "https://[2001:db8::1]/v1",
    *(f"http://{one}" for one in _OWN_HOSTS),
)
"""Base URLs that requests start with just as they are."""
_CHANGED_URLS = {
    f"https://{_HOST}/": f"https://{_HOST}",
    f"https://{_HOST}/v1//": f"https://{_HOST}/v1",
    "HTTPS://api.Conform.invalid": f"https://{_HOST}",
    f"https://{_HOST}:8443/v1/": f"https://{_HOST}:8443/v1",
    "https://b\u00fccher.example": "https://xn--bcher-kva.example",
}
"""Other base URLs, and what requests start with instead."""
_BAD_DURATIONS: tuple[object, ...] = (0, -1, -0.5, True, "5", math.nan, math.inf, 1e10, [1])
_BAD_DELAYS: tuple[object, ...] = (-0.1, True, "1", None, math.nan, 86_400.5)
_BAD_NUMBERS: tuple[object, ...] = (-1, True, 1.5, "3", None)
_BAD_HEADERS: tuple[dict[str, Any], ...] = (
    *({"X-A": value} for value in (1, None, "x\r\nY: z", "x\n", " x", "x ", "\tx", "\x7f", "\x00", "\u20ac")),
    *({name: "x"} for name in ("", "X A", "X:A", "X\u00e4", "Host")),
    *({"content-LENGTH": "1"}, {"Transfer-Encoding": "chunked"}, {"Connection": "close"}),
    *({"Upgrade": "h2c"}, {"TE": "trailers"}, {"Trailer": "X"}),
)
"""Names and values that no header has, or that HTTP itself is framed with (RFC 9110 sections 5 and 7)."""
_BAD_NAME = {1: "x"}
_NO_TABLES: tuple[object, ...] = (5, "X-A: x", [("X-A", "x")])
_WRONG: dict[str, tuple[object, ...]] = {
    "timeout": (*_BAD_DURATIONS, httpx.Timeout(0), httpx.Timeout(5, connect=-1)),
    "deadline": _BAD_DURATIONS,
    "retries": (3, "3", {"attempts": 3}, False),
    "limits": (3, {}, False),
    "validation": ("loose", "", None, 1),
    "headers": _NO_TABLES,
    "hooks": (None, 5, "abc", {"a": 1}, [5], [print, None]),
}
"""What settings of a client must not be."""
_WRONG_OPTIONS: dict[str, tuple[object, ...]] = {
    "timeout": _BAD_DURATIONS,
    "deadline": _BAD_DURATIONS,
    "retries": (3, "3", False),
    "validation": ("loose", "", 1),
    "intent_id": ("x", "", 5),
    "headers": (*_NO_TABLES, _BAD_NAME),
    "extra_query": (5, "a", [("a", 1)], {1: 2}),
    "extra_body": (5, "a", [("a", 1)], {1: 2}),
}
"""What options of a call must not be."""
_WRONG_PARTS: dict[tuple[str, str], tuple[object, ...]] = {
    ("Retries", "attempts"): (0, *_BAD_NUMBERS),
    ("Retries", "budget"): _BAD_NUMBERS,
    ("Retries", "first_delay"): _BAD_DELAYS,
    ("Retries", "longest_delay"): _BAD_DELAYS,
    ("Limits", "response_bytes"): (0, *_BAD_NUMBERS),
    ("Limits", "json_depth"): (0, *_BAD_NUMBERS),
    ("Limits", "connections"): (0, *_BAD_NUMBERS),
}
"""What the members of two settings must not be, by class and name."""


def check_arguments(case: PromiseCase) -> None:
    """Give a client and a call what they must refuse, and what they must take."""
    part = _ArgumentsPart.of_case(case)
    part.base_urls()
    part.settings()
    part.taken()
    part.headers()
    part.options()


class _ArgumentsPart(PromiseCase):
    def _made(self, **settings: Any) -> tuple[Called | None, Exception | None]:
        """A call of a client with those settings, or the error of making it."""
        caller = None
        try:
            given: dict[str, Any] = {"retries": None, **self.base_url, **settings}
            caller = Caller(self.context.package, self.mode, **given)
            return self.call(caller, not_found), None
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
        passed = isinstance(error, self.get("ConfigurationError")) and not sent
        said = f"a client with {settings!r:.150} ends in {error!r:.150}, after {sent} requests"
        self.check(passed and outcome_of(error) == "not_sent", "setting-accepted", said, status=word)
        text = str(error)
        said = f"{settings!r:.150} is refused with {text!r:.200}"
        self.check(word in text and _SECRET_PART not in text, "error-says-nothing", said, status=word)

    def _needed_path(self) -> str:
        """The first server of the document, if a base URL on its host cannot do without a path."""
        addresses = [url.rstrip("/") for url in self.context.checker.index.addresses()]
        split = [httpx.URL(url) for url in addresses if "{" not in url]
        here = [url.path != "/" for url in split if url.host == split[0].host]
        return addresses[0] if here and len(split) == len(addresses) and all(here) else ""

    def base_urls(self) -> None:
        refused: dict[str, Iterable[object]] = {
            "base URL": ("",),
            "base_url": chain(*_BAD_URLS.values()),
            "http": [f"http://{one}" for one in _PLAIN_HOSTS],
        }
        for word, urls in refused.items():
            for url in urls:
                self._refused({"base_url": url, "allow_http": False}, word)
        if not self.context.package.allows_http:
            self._refused({"base_url": f"http://{_HOST}"}, "http")
        documented = self._needed_path()
        if documented:
            origin = "/".join(documented.split("/")[:3])
            self._refused({"base_url": origin, "allow_http": True}, documented)
        for url, start in ({one: one for one in _GOOD_URLS} | _CHANGED_URLS).items():
            self._reached(start, base_url=url)
        for url in refused["http"]:
            self._reached(str(url), base_url=url, allow_http=True)

    def _reached(self, start: str, **settings: Any) -> None:
        """Check that the requests of a client with those settings start so."""
        called, error = self._made(**settings)
        sent = called.requests if called is not None else ()
        targets = [one.target for one in sent]
        path = targets[0].removeprefix(start) if targets else ""
        passed = path.startswith("/") and not path.startswith("//")
        said = f"with {settings} the request goes to {targets}; {error!r:.150}"
        self.check(passed, "base-url-ignored", said)
        hosts, expected = [one.header("host") for one in sent], start.split("://")[1].split("/")[0]
        said = f"with {settings} the Host is {hosts}, not {expected}"
        self.check(hosts == [expected], "base-url-ignored", said)

    def settings(self) -> None:
        wrong = dict(_WRONG)
        wrong["journal"] = (object(), _Half(), _OtherKind() if self.mode == "sync" else _Blocks())
        for name, values in wrong.items():
            for value in values if self.context.package.takes(name) else ():
                self._refused({name: value}, name.partition("_")[0])
        for (kind, name), values in _WRONG_PARTS.items():
            for value in values:
                self._refused({kind.lower(): self.get(kind)(**{name: value})}, f"{kind}.{name}")
        other: Any = httpx.AsyncClient if self.mode == "sync" else httpx.Client
        own: Any = httpx.Client if self.mode == "sync" else httpx.AsyncClient
        for client in (other(trust_env=False), object()):
            self._refused({"http_client": client, "transport": None}, "http_client must be")
        self._refused({"http_client": own(trust_env=False)}, "not both")
        self._refused({"transport": object()}, "transport must be")

    def _fine(self) -> Iterator[dict[str, Any]]:
        """Settings from the good side of every bound."""
        retries, limits = self.get("Retries"), self.get("Limits")
        fine: dict[str, tuple[object, ...]] = {
            "timeout": (None, 1e-9, 1e9, 5),
            "deadline": (None, 1e9, 60),
            "retries": (
                None,
                retries(attempts=1, first_delay=0, longest_delay=0, budget=0),
                retries(first_delay=86_400, longest_delay=86_400.0),
            ),
            "limits": (None, limits(response_bytes=1, json_depth=1, connections=1)),
            "headers": (None, {}),
            "hooks": ((_nothing,), []),
            "validation": ("lenient", "warn", "strict"),
        }
        return ({name: value} for name, values in fine.items() for value in values)

    def taken(self) -> None:
        for settings in self._fine():
            called, error = self._made(**settings)
            passed = error is None and called is not None and len(called.requests) == 1
            self.check(passed, "setting-refused", f"{settings!r:.150} ends in {error or called!r:.200}")

    def headers(self) -> None:
        """What is not a header is refused; other headers arrive as they were given."""
        for headers in (*_BAD_HEADERS, _BAD_NAME):
            called, error = self._made(headers=headers)
            sent = called.requests if called is not None else ()
            passed = not sent and isinstance(error, self.get("ConfigurationError"))
            said = f"a client with headers {headers!r:.100} ends in {error!r:.150} and {len(sent)} requests"
            self.check(passed, "header-accepted", said)
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
        """Options that a call cannot have are refused before anything is sent, and the error names the operation."""
        refusal, wrong = self.get("RequestValidationError"), self.get("ConfigurationError")
        options = self.get("CallOptions")
        nothing: tuple[object, ...] = (5, {}, "x", object())
        queries: tuple[dict[str, Any], ...] = (
            *({"q": value} for value in (object(), "\ud800", math.nan, [math.inf])),
            {"\ud800": "q"},
        )
        with self.client() as caller:
            for given in nothing:
                self._stopped(caller, given, wrong, "CallOptions")
            for name, values in _WRONG_OPTIONS.items():
                for value in values:
                    self._stopped(caller, options(**{name: value}), wrong, name)
            for headers in _BAD_HEADERS:
                self._stopped(caller, options(headers=headers), refusal, "header")
            for query in queries:
                self._stopped(caller, options(extra_query=query), refusal, "extra_query")
            if not self.operation.body_contents:
                self._stopped(caller, options(extra_body={"a": 1}), refusal, "extra_body")

    def _stopped(self, caller: Caller, options: Any, kind: type[Exception], word: str) -> None:
        called = self.call_with(caller, options)
        error: Any = called.error
        passed = isinstance(error, kind) and not called.requests and outcome_of(error) == "not_sent"
        said = f"options {options!r:.150} end in {error!r:.150} and {len(called.requests)} requests"
        self.check(passed, "option-accepted", said, status=word)
        text = str(error)
        said = f"{options!r:.150}: {text!r:.150}"
        self.check(word in text, "error-says-nothing", said, status=word)
        problems: Any = getattr(error, "problems", None)
        if problems is not None:
            operation: object = getattr(error, "operation", None)
            named = text.startswith(f"{self.operation.id}: ") and operation == self.operation.id
            reasons = [one.reason for one in problems]
            passed = named and bool(reasons) and all(one and one in text for one in reasons)
            said = f"{said}, with the problems {reasons}"
            self.check(passed, "error-says-nothing", said, status=word)


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
