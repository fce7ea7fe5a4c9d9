"""The small description that hostile constructs are put into: one operation that sends and receives a schema."""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]


def document(
    schema: Any,
    schemas: JSON | None = None,
    *,
    parameters: list[JSON] | None = None,
    example: Any = None,
    version: str = "3.1.0",
) -> JSON:
    """A description of one operation, whose body and answer are `schema`."""
    media: JSON = {"schema": {"$ref": "#/components/schemas/Root"}}
    if example is not None:
        media["example"] = example
    content = {"application/json": media}
    return {
        "openapi": version,
        "info": {"title": "Hostile", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {
            "/things": {
                "post": {
                    "operationId": "createThing",
                    "tags": ["things"],
                    "security": [],
                    "parameters": parameters or [],
                    "requestBody": {"required": True, "content": content},
                    "responses": {"200": {"description": "ok", "content": content}},
                }
            }
        },
        "components": {"schemas": {"Root": schema, **(schemas or {})}},
    }


def reference(name: str) -> JSON:
    """A reference to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}
