"""What an application may watch: hooks, the log, journals."""
