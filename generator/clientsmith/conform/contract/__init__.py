"""What a document promises of its requests and responses, checked in both directions."""
