"""Pairs of descriptions over the rows of the Python level: what an old caller meets in the package of the new one."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.unit.diff.pets import BASE as PETS
from tests.unit.diff.pets import Change, Tree, changed
from tests.unit.diff.test_python_level import ROWS

SHELF = {"name": "shelf", "in": "path", "required": True, "schema": {"type": "string"}}
BOOK = {"name": "book", "in": "path", "required": True, "schema": {"type": "string"}}
LIBRARY: Tree = {
    "openapi": "3.1.0",
    "info": {"title": "Library", "version": "1"},
    "servers": [{"url": "https://a.example/v1"}],
    "security": [{"login": []}, {"token": []}],
    "paths": {
        "/shelves/{shelf}/books/{book}": {
            "get": {
                "operationId": "getBook",
                "tags": ["books"],
                "parameters": [SHELF, BOOK, {"name": "X-Trace", "in": "header", "schema": {"type": "string", "format": "uuid"}}],
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}},
                    "404": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}},
                },
            },
            "put": {
                "operationId": "putBook",
                "tags": ["books"],
                "parameters": [SHELF, BOOK],
                "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}},
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}}},
            },
        },
        "/books": {
            "get": {
                "operationId": "listBooks",
                "tags": ["books"],
                "parameters": [{"name": "order", "in": "query", "schema": {"enum": ["name", "size"]}}],
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}}}},
                    }
                },
            },
            "post": {
                "operationId": "addBooks",
                "tags": ["books"],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}}}},
                },
                "responses": {"204": {"description": ""}},
            },
        },
    },
    "components": {
        "schemas": {
            "Book": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "price": {"type": "number", "format": "decimal"},
                    "pages": {"type": "integer"},
                    "id": {"type": "string", "format": "uuid"},
                    "added": {"type": "string", "format": "date-time"},
                    "cover": {"type": "string", "format": "byte"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
                    "size": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}], "items": False, "minItems": 2},
                    "text": {"$ref": "#/components/schemas/Text"},
                    "author": {"$ref": "#/components/schemas/Author"},
                    "kind": {"oneOf": [{"$ref": "#/components/schemas/Novel"}, {"$ref": "#/components/schemas/Atlas"}]},
                    "anything": {},
                },
            },
            "Author": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "born": {"type": "integer"}}},
            "Novel": {"type": "object", "required": ["chapters"], "properties": {"chapters": {"type": "integer"}}, "additionalProperties": False},
            "Atlas": {"type": "object", "required": ["maps"], "properties": {"maps": {"type": "integer"}}, "additionalProperties": False},
            "Text": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/components/schemas/Text"}}]},
            "Fault": {"type": "object", "properties": {"why": {"type": "string"}}},
        },
        "securitySchemes": {
            "login": {"type": "http", "scheme": "basic"},
            "token": {"type": "http", "scheme": "bearer"},
        },
    },
}  # fmt: skip


def schemas(tree: Tree) -> Tree:
    return tree["components"]["schemas"]


def book(tree: Tree) -> Tree:
    return schemas(tree)["Book"]["properties"]


def operation(tree: Tree, method: str, path: str = "/shelves/{shelf}/books/{book}") -> Tree:
    return tree["paths"][path][method]


def content(tree: Tree, schema: Any, media: str = "application/json") -> None:
    operation(tree, "get", "/books")["responses"]["200"]["content"] = {media: {"schema": schema}}


def sent(tree: Tree, schema: Any, media: str = "application/json") -> None:
    operation(tree, "post", "/books")["requestBody"]["content"] = {media: {"schema": schema}}


def rename_scheme(tree: Tree) -> None:
    schemes = tree["components"]["securitySchemes"]
    schemes["access"] = schemes.pop("token")
    tree["security"] = [{"login": []}, {"access": []}]


def rename_author(tree: Tree) -> None:
    schemas(tree)["Writer"] = schemas(tree).pop("Author")
    text = json.dumps(tree).replace("schemas/Author", "schemas/Writer")
    tree.update(json.loads(text))
    schemas(tree)["Writer"]["properties"]["age"] = {"type": "integer"}


def swap_path(tree: Tree) -> None:
    tree["paths"]["/shelves/{book}/books/{shelf}"] = tree["paths"].pop("/shelves/{shelf}/books/{book}")


MORE: dict[str, Change] = {
    "parameters of the path in another order": lambda tree: operation(tree, "get")["parameters"].insert(0, operation(tree, "get")["parameters"].pop(1)),
    "names in the path exchanged": swap_path,
    "a header is required": lambda tree: operation(tree, "get")["parameters"][2].update(required=True),
    "a header without a format": lambda tree: operation(tree, "get")["parameters"][2]["schema"].pop("format"),
    "a new required parameter": lambda tree: operation(tree, "get", "/books")["parameters"].append({"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}),
    "a value of a parameter is gone": lambda tree: operation(tree, "get", "/books")["parameters"][0]["schema"].update(enum=["name"]),
    "a parameter without its list of values": lambda tree: operation(tree, "get", "/books")["parameters"][0].update(schema={"type": "string"}),
    "an operation is gone": lambda tree: tree["paths"]["/books"].pop("post"),
    "a component has another key and a new property": rename_author,
    "a scheme has another key": rename_scheme,
    "a scheme is gone": lambda tree: (tree.update(security=[{"token": []}]), tree["components"]["securitySchemes"].pop("login")),
    "schemes in another order": lambda tree: tree.update(security=[{"token": []}, {"login": []}]),
    "no server": lambda tree: tree.pop("servers"),
    "an operation bills": lambda tree: operation(tree, "post", "/books").update({"x-clientsmith-bills": True}),
    "a bound in requests": lambda tree: book(tree)["pages"].update(minimum=1),
    "a condition in requests": lambda tree: schemas(tree)["Author"].update(dependentRequired={"born": ["name"]}),
    "a number without a format": lambda tree: book(tree)["price"].pop("format"),
    "a number for a whole one": lambda tree: book(tree)["pages"].update(type="number"),
    "an exact number for a whole one": lambda tree: book(tree)["pages"].update(type="number", format="decimal"),
    "text for an id": lambda tree: book(tree)["id"].pop("format"),
    "text for a time": lambda tree: book(tree)["added"].pop("format"),
    "text for bytes": lambda tree: book(tree)["cover"].pop("format"),
    "items that may be null": lambda tree: book(tree)["tags"]["items"].update(type=["string", "null"]),
    "items of another type": lambda tree: book(tree)["tags"]["items"].update(type="integer"),
    "a map of other values": lambda tree: book(tree)["counts"]["additionalProperties"].update(type="string"),
    "a map of more values": lambda tree: book(tree)["counts"]["additionalProperties"].update(type=["integer", "string"]),
    "a list for a tuple": lambda tree: book(tree).update(size={"type": "array", "items": {"type": "integer"}}),
    "a longer tuple": lambda tree: book(tree)["size"].update(prefixItems=[{"type": "integer"}] * 3, minItems=3),
    "a member more of an alias": lambda tree: schemas(tree)["Text"]["oneOf"].append({"type": "integer"}),
    "a class for an alias": lambda tree: schemas(tree).update(Text={"type": "object", "properties": {"de": {"type": "string"}}}),
    "a text for a class": lambda tree: schemas(tree).update(Author={"type": "string"}),
    "a member of a union is gone": lambda tree: book(tree)["kind"]["oneOf"].pop(),
    "a class for any value": lambda tree: book(tree).update(anything={"$ref": "#/components/schemas/Author"}),
    "a class for a text": lambda tree: book(tree).update(tags={"$ref": "#/components/schemas/Author"}),
    "a property of a member is required": lambda tree: schemas(tree)["Author"]["required"].append("born"),
    "a property of a member is gone": lambda tree: schemas(tree)["Author"]["properties"].pop("born"),
    "a property is only read": lambda tree: book(tree)["pages"].update(readOnly=True),
    "a property is only written": lambda tree: book(tree)["pages"].update(writeOnly=True),
    "a property has another name": lambda tree: book(tree).update({"page_count": book(tree).pop("pages")}),
    "names that only differ in Python": lambda tree: book(tree).update({"page-s": {"type": "integer"}, "page.s": {"type": "integer"}}),
    "an error has another body": lambda tree: schemas(tree)["Fault"]["properties"].update(why={"type": "integer"}),
    "a list of results is one": lambda tree: content(tree, {"$ref": "#/components/schemas/Book"}),
    "a list of results is an object": lambda tree: content(tree, {"type": "object", "properties": {"books": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}}}}),
    "a text for a list of results": lambda tree: content(tree, {"type": "string"}, "text/plain"),
    "any result": lambda tree: content(tree, {}),
    "a result without a body too": lambda tree: operation(tree, "get", "/books")["responses"].update({"204": {"description": ""}}),
    "a result that did not change too": lambda tree: operation(tree, "get", "/books")["responses"].update({"304": {"description": ""}}),
    "no result": lambda tree: operation(tree, "get", "/books").update(responses={"204": {"description": ""}}),
    "one for many in a body": lambda tree: sent(tree, {"$ref": "#/components/schemas/Book"}),
    "a file for a body": lambda tree: sent(tree, {"type": "string", "format": "binary"}, "application/octet-stream"),
    "a form with a file for a body": lambda tree: sent(tree, {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}, "multipart/form-data"),
    "a body that may be left out": lambda tree: operation(tree, "post", "/books")["requestBody"].update(required=False),
}  # fmt: skip


ANY_RESULT = copy.deepcopy(LIBRARY)
content(ANY_RESULT, {})
OF_ANY: dict[str, Any] = {
    "a text for any result": {"type": "string"},
    "a list of whole numbers for any result": {"type": "array", "items": {"type": "integer"}},
    "a list of exact numbers for any result": {
        "type": "array",
        "items": {"type": "number", "format": "decimal"},
    },
    "a map of books for any result": {
        "type": "object",
        "additionalProperties": {"$ref": "#/components/schemas/Book"},
    },
}


def pairs() -> dict[str, tuple[Tree, Tree]]:
    """Every pair by name, each there and back."""
    found: dict[str, tuple[Tree, Tree]] = {}
    sides = {name: (PETS, changed(change)) for name, (change, _) in ROWS.items()}
    for name, change in MORE.items():
        tree = copy.deepcopy(LIBRARY)
        change(tree)
        sides[f"library: {name}"] = LIBRARY, tree
    for name, schema in OF_ANY.items():
        tree = copy.deepcopy(LIBRARY)
        content(tree, schema)
        sides[f"library: {name}"] = ANY_RESULT, tree
    for name, (old, new) in sides.items():
        found[name] = old, new
        found[f"{name}, back"] = new, old
    return found
