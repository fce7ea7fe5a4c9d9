"""An ASGI 3 application over a `Service`; faults need the wire and so the real server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from clientsmith.serve.mock import delivered, sized
from clientsmith.serve.service import Service
from clientsmith.traffic.message import HttpRequest

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MAX_BODY = 64 * 1024 * 1024


class ServiceApp:
    """Answers HTTP and the lifespan protocol; refuses WebSockets."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One connection scope; the server calls this."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1003})

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        if body is None:
            return
        method: str = scope["method"]
        response = delivered(self.service.respond(_request(scope, body)))
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in sized(response, method)
        ]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _read(receive: Receive) -> bytes | None:
    """The whole request body; None where the client went away, or sent more than is taken."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _request(scope: Message, body: bytes) -> HttpRequest:
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    target = raw_path.partition(b"?")[0].decode("latin-1") + ("?" + query.decode("latin-1") if query else "")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return HttpRequest(scope["method"], target, headers, body, scope.get("http_version", "1.1"))
