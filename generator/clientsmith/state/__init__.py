"""What is remembered of a package from release to release, in one file beside the config."""
