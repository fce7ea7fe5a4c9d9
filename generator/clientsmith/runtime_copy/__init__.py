"""The runtime as a package gets it: which files, with which features, under which digest; nothing is written here."""
