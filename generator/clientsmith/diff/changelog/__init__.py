"""The changelog of a package: what each release changed for those who call it."""
