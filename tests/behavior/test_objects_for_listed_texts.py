"""Objects of Python where a string is one of a list: sent as the listed text that means the same, else refused."""

from __future__ import annotations

import enum
import inspect
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from uuid import UUID

import pytest

from tests.behavior.calls import call, json_answer
from tests.behavior.packages import both_ways, package_of, spec

DOCUMENT = both_ways("""
    Root:
      type: object
      properties:
        day: {type: string, format: date, enum: ['2026-01-01', '2026-02-01']}
        at: {type: string, format: date-time, enum: ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00.000+01:00']}
        only: {type: string, format: date-time, const: '2026-01-01T00:00:00Z'}
        id: {type: [string, 'null'], format: uuid, enum: [ABCDEF00-0000-0000-0000-000000000001, null]}
        v4: {type: string, format: ipv4, const: 10.0.0.1}
        v6: {type: string, format: ipv6, enum: ['2001:DB8::1']}
        time: {type: string, format: time, enum: ['10:00:00Z']}
        span: {type: string, format: duration, enum: [PT60S, P1D]}
        free: {type: string, enum: ['2026-01-01', red]}
        mixed: {enum: [1, '2026-01-01']}
        count: {type: integer, enum: [1, 20]}
        days: {type: array, items: {type: string, format: date, enum: ['2026-01-01']}}
        by_name: {type: object, additionalProperties: {type: string, format: uuid, const: abcdef00-0000-0000-0000-000000000001}}
        either: {anyOf: [{type: integer}, {type: string, format: date, enum: ['2026-01-01']}]}
""")  # fmt: skip
ID = UUID("abcdef00-0000-0000-0000-000000000001")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"
    DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("day", date(2026, 1, 1), "2026-01-01"),
        ("day", Colour.DAY, "2026-01-01"),
        ("at", NEW_YEAR, "2026-01-01T00:00:00Z"),
        ("at", datetime(2026, 1, 31, 23, tzinfo=UTC), "2026-02-01T00:00:00.000+01:00"),
        ("only", datetime(2026, 1, 1, 5, tzinfo=timezone(timedelta(hours=5))), "2026-01-01T00:00:00Z"),
        ("id", ID, "ABCDEF00-0000-0000-0000-000000000001"),
        ("id", None, None),
        ("v4", IPv4Address("10.0.0.1"), "10.0.0.1"),
        ("v6", IPv6Address("2001:db8::1"), "2001:DB8::1"),
        ("time", time(10, tzinfo=UTC), "10:00:00Z"),
        ("span", timedelta(minutes=1), "PT60S"),
        ("span", timedelta(hours=24), "P1D"),
        ("free", date(2026, 1, 1), "2026-01-01"),
        ("free", Colour.RED, "red"),
        ("mixed", date(2026, 1, 1), "2026-01-01"),
        ("mixed", Decimal(1), 1),
        ("count", Decimal("2E+1"), 20),
        ("days", [date(2026, 1, 1), "2026-01-01"], ["2026-01-01", "2026-01-01"]),
        ("by_name", {"a": ID}, {"a": "abcdef00-0000-0000-0000-000000000001"}),
        ("either", date(2026, 1, 1), "2026-01-01"),
    ],
)
def test_an_object_is_sent_as_the_listed_text(name: str, value: object, text: object) -> None:
    assert call(DOCUMENT, "things.send", **{name: value}, answer=json_answer({})).json == {name: text}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("day", date(2026, 1, 2)),
        ("day", datetime(2026, 1, 1)),
        ("day", NEW_YEAR),
        ("at", datetime(2026, 1, 1)),
        ("at", date(2026, 1, 1)),
        ("only", datetime(2026, 1, 1, 1, tzinfo=UTC)),
        ("id", UUID(int=1)),
        ("v4", IPv4Address("10.0.0.2")),
        ("v4", IPv6Address("::1")),
        ("time", time(10)),
        ("time", time(11, tzinfo=UTC)),
        ("span", timedelta(minutes=2)),
        ("free", Colour.BLUE),
        ("free", ID),
        ("count", Decimal("1.5")),
        ("count", True),
        ("days", [date(2026, 1, 2)]),
        ("either", date(2026, 1, 2)),
    ],
)
def test_an_object_that_is_not_listed_is_refused(name: str, value: object) -> None:
    package = package_of(DOCUMENT)
    with pytest.raises(package.errors.RequestValidationError, match=name):
        call(package, "things.send", **{name: value})


def test_the_signature_and_the_dict_name_the_class() -> None:
    package = package_of(DOCUMENT)
    text = str(inspect.signature(package.client_class()(base_url="https://api.example.com").things.send))

    assert "day: \"datetime.date | Literal['2026-01-01', '2026-02-01'] | Unset\"" in text
    assert "id: \"uuid.UUID | Literal['ABCDEF00-0000-0000-0000-000000000001'] | Unset | None\"" in text
    assert b"span: datetime.timedelta | Literal[" in package.files["inputs.py"]


def test_a_model_takes_a_date_for_its_text() -> None:
    made = package_of(DOCUMENT).models.RootInput(day=date(2026, 1, 1), only=NEW_YEAR)
    assert (made.day, made.only) == ("2026-01-01", "2026-01-01T00:00:00Z")


PLACES = spec("""
paths:
  /x/{day}:
    get:
      operationId: find
      tags: [s]
      parameters:
        - {name: day, in: path, required: true, schema: {type: string, format: date, enum: ['2026-01-01']}}
        - {name: ids, in: query, schema: {type: array, items: {type: string, format: uuid, enum: [ABCDEF00-0000-0000-0000-000000000001]}}}
        - {name: X-At, in: header, schema: {type: string, format: date-time, const: '2026-01-01T00:00:00Z'}}
      responses: {'204': {description: ok}}
""")


def test_parameters_take_them_too() -> None:
    exchange = call(PLACES, "s.find", date(2026, 1, 1), ids=[ID], x_at=NEW_YEAR)

    assert exchange.raw_path == "/x/2026-01-01"
    assert exchange.raw_query == "ids=ABCDEF00-0000-0000-0000-000000000001"
    assert exchange.request.headers["x-at"] == "2026-01-01T00:00:00Z"
