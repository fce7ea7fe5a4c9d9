"""Recorded exchanges: HAR files read, written, and searched for the answer to a request."""
