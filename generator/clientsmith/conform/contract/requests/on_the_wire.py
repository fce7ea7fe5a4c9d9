"""A request as it reached the wire, read back with a decoder that shares no code with the client.

The decoder is that of the recorded-response server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clientsmith.conform.client.call_inputs import ABSENT, CallInputs
from clientsmith.conform.client.credentials import holds_secret
from clientsmith.conform.contract.requests.request_case import RequestCase
from clientsmith.conform.inputs.compared import alike, same
from clientsmith.conform.inputs.drawing.draws import sample
from clientsmith.conform.model import Mode
from clientsmith.document.operations import bare_template
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Location, Parameter
from clientsmith.openapi.routing import normalized, split_target
from clientsmith.openapi.server import base_path, host_of, servers_for
from clientsmith.traffic.message import HttpRequest

_PLACES: tuple[Location, ...] = ("path", "query", "header", "cookie")
_NOTHING: tuple[Value, ...] = ({}, "", [], None)
"""Bodies that a message without a body may stand for."""


def check_on_the_wire(case: RequestCase, mode: Mode, inputs: CallInputs, request: HttpRequest) -> None:
    """Check what a valid call sent: operation, parameters, body, headers, address."""
    sent = _Sent(case, mode, inputs, request)
    if sent.values():
        sent.headers()


def comparable(request: HttpRequest) -> tuple[object, ...]:
    """A request without the boundary of its parts, which is random."""
    headers = [(name.lower(), value) for name, value in request.headers]
    boundary = media_types.parameter(request.header("content-type") or "", "boundary")
    if not boundary:
        return request.method, request.target, headers, request.body
    plain = [(name, value.replace(boundary, "")) for name, value in headers]
    return request.method, request.target, plain, request.body.replace(boundary.encode("latin-1"), b"")


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request, and what it was made of."""

    case: RequestCase
    mode: Mode
    inputs: CallInputs
    request: HttpRequest

    def check(self, passed: bool, id: str, message: str | Callable[[], str], **more: Any) -> bool:
        """Count a comparison; a failure shows the call and the request."""
        what = {"mode": self.mode, "inputs": self.inputs, "request": self.request, **more}
        return self.case.check(passed, id, message, **what)

    def values(self) -> bool:
        """Check that the request says what was passed; returns whether it is one of the operation that was called."""
        request, operation = self.request, self.case.operation
        checked = self.case.context.checker.check_request(request)
        name = checked.operation.id if checked.operation is not None else None
        is_right = name == operation.id or _shares_paths(operation, checked.operation)
        said = f"{request.method} {request.target} is {name or 'no operation of the document'}"
        self.check(is_right, "wrong-operation", said)
        if name != operation.id:
            return False
        reasons = "; ".join(f"{one.part} {one.pointer}: {one.message}" for one in checked.findings)
        said = f"what was sent breaks the document: {checked.refusal or ''} {reasons}".strip()
        self.check(checked.refusal is None and not checked.findings, "invalid-on-the-wire", said)
        for place in _PLACES:
            values = checked.parameters.values(place)
            for parameter in (one for one in operation.parameters if one.location == place):
                self._parameter(parameter, values.get(parameter.name, ABSENT))
        body = ABSENT if checked.body is None and not request.body else checked.body
        passed = self._is_same_body(body)
        self.check(
            passed, "body-differs", lambda: f"the body sent is {sample(checked.body)}, not what was passed"
        )
        return True

    def _parameter(self, parameter: Parameter, got: object) -> None:
        expected = self.inputs.parameters.get((parameter.location, parameter.name), ABSENT)
        if expected is ABSENT and (parameter.location, parameter.name.lower()) == ("header", "user-agent"):
            return  # a client always says who it is
        passed = expected is got or alike(_none(expected), _none(got))

        def said() -> str:
            read, passed_in = sample(_none(got)), sample(_none(expected))
            return f"the {parameter.label} reached the wire as {read}, not as {passed_in}"

        self.check(passed, "parameter-differs", said, node=parameter.schema)

    def _is_same_body(self, got: object) -> bool:
        expected = self.inputs.body
        if expected is ABSENT or got is ABSENT:
            return expected is got or (_none(expected) in _NOTHING and _none(got) in _NOTHING)
        return (same if self.case.is_json else alike)(_none(expected), _none(got))

    def headers(self) -> None:
        """Check the headers that a client makes, and where the request goes."""
        request = self.request
        self._content_type()
        length, size = request.header("content-length"), str(len(request.body))
        has_length = bool(request.body) or request.method in ("POST", "PUT", "PATCH")
        said = f"Content-Length is {length}, the body has {size}"
        self.check(length == size or not has_length, "wrong-content-length", said)
        self._accept()
        texts = (request.target, *(value for _, value in request.headers))
        passed = bool(self.case.operation.security) or not any(map(holds_secret, texts))
        said = "the operation needs no credentials, and the request has some"
        self.check(passed, "credentials-not-asked-for", said)
        self._address()

    def _content_type(self) -> None:
        case, body = self.case, self.inputs.body
        declared = case.context.package.operations[case.operation.id].media_type
        stated = self.request.header("content-type")
        if self.request.body:
            essence = media_types.essence(stated or "")
            said = f"Content-Type is {stated!r}, the document has {declared!r}"
            self.check(essence == media_types.essence(declared or ""), "wrong-content-type", said)
            case.context.tally.message(case.operation.id, "request", "", essence)
        # Without any argument of its own a body is left out; one that is an argument itself was passed.
        is_left_out = body == {} and "" not in case.body_arguments
        given = body is not ABSENT and (not case.may_lack_body or not is_left_out)
        said = f"{'a' if given else 'no'} body was passed, and Content-Type is {stated!r}"
        self.check(bool(stated) is (given or not case.may_lack_body), "wrong-content-type", said)

    def _accept(self) -> None:
        accept = self.request.header("accept") or ""
        wanted = {one for response in self.case.operation.responses.values() for one in response.contents}
        ranges = {media_types.essence(one) for one in accept.split(",")}
        missing = [one for one in sorted(wanted) if media_types.is_json(one) and not _covers(ranges, one)]
        known = not wanted or ranges <= {media_types.essence(one) for one in wanted}
        said = f"Accept is {accept!r} and leaves out {missing}; documented are {sorted(wanted)}"
        self.check(bool(accept) and not missing and known, "wrong-accept", said)

    def _address(self) -> None:
        """The first server of the operation gets the request; one without an address leaves it to the document's.

        A base URL that the caller gave takes the place of all of them.
        """
        operation, checker = self.case.operation, self.case.context.checker
        hosts = {one for one in checker.index.hosts() if "{" not in one}
        host = (self.request.header("host") or "").lower()
        below = ""
        own = [one.url for one in servers_for(operation.node, operation.found.item, checker.resolved.node())]
        given = self.case.context.base_url
        for url in own[:1] if given is None else [given]:
            if host_of(url) and "{" not in url:
                hosts, below = {host_of(url)}, base_path(url)
        path = normalized(split_target(self.request.target)[0])
        passed = (not hosts or host in hosts) and path.startswith(normalized(below))
        said = f"the request goes to {host!r} and {path!r:.200}, not to {sorted(hosts)} and below {below!r}"
        self.check(passed, "wrong-host", said)


def _shares_paths(operation: DescribedOperation, routed: DescribedOperation | None) -> bool:
    """Whether no request line can say which of two operations is meant: paths with fragments, and equal ones."""
    equal = routed is not None and bare_template(routed.path) == bare_template(operation.path)
    return equal or "#" in operation.path


def _covers(ranges: set[str], media_type: str) -> bool:
    return any(
        media_types.matches(one, media_type) or one == media_types.essence(media_type) for one in ranges
    )


def _none(value: object) -> Value:
    return None if value is ABSENT else value  # type: ignore[return-value]
