"""The recorder: a proxy that writes what passes through it onto a tape."""
