"""What a service answers: out of the document, or as a refusal."""
