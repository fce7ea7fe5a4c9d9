"""A small document with many ways to send a value, a service over it, and short ways to ask it, for the tests here."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, HttpRequest

ROOT = Path(__file__).resolve().parents[3]
MARKETPLACE = ROOT / "spec" / "marketplace.yaml"
RECORDINGS = ROOT / "spec" / "recordings"

BASIC = ("Authorization", "Basic " + b64encode(b"SK1:secret").decode())
JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
LISTING = "/v1/Listing/XB" + "a" * 32
USAGE = "/v1/InstalledAddOns/XE" + "a" * 32 + "/Usage"
ITEM = "BI" + "a" * 32


def usage(*quantities: str) -> bytes:
    """A usage report, its quantities digit by digit as given."""
    items = ",".join(f'{{"sid":"{ITEM}","quantity":{one}}}' for one in quantities)
    return f'{{"billable_items":[{items}]}}'.encode()


def opened(spec: str | Path, *tapes: str | Path, **options: object) -> Service:
    """A service that has to open without any finding."""
    diagnostics = Diagnostics()
    service = Service.open(spec, tapes, diagnostics, **options)  # type: ignore[arg-type] # passed on as they are
    assert service is not None and not list(diagnostics), list(diagnostics)
    return service


def refused(spec: str | Path, *tapes: str | Path, **options: object) -> list[tuple[str, str, str]]:
    """The findings of a service that does not open: id, message, and place as line:column and pointer."""
    diagnostics = Diagnostics()
    assert Service.open(spec, tapes, diagnostics, **options) is None  # type: ignore[arg-type] # passed on as they are
    assert diagnostics.has_errors
    return [
        (
            one.id,
            one.message,
            f"{one.place.span.line}:{one.place.span.column} {one.place.pointer or ''}"
            if one.place.span
            else "",
        )
        for one in diagnostics
    ]


def ask(service: Service, method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Answer:
    """One request."""
    return service.respond(HttpRequest(method, target, headers, body))


def document(tmp_path: Path, paths: str, *, more: str = "", version: str = "3.1.0") -> Path:
    """A document of those paths, written where a service can open it."""
    path = tmp_path / "spec.yaml"
    path.write_text(f"openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}\n{more}", "utf-8")
    return path


def har(*entries: dict[str, object]) -> bytes:
    """A tape of those entries."""
    return json.dumps(
        {"log": {"version": "1.2", "creator": {"name": "t", "version": ""}, "entries": list(entries)}}
    ).encode()


def taped(
    method: str,
    url: str,
    status: int,
    body: str = "",
    *,
    sent: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    sent_type: str = "application/json",
    **more: object,
) -> dict[str, object]:
    """One entry of a tape, as other tools write it."""
    request: dict[str, object] = {"method": method, "url": url, "headers": []}
    if sent is not None:
        request["headers"] = [{"name": "Content-Type", "value": sent_type}]
        request["postData"] = {"mimeType": sent_type, "text": sent}
    listed = [{"name": "Content-Type", "value": "application/json"}] if body else []
    listed += [{"name": name, "value": value} for name, value in headers]
    content: dict[str, object] = {"size": len(body), "mimeType": "application/json", "text": body}
    return {"request": request, "response": {"status": status, "headers": listed, "content": content}, **more}
