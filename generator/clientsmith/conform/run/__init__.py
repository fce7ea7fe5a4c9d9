"""What the parts of a run share: context, server, expected outcomes."""
