"""The Python level: what changes for those who call the generated package."""
