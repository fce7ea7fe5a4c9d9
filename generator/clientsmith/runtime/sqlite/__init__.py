"""A durable journal in an SQLite file."""
