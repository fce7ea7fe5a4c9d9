"""What every generated package promises, whatever its API."""
