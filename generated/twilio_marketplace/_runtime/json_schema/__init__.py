"""A validator for the schemas of requests and responses."""
