"""What a `$ref` leads to: finding it, loading it, and naming what it may have meant."""
