"""Findings with their places, and how they are shown."""
