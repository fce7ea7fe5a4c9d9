"""Code of a team beside a generated package: where it is, and which lines of it a new package breaks."""
