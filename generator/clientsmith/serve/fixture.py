"""The server as a test sees it: its address, what to answer, and what arrived, decoded; pytest is not imported here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.json_values.codec import Value
from clientsmith.openapi.routing import split_target
from clientsmith.serve.faults.rules import FaultError
from clientsmith.serve.log.request_log import LogEntry
from clientsmith.serve.server import ThreadedServer
from clientsmith.serve.service import Service
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.message import Finding, HttpRequest


class FixtureError(ValueError):
    """A document, tape, scenario or fault that there is not, or that is wrong; the message is for the reader."""


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """One request that arrived, and what came of it.

    `operation` is None where the document has none. `parameters` are those of path, query, headers and cookies by
    name, and `body` is the body, decoded as the document declares them; numbers are int or Decimal. `findings` say
    how the request breaks the document. `raw` is the request as it stood on the wire.
    """

    operation: str | None
    method: str
    path: str
    parameters: dict[str, Value]
    body: Value
    status: int
    findings: tuple[Finding, ...]
    raw: HttpRequest

    def header(self, name: str) -> str | None:
        """The value of a request header; None where it is absent."""
        return self.raw.header(name)


class ClientsmithServer:
    """A server on 127.0.0.1 that answers by the document."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._server = ThreadedServer(service)
        self.url = self._server.base_url
        """The base URL for a client, without a slash at the end."""

    def use(self, scenario: str | None, operation: str | None = None) -> None:
        """Answer by that scenario from now on, in one operation or wherever it exists; None goes back to normal."""
        try:
            self.service.use(scenario, operation)
        except KeyError:
            known = sorted(
                {
                    scenario.name
                    for scenario in self.service.scenarios
                    if operation in (None, scenario.operation)
                }
            )
            where = f" of {operation}" if operation is not None else ""
            message = f"there is no scenario {scenario!r}{where}; there are: {', '.join(known) or 'none'}"
            raise FixtureError(message) from None

    def fault(self, fault: str) -> None:
        """Switch a fault on, written as for `clientsmith serve --fault`: `reset-in-body@fetchListing#1-2`."""
        try:
            self._server.add_fault(fault)
        except FaultError as error:
            raise FixtureError(str(error)) from None

    @property
    def requests(self) -> list[ReceivedRequest]:
        """What arrived since the test began, or since `clear`; of more than 1,000 requests the last."""
        return [_received(entry, self.service.checker) for entry in self.service.log]

    def clear(self) -> None:
        """Back to the start: no scenario, no faults, sequences at their beginning, no requests."""
        self._server.reset()

    def close(self) -> None:
        """Stop the server."""
        self._server.close()


def _received(entry: LogEntry, checker: MessageChecker) -> ReceivedRequest:
    request, answer = entry.request, entry.answer
    checked = checker.check_request(request, demand_credentials=False)
    decoded = checked.parameters
    named = {**decoded.cookie, **decoded.header, **decoded.query, **decoded.path}
    return ReceivedRequest(
        operation=checked.operation.id if checked.operation is not None else None,
        method=request.method,
        path=split_target(request.target)[0],
        parameters={**cast("dict[str, Value]", dict(decoded.undeclared)), **named},
        body=checked.body,
        status=answer.response.status,
        findings=answer.findings,
        raw=request,
    )


class Servers:
    """The servers of one test session: starting one costs more than a test, clearing it next to nothing."""

    def __init__(self) -> None:
        self._servers: dict[object, ClientsmithServer] = {}

    def get(self, spec: Path, tapes: tuple[Path, ...], *, strict: bool) -> ClientsmithServer:
        """The server for a document with tapes, started when first asked for; raises FixtureError."""
        key = (spec, tapes, strict)
        server = self._servers.get(key)
        if server is None:
            server = self._servers[key] = ClientsmithServer(_service(spec, tapes, strict=strict))
        return server

    def close(self) -> None:
        """Stop every server."""
        for server in self._servers.values():
            server.close()


def _service(spec: Path, tapes: tuple[Path, ...], *, strict: bool) -> Service:
    diagnostics = Diagnostics()
    service = Service.open(spec, list(tapes), diagnostics, strict=strict)
    if service is None:
        from clientsmith.diagnostics.render import read_sources, render_text

        raise FixtureError(render_text(diagnostics, read_sources(diagnostics)).rstrip())
    return service
