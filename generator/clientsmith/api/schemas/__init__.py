"""Schemas of a document made into Python types."""
