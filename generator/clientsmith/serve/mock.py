"""httpx transports over a `Service`: no socket, no thread, no port; faults need the wire and so the real server."""

from __future__ import annotations

import asyncio

import httpx

from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, HttpRequest, HttpResponse

_NO_LENGTH = (204, 304)


class FaultNeedsServerError(RuntimeError):
    """A fault is due, and there is no connection on which it could be carried out."""


def delivered(answer: Answer) -> HttpResponse:
    """The response of an answer that goes out without a wire; raises FaultNeedsServerError where a fault is due."""
    if answer.fault is not None:
        message = (
            f"the fault {answer.fault.name} needs a connection: use the server, not a transport or an app"
        )
        raise FaultNeedsServerError(message)
    return answer.response


def sized(response: HttpResponse, method: str) -> tuple[tuple[str, str], ...]:
    """The headers of a response with the length of its body, where that has to be said (RFC 9110 section 8.6)."""
    is_bodiless = response.status in _NO_LENGTH or response.status < 200 or method == "HEAD"
    if is_bodiless or response.header("content-length") is not None:
        return response.headers
    return (*response.headers, ("Content-Length", str(len(response.body))))


class ServiceTransport(httpx.BaseTransport):
    """For `httpx.Client(transport=...)`."""

    in_process = True
    """Says to generated clients that no connection is involved."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the service; httpx calls this."""
        return _respond(self.service, request, request.read())


class AsyncServiceTransport(httpx.AsyncBaseTransport):
    """For `httpx.AsyncClient(transport=...)`."""

    in_process = True

    def __init__(self, service: Service) -> None:
        self.service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the service; httpx calls this."""
        body = await request.aread()
        await asyncio.sleep(0)  # Other tasks get their turn, as they would while a real answer is awaited.
        return _respond(self.service, request, body)


def _respond(service: Service, request: httpx.Request, body: bytes) -> httpx.Response:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    target = request.url.raw_path.decode("latin-1")
    response = delivered(service.respond(HttpRequest(request.method, target, headers, body)))
    return httpx.Response(
        response.status,
        headers=list(sized(response, request.method)),
        stream=httpx.ByteStream(response.body),
        request=request,
        extensions={"http_version": b"HTTP/1.1"},
    )
