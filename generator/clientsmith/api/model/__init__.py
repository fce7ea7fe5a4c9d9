"""The frozen model of an API, and operations on its parts."""
