"""Whether a value can fit: one schema whose keywords may contradict each other, and two schemas at once."""
