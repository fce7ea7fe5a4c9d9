"""The messages of an operation: what requests and responses are made of, and what changes in them."""
