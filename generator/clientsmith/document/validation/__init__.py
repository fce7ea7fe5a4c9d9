"""Whether a document is valid OpenAPI, by the published schema and by rules of our own."""
