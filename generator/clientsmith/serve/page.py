"""The page for people at `/__clientsmith` and the facts on it; what a click does is the business of `control`."""

from __future__ import annotations

import base64
import functools
import secrets
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from clientsmith.characters import escape_lines, unsafe_in_javascript
from clientsmith.diagnostics.html_page import BASE_STYLE
from clientsmith.serve.faults.kinds import KINDS
from clientsmith.serve.faults.rules import FaultRules
from clientsmith.serve.service import Service
from clientsmith.traffic.curl import curl_of_operation, curl_of_request
from clientsmith.traffic.message import HttpRequest, HttpResponse

_TEMPLATE = Path(__file__).with_name("page.html.j2")
_POLICY = (
    "default-src 'none'; style-src 'nonce-{0}'; script-src 'nonce-{0}'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def fixed_facts(service: Service, base_url: str) -> dict[str, object]:
    """What never changes while a server runs, as JSON values: the API, its operations and their scenarios."""
    resolved = service.resolved
    info = resolved.node().get("info")
    commands = {one.id: curl_of_operation(one, base_url) for one in service.checker.operations}
    return {
        "url": base_url,
        "title": info.text("title") if info is not None else "",
        "version": info.text("version") if info is not None else "",
        "strict": service.strict,
        "operations": [asdict(one) | {"curl": commands.get(one.id, "")} for one in service.operations],
        "scenarios": [asdict(one) for one in service.scenarios],
        "known_faults": [
            {"name": kind.name, "form": kind.form, "phase": kind.phase.value, "summary": kind.summary}
            for kind in KINDS.values()
        ],
    }


def changing_facts(service: Service, rules: FaultRules) -> dict[str, object]:
    """What is switched on, as JSON values."""
    return {
        "requests": service.log.total,
        "active": [{"operation": operation, "name": name} for operation, name in service.active.items()],
        "faults": [
            {"id": one.id, "fault": str(one.rule), "seen": one.seen, "hit": one.hit} for one in rules.active
        ],
    }


def render(state: dict[str, object], entries: list[dict[str, object]], token: str) -> HttpResponse:
    """The page: one HTML response that loads nothing and runs no script but its own."""
    nonce = secrets.token_urlsafe(16)
    html = _template().render(
        state=state,
        entries=entries[::-1],
        token=token,
        nonce=nonce,
        unsafe=unsafe_in_javascript(),
        base_style=Markup(BASE_STYLE),
    )
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", _POLICY.format(nonce)),
        # With `no-referrer` a form of this page would come with `Origin: null`, as one of another origin may.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    )
    return HttpResponse(200, headers, html.encode("utf-8", "replace"))


def shown(entry: dict[str, object], url: str) -> dict[str, object]:
    """A log entry with its time as text (ISO 8601) and the command that makes its request again."""
    request = cast("dict[str, object]", entry.get("request", {}))
    headers = cast("list[list[str]]", request.get("headers", []))
    media_type = next((value for name, value in headers if name.lower() == "content-type"), None)
    method, target = str(entry.get("method", "")), str(entry.get("target", ""))
    omitted, encoded, text = request.get("omitted"), request.get("base64"), request.get("body")
    body = base64.b64decode(encoded) if isinstance(encoded, str) else text if isinstance(text, str) else None
    data = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body or b""
    length = omitted if isinstance(omitted, int) else 0
    stated = () if media_type is None or not (data or length) else (("Content-Type", media_type),)
    curl = curl_of_request(HttpRequest(method, target, stated, data), url, omitted=length)
    when = datetime.fromtimestamp(float(str(entry["time"])), UTC).isoformat(timespec="milliseconds")
    return entry | {"curl": curl, "when": when}


def shown_on_page(value: object) -> object:
    """What a template puts on a page for a value: text without anything that could reorder or hide it.

    Markup stays as it is: by `| e` a template says that a program is to read a value as it was.
    """
    return value if isinstance(value, Markup) else escape_lines(str(value))


@functools.cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown_on_page,
    )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
