"""The request log: entries, their bounds, and their redaction."""
