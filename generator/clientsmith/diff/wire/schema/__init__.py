"""Schemas by the values that they allow in one direction, and what a pair of them differs in."""
