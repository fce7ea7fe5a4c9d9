"""Laws of the comparison on the wire, over drawn schemas and documents."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clientsmith.diff.model import Change, Level
from clientsmith.diff.rules import rules
from clientsmith.diff.wire.compare import compare
from tests.cases.diff.descriptions import of_schema, opened
from tests.properties.documents import documents
from tests.properties.schemas import Schema, edited, schemas, values


def changes(old: Schema, new: Schema) -> list[Change]:
    """What changes between two schemas that requests and responses have as their bodies."""
    return compare(opened(of_schema("3.1", old)), opened(of_schema("3.1", new)))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """A schema, and the same one with a change, or another one."""
    old = draw(schemas())
    return old, draw(st.one_of(edited(old), schemas()))


@given(pairs(), st.lists(values(), min_size=200, max_size=200))
@settings(max_examples=100, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_value_contradicts_what_is_called_compatible(pair: tuple[Schema, Schema], drawn: list[Any]) -> None:
    old, new = pair
    found = changes(old, new)
    validators = [jsonschema_rs.Draft202012Validator(one) for one in pair]
    undecided = any(rules()[one.rule].undecided for one in found)
    request = max((one.request for one in found), default=Level.NONE)
    response = max((one.response for one in found), default=Level.NONE)
    for value in drawn:
        fits = [one.is_valid(value) for one in validators]
        if fits == [True, False]:
            assert request is Level.BREAKING or undecided, (value, [one.text for one in found])
        if fits == [False, True]:
            assert response >= Level.WARNING, (value, [one.text for one in found])
