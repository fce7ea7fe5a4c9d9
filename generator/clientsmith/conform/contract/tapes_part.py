"""Tapes: every recorded exchange is made again through the client, and its answer read as it was recorded."""

from __future__ import annotations

from clientsmith.conform.client.call_inputs import NoSuchArgumentError
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.model import MODES, Mode
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.status_meaning import error_name
from clientsmith.json_values import codec
from clientsmith.json_values.codec import JsonError
from clientsmith.openapi import media_type
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.tapes.taped_exchanges import TapedExchange

_MISTAKEN = frozenset({400, 404, 405, 406, 411, 413, 414, 415, 422})
"""What a service says of a request that it cannot read (RFC 9110 section 15.5)."""


def check_tape(context: Context, operation: DescribedOperation, taped: list[TapedExchange]) -> Findings:
    """Replay the exchanges of one operation through the client."""
    findings = Findings(context, "tapes", operation)
    for exchange in taped:
        response, refusal = exchange.response, exchange.request.refusal
        status = str(response.status)
        wrong = context.checker.check_response(operation, response)
        said = f"{exchange.label}: {'; '.join(one.message for one in wrong[:3])}"
        findings.check(not wrong, "tape-answer-differs", said, status=status)
        passed = not response.body or response.header("content-type") is not None
        said = f"{exchange.label}: the answer has a body and no Content-Type"
        findings.check(passed, "tape-answer-unlabelled", said, status=status)
        if refusal is not None or exchange.request.operation is None:
            # A recorded mistake: no typed client can make it again, and no service can have taken it.
            said = f"{exchange.label}: the request breaks the document ({refusal}) and got {status}"
            findings.check(response.status in _MISTAKEN, "tape-request-invalid", said, status=status)
            continue
        for mode in MODES:
            _replay(context, operation, findings, exchange, mode)
    return findings


def _replay(
    context: Context, operation: DescribedOperation, findings: Findings, taped: TapedExchange, mode: Mode
) -> None:
    response, label = taped.response, taped.label
    inputs = context.arguments_of(operation, taped.request, has_body=taped.request.body is not None)
    what = {"mode": mode, "inputs": inputs, "status": str(response.status), "response": response}
    try:
        called = context.caller(mode, retries=None).call(operation.id, inputs, lambda _: response)
    except NoSuchArgumentError as error:
        findings.check(False, "tape-not-expressible", f"{label}: {error}", **what)
        return
    findings.sent(mode, called, response)
    sent = context.checker.check_request(called.requests[0]) if called.requests else None
    said = f"{label}: the client does not send what was recorded ({called.error!r:.200})"
    findings.check(sent is not None and sent.key == taped.request.key, "tape-differs", said, **what)
    if response.status >= 300 and response.status != 304:
        passed = isinstance(called.error, context.package.get(error_name(response.status)))
        findings.check(passed, "status-swallowed", f"{label}: {called.error!r:.200}", **what)
        return
    said = f"{label}: {called.error!r:.300}"
    is_read = findings.check(called.error is None, "tape-unreadable", said, **what)
    if is_read and response.body and media_type.is_json(response.header("content-type") or ""):
        result = called.result
        if hasattr(result, "all_submitted"):
            result = getattr(result, "result", result)
        try:
            recorded = codec.read(response.body)
        except JsonError:
            return
        said = f"{label}: the result is another one"
        findings.check(same(recorded, plain(result)), "tape-loses-data", said, **what)
