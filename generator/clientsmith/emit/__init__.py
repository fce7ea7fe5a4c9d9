"""From an `Api` to the files of a package, in memory; nothing is written to disk here."""
