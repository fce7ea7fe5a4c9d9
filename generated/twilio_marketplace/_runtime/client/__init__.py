"""The clients: one call from its first attempt to its end."""
