"""Conformance: a generated package held against its document, in both directions and from both ends."""
