"""From an `Api` to the files of a package, in memory; nothing is written to disk here."""

from clientsmith.emit.runtime_copy import runtime_files

__all__ = ["runtime_files"]
