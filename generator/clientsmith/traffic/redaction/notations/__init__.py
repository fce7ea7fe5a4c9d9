"""Where a text holds values, for each notation that it may be in."""
