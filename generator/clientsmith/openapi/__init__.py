"""The objects of an OpenAPI document, read once: operations, media types, routing."""
