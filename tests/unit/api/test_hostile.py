"""Documents made to exhaust a reader: they are read in good time, in bounded depth, or refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeAlias

import pytest

from clientsmith.api.model.expressions import children
from clientsmith.api.model.types import TypeAlias as Alias
from clientsmith.api.model.types import TypeExpr
from clientsmith.diagnostics.model import Severity
from clientsmith.document.model import MAX_DEPTH
from tests.unit.api.apis import Built, receiving, ref, sending
from tests.unit.api.conftest import Build

DEEP = MAX_DEPTH - 12
SECONDS = 60.0
"""Of CPU time: far above what any of these takes, far below what a reader takes that goes wrong."""

Link: TypeAlias = Callable[[Any, int], Any]


@contextmanager
def in_good_time() -> Generator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS


def nested(depth: int, wrap: Link) -> Any:
    schema: Any = {"type": "string", "minLength": 1}
    for level in range(depth):
        schema = wrap(schema, level)
    return schema


def chain(length: int, link: Link) -> dict[str, Any]:
    """Schemas S0, S1, ... each of which refers to the next."""
    schemas = {f"S{number}": link(ref(f"S{number + 1}"), number) for number in range(length)}
    return {**schemas, f"S{length}": {"type": "string"}}


def depth(expression: TypeExpr) -> int:
    return 1 + max(map(depth, children(expression)), default=0)


def check(made: Built) -> None:
    types = [schema.type for schema in made.made.schemas if isinstance(schema, Alias)]
    assert max(map(depth, types), default=0) < 60


WRAPPED: list[tuple[int, Link]] = [
    (DEEP, lambda inner, _: {"type": "array", "items": inner}),
    (DEEP, lambda inner, _: {"type": "object", "additionalProperties": inner}),
    (DEEP // 2, lambda inner, _: {"type": "object", "properties": {"a": inner}}),
    (DEEP // 2, lambda inner, level: {"anyOf": [inner, {"type": "integer", "maximum": level}]}),
    (DEEP // 2, lambda inner, level: {"allOf": [inner, {"maxLength": level}]}),
    (DEEP // 2, lambda inner, level: {"type": "object", "properties": {f"p{level}": {"type": "string"}}, "oneOf": [inner, {"title": "t"}]}),
    (DEEP // 2, lambda inner, level: {"type": "object", "properties": {f"p{level}": {"type": "string"}}, "oneOf": [inner, {"type": "object", "properties": {"q": {"type": "string"}}}]}),
]  # fmt: skip


@pytest.mark.parametrize(("levels", "wrap"), WRAPPED)
def test_depth_never_exhausts_the_stack(api: Build, levels: int, wrap: Link) -> None:
    schema = nested(levels, wrap)
    with in_good_time():
        check(api(sending({"A": schema}, {"type": "array", "items": ref("A")})))
        check(api(receiving({"A": schema}, ref("A"))))


CHAINED: list[tuple[int, Link]] = [
    (1500, lambda following, _: following),
    (1500, lambda following, _: {"allOf": [following]}),
    (1500, lambda following, _: {"type": "object", "properties": {"a": following}}),
]  # fmt: skip

MULTIPLIED: list[tuple[int, Link]] = [
    (1500, lambda following, _: {"type": "array", "items": following}),
    (1500, lambda following, number: {"anyOf": [following, {"type": "integer", "maximum": number}]}),
    (1500, lambda following, _: {"anyOf": [following, {"type": ["integer", "null"]}]}),
    (200, lambda following, number: {"properties": {f"p{number}": {"type": "string"}}, "anyOf": [following, {"properties": {"q": {"type": "string"}}}]}),
    (200, lambda following, number: {"properties": {f"p{number}": {"type": "string"}}, "anyOf": [following]}),
    (40, lambda following, number: {"properties": {f"p{number}": {"type": "string"}}, "anyOf": [following, {"properties": {f"q{number}": {"type": "string"}}, "anyOf": [following, following]}]}),
]  # fmt: skip


@pytest.mark.parametrize(("length", "link"), CHAINED)
def test_long_chains_of_references_are_walked_once(
    api: Build, length: int, link: Callable[[Any, int], Any]
) -> None:
    document = sending(chain(length, link), {"type": "array", "items": ref("S0")})
    document["paths"]["/x"]["get"] = receiving({}, ref("S0"))["paths"]["/x"]["get"]
    with in_good_time():
        check(api(document))


@pytest.mark.parametrize(("length", "link"), MULTIPLIED)
def test_schemas_that_multiply_are_refused_at_their_place(
    api: Build, length: int, link: Callable[[Any, int], Any]
) -> None:
    with in_good_time():
        made = api(receiving(chain(length, link), ref("S0")))
    assert made.api is None
    [found] = [one for one in made.diagnostics if one.severity is Severity.ERROR]
    assert found.id == "too-costly"
    assert found.place.span is not None
    assert str(found.place.pointer).startswith("/components/schemas/S")


def test_a_ring_of_unions_is_opened_in_good_time(api: Build) -> None:
    schemas = chain(1500, lambda following, _: {"anyOf": [following, {"type": "integer"}]})
    schemas["S1500"] = {"anyOf": [ref("S0"), {"type": "string"}]}
    with in_good_time():
        made = api(receiving(schemas, ref("S5")))
    assert set(made.alias("S0").split(" | ")) == {"int", "str"}


def test_schemas_that_merge_into_ever_new_ones_come_to_an_end(api: Build) -> None:
    def ring(name: str, size: int) -> dict[str, Any]:
        return {
            f"{name}{number}": {
                "type": "object",
                "properties": {
                    "p": ref(f"{name}{(number + 1) % size}"),
                    "q": ref(f"{name}{(number + 2) % size}"),
                },
            }
            for number in range(size)
        }

    schemas = {**ring("A", 2), **ring("B", 3), **ring("C", 5), **ring("D", 7)}
    schemas["All"] = {"allOf": [ref("A0"), ref("B0"), ref("C0"), ref("D0")]}
    made = api(receiving(schemas, ref("All")))
    assert made.api is None
    assert [one.id for one in made.diagnostics if one.severity is Severity.ERROR] == ["too-costly"]


def test_many_properties_that_become_one_name(api: Build) -> None:
    names = [f"{'-' * left}a{'-' * right}" for left in range(60) for right in range(60)]
    schema = {"type": "object", "required": names, "properties": {name: {"type": "string"} for name in names}}
    with in_good_time():
        made = api(sending({"A": schema}, ref("A")))
    assert len({field.name for field in made.cls("A").fields}) == len(names)


def test_a_reference_loop_with_nothing_in_it_never_gets_here(api: Build) -> None:
    schemas = {"A": {"allOf": [ref("B")]}, "B": {"anyOf": [ref("A")]}}
    with in_good_time():
        made = api(receiving(schemas, ref("A")))
    assert made.api is not None


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": [], "required": {"a": 1}, "additionalProperties": 3},
        {"type": {"a": 1}, "enum": "x", "anyOf": {}, "allOf": "x", "items": 3},
        {"type": ["object", 3, None], "properties": {"a": 3, "b": [], "c": None}},
        {"type": "string", "pattern": 3, "maxLength": "x", "format": []},
        {"anyOf": [3, None, "x"], "discriminator": "x"},
        {"oneOf": [ref("A")], "discriminator": {"propertyName": 3, "mapping": {"a": 3}}},
        3,
        "x",
        None,
        [],
    ],
)  # fmt: skip
def test_nonsense_in_a_schema_is_read_as_something(api: Build, schema: Any) -> None:
    made = api(
        sending({"A": schema}, {"type": "array", "items": {"type": "object", "properties": {"a": schema}}})
    )
    assert made.api is not None
