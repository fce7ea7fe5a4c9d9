"""Findings that a team accepts: what one is recognized by, the files that list them, and what the lists do."""
