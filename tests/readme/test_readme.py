"""The README keeps its word: its script runs against a server on the loopback, its commands and paths exist."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock
from urllib.parse import parse_qs

import pytest

import twilio_marketplace
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LISTING = {"sid": "XB" + "a" * 32, "url": "https://example.com", "pricing": {"body": "Free"}}


@dataclass
class Marketplace:
    """A server that answers the three operations and remembers what arrived."""

    url: str = ""
    requests: list[tuple[str, str, str, bytes]] = field(default_factory=list)


def _billed(items: list[dict[str, Any]]) -> dict[str, Any]:
    """An answer that leaves out of the bill whatever has a fraction."""
    answered = [{**item, "submitted": item["quantity"] == int(item["quantity"])} for item in items]
    total = sum(item["quantity"] for item in answered if item["submitted"])
    return {"total_submitted": total, "billable_items": answered}


@pytest.fixture
def marketplace() -> Iterator[Marketplace]:
    state = Marketplace()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200, lambda _: LISTING)

        def do_POST(self) -> None:
            if "/Usage" in self.path:
                self._answer(202, lambda sent: _billed(json.loads(sent)["billable_items"]))
            else:
                self._answer(200, lambda _: LISTING)

        def _answer(self, status: int, answer: Callable[[bytes], object]) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = answer(sent)
            state.requests.append((self.command, self.path, self.headers["Authorization"], sent))
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Twilio-Request-Id", "RQ" + "0" * 32)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_tour_fetches_updates_and_reports_sync_and_async(
    marketplace: Marketplace, tmp_path: Path
) -> None:
    script = re.search(r"```python\n(.*?)```", README, re.S)
    assert script is not None
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    environment |= {
        "MARKETPLACE_URL": marketplace.url,
        "TWILIO_API_KEY": "SK" + "0" * 32,
        "TWILIO_API_SECRET": "not-a-secret",
        "PYTHONPATH": str(ROOT / "generated"),
    }
    done = subprocess.run(
        [sys.executable, "-c", script.group(1)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "pricing: Free",
        f"update: {LISTING['sid']}",
        "all billed: False total: 0",
        "not billed: 12.355",
        f"request id: RQ{'0' * 32} sid: {LISTING['sid']}",
        f"update: {LISTING['sid']}",
        "all billed: True total: 3",
    ]
    calls = [(method, path) for method, path, _, _ in marketplace.requests]
    listing, usage = f"/Listing/{LISTING['sid']}", f"/InstalledAddOns/XE{'a' * 32}/Usage"
    assert calls == [("GET", listing), ("POST", listing), ("POST", usage)] * 2
    bodies = [body for _, _, _, body in marketplace.requests]
    assert parse_qs(bodies[1].decode()) == {"Pricing": ['{"body":"Basic plan - $10/month"}']}
    assert bodies[2] == b'{"billable_items":[{"sid":"BI' + b"a" * 32 + b'","quantity":12.355}]}'
    assert all(authorization.startswith("Basic ") for _, _, authorization, _ in marketplace.requests)


def test_the_tracing_hook_starts_a_span_and_sends_its_context(marketplace: Marketplace) -> None:
    block = re.search(r"  ```python\n(  def traced.*?)  ```", README, re.DOTALL)
    assert block
    span, tracer, propagate = MagicMock(), MagicMock(), MagicMock()
    tracer.start_span.return_value = span
    propagate.inject.side_effect = lambda headers, _: headers.update(traceparent="00-1")
    names = {name: MagicMock() for name in ("SpanKind", "StatusCode", "set_span_in_context")}
    names |= {"tracer": tracer, "propagate": propagate}
    made = partial(twilio_marketplace.MarketplaceClient, "SK1", "s", base_url=marketplace.url)
    scope = vars(twilio_marketplace) | names | {"MarketplaceClient": made}
    scope |= {
        name: getattr(twilio_marketplace, name) for name in twilio_marketplace.__all__ if name not in scope
    }

    exec(textwrap.dedent(block[1]), scope)
    scope["client"].listings.fetch("XB" + "a" * 32)

    assert tracer.start_span.call_args.args == ("GET /Listing/{Sid}",)
    span.set_attribute.assert_called_once_with("http.response.status_code", 200)
    span.set_status.assert_called_once_with(names["StatusCode"].OK)
    span.end.assert_called_once_with()


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.M))
    assert {"generate", "test", "check", "bench", "corpus"} <= named
    assert named <= targets


def test_the_table_of_the_config_has_every_key() -> None:
    source = (ROOT / "generator/clientsmith/config/reader.py").read_text(encoding="utf-8")
    known = re.findall(r'_section\(\s*tree, "(\w+)", ([^)]*)\)', source)
    keys = {f"{table}.{key}" for table, names in known for key in re.findall(r'"(\w+)"', names)}
    keyed = [line.split("|")[1] for line in README.splitlines() if re.match(r"\| `\w+\.\w+", line)]
    assert {"document.overlapping", "package.numbers", "runtime.from", "runtime.features"} <= keys
    assert keys <= {key for row in keyed for key in re.findall(r"`([\w.]+)`", row)}


def test_every_link_leads_to_a_file() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
