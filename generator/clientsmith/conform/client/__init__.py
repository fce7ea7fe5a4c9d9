"""A generated package as the suite calls it."""
