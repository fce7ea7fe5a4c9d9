"""A validator for the schemas of responses."""
