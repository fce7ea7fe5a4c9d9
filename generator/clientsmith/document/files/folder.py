"""The one seam between the documents of a description and where their bytes are; files on disk are here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from clientsmith.input_file import read_file


class Files(Protocol):
    """The files that the references of a document may lead to, by URI: a path from the folder that URIs start at."""

    @property
    def bounds(self) -> str:
        """What all of them are below, as a message says it."""
        ...

    def contains(self, uri: str) -> bool:
        """Whether a URI stays below that folder, whether or not a file is there. Links are followed."""
        ...

    def has(self, uri: str) -> bool:
        """Whether a file that may be read is there."""
        ...

    def read(self, uri: str) -> bytes:
        """What the file of that URI holds; raises InputFileError."""
        ...

    def shown(self, uri: str) -> str:
        """How a reader finds the file of that URI."""
        ...

    def below(self, folder: str, uri: str) -> tuple[Files, str] | None:
        """The files below another folder, and what a URI is there; None if its file is not below that folder."""
        ...


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """Files on disk. `folder` is how a reader knows the folder, `home` where it is, without links."""

    folder: Path
    home: Path
    bounds: str

    @classmethod
    def beside(cls, path: Path, shown: str) -> FolderFiles:
        """Those in the folder of a document and below it."""
        return cls(path.parent, path.parent.resolve(), f"the directory of {shown}")

    def contains(self, uri: str) -> bool:
        """Whether a URI stays below that folder, whether or not a file is there. Links are followed."""
        try:
            return not uri.startswith("/") and (self.home / uri).resolve().is_relative_to(self.home)
        except (OSError, ValueError, RuntimeError):
            return False

    def has(self, uri: str) -> bool:
        """Whether a file that may be read is there."""
        try:
            return self.contains(uri) and (self.home / uri).is_file()
        except (OSError, ValueError):
            return False

    def read(self, uri: str) -> bytes:
        """What the file of that URI holds; raises InputFileError."""
        return read_file(self.home / uri)

    def shown(self, uri: str) -> str:
        """How a reader finds the file of that URI."""
        return (self.folder / uri).as_posix()

    def below(self, folder: str, uri: str) -> tuple[FolderFiles, str] | None:
        """The files below another folder, and what a URI is there; None if its file is not below that folder."""
        home, place = Path(folder).resolve(), self.home / uri
        if not home.is_dir() or not place.is_relative_to(home):
            return None
        bounds = f"{Path(folder)} (document.root)"
        return FolderFiles(Path(folder), home, bounds), place.relative_to(home).as_posix()
