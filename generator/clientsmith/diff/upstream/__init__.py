"""Which differences between a vendor's document and ours are on purpose, and what of them has changed since."""
