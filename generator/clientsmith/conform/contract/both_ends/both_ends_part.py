"""From both ends: the engine of schemathesis drives the clients, which it takes for an app, against a real server."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from schemathesis import engine

from clientsmith.conform.client.calls import Caller
from clientsmith.conform.contract.both_ends.bridge import Bridge, End
from clientsmith.conform.contract.both_ends.engine import engine_schema
from clientsmith.conform.contract.both_ends.verdicts import read_event
from clientsmith.conform.model import Mode
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.server import Serve

_PHASES = ("examples", "coverage", "fuzzing", "stateful")


def check_both_ends(
    context: Context, modes: Sequence[Mode], spec: str, serve: Serve, *, examples: int, number: int
) -> Findings:
    """Run every phase of the engine once, each case through every client; cases and checks count for each.

    Each client has a server of its own, so that what one was answered does not change what the other is.
    """
    findings = Findings(context, "both-ends", None)
    with ExitStack() as opened:
        bridge = Bridge(context, [_opened(context, mode, serve, opened) for mode in modes], findings)
        schema = engine_schema(context, spec, examples=examples, number=number)
        schema.app = bridge
        for event in engine.from_schema(schema).execute():
            for mode in modes:
                read_event(event, context, findings, mode)
        for operation in context.operations():
            for mode in modes if operation.id in bridge.callable else ():
                said = f"no case of schemathesis became a call of {operation.id}"
                passed = (operation.id, mode) in bridge.through
                findings.check(passed, "nothing-came-through", said, mode=mode, status=operation.id)
    for phase in _PHASES:
        context.tally.phases.setdefault(phase, 0)
    return findings


def _opened(context: Context, mode: Mode, serve: Serve, opened: ExitStack) -> End:
    url, send = opened.enter_context(serve())
    caller = Caller(context.package, mode, transport=None, base_url=url, retries=None)
    opened.callback(caller.close)
    return End(caller, send)
