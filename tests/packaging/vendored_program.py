"""Uses three vendored copies of the generated package as a publisher would; runs under every supported Python.

Given the dotted names of the copies on the command line. Prints one JSON line of what it saw.
"""

import asyncio
import importlib
import json
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

SID = "XB" + "a" * 32
INSTALLED = "XE" + "b" * 32
ITEM = "BI" + "c" * 32


ITEMS = [{"sid": ITEM, "quantity": Decimal("12.355")}]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(200, {"sid": SID, "pricing": {"body": "$10"}, "unknown": 1})

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        item = {**sent["billable_items"][0], "submitted": True}
        self._answer(202, {"total_submitted": item["quantity"], "billable_items": [item]})

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def blocking(package: ModuleType, url: str, folder: Path) -> Any:
    journal = package.SqliteJournal(folder / "journal")
    settings = {"base_url": url, "validation": "strict", "deadline": 20.0, "journal": journal}
    with package.MarketplaceClient("SK", "secret", **settings) as client:
        options = package.CallOptions(intent_id="one")
        assert client.usages.report(INSTALLED, billable_items=ITEMS, options=options).all_submitted
        refusal = None
        try:
            client.usages.report(INSTALLED, billable_items=ITEMS, options=options)
        except package.IntentRefusedError as error:
            refusal = error.outcome
        assert refusal is package.Outcome.NOT_SENT, "the same intent was sent twice"
        return client.listings.fetch(SID)


async def awaited(package: ModuleType, url: str, folder: Path) -> Any:
    journal = package.AsyncSqliteJournal(folder / "journal")
    settings = {"base_url": url, "validation": "warn", "deadline": 20.0, "journal": journal}
    async with package.AsyncMarketplaceClient("SK", "secret", **settings) as client:
        listings = await asyncio.gather(*(client.listings.fetch(SID) for _ in range(8)))
        assert {listing.sid for listing in listings} == {SID}
        return await client.usages.report(INSTALLED, billable_items=ITEMS)


def main(names: list[str]) -> None:
    packages = [importlib.import_module(name) for name in names]
    seen: list[dict[str, str]] = []
    for package in packages:
        with serving() as url, tempfile.TemporaryDirectory() as folder:
            listing = blocking(package, url, Path(folder))
            usage = asyncio.run(awaited(package, url, Path(folder)))
        module = type(listing).__module__
        assert usage.all_submitted, usage
        seen.append({"module": module, "sid": listing.sid, "total": str(usage.total)})
    classes = {id(package.MarketplaceClient) for package in packages}
    json.dump({"distinct": len(classes), "seen": seen}, sys.stdout)


main(sys.argv[1:])
