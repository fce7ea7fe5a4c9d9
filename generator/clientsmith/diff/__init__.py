"""Compares two descriptions: what changes on the wire, and for the callers of the generated package."""
