"""Objects that are written member by member: names that others have, and what has no text of its own inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.calls import call
from tests.behavior.packages import Package, package_of, spec

FIELDS = (
    "type: object, properties: {date: {type: string}, size: {type: object, properties: {w: {type: integer}}}}"
)
LISTS = "type: array, items: {type: object, properties: {a: {type: integer}}}"
PAIRS = spec(f"""
    security: []
    paths:
      /q:
        get:
          operationId: query
          tags: [s]
          parameters:
            - {{name: sort, in: query, schema: {{{FIELDS}}}}}
            - {{name: date, in: query, schema: {{type: string}}}}
            - {{name: deep, in: query, style: deepObject, schema: {{type: object, properties: {{date: {{type: string}}, all: {{{LISTS}}}}}}}}}
            - {{name: all, in: query, schema: {{{LISTS}}}}}
            - {{name: some, in: query, explode: false, schema: {{{LISTS}}}}}
          responses: {{'204': {{description: ok}}}}
      /m:
        get:
          operationId: map
          tags: [s]
          parameters:
            - {{name: any, in: query, schema: {{type: object, additionalProperties: {{type: string}}}}}}
            - {{name: date, in: query, schema: {{type: string}}}}
            - {{name: jar, in: cookie, schema: {{type: object, properties: {{c: {{type: string}}}}}}}}
            - {{name: c, in: cookie, schema: {{type: string}}}}
          responses: {{'204': {{description: ok}}}}
      /f:
        post:
          operationId: form
          tags: [s]
          requestBody:
            required: true
            content:
              application/x-www-form-urlencoded:
                schema: {{type: object, properties: {{sort: {{{FIELDS}}}, whole: {{{FIELDS}}}, date: {{type: string}}}}}}
                encoding: {{sort: {{explode: true}}}}
          responses: {{'204': {{description: ok}}}}
      /b:
        post:
          operationId: brackets
          tags: [s]
          parameters:
            - {{name: any, in: query, schema: {{type: object, additionalProperties: {{type: string}}}}}}
            - {{name: 'filter[name]', in: query, schema: {{type: string}}}}
            - {{name: 'ids[]', in: query, schema: {{type: array, items: {{type: integer}}}}}}
            - {{name: q, in: query, style: deepObject, schema: {{type: object, properties: {{s: {{type: string}}}}, additionalProperties: {{type: string}}}}}}
            - {{name: 'q[s]', in: query, schema: {{type: string}}}}
            - {{name: 'q[u]', in: query, schema: {{type: string}}}}
            - {{name: jar, in: cookie, schema: {{type: object, additionalProperties: {{type: string}}}}}}
            - {{name: 'c[x]', in: cookie, schema: {{type: string}}}}
          requestBody:
            content:
              application/x-www-form-urlencoded:
                schema: {{type: object, properties: {{'blog[title]': {{type: string}}, rest: {{type: object, additionalProperties: {{type: string}}}}}}}}
                encoding: {{rest: {{explode: true}}}}
          responses: {{'204': {{description: ok}}}}
""")


@pytest.fixture(scope="module")
def package() -> Package:
    return package_of(PAIRS)


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("query", {"sort": {"date": "up"}}),
        ("query", {"sort": {"date": "up"}, "date": "today"}),
        ("map", {"any": {"date": "up"}}),
        ("map", {"jar": {"c": "1"}}),
        ("form", {"sort": {"date": "up"}}),
        ("brackets", {"any": {"filter[name]": "up"}}),
        ("brackets", {"any": {"ids[]": "up"}}),
        ("brackets", {"q": {"s": "up"}}),
        ("brackets", {"q": {"u": "up"}, "q_u": "down"}),
        ("brackets", {"jar": {"c[x]": "1"}}),
        ("brackets", {"rest": {"blog[title]": "1"}}),
    ],
)
def test_a_member_under_the_name_of_another_is_refused(
    package: Package, method: str, given: dict[str, Any]
) -> None:
    with pytest.raises(
        package.errors.RequestValidationError, match=r"cannot tell from the (parameter|field) of that"
    ):
        call(package, f"s.{method}", **given)


def test_what_is_kept_apart_is_sent(package: Package) -> None:
    assert call(package, "s.query", deep={"date": "up"}).query == [("deep[date]", "up")]
    assert call(package, "s.query", sort={"size": {"w": 1}}, date="x").query == [
        ("date", "x"),
        ("size", '{"w":1}'),
    ]
    assert call(package, "s.map", any={"day": "up"}, date="x").query == [("day", "up"), ("date", "x")]
    assert call(package, "s.brackets", any={"filter": "up"}, ids=[1], q={"t": "x"}, q_s="y").query == [
        ("filter", "up"),
        ("ids[]", "1"),
        ("q[t]", "x"),
        ("q[s]", "y"),
    ]
    assert call(package, "s.form", whole={"date": "up"}).form == [("whole", '{"date":"up"}')]


def test_a_declared_member_that_is_never_sent_is_a_warning_with_both_places(package: Package) -> None:
    found = [one for one in package.diagnostics if one.id == "member-name-taken"]

    assert {(one.place.pointer, one.related[0].place.pointer) for one in found} == {
        ("/paths/~1q/get/parameters/0/schema/properties/date", "/paths/~1q/get/parameters/1"),
        ("/paths/~1m/get/parameters/2/schema/properties/c", "/paths/~1m/get/parameters/3"),
        (f"{FORM}/sort/properties/date", f"{FORM}/date"),
        ("/paths/~1b/post/parameters/3/schema/properties/s", "/paths/~1b/post/parameters/4"),
    }


FORM = "/paths/~1f/post/requestBody/content/application~1x-www-form-urlencoded/schema/properties"


@pytest.mark.parametrize("items", [[{"a": 1}, {}], [{}], [{"a": 1}, {}, {"a": 2}]])
def test_an_empty_item_that_brackets_cannot_say_is_refused(package: Package, items: Any) -> None:
    with pytest.raises(package.errors.RequestValidationError, match="without anything in it"):
        call(package, "s.query", deep={"all": items})
    assert call(package, "s.query", deep={"all": [{"a": 1}]}).query == [("deep[all][0][a]", "1")]


def test_objects_in_arrays_are_json_text_for_client_and_server(package: Package, tmp_path: Path) -> None:
    exchange = call(package, "s.query", all=[{"a": 1}, {}], some=[{"a": 2}, {"a": 3}])
    assert exchange.query == [("all", '{"a":1}'), ("all", "{}"), ("some", '{"a":2},{"a":3}')]

    path = tmp_path / "openapi.yaml"
    path.write_text(PAIRS)
    suite = Suite.open(str(path), str(package.folder), [], Diagnostics(), Settings(examples=2))
    assert suite is not None
    results = [unit.run() for unit in suite.units if unit.part in ("request", "both-ends")]
    suite.close()
    assert [f"{one.id}: {one.message}" for result in results for one in result.failures] == []
