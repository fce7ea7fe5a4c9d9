"""Names of the parts of an API by rule; the configuration may override them."""
