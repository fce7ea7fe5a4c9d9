"""YAML and JSON text read into trees whose every node knows its place."""
