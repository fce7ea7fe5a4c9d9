"""What became of each member of a document: the fate of every key, and the places of what is not carried out."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from clientsmith import pipeline
from clientsmith.config.load import parse_config
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.digest import digest
from clientsmith.document.walk import all_objects
from clientsmith.lint.account.notes import notes
from tests.account.ablation import Subject
from tests.behavior.packages import package_of, spec

JSON = "application/json"


def document(operation: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A document with one operation."""
    made = {"operationId": "call", "responses": {"204": {"description": ""}}, **(operation or {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "security": [],
        "paths": {"/x": {"post": made}},
        **more,
    }


def sent(schema: Any, media_type: str = JSON, **more: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema, **more}}}}


def received(schema: Any, media_type: str = JSON, **more: Any) -> dict[str, Any]:
    content = {media_type: {"schema": schema}}
    return {"responses": {"200": {"description": "", "content": content, **more}}}


def left_out(tree: dict[str, Any], config: Config | None = None) -> set[tuple[str, str, str | None, str]]:
    """The finding, the keyword, the direction and the last two steps of each place that is not carried out."""
    made = Subject(tree, config).account.left_out
    return {(one.id, one.keyword, one.direction, "/".join(one.node.pointer[-2:])) for one in made}


def scheme(**value: Any) -> dict[str, Any]:
    return {"security": [{"s": []}], "components": {"securitySchemes": {"s": value}}}


def object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


NOT, FORMAT = "not-carried-out", "format-not-checked"
SERVERS = {
    "second server of an operation": (
        document({"servers": [{"url": "https://a.example"}, {"url": "https://b.example"}]}),
        ("server-not-offered", "servers", None, "servers/1"),
    ),
    "third server of a path": (
        document(
            paths={
                "/x": {
                    "servers": [{"url": f"https://{name}.example"} for name in "abc"],
                    "get": {"operationId": "call", "responses": {"204": {"description": ""}}},
                }
            }
        ),
        ("server-not-offered", "servers", None, "servers/2"),
    ),
    "variable that the URL lacks": (
        document(servers=[{"url": "https://a.example", "variables": {"v": {"default": "x"}}}]),
        (NOT, "variables", None, "variables/v"),
    ),
    "values of a variable": (
        document(
            servers=[{"url": "https://a.example/{v}", "variables": {"v": {"default": "a", "enum": ["a"]}}}]
        ),
        (NOT, "enum", None, "v/enum"),
    ),
    "server without a host": (
        document(servers=[{"url": "/v1"}]),
        ("server-without-host", "servers", None, "servers/0"),
    ),
}
OPERATIONS = {
    "callbacks": (
        document({"callbacks": {"done": {"{$request.body#/url}": {"post": {"responses": {}}}}}}),
        (NOT, "callbacks", None, "post/callbacks"),
    ),
    "links": (
        document(received({"type": "string"}, links={"next": {"operationId": "call"}})),
        (NOT, "links", None, "200/links"),
    ),
    "types of response headers": (
        document(received({"type": "string"}, headers={"X-A": {"schema": {"type": "integer"}}})),
        (NOT, "headers", None, "200/headers"),
    ),
    "headers of a part": (
        document(
            sent(
                object_of(a={"type": "string"}),
                "multipart/form-data",
                encoding={"a": {"contentType": "text/plain", "headers": {"X": {"schema": {}}}}},
            )
        ),
        (NOT, "headers", None, "a/headers"),
    ),
    "style of a part": (
        document(
            sent(
                object_of(a={"type": "array", "items": {"type": "string"}}),
                "multipart/form-data",
                encoding={"a": {"style": "pipeDelimited"}},
            ),
            openapi="3.0.3",
        ),
        (NOT, "style", None, "a/style"),
    ),
    "explode of a part": (
        document(
            sent(
                object_of(a={"type": "array", "items": {"type": "string"}}),
                "multipart/form-data",
                encoding={"a": {"explode": False}},
            ),
            openapi="3.0.3",
        ),
        (NOT, "explode", None, "a/explode"),
    ),
    "encoding of JSON": (
        document(
            sent(object_of(a={"type": "string"}), encoding={"a": {"contentType": "text/plain"}}),
        ),
        (NOT, "encoding", None, "application/json/encoding"),
    ),
    "second tag": (document({"tags": ["a", "b"]}), ("tag-not-used", "tags", None, "tags/1")),
    "third tag": (document({"tags": ["a", "b", "c"]}), ("tag-not-used", "tags", None, "tags/2")),
    "webhook": (
        document(webhooks={"w": {"post": {"responses": {}}}}),
        ("webhook-not-generated", "webhooks", None, "webhooks/w"),
    ),
}
BODIES = {
    "XML": (
        document(received({"type": "object"}, "application/xml")),
        (NOT, "schema", None, "application/xml/schema"),
    ),
    "XML that is sent": (
        document(sent({"type": "object"}, "application/xml")),
        (NOT, "schema", None, "application/xml/schema"),
    ),
    "server-sent events": (
        document(received({"type": "object"}, "text/event-stream")),
        (NOT, "schema", None, "text/event-stream/schema"),
    ),
    "JSON lines": (
        document(received({"type": "object"}, "application/jsonl")),
        (NOT, "schema", None, "application/jsonl/schema"),
    ),
    "multipart/mixed": (
        document(sent({"type": "object"}, "multipart/mixed")),
        (NOT, "schema", None, "multipart/mixed/schema"),
    ),
}
SECURITY = {
    "flows of OAuth 2": (
        document(
            **scheme(type="oauth2", flows={"implicit": {"authorizationUrl": "https://a", "scopes": {}}})
        ),
        (NOT, "flows", None, "s/flows"),
    ),
    "OpenID Connect": (
        document(**scheme(type="openIdConnect", openIdConnectUrl="https://o.example")),
        (NOT, "openIdConnectUrl", None, "s/openIdConnectUrl"),
    ),
    "mutual TLS": (
        document(**scheme(type="mutualTLS")),
        ("mutual-tls-not-built-in", "securitySchemes", None, "securitySchemes/s"),
    ),
    "requirement of mutual TLS": (
        document(**scheme(type="mutualTLS")),
        ("mutual-tls-not-built-in", "security", None, "security/0"),
    ),
    "scheme that no operation uses": (
        document(components={"securitySchemes": {"s": {"type": "http", "scheme": "basic"}}}),
        ("not-reached", "securitySchemes", None, "securitySchemes/s"),
    ),
}
SCHEMAS = {
    "default that is sent": (
        document(sent(object_of(a={"default": 1}))),
        (NOT, "default", "request", "a/default"),
    ),
    "default that is received": (
        document(received(object_of(a={"default": 1}))),
        (NOT, "default", "response", "a/default"),
    ),
    "names of listed values": (
        document(sent(object_of(a={"enum": [1], "x-enum-varnames": ["ONE"]}))),
        (NOT, "x-enum-varnames", "request", "a/x-enum-varnames"),
    ),
    "format that is sent": (
        document(sent(object_of(a={"type": "string", "format": "hostname"}))),
        (FORMAT, "format", "request", "a/format"),
    ),
    "format that is received": (
        document(received(object_of(a={"type": "string", "format": "hostname"}))),
        (FORMAT, "format", "response", "a/format"),
    ),
    "keyword of another type": (
        document(sent(object_of(a={"type": "integer", "minLength": 3}))),
        (NOT, "minLength", "request", "a/minLength"),
    ),
    "unknown keyword": (
        document(sent(object_of(a={"type": "string", "minLenght": 3}))),
        (NOT, "minLenght", "request", "a/minLenght"),
    ),
    "beside a reference of 3.0": (
        document(
            sent(object_of(a={"$ref": "#/components/schemas/A", "maxLength": 1})),
            openapi="3.0.3",
            components={"schemas": {"A": {"type": "string"}}},
        ),
        (NOT, "maxLength", "request", "a/maxLength"),
    ),
    "pattern that cannot be checked safely": (
        document(sent(object_of(a={"type": "string", "pattern": "(?=a)b"}))),
        ("keyword-not-enforced", "pattern", "request", "a/pattern"),
    ),
    "component that no operation reaches": (
        document(components={"schemas": {"A": {"type": "object", "properties": {"b": {"type": "string"}}}}}),
        ("not-reached", "schemas", None, "schemas/A"),
    ),
}


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        pytest.param(*case, id=name)
        for kind in (SERVERS, OPERATIONS, BODIES, SECURITY, SCHEMAS)
        for name, case in kind.items()
    ],
)
def test_what_fell_silently_is_named_with_its_place(tree: dict[str, Any], place: tuple[str, ...]) -> None:
    assert place in left_out(tree)


def test_further_servers_of_the_document_are_addresses_that_the_client_knows() -> None:
    variables = {"v": {"default": "a", "enum": ["a", "b"]}}
    made = Subject(
        document(
            servers=[{"url": "https://{v}.example", "variables": variables}, {"url": "https://c.example"}]
        )
    )

    assert made.account.left_out == ()
    assert made.lost() == []


KEYWORDS: dict[str, Any] = {
    "dependentRequired": {"a": ["b"]},
    "dependentSchemas": {"a": {"required": ["b"]}},
    "if": {"required": ["a"]},
    "then": {"required": ["b"]},
    "else": {"required": ["c"]},
    "patternProperties": {"^x": {"type": "integer"}},
    "propertyNames": {"maxLength": 3},
    "not": {"required": ["d"]},
    "minProperties": 2,
}


@pytest.mark.parametrize("way", [sent, received])
def test_keywords_of_a_class_are_carried_out_in_either_direction(way: Any) -> None:
    schema = {**object_of(a={"type": "string"}), **KEYWORDS}
    tuple_of = {"type": "array", "prefixItems": [{"type": "string"}], "contains": {"const": "a"}}
    made = Subject(document(way(object_of(one=schema, two=tuple_of))))

    assert made.account.left_out == ()
    assert made.lost() == []


def test_a_schema_of_both_directions_is_accounted_for_in_each() -> None:
    schema = object_of(a={"type": "string", "format": "date"}, b={"type": "number", "format": "decimal"})

    assert left_out(document({**sent(schema), **received(schema)})) == {
        (FORMAT, "format", "response", "a/format")
    }


def test_a_mark_speaks_of_one_direction_only() -> None:
    schema = object_of(a={"type": "string", "readOnly": True}, b={"type": "string", "writeOnly": True})

    for way, fates in ((sent, {"readOnly": "carried out", "writeOnly": "documentation only"}),
                       (received, {"readOnly": "documentation only", "writeOnly": "carried out"})):  # fmt: skip
        found = Subject(document(way(schema))).account.by_keyword()
        assert {keyword: list(found[keyword]) for keyword in fates} == {
            key: [fate] for key, fate in fates.items()
        }


def test_what_a_read_only_property_says_decides_nothing_in_requests() -> None:
    schema = object_of(a={"type": "object", "readOnly": True, "properties": {"b": {"maxLength": 3}}})
    made = Subject(document(sent(schema)))

    assert made.account.by_keyword()["maxLength"] == {"documentation only": 1}
    assert Subject(document(received(schema))).account.by_keyword()["maxLength"] == {"carried out": 1}
    assert (made.account.left_out, made.lost()) == ((), [])


def test_examples_listed_values_and_extensions_have_no_members() -> None:
    data = {"type": "nonsense", "$ref": "#/nowhere", "format": "none"}
    schema = {**object_of(a={"enum": [data], "default": data, "example": data, "x-data": data})}
    found = Subject(document(sent(schema))).account.by_keyword()

    assert "$ref" not in found
    assert (found["type"], found["default"]) == ({"carried out": 1}, {"noted": 1})


def test_an_operation_that_cannot_become_a_method_is_refused_as_a_whole() -> None:
    tree = document({"parameters": [{"name": "a", "in": "querystring", "schema": {"type": "string"}}]})
    refused, skipped = Subject(tree), Subject(tree, Config(unsupported="skip"))

    assert refused.account.by_keyword()["operationId"] == {"refused": 1}
    assert skipped.account.by_keyword()["operationId"] == {"noted": 1}
    assert ("operation-skipped", "parameters", None, "parameters/0") in left_out(
        tree, Config(unsupported="skip")
    )


def test_credentials_of_the_config_that_no_operation_needs_are_a_warning() -> None:
    text = '[credentials.s]\narguments = ["s"]\n[credentials.old]\narguments = ["old"]\n'
    config = parse_config(text, "clientsmith.toml", Diagnostics())
    assert config is not None
    schemes = {key: {"type": "http", "scheme": "bearer"} for key in ("old", "s")}
    made = Subject(document(security=[{"s": []}], components={"securitySchemes": schemes}), config)

    [found] = [one for one in made.diagnostics if one.id == "unused-credentials"]
    assert "'old'" in found.message
    assert found.place.span is not None and found.place.span.line == 3


def test_repeats_are_told_once_with_a_count_and_the_first_places() -> None:
    schema = object_of(**{f"p{number:02}": {"type": "string", "format": "hostname"} for number in range(20)})
    [note] = notes(Subject(document(sent(schema))).account)

    assert note.message == (
        "values are not checked for their format in requests: hostname (20 places; `lint --account` lists them)"
    )
    assert (note.place.pointer or "").endswith("/p00/format")
    assert [(one.place.pointer or "")[-11:] for one in note.related] == ["/p01/format", "/p02/format"]


def test_the_manifest_holds_the_totals_and_every_place() -> None:
    package = package_of(
        spec("""
        paths:
          /x:
            get:
              tags: [things, more]
              operationId: get_x
              responses:
                "200":
                  description: A date.
                  content: {application/json: {schema: {type: string, format: date}}}
        """)
    )
    account = json.loads(package.files["_manifest.json"])["account"]

    assert account["totals"]["noted"] == 1
    assert account["keywords"]["format"] == {"noted": 1}
    schema = "/paths/~1x/get/responses/200/content/application~1json/schema"
    assert account["not_carried_out"] == [
        {"id": "format-not-checked", "keyword": "format", "direction": "response", "count": 1,
         "places": [f"{schema}/format"]},
        {"id": "tag-not-used", "keyword": "tags", "direction": None, "count": 1, "places": ["/paths/~1x/get/tags/1"]},
    ]  # fmt: skip


def test_walking_copying_and_hashing_use_nothing() -> None:
    resolved = Subject(document(sent(object_of(a={"type": "string"})))).resolved
    assert resolved is not None
    recorded = resolved.recorded()
    for node, _ in all_objects(recorded):
        copy.deepcopy(node.value)
        assert [key for key, _ in node.items()] == sorted(node.mapping)
    digest(recorded)
    assert recorded.reads == frozenset()

    info = recorded.node("/info")
    assert (info.text("title"), info.mapping.get("version"), "contact" in info.mapping) == ("T", "1", False)
    assert {pointer for _, pointer in recorded.reads} >= {("info", "title"), ("info", "version")}
    assert resolved.reads == frozenset()


def test_subtypes_of_a_base_class_are_carried_out_as_far_as_their_types_go() -> None:
    base = {**object_of(kind={"type": "string"}), "discriminator": {"propertyName": "kind"}}
    own = object_of(bark={"type": "string", "pattern": "^w"}) | {"not": {"required": ["z"]}}
    schemas = {
        "Animal": base,
        "Dog": {"allOf": [{"$ref": "#/components/schemas/Animal"}, own]},
        "Puppy": {
            "allOf": [
                {"$ref": "#/components/schemas/Dog"},
                object_of(toy={"$ref": "#/components/schemas/Toy"}),
            ]
        },
        "Toy": object_of(size={"type": "integer"}),
        "Alone": object_of(),
    }
    animal = {"$ref": "#/components/schemas/Animal"}

    made = left_out(document({**sent(animal), **received(animal)}, components={"schemas": schemas}))

    assert made == {
        (NOT, "not", None, "1/not"),
        (NOT, "pattern", "response", "bark/pattern"),
        ("not-reached", "schemas", None, "schemas/Alone"),
    }


@pytest.mark.parametrize("way", [sent, received])
@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "deprecated": True},
        {"allOf": [{"type": "string"}, {"deprecated": True}]},
        {"allOf": [{"type": "string", "deprecated": True}, {"maxLength": 3}]},
    ],
)
def test_a_mark_of_deprecation_is_carried_out_wherever_it_holds_of_a_property(way: Any, schema: Any) -> None:
    assert not [one for one in left_out(document(way(object_of(a=schema)))) if one[1] == "deprecated"]


@pytest.mark.parametrize(
    ("section", "component"),
    [
        ("schemas", object_of(a={"type": "string"})),
        ("schemas", {"type": "array", "items": {"$ref": "#/components/schemas/Alone"}}),
        ("parameters", {"name": "q", "in": "query", "description": "Text.", "schema": {"type": "string"}}),
        ("securitySchemes", {"type": "http", "scheme": "basic"}),
    ],
)
def test_lint_tells_a_component_that_nothing_uses_once(section: str, component: Any, tmp_path: Path) -> None:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document(components={section: {"Alone": component}})))
    diagnostics = Diagnostics()
    pipeline.lint(str(path), Config(), diagnostics)

    there = [one.id for one in diagnostics if (one.place.pointer or "").startswith("/components")]
    assert there == ["unused-component"]


def test_lint_tells_what_only_an_unused_component_refers_to_apart(tmp_path: Path) -> None:
    schemas = {
        "Alone": object_of(a={"$ref": "#/components/schemas/Inner"}),
        "Inner": object_of(b={"type": "string"}),
    }
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document(components={"schemas": schemas})))
    diagnostics = Diagnostics()
    pipeline.lint(str(path), Config(), diagnostics)

    there = {
        (one.id, one.place.pointer) for one in diagnostics if (one.place.pointer or "").startswith("/comp")
    }
    assert there == {
        ("unused-component", "/components/schemas/Alone"),
        ("not-reached", "/components/schemas/Inner"),
    }


BYTES = {"type": "string", "format": "binary"}


@pytest.mark.parametrize("way", [sent, received])
@pytest.mark.parametrize("media_type", ["*/*", "application/*"])
@pytest.mark.parametrize(
    "schema", [BYTES, {"type": "string", "contentMediaType": "image/png"}, {"allOf": [BYTES]}], ids=str
)
def test_a_schema_that_makes_a_range_bytes_is_carried_out(way: Any, media_type: str, schema: Any) -> None:
    tree = document(way(schema, media_type))

    assert left_out(tree) == set()
    assert Subject(tree).lost() == [] and Subject(tree).named_in_vain() == []


@pytest.mark.parametrize("kind", ["object", "integer", ["array", "null"]], ids=str)
def test_a_format_of_strings_decides_nothing_about_other_types(kind: Any) -> None:
    tree = document(received({"type": kind, "format": "binary"}, "*/*"))

    assert (FORMAT, "format", "response", "schema/format") in left_out(tree)


def test_references_that_lead_nowhere_are_accounted_for() -> None:
    schemas = {
        "A": object_of(
            loop={"$ref": "#/components/schemas/L"}, number={"$ref": 3}, text={"$ref": "#/a%zz~3"}
        ),
        "L": {"$ref": "#/components/schemas/M"},
        "M": {"$ref": "#/components/schemas/L"},
    }
    tree = document(sent({"$ref": "#/components/schemas/A"}), components={"schemas": schemas})
    found = {(id, place) for id, _, direction, place in left_out(tree) if direction is None}

    assert ("reference-loop", "schemas/M") in found
    assert ("invalid-reference", "number/$ref") in found


def test_a_hierarchy_is_accounted_for_in_the_direction_of_its_subtypes_only() -> None:
    """Nothing refers to the base itself, so that its subtype in the request says nothing of answers."""
    base = {
        **object_of(kind={"enum": ["dog"]}),
        "discriminator": {"propertyName": "kind", "mapping": {"dog": "Dog"}},
    }
    dog = {
        "required": ["kind"],
        "allOf": [{"$ref": "#/components/schemas/Animal"}, object_of(bark={"type": "string"})],
    }
    for way in (sent, received):
        components = {"schemas": {"Animal": base, "Dog": dog}}
        made = Subject(document(way({"$ref": "#/components/schemas/Dog"}), components=components))

        assert made.lost() == []
