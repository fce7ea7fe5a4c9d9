"""Values, text and locks: what everything else rests on."""
