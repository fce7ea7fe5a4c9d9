"""The typed surface: what callers of a package see, as JSON that a package carries."""
