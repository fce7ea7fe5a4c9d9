"""What stands in for a network: a transport that a function answers, and such functions.

Nothing leaves the process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx

from clientsmith.traffic.message import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]
"""What answers a request; it may raise an error of httpx in the place of a network that fails."""
WORDS = "placed by the conformance suite"
"""What every failure says that is put in the place of an answer."""


class ScriptedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Keeps every request and answers with whatever function is set."""

    in_process = True
    """Says to generated clients that no connection is involved."""

    def __init__(self) -> None:
        self.respond: Respond = lambda _: HttpResponse(500)
        self.requests: list[HttpRequest] = []
        self.timeouts: list[object] = []
        """What each request says of how long to wait (`extensions["timeout"]` of httpx)."""
        self.stalls = False
        """Whether requests of an asyncio client are never answered."""
        self.held = 0
        """How many of those there are."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answered(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        if self.stalls:
            self.held += 1
            await asyncio.Event().wait()
        return self._answered(request, body)

    def _answered(self, request: httpx.Request, body: bytes) -> httpx.Response:
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        )
        host = request.url.netloc.decode("latin-1")
        target = f"{request.url.scheme}://{host}{request.url.raw_path.decode('latin-1')}"
        sent = HttpRequest(request.method, target, headers, body)
        self.requests.append(sent)
        self.timeouts.append(request.extensions.get("timeout"))
        answer = self.respond(sent)
        return httpx.Response(
            answer.status,
            headers=list(answer.headers),
            stream=httpx.ByteStream(answer.body),
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
        )


def always(answer: HttpResponse) -> Respond:
    """That answer to every request."""

    def respond(_: HttpRequest) -> HttpResponse:
        return answer

    return respond


def failing(kind: type[BaseException], words: str = WORDS) -> Respond:
    """A network, or a program, that fails so in the place of an answer."""

    def respond(_: HttpRequest) -> HttpResponse:
        raise kind(words)

    return respond


not_found = always(HttpResponse(404))
"""An error that is final."""
