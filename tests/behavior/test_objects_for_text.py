"""Objects of Python that stand for text: UUIDs, addresses, times, durations and enums, in every place of a request."""

from __future__ import annotations

import enum
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any
from urllib.parse import unquote_plus

import pytest

from tests.behavior.calls import Exchange, call, json_answer
from tests.behavior.packages import both_ways, package_of, spec


class Plain(enum.Enum):
    RED = "red"


class Text(enum.StrEnum):
    RED = "red"


class Number(enum.IntEnum):
    ONE = 1


ID = uuid.UUID("12345678-1234-5678-1234-567812345678")
NEW_YORK = timezone(timedelta(hours=-5))
SCHEMAS = {
    "moment": "{type: string, format: date-time}",
    "day": "{type: string, format: date}",
    "clock": "{type: string, format: time}",
    "span": "{type: string, format: duration}",
    "id": "{type: string, format: uuid}",
    "four": "{type: string, format: ipv4}",
    "six": "{type: string, format: ipv6}",
    "color": "{type: string, enum: [red, green]}",
    "number": "{type: integer, enum: [1, 2]}",
}
VALUES: list[tuple[str, Any, str]] = [
    ("moment", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-02-03T04:05:06+00:00"),
    ("moment", datetime(2026, 2, 3, 4, 5, 6, 7, tzinfo=NEW_YORK), "2026-02-03T04:05:06.000007-05:00"),
    ("moment", "2026-02-03T04:05:06Z", "2026-02-03T04:05:06Z"),
    ("day", date(2026, 2, 3), "2026-02-03"),
    ("clock", time(4, 5, tzinfo=UTC), "04:05:00+00:00"),
    ("span", timedelta(0), "PT0S"),
    ("span", timedelta(days=14), "P14D"),
    ("span", timedelta(hours=1, seconds=1), "PT1H0M1S"),
    ("span", timedelta(days=1, minutes=2), "P1DT2M"),
    ("id", ID, str(ID)),
    ("four", ip_address("192.0.2.1"), "192.0.2.1"),
    ("six", ip_address("2001:db8::1"), "2001:db8::1"),
    ("color", Plain.RED, "red"),
    ("color", Text.RED, "red"),
    ("number", Number.ONE, "1"),
]
REFUSED: list[tuple[str, Any]] = [
    ("moment", datetime(2026, 2, 3)),
    ("moment", date(2026, 2, 3)),
    ("moment", datetime(2026, 2, 3, tzinfo=timezone(timedelta(seconds=1172)))),
    ("day", datetime(2026, 2, 3)),
    ("day", datetime(2026, 2, 3, tzinfo=UTC)),
    ("clock", time(4, 5)),
    ("span", timedelta(seconds=-1)),
    ("span", timedelta(milliseconds=1)),
    ("id", 5),
    ("four", 5),
    ("color", Number.ONE),
    ("number", Text.RED),
]
PLACES = ("path", "query", "header", "cookie", "json", "form", "multipart")
_MEDIA = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data",
}


def operation_at(place: str, name: str, value: str) -> str:
    """An operation that sends a value of a schema in a place, as `v`, but for its responses."""
    head = f"  /{place}/{name}{'/{v}' if place == 'path' else ''}:\n    post:\n      operationId: {place}_{name}\n      tags: [s]\n"
    if place in _MEDIA:
        schema = f"{{type: object, properties: {{v: {value}}}}}"
        return (
            head
            + f"      requestBody: {{required: true, content: {{{_MEDIA[place]}: {{schema: {schema}}}}}}}\n"
        )
    return head + f"      parameters: [{{name: v, in: {place}, required: true, schema: {value}}}]\n"


DOCUMENT = spec(
    "paths:\n"
    + "".join(
        operation_at(place, name, SCHEMAS[name]) + "      responses: {'204': {description: ok}}\n"
        for place in PLACES
        for name in SCHEMAS
    )
)


def text_at(place: str, exchange: Exchange) -> str:
    """The text of `v` in the request."""
    if place == "path":
        return unquote_plus(exchange.raw_path.rpartition("/")[2])
    if place == "multipart":
        return exchange.content.decode().split("\r\n\r\n")[1].partition("\r\n")[0]
    if place in ("query", "form"):
        [(_, text)] = exchange.query if place == "query" else exchange.form
        return text
    if place == "json":
        return str(exchange.json["v"])
    headers = exchange.request.headers
    return str(
        headers["v"] if place == "header" else unquote_plus(headers["cookie"].replace("+", "%2B"))
    ).removeprefix("v=")


@pytest.mark.parametrize(("name", "value", "expected"), VALUES)
@pytest.mark.parametrize("place", PLACES)
def test_an_object_goes_out_as_its_text(place: str, name: str, value: Any, expected: str) -> None:
    assert text_at(place, call(DOCUMENT, f"s.{place}_{name}", v=value)) == expected


@pytest.mark.parametrize(("name", "value"), REFUSED)
@pytest.mark.parametrize("place", ["query", "path", "json", "form"])
def test_an_object_that_has_no_such_text_is_refused(place: str, name: str, value: Any) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, f"s.{place}_{name}", v=value)


NESTED = spec("""
paths:
  /n:
    post:
      operationId: nested
      tags: [s]
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {ids: {type: array, items: {$ref: '#/components/schemas/Id'}}, any: {}, map: {type: object, additionalProperties: {type: string, format: duration}}}}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Id: {type: string, format: uuid}
""")


def test_objects_inside_of_lists_maps_and_untyped_values() -> None:
    exchange = call(
        NESTED, "s.nested", ids=[ID, str(ID)], map={"a": timedelta(hours=2)},
        any={"color": Plain.RED, "at": [time(1, tzinfo=UTC)], "amount": Decimal("1.10")},
    )  # fmt: skip

    assert exchange.content.decode() == (
        f'{{"any":{{"color":"red","at":["01:00:00+00:00"],"amount":1.10}},"ids":["{ID}","{ID}"],"map":{{"a":"PT2H"}}}}'
    )


def test_a_refusal_names_the_place_and_the_reason() -> None:
    package = package_of(NESTED)

    with pytest.raises(
        package.errors.RequestValidationError, match=r"map\.a: a duration .* \(RFC 3339, appendix A\)"
    ):
        call(package, "s.nested", map={"a": timedelta(seconds=-1)})


@pytest.mark.parametrize(
    "value", [datetime(2026, 2, 3), [datetime(2026, 2, 3)], {"a": datetime(2026, 2, 3)}, time(1)], ids=repr
)
@pytest.mark.parametrize("place", ["any", "extra"])
def test_no_moment_without_an_offset_is_sent_where_nothing_says_the_type(place: str, value: Any) -> None:
    package = package_of(NESTED)
    options = package.module.CallOptions(extra_body={"a": value} if place == "extra" else None)

    with pytest.raises(package.errors.RequestValidationError, match="has to have an offset from UTC"):
        call(package, "s.nested", any=None if place == "extra" else value, options=options)


EITHER = both_ways("""
    Root: {type: object, properties: {one: {anyOf: [{$ref: '#/components/schemas/Event'}, {$ref: '#/components/schemas/Phone'}]}}}
    Event: {type: object, additionalProperties: false, properties: {at: {type: string, format: date-time}}}
    Phone: {type: object, required: [phone], properties: {phone: {type: string}}}
""")


def test_what_one_member_of_a_union_describes_is_no_gap_in_another() -> None:
    package, moment = package_of(EITHER), datetime(2026, 2, 3, tzinfo=UTC)
    one = {"at": moment, "phone": "1"}

    assert call(package, "things.send", one=one, answer=json_answer({})).json == {
        "one": {"at": "2026-02-03T00:00:00+00:00", "phone": "1"}
    }
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", one={**one, "at": moment.replace(tzinfo=None)})


OBJECTS = {
    "uuid": ID, "guid": ID, "ipv4": ip_address("192.0.2.1"), "ipv6": ip_address("2001:db8::1"),
    "time": time(4, 5, tzinfo=UTC), "duration": timedelta(1), "date": date(2026, 2, 3),
    "date-time": datetime(2026, 2, 3, tzinfo=UTC),
}  # fmt: skip
FORMATS = (*OBJECTS, "email", "hostname", "uri", "byte", "binary", "of-our-own")
NEVER = [ip_interface("192.0.2.1/24"), ip_network("192.0.2.0/24"), ip_interface("2001:db8::1/64")]
SHAPES = {
    "alone": "{0}",
    "bounded": "{{type: string, format: {1}, maxLength: 99, pattern: '.'}}",
    "nullable": "{{type: [string, 'null'], format: {1}}}",
    "listed": "{{type: array, items: {0}}}",
    "either": "{{anyOf: [{0}, {{type: integer}}]}}",
    "named": "{{$ref: '#/components/schemas/A-{1}'}}",
}


def of_format(name: str) -> str:
    return f"{{type: string, format: {name}}}"


def every_format(shape: str) -> str:
    properties = ", ".join(f"f-{name}: {SHAPES[shape].format(of_format(name), name)}" for name in FORMATS)
    query = ", ".join(
        f"{{name: f-{name}, in: query, schema: {SHAPES[shape].format(of_format(name), name)}}}"
        for name in FORMATS
    )
    schemas = ", ".join(f"A-{name}: {of_format(name)}" for name in FORMATS)
    content = f"content: {{application/json: {{schema: {{type: object, properties: {{{properties}}}}}}}}}"
    done = "responses: {'204': {description: ok}}"
    return spec(
        f"paths: {{/b: {{post: {{operationId: body, tags: [s], requestBody: {{required: true, {content}}}, {done}}}}}, "
        f"/q: {{get: {{operationId: query, tags: [s], parameters: [{query}], {done}}}}}}}\n"
        f"components: {{schemas: {{{schemas}}}}}\n"
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("method", ["body", "query"])
def test_an_object_of_another_format_is_refused_with_the_reason(shape: str, method: str) -> None:
    document = every_format(shape)
    package = package_of(document)
    for name in FORMATS:
        argument = f"f_{name.replace('-', '_')}"
        for kind, value in [*OBJECTS.items(), *((None, one) for one in NEVER)]:
            given = {argument: [value] if shape == "listed" else value}
            if kind == name or type(value) is type(OBJECTS.get(name)):
                call(document, f"s.{method}", **given)
                continue
            with pytest.raises(package.errors.RequestValidationError) as caught:
                call(document, f"s.{method}", **given)
            assert caught.value.outcome == "not_sent", (name, value)
    with pytest.raises(
        package.errors.RequestValidationError, match="IPv6Address objects do not have the format"
    ):
        call(document, f"s.{method}", f_ipv4=[OBJECTS["ipv6"]] if shape == "listed" else OBJECTS["ipv6"])


def test_a_string_without_a_format_takes_the_text_of_addresses_but_not_of_networks() -> None:
    document = spec(
        "paths: {/x: {get: {operationId: get, tags: [s], parameters: [{name: q, in: query, schema: {type: string}}], "
        "responses: {'204': {description: ok}}}}}"
    )
    assert call(document, "s.get", q=OBJECTS["ipv4"]).raw_query == "q=192.0.2.1"
    assert call(document, "s.get", q=ID).raw_query == f"q={ID}"
    for value in NEVER:
        with pytest.raises(package_of(document).errors.RequestValidationError):
            call(document, "s.get", q=value)


def test_files_of_a_multipart_body_are_no_text_of_objects() -> None:
    document = spec(
        "paths: {/x: {post: {operationId: send, tags: [s], requestBody: {required: true, content: {multipart/form-data: "
        "{schema: {type: object, properties: {f: {type: string, format: binary}, s: {type: string}}}}}}, "
        "responses: {'204': {description: ok}}}}}"
    )
    assert str(ID).encode() in call(document, "s.send", f=b"1", s=ID).content
    with pytest.raises(package_of(document).errors.RequestValidationError, match="must be bytes or a file"):
        call(document, "s.send", f=ID)


LISTED = spec("""
paths:
  /x:
    get:
      operationId: send
      tags: [things]
      parameters: [{name: chosen, in: query, explode: false, schema: {enum: [[1, 2], [3, 4]]}}]
      responses: {'204': {description: ok}}
""")


@pytest.mark.parametrize("value", [[datetime(2030, 1, 2), 2], [time(1), 2], [timedelta(-1), 2]], ids=repr)
def test_what_has_no_text_is_refused_before_it_is_compared_with_listed_values(value: list[Any]) -> None:
    package = package_of(LISTED)

    with pytest.raises(package.errors.RequestValidationError, match="RFC 3339"):
        call(package, "things.send", chosen=value)
