"""Objects sent as text where only a condition states the format; and refusals that name what the caller passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import Package, package_of, spec


def described(schema: str, media_type: str = "application/json") -> Package:
    content = f"content: {{{media_type}: {{schema: {{type: object, {schema}}}}}}}"
    operation = f"{{operationId: send, tags: [s], requestBody: {{required: true, {content}}}, responses: {{'204': {{description: ok}}}}}}"
    return package_of(spec(f"paths: {{/x: {{post: {operation}}}}}\n"))


OBJECTS: dict[str, Any] = {
    "date": date(2026, 1, 1),
    "date-time": datetime(2026, 1, 1, tzinfo=UTC),
    "time": time(10, tzinfo=UTC),
    "duration": timedelta(days=1),
    "uuid": UUID(int=1),
    "ipv4": IPv4Address("10.0.0.1"),
    "ipv6": IPv6Address("::1"),
}
CONDITIONS = {
    "then": "properties: {k: {type: string}}, if: {required: [k]}, then: {properties: {v: %s}}",
    "dependent": "properties: {k: {type: string}}, dependentSchemas: {k: {properties: {v: %s}}}",
    "below": "properties: {k: {type: string}, v: {}}, if: {required: [k]}, then: {properties: {v: {items: %s}}}",
}


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("stated", [*OBJECTS, "uri"])
def test_a_format_that_a_condition_states_keeps_other_objects_out(condition: str, stated: str) -> None:
    package = described(CONDITIONS[condition] % f"{{type: string, format: {stated}}}")
    for kind, value in OBJECTS.items():
        given = [value] if condition == "below" else value
        if kind == stated:
            assert "v" in call(package, "s.send", k="x", v=given).json
            continue
        with pytest.raises(package.errors.RequestValidationError, match="format of this string"):
            call(package, "s.send", k="x", v=given)
        assert "v" in call(package, "s.send", v=given).json


def test_without_a_format_any_object_is_text() -> None:
    package = described(CONDITIONS["then"] % "{type: string}")
    for value in OBJECTS.values():
        assert "v" in call(package, "s.send", k="x", v=value).json


def test_either_of_two_formats_will_do() -> None:
    either = "{anyOf: [{type: string, format: date}, {type: string, format: uuid}]}"
    package = described(CONDITIONS["then"] % either)

    assert call(package, "s.send", k="x", v=date(2026, 1, 1)).json == {"k": "x", "v": "2026-01-01"}
    assert call(package, "s.send", k="x", v=UUID(int=1)).json["v"] == str(UUID(int=1))
    with pytest.raises(package.errors.RequestValidationError, match="time objects"):
        call(package, "s.send", k="x", v=time(10, tzinfo=UTC))


@pytest.mark.parametrize("name", ["anything", "numbers", "either", "inside"])
@pytest.mark.parametrize(
    ("iterator", "kind"),
    [(iter([1]), "list_iterator"), ((one for one in [1]), "generator"), (map(int, "1"), "map")],
)
def test_an_iterator_is_refused_by_the_name_of_its_class(name: str, iterator: Any, kind: str) -> None:
    package = described(
        "properties: {anything: {}, numbers: {type: array, items: {type: integer}}, inside: {type: object},"
        " either: {anyOf: [{type: array, items: {type: integer}}, {type: string}]}}"
    )
    given = {"a": iterator} if name == "inside" else iterator
    place = "inside.a" if name == "inside" else name
    with pytest.raises(
        package.errors.RequestValidationError, match=f"{place}: a {kind} can be read only once"
    ):
        call(package, "s.send", **{name: given})


@pytest.mark.parametrize("count", [1, 6])
def test_too_many_members_beside_read_only_ones_are_called_that(count: int) -> None:
    only = ", ".join(f"r{number}: {{type: string, readOnly: true}}" for number in range(count))
    package = described(f"properties: {{{only}, a: {{}}, b: {{}}, c: {{}}}}, maxProperties: 2")

    with pytest.raises(package.errors.RequestValidationError, match="has more than 2 members") as caught:
        call(package, "s.send", a=1, b=2, c=3)
    assert [problem.keyword for problem in caught.value.problems] == ["maxProperties"]
