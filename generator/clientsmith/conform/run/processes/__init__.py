"""The processes of a run: how many there are, what each does, and how they end."""
