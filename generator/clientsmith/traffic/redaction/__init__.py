"""Secrets taken out of exchanges: what is one, where it is, and what takes its place."""
