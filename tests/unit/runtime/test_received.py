"""What is received does not change by being read: numbers keep their digits, text and bools are no numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypeAliasType

from clientsmith.runtime import ResponseModel
from clientsmith.runtime.types.schemas import ResponseSchema
from clientsmith.runtime.values.json_codec import parse, write

Count = TypeAliasType("Count", int)


class Reading(ResponseModel):
    count: int | None = None
    named: Count | None = None
    ratio: float | None = None
    amount: Decimal | None = None
    flag: bool | None = None
    level: Literal[1, 2] | int | None = None
    mixed: bool | float | str | None = None
    parts: list[Reading] | None = None


def decoded(text: str) -> Any:
    return ResponseSchema(Reading).decode(parse(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        '{"count":9007199254740993,"named":5,"level":3,"parts":[{"count":5}]}',
        '{"ratio":1.5,"mixed":"5"}',
        '{"ratio":9007199254740993,"mixed":true}',
        '{"amount":12345678901234567.1230}',
        '{"flag":false,"unknown":{"count":"5"}}',
    ],
)
def test_values_are_written_as_they_were_read(text: str) -> None:
    assert write(decoded(text).model_dump(by_alias=True, exclude_unset=True)) == text


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ('{"count":5.0}', "count", 5),
        ('{"level":1.0}', "level", 1),
        ('{"ratio":5}', "ratio", 5.0),
        ('{"ratio":1e30}', "ratio", 1e30),
        ('{"amount":5}', "amount", Decimal(5)),
    ],
)
def test_a_number_may_be_written_in_several_ways(text: str, field: str, value: object) -> None:
    found = getattr(decoded(text), field)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        '{"count":"5"}', '{"count":true}', '{"count":5.5}', '{"count":1e999999999}', '{"named":"5"}',
        '{"ratio":"1.5"}', '{"ratio":false}', '{"ratio":1e400}', '{"amount":"1.5"}', '{"amount":true}',
        '{"flag":1}', '{"flag":"true"}', '{"level":true}', '{"level":"1"}', '{"parts":[{"count":"5"}]}',
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        decoded(text)


@pytest.mark.parametrize("annotation", [int, list[int], dict[str, int], Count, Literal[1] | int])
@pytest.mark.parametrize("value", ["5", True])
def test_the_rules_hold_outside_of_models(annotation: Any, value: object) -> None:
    within = {list[int]: [value], dict[str, int]: {"key": value}}
    with pytest.raises(ValidationError):
        ResponseSchema(annotation).decode(within.get(annotation, value))


def test_a_class_keeps_the_rules_where_other_types_name_it() -> None:
    class Page(ResponseModel):
        items: dict[str, list[Reading]]

    for _ in range(2):
        with pytest.raises(ValidationError):
            TypeAdapter(list[Page]).validate_python([{"items": {"a": [{"count": "5"}]}}])
