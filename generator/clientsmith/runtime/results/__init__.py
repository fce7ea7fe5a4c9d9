"""What a call comes to: responses, errors, partial success."""
