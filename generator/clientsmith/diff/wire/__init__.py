"""The wire level: which messages each description allows, and what they mean."""
