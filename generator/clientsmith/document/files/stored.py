"""Documents whose texts were stored when a package was released, with every file that they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clientsmith.input_file import InputFileError, keep_for_quotes


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """Texts by URI, those of remote documents too; `version` is the release that they are of."""

    version: str
    texts: Mapping[str, str]

    @property
    def bounds(self) -> str:
        """What all of them are below, as a message says it."""
        return f"the document of release {self.version}"

    def contains(self, uri: str) -> bool:
        """Always: what is not stored does not exist."""
        return True

    def has(self, uri: str) -> bool:
        """Whether the text of that URI was stored."""
        return uri in self.texts

    def read(self, uri: str) -> bytes:
        """The text in UTF-8; raises InputFileError."""
        if uri not in self.texts:
            raise InputFileError("was not stored", is_missing=True)
        data = self.texts[uri].encode()
        keep_for_quotes(self.shown(uri), data)
        return data

    def shown(self, uri: str) -> str:
        """How a reader finds it: by release, as `REV:path` by revision."""
        return f"{self.version}:{uri}"

    def below(self, folder: str, uri: str) -> tuple[StoredFiles, str] | None:
        """The same: URIs of a released document start at the folder that they started at then."""
        return self, uri
