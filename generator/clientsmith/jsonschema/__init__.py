"""The schemas of a document, read once: shapes, validators, sample values, patterns."""
