"""Faults that a server plays: their names, the rules for when, and those of content."""
