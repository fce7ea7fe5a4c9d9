"""Tapes: every recorded exchange is made again through the client, and its answer read as it was recorded."""

from __future__ import annotations

from clientsmith.conform.client.calls import ABSENT, CallInputs, NoSuchArgumentError
from clientsmith.conform.inputs.arguments import argument
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.model import MODES, Mode
from clientsmith.conform.run.context import Context, Findings
from clientsmith.conform.run.outcomes import error_name
from clientsmith.json_values import codec
from clientsmith.json_values.codec import JsonError, Value
from clientsmith.openapi import media_type
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Location
from clientsmith.traffic.tapes.taped_exchanges import TapedExchange

_MISTAKEN = frozenset({400, 404, 405, 406, 411, 413, 414, 415, 422})
"""What a service says of a request that it cannot read (RFC 9110 section 15.5)."""


def check_tape(context: Context, operation: DescribedOperation, taped: list[TapedExchange]) -> Findings:
    """Replay the exchanges of one operation through the client."""
    findings = Findings(context, "tapes", operation)
    for exchange in taped:
        response, refusal = exchange.response, exchange.request.refusal
        wrong = context.checker.check_response(operation, response)
        findings.check(
            not wrong, "tape-answer-differs",
            f"{exchange.label}: {'; '.join(one.message for one in wrong[:3])}",
            status=str(response.status),
        )  # fmt: skip
        findings.check(
            not response.body or response.header("content-type") is not None, "tape-answer-unlabelled",
            f"{exchange.label}: the answer has a body and no Content-Type", status=str(response.status),
        )  # fmt: skip
        if refusal is not None or exchange.request.operation is None:
            # A recorded mistake: no typed client can make it again, and no service can have taken it.
            findings.check(
                response.status in _MISTAKEN, "tape-request-invalid",
                f"{exchange.label}: the request breaks the document ({refusal}) and got {response.status}",
                status=str(response.status),
            )  # fmt: skip
            continue
        for mode in MODES:
            _replay(context, operation, findings, exchange, mode)
    return findings


def _replay(
    context: Context, operation: DescribedOperation, findings: Findings, taped: TapedExchange, mode: Mode
) -> None:
    recorded, response = taped.request, taped.response
    parameters: dict[tuple[Location, str], Value] = {
        (one.location, one.name): argument(
            context.checker, one.schema, recorded.parameters.values(one.location)[one.name]
        )
        for one in operation.parameters
        if one.name in recorded.parameters.values(one.location)
    }
    media = context.body_media(operation)
    body = (
        ABSENT
        if recorded.body is None
        else argument(context.checker, media.get("schema") if media else None, recorded.body)
    )
    inputs = CallInputs(parameters, body)
    what = {"mode": mode, "inputs": inputs, "status": str(response.status), "response": response}
    try:
        called = context.caller(mode, retries=None).call(operation.id, inputs, lambda _: response)
    except NoSuchArgumentError as error:
        findings.check(False, "tape-not-expressible", f"{taped.label}: {error}", **what)
        return
    findings.sent(mode, called, response)
    sent = context.checker.check_request(called.requests[0]) if called.requests else None
    findings.check(
        sent is not None and sent.key == recorded.key, "tape-differs",
        f"{taped.label}: the client does not send what was recorded ({called.error!r:.200})", **what,
    )  # fmt: skip
    if response.status >= 300 and response.status != 304:
        wanted = context.package.get(error_name(response.status))
        findings.check(
            isinstance(called.error, wanted),
            "status-swallowed",
            f"{taped.label}: {called.error!r:.200}",
            **what,
        )
        return
    if not findings.check(
        called.error is None, "tape-unreadable", f"{taped.label}: {called.error!r:.300}", **what
    ):
        return
    if response.body and media_type.is_json(response.header("content-type") or ""):
        result = (
            getattr(called.result, "result", called.result)
            if hasattr(called.result, "all_submitted")
            else called.result
        )
        try:
            recorded_body = codec.read(response.body)
        except JsonError:
            return
        findings.check(
            same(recorded_body, plain(result)),
            "tape-loses-data",
            f"{taped.label}: the result is another one",
            **what,
        )
