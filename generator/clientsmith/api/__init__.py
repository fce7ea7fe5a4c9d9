"""The language-ready model of an API and its builder; it knows the document below it and nothing of what is emitted."""
