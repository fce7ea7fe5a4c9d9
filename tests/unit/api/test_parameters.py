"""Parameters: merged from path and operation, made explicit, named."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Severity
from tests.unit.api.apis import Built, spelled
from tests.unit.api.conftest import Build


def calling(*parameters: dict[str, Any], path: str = "/x", shared: Any = (), **more: Any) -> dict[str, Any]:
    operation = {
        "operationId": "op",
        "parameters": list(parameters),
        "responses": {"204": {"description": ""}},
    }
    return {"paths": {path: {"parameters": list(shared), "get": operation}}, **more}


def parameter(name: str, where: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": {"type": "string"}, **more}


def names(made: Built) -> list[tuple[str, str]]:
    return [(item.wire, item.name) for item in made.only.parameters]


@pytest.mark.parametrize(
    ("where", "more", "style", "explode"),
    [
        ("path", {}, "simple", False),
        ("query", {}, "form", True),
        ("header", {}, "simple", False),
        ("cookie", {}, "form", True),
        ("query", {"explode": False}, "form", False),
        ("query", {"style": "spaceDelimited"}, "spaceDelimited", False),
        ("query", {"style": "deepObject", "explode": True}, "deepObject", True),
        ("path", {"style": "matrix", "explode": True}, "matrix", True),
        ("path", {"style": "label"}, "label", False),
    ],
)
def test_the_style_is_always_explicit(api: Build, where: str, more: Any, style: str, explode: bool) -> None:
    [found] = api(
        calling(parameter("a", where, required=True, **more), path="/{a}" if where == "path" else "/x")
    ).only.parameters
    assert (found.location, found.style, found.explode) == (where, style, explode)


def test_a_style_that_does_not_exist_there_is_named(api: Build) -> None:
    made = api(calling(parameter("a", style="matrix")))
    assert made.only.parameters[0].style == "form"
    assert made.ids() == ["unknown-style"]


def test_path_parameters_come_first_in_the_order_of_the_template_then_what_is_required(api: Build) -> None:
    made = api(
        calling(
            parameter("z"),
            parameter("h", "header", required=True),
            parameter("c", "cookie"),
            parameter("q", required=True),
            parameter("a"),
            parameter("second", "path", required=True),
            parameter("first", "path", required=True),
            path="/{first}/{second}",
        )
    )
    assert [item.wire for item in made.only.parameters] == ["first", "second", "q", "a", "z", "h", "c"]


def test_the_operation_overrides_what_its_path_says(api: Build) -> None:
    made = api(
        calling(
            parameter("a", required=True),
            parameter("x-trace", "header", description="own"),
            shared=[parameter("a"), parameter("b"), parameter("X-Trace", "header")],
        )
    )
    found = {item.wire: item for item in made.only.parameters}
    assert sorted(found) == ["a", "b", "x-trace"]
    assert found["a"].required and found["x-trace"].description == "own"


def test_the_same_name_in_two_places_becomes_two_arguments(api: Build) -> None:
    made = api(
        calling(
            parameter("id", "path", required=True), parameter("id"), parameter("id", "header"), path="/{id}"
        )
    )
    assert names(made) == [("id", "id"), ("id", "query_id"), ("id", "header_id")]


def test_names_that_collide_after_conversion_are_told_apart(api: Build) -> None:
    made = api(
        calling(parameter("a-b"), parameter("a_b"), parameter("a.b"), parameter("self"), parameter("options"))
    )
    assert names(made) == [
        ("a-b", "query_a_b"), ("a.b", "a_b_2"), ("a_b", "a_b"), ("options", "options_"), ("self", "self_"),
    ]  # fmt: skip


def test_undeclared_path_parameters_are_strings(api: Build) -> None:
    made = api(calling(parameter("a"), path="/{id}/{id}"))
    assert names(made) == [("id", "id"), ("a", "a")]
    assert made.ids() == ["undeclared-path-parameter"]


def test_path_parameters_that_the_path_does_not_have_are_left_out(api: Build) -> None:
    made = api(calling(parameter("id", "path", required=True)))
    assert names(made) == []
    assert made.ids() == ["unused-path-parameter"]


def test_headers_that_are_no_parameters_are_left_out(api: Build) -> None:
    made = api(calling(*(parameter(name, "header") for name in ("Accept", "content-type", "Authorization"))))
    assert names(made) == []
    assert made.ids(Severity.NOTE) == ["ignored-header-parameter"] * 3


def test_content_gives_a_media_type_instead_of_a_style(api: Build) -> None:
    content = {"application/json": {"schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}}
    [found] = api(calling({"name": "filter", "in": "query", "content": content})).only.parameters
    assert (found.media_type, spelled(found.type)) == ("application/json", "OpFilter")


def test_a_parameter_without_a_schema_is_a_string(api: Build) -> None:
    assert spelled(api(calling({"name": "a", "in": "query"})).only.parameters[0].type) == "str"


def test_bounds_of_a_parameter_are_kept(api: Build) -> None:
    [found] = api(calling(parameter("a", schema={"type": "integer", "minimum": 1}))).only.parameters
    assert spelled(found.type) == "int(minimum=1)"


@pytest.mark.parametrize(
    ("more", "example"),
    [
        ({"example": 1}, 1),
        ({"example": None}, None),
        ({"examples": {"b": {"value": 2}, "a": {"externalValue": "x"}}}, 2),
        ({"schema": {"examples": [3, 4]}}, 3),
        ({"schema": {"example": 5}}, 5),
        ({}, None),
    ],
)
def test_the_example_comes_from_the_parameter_or_its_schema(api: Build, more: Any, example: object) -> None:
    assert api(calling({**parameter("a"), **more})).only.parameters[0].example == example


def test_references_to_parameters_are_followed(api: Build) -> None:
    components = {
        "parameters": {"Page": parameter("page", description="d", deprecated=True, allowReserved=True)}
    }
    [found] = api(calling({"$ref": "#/components/parameters/Page"}, components=components)).only.parameters
    assert (found.wire, found.description, found.deprecated, found.allow_reserved) == (
        "page",
        "d",
        True,
        True,
    )


def test_a_place_that_the_client_does_not_know_makes_the_operation_unsupported(api: Build) -> None:
    document = calling(parameter("whole", "querystring"))
    assert api(document).ids() == ["operation-unsupported"]
    skipped = api(document, Config(unsupported="skip"))
    assert (skipped.ids(), skipped.operations) == (["operation-skipped"], {})


def test_configured_names_come_first(api: Build) -> None:
    config = Config(parameter_names={"op.b": "a"})
    assert names(api(calling(parameter("a"), parameter("b")), config)) == [("a", "query_a"), ("b", "a")]


@pytest.mark.parametrize("chosen", [{"op.a": "x", "op.b": "x"}, {"op.a": "options"}])
def test_configured_names_that_are_taken_are_errors(api: Build, chosen: dict[str, str]) -> None:
    assert api(calling(parameter("a"), parameter("b")), Config(parameter_names=chosen)).ids() == [
        "name-collision"
    ]


@pytest.mark.parametrize("key", ["op.c", "other.a", "GET /x.a"])
def test_configured_names_of_nothing_are_errors(api: Build, key: str) -> None:
    assert api(calling(parameter("a")), Config(parameter_names={key: "x"})).ids() == ["unknown-name"]


def test_an_operation_without_an_id_is_named_by_method_and_path(api: Build) -> None:
    document = calling(parameter("a"), path="/{id}")
    del document["paths"]["/{id}"]["get"]["operationId"]
    config = Config(parameter_names={"GET /{id}.a": "first", "GET /{id}.id": "second"})
    assert names(api(document, config)) == [("id", "second"), ("a", "first")]
