"""Requests and responses checked against a document, read into values and written from them."""
