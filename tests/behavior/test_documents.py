"""Whole documents: references to anywhere, several files, webhooks, nothing to call, newer versions, deprecation."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Severity
from tests.behavior.calls import call, json_answer, plain
from tests.behavior.packages import both_ways, generate, package_from, package_of, spec

POINTERS = spec("""
paths:
  /a/{id}:
    get:
      operationId: first
      tags: [p]
      parameters: [{name: id, in: path, required: true, schema: {$ref: '#/components/schemas/Box/properties/code'}}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: object, properties: {own: {type: object, properties: {deep: {type: integer}}}, list: {type: array, items: {type: object, properties: {n: {type: integer}}}}}}
  /b:
    get:
      operationId: second
      tags: [p]
      parameters: [{$ref: '#/paths/~1a~1{id}/get/parameters/0'}, {$ref: '#/components/parameters/Page'}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  whole: {$ref: '#/paths/~1a~1%7Bid%7D/get/responses/200/content/application~1json/schema'}
                  own: {$ref: '#/paths/~1a~1{id}/get/responses/200/content/application~1json/schema/properties/own'}
                  item: {$ref: '#/paths/~1a~1{id}/get/responses/200/content/application~1json/schema/properties/list/items'}
                  part: {$ref: '#/components/schemas/Box/properties/inner'}
                  of_all: {$ref: '#/components/schemas/Box/allOf/0'}
                  again: {$ref: '#/components/schemas/Alias'}
                  local: {$ref: '#/components/schemas/Box/$defs/Local'}
  /c: {$ref: '#/x-shared/item'}
components:
  parameters: {Page: {name: page, in: query, schema: {type: integer}}}
  schemas:
    Box:
      allOf: [{type: object, properties: {zero: {type: string}}}]
      properties: {code: {type: string, pattern: '^c'}, inner: {type: object, properties: {x: {type: string}}}}
      $defs: {Local: {type: object, properties: {l: {type: string}}}}
    Alias: {$ref: '#/components/schemas/Second'}
    Second: {$ref: '#/components/schemas/Third'}
    Third: {type: object, properties: {t: {type: string}}}
x-shared:
  item: {get: {operationId: shared, tags: [p], responses: {'204': {description: ok}}}}
""").replace("[{$ref: '#/paths/~1a~1{id}/get/parameters/0'}, ", "[")


def test_references_may_lead_anywhere() -> None:
    package = package_of(POINTERS)
    value = {
        "whole": {"own": {"deep": 1}, "list": [{"n": 1}]}, "own": {"deep": 2}, "item": {"n": 3}, "part": {"x": "y"},
        "of_all": {"zero": "z"}, "again": {"t": "u"}, "local": {"l": "m"},
    }  # fmt: skip

    exchange = call(package, "p.second", page=3, answer=json_answer(value))

    result = exchange.result
    assert plain(result) == value
    assert (
        result.whole.own.deep,
        result.item.n,
        result.part.x,
        result.of_all.zero,
        result.again.t,
        result.local.l,
    ) == (1, 3, "y", "z", "u", "m")
    assert type(result.again) is package.models.Third
    assert type(result.own) is type(result.whole.own)
    assert call(package, "p.shared").raw_path == "/c"
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "p.first", "not c")


FILES = {
    "openapi.yaml": spec("""
paths:
  /a: {$ref: 'paths/a.yaml'}
  /b: {$ref: 'paths/b.json#/items/b'}
components:
  schemas:
    Local: {type: object, properties: {far: {$ref: 'schemas/far.yaml#/Far'}}}
"""),
    "paths/a.yaml": """
get:
  operationId: a
  tags: [t]
  parameters: [{$ref: '../shared.yaml#/parameters/Page'}]
  responses:
    '200': {description: ok, content: {application/json: {schema: {$ref: '../schemas/far.yaml#/Far'}}}}
""",
    "paths/b.json": '{"items": {"b": {"post": {"operationId": "b", "tags": ["t"], "requestBody": {"required": true, "content": {"application/json": '
    '{"schema": {"$ref": "../openapi.yaml#/components/schemas/Local"}}}}, "responses": {"204": {"description": "ok"}}}}}}',
    "shared.yaml": "parameters: {Page: {name: page, in: query, schema: {$ref: 'schemas/far.yaml#/Number'}}}\n",
    "schemas/far.yaml": """
Far: {type: object, required: [name], properties: {name: {type: string}, near: {$ref: '#/Near'}, back: {$ref: '../openapi.yaml#/components/schemas/Local'}}}
Near: {type: object, properties: {far: {$ref: '#/Far'}}}
Number: {type: integer, minimum: 1}
""",
}


def test_a_document_of_several_files() -> None:
    package = package_from(FILES)
    value = {"name": "n", "near": {"far": {"name": "m"}}, "back": {"far": {"name": "o"}}}

    exchange = call(package, "t.a", page=2, answer=json_answer(value))

    assert exchange.query == [("page", "2")]
    assert plain(exchange.result) == value
    assert type(exchange.result.near.far) is type(exchange.result)
    assert call(package, "t.b", far={"name": "x"}).json == {"far": {"name": "x"}}
    with pytest.raises(package.errors.RequestValidationError):
        call(package, "t.a", page=0)


WEBHOOKS = """
webhooks:
  newPet:
    post:
      operationId: newPet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: ok}}
components: {schemas: {Pet: {type: object, required: [id], properties: {id: {type: integer}, tag: {$ref: '#/components/schemas/Tag'}}}, Tag: {type: string, enum: [a]}}}
"""


def test_a_document_of_webhooks_alone_gives_their_models() -> None:
    package = package_of(spec(WEBHOOKS))

    pet = package.models.Pet.model_validate({"id": 1, "tag": "later", "more": 2})

    assert pet.model_dump(by_alias=True) == {"id": 1, "tag": "later", "more": 2}
    with package.client_class()():
        pass


@pytest.mark.parametrize(
    "body", ["paths: {}\n", "components: {}\n", "paths: {/x: {}}\n", "paths: {/x: {summary: nothing here}}\n"]
)
def test_a_document_without_operations_still_gives_a_package(body: str) -> None:
    package = package_of(spec(body))

    with package.client_class()() as client:
        assert repr(client)


CALLBACKS = spec("""
paths:
  /hook:
    post:
      operationId: subscribe
      tags: [h]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [url], properties: {url: {type: string, format: uri}}}}}}
      callbacks:
        onEvent:
          '{$request.body#/url}': {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}}, responses: {'200': {description: ok}}}}
      responses:
        '201':
          description: ok
          links: {self: {operationId: subscribe}}
          content: {application/json: {schema: {type: object}}}
components: {schemas: {Event: {type: object, properties: {kind: {type: string}}}}}
""")


def test_callbacks_are_no_calls_but_their_models_are_there() -> None:
    package = package_of(CALLBACKS)

    assert (
        call(package, "h.subscribe", url="https://me.example.com", answer=json_answer({}, 201)).result == {}
    )
    assert package.models.Event(kind="x").kind == "x"


LATEST = spec("""
paths:
  /q:
    query:
      operationId: search
      tags: [n]
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {q: {type: string}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: string}}}}}}
    additionalOperations:
      COPY: {operationId: copy, tags: [n], responses: {'204': {description: ok}}}
""", version="3.2.0")  # fmt: skip


def test_what_version_3_2_adds() -> None:
    search = call(LATEST, "n.search", q="x", answer=json_answer(["y"]))

    assert (search.request.method, search.json, search.result) == ("QUERY", {"q": "x"}, ["y"])
    assert call(LATEST, "n.copy").request.method == "COPY"


DEPRECATED = spec("""
paths:
  /d:
    get:
      operationId: old
      tags: [d]
      deprecated: true
      parameters: [{name: q, in: query, deprecated: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Old'}}}}}
components: {schemas: {Old: {type: object, deprecated: true, properties: {a: {type: string, deprecated: true}}}}}
""")


def test_deprecated_things_work_and_say_so() -> None:
    package = package_of(DEPRECATED)
    exchange = call(package, "d.old", q="x", answer=json_answer({"a": "b"}))
    method = package.submodule("resources.d").D.old

    assert (exchange.query, plain(exchange.result)) == ([("q", "x")], {"a": "b"})
    assert "Deprecated" in inspect.getdoc(method)
    with (
        package.client_class()(transport=_nothing()) as client,
        pytest.deprecated_call(),
    ):
        client.d.old()


@pytest.mark.parametrize(
    "schema",
    [
        "{type: string, deprecated: true}",
        "{allOf: [{type: string}, {deprecated: true}]}",
        "{allOf: [{type: string, deprecated: true}], description: x}",
        "{allOf: [{$ref: '#/components/schemas/Old'}, {maxLength: 3}]}",
    ],
)
def test_a_property_is_deprecated_by_any_schema_that_always_holds_of_it(schema: str) -> None:
    package = package_of(
        both_ways(
            f"    Root: {{type: object, properties: {{a: {schema}, b: {{type: string}}}}}}\n"
            "    Old: {type: string, deprecated: true}\n"
        )
    )
    lines = (inspect.getdoc(package.submodule("resources.things").Things.send) or "").splitlines()

    assert [line.split(":")[0].strip() for line in lines if "Deprecated." in line] == ["a"]


def _nothing() -> object:
    import httpx

    return httpx.MockTransport(lambda request: httpx.Response(200, json={}))


ALIASES = spec("""
x-common: &common {type: object, properties: {a: {type: string}}}
paths:
  /a: {get: {operationId: a, tags: [t], responses: {'200': &ok {description: ok, content: {application/json: {schema: *common}}}}}}
  /b: {get: {operationId: b, tags: [t], responses: {'200': *ok}}}
""")


def test_yaml_anchors_are_the_text_that_they_stand_for() -> None:
    assert call(ALIASES, "t.b", answer=json_answer({"a": "x"})).result.a == "x"


REFUSED = {
    "swagger": "swagger: '2.0'\ninfo: {title: x, version: '1'}\npaths: {}\n",
    "dangling": spec("paths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/Nowhere'}}}}}\n"),
    "loop": spec(
        "paths: {}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}\n"
    ),
    "duplicate id": spec(
        "paths: {/a: {get: {operationId: x, responses: {'204': {description: k}}}}, /b: {get: {operationId: x, responses: {'204': {description: k}}}}}\n"
    ),
    "duplicate key": spec("paths: {}\npaths: {}\n"),
    "remote": spec("paths: {/a: {get: {responses: {'200': {$ref: 'https://example.com/x.yaml'}}}}}\n"),
    "outside": spec("paths: {/a: {get: {responses: {'200': {$ref: '../x.yaml'}}}}}\n"),
    "half a character": spec("paths: {}\n").replace("Mini", '"\\ud800"'),
    "not a mapping": "- 1\n",
    "empty": "",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_work_is_refused_with_its_place(text: str) -> None:
    generated, diagnostics, _ = generate({"openapi.yaml": text})

    assert generated is None
    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    assert errors
    assert all(
        found.place.span is not None and Path(found.place.span.file).name == "openapi.yaml"
        for found in errors
    )
