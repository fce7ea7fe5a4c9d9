"""How a client uses, shares and ends its connections."""
