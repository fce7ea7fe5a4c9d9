"""Instances of the package's models as arguments: the client sends what they hold, as it does of dicts."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from pydantic import ValidationError

from clientsmith.conform.client.call_inputs import CallInputs
from clientsmith.conform.client.scripted import always
from clientsmith.conform.contract.requests.on_the_wire import comparable
from clientsmith.conform.contract.requests.request_case import RequestCase, shown_error
from clientsmith.conform.inputs.arguments import wrapped
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.model_arguments import with_models, with_open_models
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.model import Mode
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.traffic.message import HttpRequest, HttpResponse


def check_models(
    case: RequestCase, mode: Mode, inputs: CallInputs, sent: HttpRequest, answer: HttpResponse
) -> None:
    """Models in the place of dicts send the same bytes."""
    caller = case.context.caller(mode, retries=None)
    change = partial(with_models, caller.method(case.operation.id))
    ended: Exception | None = None
    requests: tuple[HttpRequest, ...] = ()
    try:
        called = caller.call_changed(case.operation.id, case.arguments(inputs), always(answer), change)
        ended, requests = called.error, called.requests
    except ValidationError as error:
        ended = error
    passed = [comparable(one) for one in requests] == [comparable(sent)]
    said = f"model instances send something else than dicts ({shown_error(ended)})"
    request = next(iter(requests), None)
    case.check(passed, "models-differ", said, mode=mode, inputs=inputs, request=request)


def check_open_models(case: RequestCase, mode: Mode, inputs: CallInputs, answer: HttpResponse) -> None:
    """What a model in a body holds beyond the class that is due is sent too; in a dict it would be a typing mistake."""
    caller = case.context.caller(mode, retries=None)
    passed: dict[str, Any] = {}

    def change(arguments: dict[str, Any]) -> dict[str, Any]:
        body = {name: arguments[name] for name in case.body_arguments.values() if name in arguments}
        opened = with_open_models(caller.method(case.operation.id), body, "no such key")
        passed.update(arguments | opened)
        return passed

    called = caller.call_changed(case.operation.id, case.arguments(inputs), always(answer), change)
    bodies = [codec.read(one.body) for one in called.requests]
    expected, schema = _expected(case, passed), case.schema
    ending = f"{bodies!s:.300} ({shown_error(called.error)})"
    if schema is not None and not case.context.checker.schemas.is_valid(schema, expected, "request"):
        is_right = not bodies and case.is_refusal(called.error)
        said = f"models with a key more, which the schema refuses, are sent as {ending}"
    else:
        is_right = len(bodies) == 1 and same(expected, bodies[0])
        said = f"models with a key more are sent as {ending}"
    case.check(is_right, "models-differ", said, mode=mode, inputs=inputs)


def _expected(case: RequestCase, passed: dict[str, Any]) -> Value:
    """The JSON of arguments that hold models."""
    found = {wire: plain(passed[name]) for wire, name in case.body_arguments.items() if name in passed}
    whole = found.get("", found)
    found |= getattr(passed.get("options"), "extra_body", None) or {}
    return codec.read(codec.write(cast("Value", wrapped(whole))))
