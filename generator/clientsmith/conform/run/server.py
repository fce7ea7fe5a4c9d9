"""The server at the other end: one that is running somewhere, or ours over the document and its tapes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import httpx

from clientsmith.conform.client.environment import PROXIES, variables_set
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.status_meaning import concrete_status
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.serve.server import ThreadedServer
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, HttpRequest, HttpResponse
from clientsmith.traffic.tapes.taped_exchanges import Tapes

Send = Callable[[HttpRequest], HttpResponse]
Serve = Callable[[], AbstractContextManager[tuple[str, Send]]]
Wrap = Callable[[HttpRequest, HttpResponse], HttpResponse]
_LONGEST = 30
"""Seconds to wait for a server of one's own."""
_NONE_MADE = 501
"""The status of the service if it can make no answer."""
_OF_THE_CONNECTION = frozenset({"host", "content-length", "connection"})


@contextmanager
def server_under_test(
    url: str | None, context: Context, tapes: Tapes, wrap: Wrap | None
) -> Generator[tuple[str, Send]]:
    """The URL for the client under test, and a way to send it what no client says; `wrap` changes our answers."""
    if url is not None:
        with httpx.Client(base_url=url, timeout=_LONGEST) as remote:
            yield url, lambda request: _remote(remote, request)
        return
    service = _Conforming(context, tapes, wrap)
    with variables_set(PROXIES, {}), ThreadedServer(service) as server:
        yield server.url, lambda request: service.respond(request).response


class _Conforming(Service):
    """A service that gives no example of the document that breaks the document; `wrap` changes what goes out."""

    def __init__(self, context: Context, tapes: Tapes, wrap: Wrap | None) -> None:
        super().__init__(context.checker, tapes)
        self._context = context
        self._wrap = wrap
        self._operations = {one.id: one for one in context.checker.operations}

    def respond(self, request: HttpRequest) -> Answer:
        """The answer of the service, or one that was drawn, changed where that is asked for."""
        answer = super().respond(request)
        response = answer.response
        if answer.operation is not None:
            operation = self._operations[answer.operation]
            if answer.source == "example":
                response = self._conforming(operation, response)
            elif answer.source == "refused" and response.status == _NONE_MADE:
                response = self._drawn(operation) or response
        return replace(answer, response=response if self._wrap is None else self._wrap(request, response))

    def _drawn(self, operation: DescribedOperation) -> HttpResponse | None:
        """A success of an operation for which the service could not make any."""
        successes = [key for key in operation.responses if key.startswith("2")]
        drawn = (
            self._context.drawn_answer(operation, key, concrete_status(operation, key)) for key in successes
        )
        return next((one for one in drawn if one is not None), None)

    def _conforming(self, operation: DescribedOperation, response: HttpResponse) -> HttpResponse:
        declared = operation.response(response.status)
        if declared is None or self._context.is_exemplary(operation, response):
            return response
        return self._context.drawn_answer(operation, declared.key, response.status) or response


def _remote(remote: httpx.Client, request: HttpRequest) -> HttpResponse:
    headers = [pair for pair in request.headers if pair[0].lower() not in _OF_THE_CONNECTION]
    answer = remote.request(request.method, request.target, headers=headers, content=request.body or None)
    return HttpResponse(answer.status_code, tuple(answer.headers.multi_items()), answer.content)
