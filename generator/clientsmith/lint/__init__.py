"""Findings in a valid document that its author will want to know of."""
