"""The reference page and the examples on it."""
