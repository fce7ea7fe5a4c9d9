"""Inputs of valid calls: drawn values side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from clientsmith.conform.client.call_inputs import ABSENT, CallInputs
from clientsmith.conform.contract.requests.request_case import RequestCase
from clientsmith.conform.inputs.sayable import sayable
from clientsmith.json_values.codec import Value
from clientsmith.openapi.parameter import Location

_Columns: TypeAlias = "dict[tuple[Location, str], list[Value]]"
"""The values of each parameter, by location and name."""


def drawn_inputs(case: RequestCase, least: int) -> Iterator[CallInputs]:
    """Everything given first, then what is optional now there and now not; none if something required has no value."""
    columns, bodies = _columns(case), _bodies(case)
    required = {(one.location, one.name) for one in case.operation.parameters if one.required}
    if any(not column for key, column in columns.items() if key in required):
        return
    total = max([least, len(bodies), *map(len, columns.values())])
    for turn in range(total):
        parameters: dict[tuple[Location, str], Value] = {}
        for number, (key, column) in enumerate(columns.items()):
            if column and (key in required or turn == 0 or (turn >> (number % 6)) & 1):
                parameters[key] = column[turn % len(column)]
                case.context.tally.drew(case.operation.id, *key, parameters[key], valid=True)
        is_left_out = not bodies or (case.may_lack_body and turn == 1)
        if is_left_out and case.media is not None and not case.may_lack_body:
            return
        body = ABSENT if is_left_out else bodies[turn % len(bodies)]
        case.note_body(body, valid=True)
        yield CallInputs(parameters, body)


def _columns(case: RequestCase) -> _Columns:
    members = case.context.members(case.operation)
    columns: _Columns = {}
    for one in case.operation.parameters:
        drawn = case.context.parameter_values(case.operation, one)
        columns[one.location, one.name] = [value for value in drawn if sayable(one, value, members)]
    return columns


def _bodies(case: RequestCase) -> list[Value]:
    drawn = case.context.valid_bodies(case.operation)
    return [value for value in drawn if case.is_json or not _holds_nothing(value)]


def _holds_nothing(value: Value) -> bool:
    """Whether a field of a form is empty or null, or has an item that is null: text cannot say any of that."""
    return isinstance(value, dict) and any(
        item in ([], {}, None, "") or (isinstance(item, list) and None in item) for item in value.values()
    )
