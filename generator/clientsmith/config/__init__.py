"""`clientsmith.toml` and the flags over it, as frozen settings."""
