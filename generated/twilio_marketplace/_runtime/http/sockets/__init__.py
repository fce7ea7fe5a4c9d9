"""Single connections: sockets, TLS, and the parser on top."""
