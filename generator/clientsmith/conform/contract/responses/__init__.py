"""Responses: what a service may answer, and must not, and what becomes of either."""
