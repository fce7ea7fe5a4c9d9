"""What the engine of schemathesis found, as findings of ours: those about a client, and not about a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemathesis.engine import Status, events

from clientsmith.conform.contract.both_ends.bridge import THROUGH
from clientsmith.conform.model import Mode
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.openapi import media_type
from clientsmith.openapi.response import ResponseDeclaration


def read_event(event: object, context: Context, findings: Findings, mode: Mode) -> None:
    """Count the cases and the checks of an event for a client, and keep what failed by a fault of the client."""
    if isinstance(event, events.ScenarioFinished):
        phase = str(event.phase.value)
        context.tally.phases[phase] = context.tally.phases.get(phase, 0) + len(event.recorder.cases)
        for case, checks in event.recorder.checks.items():
            verdict = _verdict(event, case)
            for check in checks if verdict is not None else ():
                findings.checks += 1
                if check.status is not Status.SUCCESS and not _is_no_fault(check.name, event, case, context):
                    _note(check, event, findings, mode)
        if event.status is Status.ERROR and _has_values(event, context):
            said = f"schemathesis could not finish {event.label}"
            findings.fail("engine-error", said, mode=mode, status=phase)
    elif isinstance(event, events.NonFatalError | events.FatalError) and _has_values(event, context):
        findings.fail("engine-error", f"{type(event).__name__}: {_reason(event)}"[:600], mode=mode)


def _has_values(event: object, context: Context) -> bool:
    """Whether every parameter and the body of an operation have values; without any schemathesis ends in an error."""
    label = str(getattr(event, "label", ""))
    operation = next((one for one in context.operations() if f"{one.method} {one.path}" == label), None)
    if operation is None:
        return True
    columns = [context.parameter_values(operation, one) for one in operation.parameters]
    return all(columns) and (context.body_media(operation) is None or bool(context.valid_bodies(operation)))


def _header(event: events.ScenarioFinished, case: str, name: str) -> str | None:
    """A header of the answer to a case; None if there is none."""
    made = event.recorder.interactions.get(case)
    response = made.response if made is not None else None
    headers = {} if response is None else {key.lower(): values for key, values in response.headers.items()}
    return next(iter(headers.get(name.lower(), [])), None)


def _verdict(event: events.ScenarioFinished, case: str) -> str | None:
    """What our own check says of a request that became a call of the client; None if it did not."""
    return _header(event, case, THROUGH)


def _declared(event: events.ScenarioFinished, context: Context) -> Mapping[str, ResponseDeclaration]:
    """What the document says of the answers of an operation, by status."""
    named = {f"{one.method} {one.path}": one.responses for one in context.checker.operations}
    return named.get(str(event.label), {})


def _is_no_fault(check: str, event: events.ScenarioFinished, case: str, context: Context) -> bool:
    """Whether schemathesis reads more into a document than it says, or the server had nothing better to say.

    It takes formats for assertions, text for what it was drawn as, and no answer for one in a range with a suffix, such
    as `application/*+json`; a document that declares no success has none. What the document forbids and the client let
    through (the report lists it) the server refuses in its own way.
    """
    declared = _declared(event, context)
    if check == "content_type_conformance":
        stated = _header(event, case, "content-type") or ""
        ranges = {name for one in declared.values() for name in one.contents if "/*+" in name}
        return any(media_type.matches(one, stated) for one in ranges)
    verdict = _verdict(event, case)
    if check == "negative_data_rejection":
        return verdict == "valid"
    has_success = any(key.startswith("2") or key == "default" for key in declared)
    return check == "status_code_conformance" and (verdict == "invalid" or not has_success)


def _note(check: Any, event: events.ScenarioFinished, findings: Findings, mode: Mode) -> None:
    failure = check.failure_info.failure if check.failure_info is not None else None
    title = getattr(failure, "title", "") or check.name
    message = f"{event.label}, {event.phase.value}: {title}: {getattr(failure, 'message', '')}"[:600]
    findings.fail(check.name.replace("_", "-"), message, mode=mode, status=str(event.label))


def _reason(event: Any) -> str:
    info = getattr(event, "info", None)
    if info is None:
        return str(getattr(event, "exception", event))
    return str(getattr(info, "format", lambda: info)())
