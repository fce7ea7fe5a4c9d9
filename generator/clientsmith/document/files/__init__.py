"""Where the bytes of a description come from: a disk, or a git revision."""
