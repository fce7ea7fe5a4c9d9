"""The command line: arguments, output and exit codes; what the commands do is below."""
