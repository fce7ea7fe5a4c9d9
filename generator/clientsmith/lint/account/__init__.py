"""The account of a document: what became of each member of its OpenAPI and Schema Objects."""
