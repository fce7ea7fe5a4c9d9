"""Proves with type checkers what a new package changes for those who call the old one."""
