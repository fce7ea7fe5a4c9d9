"""Replaces files and folders on disk: each at one stroke, several as one; what a kill leaves is found and settled."""
