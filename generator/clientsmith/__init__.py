"""clientsmith: from an OpenAPI document to a typed, vendorable Python client package."""

__version__ = "0.1.0"
