"""A generated package as files: the tree in memory, its manifest, writing it to disk, and checking what is there."""
