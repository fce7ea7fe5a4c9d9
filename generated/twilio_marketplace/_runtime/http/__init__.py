"""Connections: pools, proxies, base URLs, headers."""
