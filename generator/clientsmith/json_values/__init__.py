"""JSON as values and as text without loss: digits, order and every byte that is not replaced."""
