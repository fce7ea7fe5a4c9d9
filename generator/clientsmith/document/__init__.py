"""From bytes to a validated document with every `$ref` resolved to an identity; nothing here knows of Python names."""
