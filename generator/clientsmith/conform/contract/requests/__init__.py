"""Requests: what an operation is called with, and what must reach the wire of it, or must not."""
