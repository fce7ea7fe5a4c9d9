"""The control interface under `/__clientsmith`: state, log, scenarios, faults and the page; `access` says who may."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable
from typing import Protocol, cast
from urllib.parse import parse_qsl

from clientsmith.serve import access, page
from clientsmith.serve.faults.rules import FaultError, FaultRules
from clientsmith.serve.http.hosting import CONTROL
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, HttpRequest, HttpResponse
from clientsmith.traffic.problem import problem

_SAFE = frozenset({"GET", "HEAD"})
_SHOWN = 200
_LONGEST_BODY = 128 * 1024
_MAX_FIELDS = 100
_FIXED = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


class Controlled(Protocol):
    """What there is to control: a server, from the thread of its loop."""

    service: Service
    rules: FaultRules
    host_name: str
    """What it was told to listen on: a name or an address."""

    @property
    def url(self) -> str:
        """Where the server is."""
        ...

    @property
    def base_url(self) -> str:
        """What a client takes as its base URL."""
        ...

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        ...

    def add_fault(self, rule: str) -> int:
        """Switch a fault on; raises FaultError."""
        ...

    def remove_fault(self, number: int) -> bool:
        """Switch a fault off; whether it was on."""
        ...

    def clear_faults(self) -> None:
        """Switch every fault off."""
        ...

    def reset(self) -> None:
        """Back to the start."""
        ...


class _ControlError(Exception):
    """A request that is not carried out; ends up as problem details."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Control:
    """Answers every request whose path begins with `/__clientsmith`."""

    def __init__(self, server: Controlled) -> None:
        self._server = server
        self._token = secrets.token_urlsafe(24)
        self._fixed: dict[str, object] | None = None
        self._routes: dict[tuple[str, str], Callable[[HttpRequest, str], HttpResponse]] = {
            ("GET", ""): self._page,
            ("GET", "/state"): self._state,
            ("GET", "/log"): self._log,
            ("DELETE", "/log"): self._clear_log,
            ("PUT", "/scenario"): self._use,
            ("POST", "/faults"): self._add_fault,
            ("DELETE", "/faults"): self._remove_fault,
            ("POST", "/reset"): self._reset,
            ("POST", "/form"): self._form,
        }

    def respond(self, request: HttpRequest) -> Answer:
        """The answer; its source is "control", and it is not logged."""
        try:
            response = self._respond(request)
        except _ControlError as error:
            response = problem(error.status, str(error))
        headers = (*response.headers, *_FIXED)
        return Answer(HttpResponse(response.status, headers, response.body), "control")

    def _respond(self, request: HttpRequest) -> HttpResponse:
        path, _, query = request.target[len(CONTROL) :].partition("?")
        method = "GET" if request.method == "HEAD" else request.method
        path, rest = ("/faults", path[8:]) if path.startswith("/faults/") else (path.rstrip("/"), "")
        reason = access.host_refusal(request, self._server.host_name, is_loopback=self._server.is_loopback)
        if reason is not None:
            raise _ControlError(403, reason)
        route = self._routes.get((method, path))
        if route is None:
            allowed = sorted(known for known, of in self._routes if of == path)
            if not allowed:
                raise _ControlError(404, f"there is nothing at {CONTROL}{path}")
            return problem(
                405, f"{CONTROL}{path} takes {', '.join(allowed)}", headers=(("Allow", ", ".join(allowed)),)
            )
        reason = access.origin_refusal(request, is_page=path == "")
        if reason is None and method not in _SAFE and path != "/form":
            reason = access.simple_refusal(request)
        if reason is not None:
            raise _ControlError(403, reason)
        if len(request.body) > _LONGEST_BODY:
            raise _ControlError(413, f"at most {_LONGEST_BODY} bytes are taken here")
        return route(request, rest or query)

    def is_slow(self, request: HttpRequest) -> bool:
        """Whether the answer may take longer than a moment; such an answer changes nothing."""
        return request.method in _SAFE

    # What there is.

    def _page(self, request: HttpRequest, query: str) -> HttpResponse:
        return page.render(self._facts(), self._entries(0, _SHOWN), self._token)

    def _state(self, request: HttpRequest, query: str) -> HttpResponse:
        return _as_json(self._facts())

    def _facts(self) -> dict[str, object]:
        if self._fixed is None:
            self._fixed = page.fixed_facts(self._server.service, self._server.base_url)
        return self._fixed | page.changing_facts(self._server.service, self._server.rules)

    def _log(self, request: HttpRequest, query: str) -> HttpResponse:
        try:
            asked = dict(parse_qsl(query, max_num_fields=_MAX_FIELDS))
        except ValueError:
            raise _ControlError(400, f"at most {_MAX_FIELDS} parameters are taken here") from None
        if asked.get("format", "json") == "har":
            return _as_json(self._server.service.log.as_har())
        try:
            after, limit = int(asked.get("after", 0)), int(asked.get("limit", 1000))
        except ValueError:
            raise _ControlError(400, "after and limit are numbers") from None
        return _as_json(
            {
                "total": self._server.service.log.total,
                "entries": self._entries(after, limit),
                "faults": page.changing_facts(self._server.service, self._server.rules)["faults"],
            }
        )

    def _entries(self, after: int, limit: int) -> list[dict[str, object]]:
        log = self._server.service.log
        if log.total <= after:
            return []
        return [page.shown(entry, self._server.url) for entry in log.as_json(after=after, limit=limit)]

    # What can be changed.

    def _clear_log(self, request: HttpRequest, query: str) -> HttpResponse:
        self._server.service.log.clear()
        return HttpResponse(204)

    def _use(self, request: HttpRequest, query: str) -> HttpResponse:
        members = _members(request, ("name", "operation"))
        self._use_named(members.get("name"), members.get("operation"))
        return _as_json(self._facts())

    def _use_named(self, name: str | None, operation: str | None) -> None:
        try:
            self._server.service.use(name, operation)
        except KeyError:
            known = sorted({scenario.name for scenario in self._server.service.scenarios})
            where = f" of operation {operation}" if operation else ""
            raise _ControlError(
                404, f"there is no scenario {name!r}{where}; known: {', '.join(known)}"
            ) from None

    def _add_fault(self, request: HttpRequest, query: str) -> HttpResponse:
        text = _members(request, ("fault",)).get("fault")
        if text is None:
            raise _ControlError(400, 'the body is to be {"fault": "NAME[:NUMBERS][@OPERATION][#N[-M]]"}')
        return _as_json({"id": self._add_named(text), "fault": text}, 201)

    def _add_named(self, text: str) -> int:
        try:
            return self._server.add_fault(text)
        except FaultError as error:
            raise _ControlError(400, str(error)) from None

    def _remove_fault(self, request: HttpRequest, query: str) -> HttpResponse:
        if not query:
            self._server.clear_faults()
        elif not (query.isascii() and query.isdigit()) or not self._server.remove_fault(int(query)):
            raise _ControlError(404, f"no fault has the number {query}")
        return HttpResponse(204)

    def _reset(self, request: HttpRequest, query: str) -> HttpResponse:
        self._server.reset()
        return _as_json(self._facts())

    def _form(self, request: HttpRequest, query: str) -> HttpResponse:
        """What the page does without JavaScript; its token is in the page, which no other origin can read."""
        try:
            fields = dict(parse_qsl(request.body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS))
        except ValueError:
            raise _ControlError(400, f"a form has at most {_MAX_FIELDS} fields here") from None
        if not hmac.compare_digest(fields.get("token", "").encode(), self._token.encode()):
            raise _ControlError(403, "this form is from an earlier run of the server; load the page again")
        doing = fields.get("do", "")
        if doing == "use":
            self._use_named(fields.get("name"), fields.get("operation"))
        elif doing == "fault":
            operation = fields.get("operation")
            calls = f"#{fields['calls'].strip()}" if fields.get("calls", "").strip() else ""
            self._add_named(fields.get("fault", "") + (f"@{operation}" if operation else "") + calls)
        elif doing == "unfault":
            self._remove_fault(request, fields.get("id", ""))
        elif doing == "clear-log":
            self._server.service.log.clear()
        elif doing == "reset":
            self._server.reset()
        else:
            raise _ControlError(400, f"the form asks for {doing!r}, which is nothing that can be done")
        return HttpResponse(303, (("Location", CONTROL),))


def _members(request: HttpRequest, known: tuple[str, ...]) -> dict[str, str | None]:
    """The members of the JSON object in a body, each a text or null."""
    try:
        value = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise _ControlError(400, "the body is not JSON") from None
    if not isinstance(value, dict):
        raise _ControlError(400, f"the body is to be an object with {' and '.join(known)}")
    members = cast("dict[str, object]", value)
    texts = {
        key: member for key, member in members.items() if key in known and isinstance(member, str | None)
    }
    if len(texts) < len(members):
        raise _ControlError(400, f"the body is to be an object with {' and '.join(known)}, each a text")
    return texts


def _as_json(value: object, status: int = 200) -> HttpResponse:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return HttpResponse(status, (("Content-Type", "application/json"),), body)
