"""The literal tables held up to a module: each function takes the module under test and fails if it says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from clientsmith.document.model import Document
from clientsmith.document.resolved import ResolvedDocument
from tests.unit.openapi import literal_bytes as literal

Table = Callable[[Any], None]


def resolved(tree: Any) -> ResolvedDocument:
    """A document from a tree, all references in it inside."""
    document = Document("spec", "spec", b"", tree)
    return ResolvedDocument(document, (3, 2), {"spec": document}, {}, {}, {})


def read(parameter: ModuleType, stated: dict[str, Any], **components: Any) -> Any:
    """One Parameter Object read by the module."""
    tree = {"parameter": stated, "components": components}
    of = resolved(tree)
    return parameter.read_parameter(of.node("/parameter"), of)


def styles_of_each_location(parameter: Any) -> None:
    assert {where: set(styles) for where, styles in parameter.STYLES.items()} == literal.LOCATIONS_AND_STYLES


def default_styles(parameter: Any) -> None:
    for where, style in literal.DEFAULT_STYLES.items():
        assert parameter.style("", where) == style
        assert read(parameter, {"name": "a", "in": where}).style == style
        assert all(parameter.style(one, where) == one for one in literal.LOCATIONS_AND_STYLES[where])


def defaults_of_explode(parameter: Any) -> None:
    for where, styles in literal.LOCATIONS_AND_STYLES.items():
        for style in styles:
            is_exploded = style in literal.EXPLODED_BY_DEFAULT
            stated = {"name": "a", "in": where, "style": style}
            assert read(parameter, stated).explode is is_exploded
            assert read(parameter, stated | {"explode": not is_exploded}).explode is not is_exploded


def styles_of_other_locations(parameter: Any) -> None:
    every = set().union(*literal.LOCATIONS_AND_STYLES.values())
    for where, styles in literal.LOCATIONS_AND_STYLES.items():
        for style in every - styles:
            found = read(parameter, {"name": "a", "in": where, "style": style})
            assert (found.style, found.unknown_style) == (literal.DEFAULT_STYLES[where], style)
        assert read(parameter, {"name": "a", "in": where}).unknown_style == ""


def ignored_headers(parameter: Any) -> None:
    for name in literal.IGNORED_HEADERS:
        for spelled in (name, name.lower(), name.upper()):
            assert parameter.is_ignored(read(parameter, {"name": spelled, "in": "header"}))
            assert not parameter.is_ignored(read(parameter, {"name": spelled, "in": "query"}))
    assert not parameter.is_ignored(read(parameter, {"name": "X-Accept", "in": "header"}))


def what_is_required(parameter: Any) -> None:
    for where in literal.LOCATIONS_AND_STYLES:
        assert read(parameter, {"name": "a", "in": where}).required is (where == "path")
        assert read(parameter, {"name": "a", "in": where, "required": True}).required is True


def unknown_locations(parameter: Any) -> None:
    for where in ("querystring", "body", "formData", "", "Query"):
        assert read(parameter, {"name": "a", "in": where}) is None
    assert read(parameter, {"in": "query"}) is None


def flags(parameter: Any) -> None:
    found = read(parameter, {"name": "a", "in": "query", "allowReserved": True})
    assert (found.allow_reserved, found.allow_empty) == (True, False)
    found = read(parameter, {"name": "a", "in": "query", "allowEmptyValue": True})
    assert (found.allow_reserved, found.allow_empty) == (False, True)


def schema_or_content(parameter: Any) -> None:
    found = read(parameter, {"name": "a", "in": "query", "schema": {"type": "string"}})
    assert (found.schema.pointer, found.media_type) == (("parameter", "schema"), None)
    media = {"application/json": {"$ref": "#/components/mediaTypes/m"}}
    found = read(parameter, {"name": "a", "in": "query", "content": media}, mediaTypes={"m": {"schema": {}}})
    assert found.media_type == "application/json"
    assert found.schema.pointer == ("components", "mediaTypes", "m", "schema")


def what_overrides_what(parameter: Any) -> None:
    """OpenAPI, Path Item and Operation Object, `parameters`: unique by name and location; headers have no case."""
    item = [
        {"name": "a", "in": "query"},
        {"name": "X-A", "in": "header"},
        {"$ref": "#/components/parameters/c"},
    ]
    own = [
        {"name": "a", "in": "query", "required": True},
        {"name": "A", "in": "query"},
        {"name": "a", "in": "cookie"},
        {"name": "x-a", "in": "header", "required": True},
    ]
    of = resolved(
        {
            "item": {"parameters": item},
            "operation": {"parameters": own},
            "components": {"parameters": {"c": {"name": "c", "in": "query"}}},
        }
    )
    found = parameter.merged((of.node("/item"), of.node("/operation")), of)
    assert [(one.location, one.name, one.required) for one in found] == [
        ("query", "a", True),
        ("header", "x-a", True),
        ("query", "c", False),
        ("query", "A", False),
        ("cookie", "a", False),
    ]


def headers_of_responses(parameter: Any) -> None:
    of = resolved({"header": {"required": True, "explode": True, "schema": {"type": "object"}}})
    found = parameter.read_header("X-A", of.node("/header"), of)
    assert (found.name, found.location, found.style, found.explode, found.required) == (
        "X-A",
        "header",
        "simple",
        True,
        True,
    )


def names_that_nobody_declares(parameter: Any) -> None:
    found = parameter.undeclared("id")
    assert (found.location, found.style, found.explode, found.required, found.schema) == (
        "path",
        "simple",
        False,
        True,
        None,
    )


PARAMETER: tuple[Table, ...] = (
    styles_of_each_location, default_styles, defaults_of_explode, styles_of_other_locations, ignored_headers,
    what_is_required, unknown_locations, flags, schema_or_content, what_overrides_what, headers_of_responses,
    names_that_nobody_declares,
)  # fmt: skip


def most_specific(media_type: Any) -> None:
    for declared, received, expected in literal.MOST_SPECIFIC:
        for order in (declared, tuple(reversed(declared))):
            assert media_type.best(order, received) == expected, (order, received)
        assert any(media_type.matches(one, received) for one in declared) is (expected is not None)


def json_by_name(media_type: Any) -> None:
    assert {name: media_type.is_json(name) for name in literal.JSON_TYPES} == literal.JSON_TYPES


def parameters_of_headers(media_type: Any) -> None:
    for text, name, value in literal.HEADER_PARAMETERS:
        assert media_type.parameter(text, name) == value
        assert media_type.essence(text) == text.partition(";")[0].lower()
    assert media_type.essence(" Text/HTML ; charset=x") == "text/html"


def liked_best(media_type: Any) -> None:
    for declared, accept, expected in literal.ACCEPT:
        assert media_type.accepted(list(declared), accept) == expected, accept
    assert media_type.accepted([], "*/*") is None


def one_of_each_range(media_type: Any) -> None:
    for declared, expected in literal.CONCRETE.items():
        assert media_type.concrete(declared) == expected
        assert media_type.matches(declared, media_type.concrete(declared))


def how_bodies_are_written(media_type: Any) -> None:
    assert {name: media_type.codec(name) for name in literal.CODECS} == literal.CODECS


def what_a_client_uses(media_type: Any) -> None:
    for offered, expected in literal.PREFERRED:
        for order in (offered, tuple(reversed(offered))):
            assert media_type.preferred(order) == expected


def contents_in_order(media_type: Any) -> None:
    content = {"b/b": {"$ref": "#/m"}, "a/a": {"schema": {}}}
    of = resolved({"owner": {"content": content}, "none": {}, "m": {"schema": {"type": "string"}}})
    found = media_type.contents(of.node("/owner"), of)
    assert [(name, media.pointer) for name, media in found.items()] == [
        ("b/b", ("m",)),
        ("a/a", ("owner", "content", "a/a")),
    ]
    assert media_type.contents(of.node("/none"), of) == {}


MEDIA_TYPE: tuple[Table, ...] = (
    most_specific, json_by_name, parameters_of_headers, liked_best, one_of_each_range, how_bodies_are_written,
    what_a_client_uses, contents_in_order,
)  # fmt: skip
