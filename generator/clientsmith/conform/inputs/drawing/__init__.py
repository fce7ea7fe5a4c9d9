"""Values that schemathesis draws for the schemas of a document."""
