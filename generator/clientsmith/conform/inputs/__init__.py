"""Values that the suite draws, and what a caller would write for them."""
