"""The server at the other end: one that is running somewhere, or ours over the document and its tapes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace

import httpx

from clientsmith.replay.checks import Checker
from clientsmith.replay.exchange import Answer, HttpRequest, HttpResponse
from clientsmith.replay.server import ThreadedServer
from clientsmith.replay.service import Service
from clientsmith.replay.tape import Tapes

Send = Callable[[HttpRequest], HttpResponse]
Wrap = Callable[[HttpRequest, HttpResponse], HttpResponse]
_LONGEST = 30
"""Seconds to wait for a server of one's own."""
_OF_THE_CONNECTION = frozenset({"host", "content-length", "connection"})


@contextmanager
def other_end(
    url: str | None, checker: Checker, tapes: Tapes, wrap: Wrap | None
) -> Generator[tuple[str, Send]]:
    """The URL for the client under test, and a way to send it what no client says; `wrap` changes our answers."""
    if url is not None:
        with httpx.Client(base_url=url, timeout=_LONGEST) as remote:
            yield url, lambda request: _remote(remote, request)
        return
    service = Service(checker, tapes) if wrap is None else _Wrapped(checker, tapes, wrap)
    with ThreadedServer(service) as server:
        yield server.url, lambda request: service.respond(request).response


class _Wrapped(Service):
    """A service whose answers are changed on their way out."""

    def __init__(self, checker: Checker, tapes: Tapes, wrap: Wrap) -> None:
        super().__init__(checker, tapes)
        self._wrap = wrap

    def respond(self, request: HttpRequest) -> Answer:
        """The answer of the service, changed."""
        answer = super().respond(request)
        return replace(answer, response=self._wrap(request, answer.response))


def _remote(remote: httpx.Client, request: HttpRequest) -> HttpResponse:
    headers = [pair for pair in request.headers if pair[0].lower() not in _OF_THE_CONNECTION]
    answer = remote.request(request.method, request.target, headers=headers, content=request.body or None)
    return HttpResponse(answer.status_code, tuple(answer.headers.multi_items()), answer.content)
