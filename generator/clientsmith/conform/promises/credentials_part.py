"""Credentials: demanded, taken from arguments before the environment, written as RFC 7617 has it, and never shown."""

from __future__ import annotations

import base64
import html
import json
import traceback
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import httpx

from clientsmith.conform.client.calls import Called, Caller
from clientsmith.conform.client.credentials import SECRET, credentials_of, holds_secret
from clientsmith.conform.client.environment import variables_set
from clientsmith.conform.client.scripted import always, failing, not_found
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.traffic.message import HttpRequest, HttpResponse

_DEEPEST = 4
"""Levels down to which the objects that a client is made of are looked at."""
_ODD = 'conf/orm="k3y"<&>+tail'
"""A credential that every encoding spells in another way; it has no capital letters."""


def check_credentials(case: PromiseCase) -> None:
    """Check the credentials that an operation sends against the document."""
    part = _CredentialsPart.of_case(case)
    part.secrets()
    part.from_environment()
    part.alternatives()


def check_client_credentials(case: PromiseCase) -> None:
    """Check what a client takes for credentials, and what it shows of them, by an operation that stands for all."""
    part = _CredentialsPart.of_case(case)
    part.refused()
    part.usual()
    part.reprs()
    part.echoed()


class _Unusable(NamedTuple):
    """What cannot be a credential, and the words that say why."""

    value: object
    words: str


_UNUSABLE = (
    _Unusable("", "is empty"),
    _Unusable(5, "must be str"),
    _Unusable(b"bytes", "must be str"),
    _Unusable(f"{SECRET}\ud800", "characters"),
)


class _CredentialsPart(PromiseCase):
    @property
    def _variables(self) -> list[str]:
        """The names of all environment variables that a client reads credentials from."""
        listed = self.context.package.environment.values()
        return [name for alternatives in listed for names in alternatives for name in names]

    def _sends_its_own(self, called: Called, id: str, message: str, **more: Any) -> None:
        """Check that the server takes the credentials of a call for those that its client was given."""
        if self.needs_credentials and called.requests:
            refusal = self.context.checker.check_request(called.requests[0]).refusal
            self.check(refusal != "credentials", id, message, called, **more)

    def secrets(self) -> None:
        """Whatever is shown of a client, a call or an error, no credential is in it."""
        caller = self.context.caller(self.mode, retries=None)
        called = self.call(caller, always(HttpResponse(401)))
        shown = [repr(caller.client), str(caller.client), *(one.getMessage() for one in caller.records.found)]
        if called.error is not None:
            shown += [str(called.error), repr(called.error), *traceback.format_exception(called.error)]
            shown += [repr(vars(called.error))]
        self.check(not any(map(holds_secret, shown)), "secret-shown", "a credential can be read", called)
        said = "the credentials are missing or not those that the client was given"
        self._sends_its_own(called, "wrong-credentials", said)

    def from_environment(self) -> None:
        """Without arguments the credentials are those of the environment, the first alternative that is set."""
        given = credentials_of(self.context.package)
        for key, alternatives in self.context.package.environment.items():
            arguments = self.context.package.credentials.get(key, ())
            every = [name for names in alternatives for name in names]
            for first in range(len(alternatives)):
                variables = {
                    name: given[argument] if number == first else f"{SECRET}-other"
                    for number, names in enumerate(alternatives[first:], first)
                    for name, argument in zip(names, arguments, strict=True)
                }
                with variables_set(every, variables):
                    caller = Caller(self.context.package, self.mode, bare=True, **self.base_url)
                try:
                    called = self.call(caller, not_found)
                finally:
                    caller.close()
                said = f"{', '.join(alternatives[first])} did not become the credentials"
                self._sends_its_own(called, "environment-ignored", said, status=str(first))

    def alternatives(self) -> None:
        """With the credentials of one alternative a call carries them; with all, those of the first and no others.

        An alternative without credentials is the last resort (OpenAPI Security Requirement Object).
        """
        package = self.context.package
        given = credentials_of(package)
        listed = self.operation.node.get("security") or self.context.checker.resolved.node().get("security")
        required = [list(one.mapping) for one in listed.elements()] if listed is not None else []
        stated = [keys for keys in required if keys and all(key in package.credentials for key in keys)]
        names_of = [{name for key in keys for name in package.credentials[key]} for keys in stated]
        for number, (keys, own) in enumerate(zip(stated, names_of, strict=True)):
            # What is given for one alternative may be enough for one before it.
            names = next(one for one in names_of if one <= own)
            for chosen in ({name: given[name] for name in own}, *([given] if number == 0 else [])):
                with variables_set(self._variables, {}), self.client(bare=True, **chosen) as caller:
                    called = self.call(caller, not_found)
                found = {name for name in given if any(_carries(one, given[name]) for one in called.requests)}
                said = f"given {sorted(chosen)}, a call carries {sorted(found)} and not {sorted(names)}"
                self.check(found == names, "wrong-credentials", said, called, status=" and ".join(keys))
                said = f"given {sorted(chosen)}, the credentials of a call are not written as the document has them"
                self._sends_its_own(called, "wrong-credentials", said, status=" and ".join(keys))
        if package.credentials and (not required or [] in required):
            with variables_set(self._variables, {}), self.client(bare=True) as caller:
                called = self.call(caller, not_found)
            passed = len(called.requests) == 1 and not called.requests[0].header("authorization")
            said = f"a call that needs none ends, without any, in {called.error!r:.200}"
            self.check(passed, "credentials-demanded", said, called)

    def _made(self, **given: Any) -> Exception | None:
        """The error of making a client with those credentials and nothing in the environment."""
        try:
            Caller(self.context.package, self.mode, bare=True, **self.base_url, **given).close()
        except Exception as error:
            return error
        return None

    def refused(self) -> None:
        """No client is made without what every operation needs, with half of a pair, or with what cannot be one."""
        package, refusal = self.context.package, self.get("ConfigurationError")
        given = credentials_of(package)
        with variables_set(self._variables, {}):
            if package.credentials and all(
                one.security and all(one.security) for one in self.context.operations()
            ):
                error = self._made()
                self.check(
                    isinstance(error, refusal), "credentials-not-demanded", f"without any: {error!r:.200}"
                )
            self._unusable(given)
            for first, second in (one for one in package.credentials.values() if len(one) == 2):
                error = self._made(**{first: given[first]})
                self.check(
                    isinstance(error, refusal), "half-of-credentials", f"only one of two: {error!r:.200}"
                )
                error = self._made(**{first: "a:b", second: "c"})
                passed = isinstance(error, refusal) and "colon" in str(error)
                self.check(passed, "ambiguous-credentials", f"a colon (RFC 7617): {error!r:.200}")

    def usual(self) -> None:
        """A pair is written as RFC 7617 has it, and arguments are taken before the environment."""
        pairs = [one for one in self.context.package.credentials.values() if len(one) == 2]
        for first, second in pairs if self._is_basic() else ():
            pair = {first: "user", second: ">>>>>>>???????ä"}
            with variables_set(self._variables, {}), self.client(bare=True, **pair) as caller:
                sent = self.call(caller, not_found).requests
            got = [_decoded(one.header("authorization") or "") for one in sent]
            passed = got == [":".join(pair.values())]
            self.check(passed, "wrong-credentials", "Basic is not as RFC 7617 has it")
        with (
            variables_set(self._variables, dict.fromkeys(self._variables, "of-the-environment")),
            self.client() as caller,
        ):
            called = self.call(caller, not_found)
        self._sends_its_own(called, "environment-wins", "credentials of the environment replace arguments")

    def _unusable(self, given: dict[str, str]) -> None:
        """What no header can hold, is empty or is not text; the words name the argument and never show its value."""
        for names in self.context.package.credentials.values():
            rest = {name: given[name] for name in names[1:]}
            for value, words in _UNUSABLE:
                error: Any = self._made(**{names[0]: value, **rest})
                text = str(error)
                passed = (
                    isinstance(error, self.get("CredentialsError")) and names[0] in text and words in text
                )
                passed = (
                    passed and (error.__cause__, error.__context__) == (None, None) and not holds_secret(text)
                )
                self.check(
                    passed, "unusable-credentials", f"credentials that {words!r} end in {error!r:.200}"
                )

    def _is_basic(self) -> bool:
        alternatives = self.operation.security
        return len(alternatives) == 1 and [one.prefix for one in alternatives[0]] == ["basic "]

    def reprs(self) -> None:
        """No object that a client is made of shows a credential, nor the cause of an error."""
        own = self.context.package.module.__name__
        with self.client() as caller:
            called = caller.call(self.operation.id, self.inputs, failing(httpx.ReadError))
            waiting: list[tuple[object, int]] = [(caller.client, 0)]
            seen: set[int] = set()
            telling: list[str] = []
            while waiting:
                one, depth = waiting.pop()
                if id(one) in seen or depth > _DEEPEST or not type(one).__module__.startswith(own):
                    continue
                seen.add(id(one))
                telling += [type(one).__name__] if holds_secret(repr(one)) else []
                names = [*getattr(one, "__dict__", {}), *getattr(type(one), "__slots__", ())]
                waiting += [(getattr(one, name, None), depth + 1) for name in names]
        self.check(not telling, "secret-shown", f"the repr of {telling} shows a credential")
        hidden = {name: {"key": SECRET} for name in ("headers", "extra_query", "extra_body")}
        options = repr(self.get("CallOptions")(**hidden))
        self.check(not holds_secret(options), "secret-shown", f"the options of a call show {options:.200}")
        cause: BaseException | None = called.error
        while cause is not None:
            request = getattr(cause, "_request", None)
            lines = [] if request is None else [value.decode("latin-1") for _, value in request.headers.raw]
            said = f"{type(cause).__name__} holds the request's credentials"
            self.check(not any(map(holds_secret, lines)), "secret-shown", said)
            cause = cause.__cause__ or cause.__context__

    def echoed(self) -> None:
        """A credential that a service repeats is cut out of the words of the error, and what is around it stays."""
        if not self.needs_credentials:
            return
        given = dict.fromkeys(credentials_of(self.context.package), _ODD)
        with self.client(bare=True, **given) as caller:
            for form in _forms(_ODD):
                body = json.dumps({"code": 7, "message": f"refused {form} today"}).encode()
                answer = HttpResponse(400, (("Content-Type", "application/json"),), body)
                text = str(self.call(caller, always(answer)).error)
                passed = "refused " in text and " today" in text and form[6:-6] not in text
                said = f"an answer that repeats a credential as {form} ends in {text}"
                self.check(passed, "secret-shown", said)


def _forms(text: str) -> Iterator[str]:
    """The text as a service may repeat it."""
    content = text.encode()
    for percent in (quote(text, safe=""), quote(text)):
        yield from (percent, percent.lower())
    in_json = json.dumps(text)[1:-1]
    yield from (text, quote_plus(text), html.escape(text), in_json, in_json.replace("/", "\\/"))
    yield from (content.hex(), content.hex().upper())
    for before in ("", "x", "xy"):
        whole = base64.b64encode(before.encode() + content)
        yield from (whole.decode(), whole.translate(bytes.maketrans(b"+/", b"-_")).decode())


def _carries(request: HttpRequest, secret: str) -> bool:
    """Whether a credential is anywhere in a request, percent-encoded or as one half of Basic."""
    header = _decoded(request.header("authorization") or "")
    lines = [value for _, value in request.headers]
    return any(secret in one for one in (header, request.target, *lines))


def _decoded(header: str) -> str:
    try:
        return base64.b64decode(header.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        return header
