"""A conformance report in every form that somebody reads: people, CI systems, programs; nothing is run here."""
