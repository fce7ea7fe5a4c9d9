"""One document that uses nearly everything, for properties of whole runs; what each construct does is tested elsewhere."""

from __future__ import annotations

from typing import Any

PET = {
    "type": "object",
    "required": ["kind", "id"],
    "description": "A pet.",
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "kind": {"type": "string"},
        "name": {"type": ["string", "null"], "maxLength": 9, "pattern": "^[A-Z]"},
        "price": {"type": "number", "format": "decimal", "exclusiveMinimum": 0},
        "tags": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        "mother": {"$ref": "#/components/schemas/Pet"},
        "user-name": {"type": "string"},
        "userName": {"type": "string"},
        "user_name": {"type": "string"},
        "colour": {"enum": ["red", "blue", 1, None]},
        "inline": {
            "type": "object",
            "properties": {"deep": {"type": "object", "properties": {"x": {"type": "integer"}}}},
        },
        "secret": {"type": "string", "writeOnly": True},
    },
}
SCHEMAS: dict[str, Any] = {
    "Pet": PET,
    "Cat": {
        "allOf": [
            {"$ref": "#/components/schemas/Pet"},
            {"type": "object", "properties": {"lives": {"type": "integer", "maximum": 9}}},
        ]
    },
    "Dog": {
        "allOf": [
            {"$ref": "#/components/schemas/Pet"},
            {"properties": {"tricks": {"type": "array", "items": {"$ref": "#/components/schemas/Trick"}}}},
        ]
    },
    "Trick": {"type": "string", "enum": ["sit", "roll"]},
    "Animal": {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"},
        },
    },
    "Tree": {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            {"type": "null"},
        ]
    },
    "Map": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Tree"}},
    "pet": {"type": "object", "properties": {"lower": {"type": "boolean"}}},
    "Batch": {
        "type": "object",
        "properties": {
            "items": {
                "type": "array",
                "items": {
                    "allOf": [
                        {"$ref": "#/components/schemas/pet"},
                        {"properties": {"price": {"type": "number"}}},
                    ]
                },
            },
            "sum": {"type": "number"},
        },
    },
    "Error": {"type": "object", "properties": {"code": {"type": "integer"}, "message": {"type": "string"}}},
}


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


PATHS: dict[str, Any] = {
    "/pets": {
        "parameters": [{"name": "X-Trace", "in": "header", "schema": {"type": "string"}}],
        "get": {
            "operationId": "listPets", "tags": ["Pets"], "summary": "List pets", "deprecated": True,
            "parameters": [
                {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}, "description": "Which page."},
                {"name": "kinds", "in": "query", "explode": False, "schema": {"type": "array", "items": {"type": "string"}}},
                {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
            ],
            "responses": {
                "200": {"description": "Pets.", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Animal"}}}}},
                "304": {"description": "Same."},
                "4XX": {"description": "Bad.", "content": _json("Error")},
                "default": {"$ref": "#/components/responses/Failed"},
            },
        },
        "post": {
            "operationId": "createPet", "tags": ["Pets"], "security": [{"basic": [], "key": []}, {"bearer": []}, {}],
            "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}, **_json("Animal")}},
            "responses": {"201": {"description": "Made.", "content": _json("Pet")}, "202": {"description": "Later."}},
        },
    },
    "/pets/{id}/photo": {
        "put": {
            "tags": ["pets"], "x-clientsmith-bills": True,
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "requestBody": {"content": {"multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}, "note": {"type": "string"}}},
                "encoding": {"file": {"contentType": "image/png"}, "note": {"contentType": "text/plain"}},
            }}},
            "responses": {"204": {"description": "Done."}, "429": {"description": "Wait.", "x-clientsmith-not-processed": True}},
        },
    },
    "/form": {
        "post": {
            "operationId": "sendForm", "servers": [{"url": "https://other.example.com/x"}],
            "requestBody": {"content": {"application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {"info": {"$ref": "#/components/schemas/pet"}, "list": {"type": "array", "items": {"type": "string"}}}},
                "encoding": {"info": {"contentType": "application/json"}, "list": {"style": "form", "explode": False}},
            }}},
            "responses": {"200": {"description": "Tree.", "content": _json("Tree")}},
        },
    },
    "/batch": {
        "patch": {
            "operationId": "patchBatch", "x-clientsmith-idempotent": True,
            "requestBody": {"required": True, "content": _json("Batch")},
            "responses": {
                "200": {"description": "Same.", "content": _json("Pet")},
                "202": {"description": "Some.", "content": _json("Batch"), "x-clientsmith-partial-success": {
                    "sent": "/items", "received": "/items", "accepted": "lower", "match": ["lower"], "amount": "price", "total": "/sum",
                }},
            },
        },
    },
}  # fmt: skip

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Kitchen sink", "version": "1.2", "description": "Everything at once."},
    "servers": [{"url": "https://{region}.example.com", "variables": {"region": {"default": "eu"}}}],
    "tags": [{"name": "Pets", "description": "All about pets."}],
    "security": [{"key": []}],
    "paths": PATHS,
    "webhooks": {
        "born": {
            "post": {"requestBody": {"content": _json("Map")}, "responses": {"200": {"description": "ok"}}}
        }
    },
    "components": {
        "schemas": SCHEMAS,
        "responses": {
            "Failed": {
                "description": "Failed.",
                "content": {"application/problem+json": {"schema": {"type": "object"}}},
            }
        },
        "securitySchemes": {
            "basic": {"type": "http", "scheme": "basic"},
            "bearer": {"type": "http", "scheme": "bearer"},
            "key": {"type": "apiKey", "in": "query", "name": "key"},
        },
    },
}
