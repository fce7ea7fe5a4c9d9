"""A bare server for the client benchmark, plain and TLS: fixed answers from one protocol, fast enough not to count.

Run as `client_server.py FILE`: the certificate of its authority is written there, its own one beside it.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import sys
from pathlib import Path
from typing import Final

import trustme

_FETCH: Final = re.compile(rb"GET /v1/Listing/XB[0-9a-f]{32} HTTP/1\.1\r\n")
_REPORT: Final = re.compile(rb"POST /v1/InstalledAddOns/XE[0-9a-f]{32}/Usage HTTP/1\.1\r\n")
ITEM_SID: Final = "BI" + "a" * 32
USAGE: Final = {
    "total_submitted": 44.02,
    "billable_items": [
        {"sid": ITEM_SID, "quantity": 12.355, "submitted": False},
        {"sid": ITEM_SID, "quantity": 44.02, "submitted": True},
    ],
}
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CLOSE: Final = re.compile(rb"\r\nconnection: *close\r\n", re.IGNORECASE)
_BASIC: Final = re.compile(rb"\r\nauthorization: basic ", re.IGNORECASE)


def _answer(status: str, value: object) -> bytes:
    """A whole response, with the headers that the real service is known to send."""
    body = json.dumps(value, separators=(",", ":")).encode()
    head = (
        f"HTTP/1.1 {status}\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nTwilio-Request-Id: RQ{'a' * 32}\r\n"
        "Twilio-Request-Duration: 0.012\r\nTwilio-Concurrent-Requests: 1\r\n\r\n"
    )
    return head.encode() + body


class Answering(asyncio.Protocol):
    """One connection: waits for a whole request and writes the answer kept for its operation."""

    listing = _answer("200 OK", json.loads(Path(__file__).with_name("client_listing.json").read_text()))
    usage = _answer("202 Accepted", USAGE)
    unknown = _answer("404 Not Found", {"code": 20404, "message": "no such path", "status": 404})
    anonymous = _answer("401 Unauthorized", {"code": 20003, "message": "no credentials", "status": 401})

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what to write to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._waiting = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            head = self._waiting[: end + 2]
            length = _LENGTH.search(head)
            after = end + 4 + (int(length[1]) if length else 0)
            if len(self._waiting) < after:
                return
            self._waiting = self._waiting[after:]
            self._transport.write(self._respond(head))
            if _CLOSE.search(head):
                self._transport.close()
                return

    def _respond(self, head: bytes) -> bytes:
        if not _BASIC.search(head):
            return self.anonymous
        if _FETCH.match(head):
            return self.listing
        return self.usage if _REPORT.match(head) else self.unknown


async def serve() -> None:
    """Print the ports on a line, plain and TLS, then serve until standard input ends."""
    loop = asyncio.get_running_loop()
    authority = trustme.CA()
    written = Path(sys.argv[1])
    authority.cert_pem.write_to_path(str(written))
    own = written.with_name("server.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(own))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    plain, tls = [
        await loop.create_server(Answering, "127.0.0.1", 0, backlog=128, ssl=used) for used in (None, context)
    ]
    print(*(server.sockets[0].getsockname()[1] for server in (plain, tls)), flush=True)
    ended = asyncio.Event()
    loop.add_reader(sys.stdin, ended.set)
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve())
