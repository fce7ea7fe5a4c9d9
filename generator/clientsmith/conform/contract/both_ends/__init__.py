"""Both ends at once: the engine of schemathesis calls a server through the clients."""
