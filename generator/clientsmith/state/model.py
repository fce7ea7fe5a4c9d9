"""The state as frozen data and as canonical JSON; reading and writing its file is done in `file`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from clientsmith.json_values.canonical import canonical, laid_out

FORMAT: Final = 1
_DEPTH = 7
"""As deep as the operations and the fields in a surface: each is on a line of its own."""
UNRELEASED: Final = "0.0.0"
"""The version before the first release, and of a package without a config."""
VERSION: Final = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[1-9][0-9]{0,8})){2}")
"""What the version of a release looks like."""


def version_numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, by which versions are ordered."""
    return tuple(map(int, version.split(".")))


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with every file that it refers to: the URI of its root, and their texts by URI."""

    file: str
    texts: Mapping[str, str]

    def to_json(self, *, whole: bool) -> dict[str, object]:
        """Texts as lists of lines, so that a difference between two releases can be read; else their digests."""
        return {
            "file": self.file,
            "texts": {
                uri: text.split("\n") if whole else hashlib.sha256(text.encode()).hexdigest()
                for uri, text in self.texts.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Release:
    """The last release.

    `surface` is what callers of its package saw, as plain JSON; `content` the digest of its files (`content_digest`).
    """

    version: str
    document: StoredDocument
    surface: Mapping[str, object]
    content: str

    def to_json(self, *, whole: bool) -> dict[str, object]:
        """As it is in the state, or in the copy of it."""
        return {
            "version": self.version,
            "document": self.document.to_json(whole=whole),
            "surface": dict(self.surface),
            "content": self.content,
        }


@dataclass(frozen=True)
class State:
    """Everything that is remembered; names, aliases and changelog are plain JSON. One that is empty has no file."""

    release: Release | None = None
    names: Mapping[str, object] = field(default_factory=dict[str, object])
    aliases: tuple[object, ...] = ()
    changelog: tuple[object, ...] = ()

    @property
    def version(self) -> str:
        """That of the last release."""
        return UNRELEASED if self.release is None else self.release.version

    @cached_property
    def is_empty(self) -> bool:
        """Whether nothing is remembered."""
        return not (self.release or self.names or self.aliases or self.changelog)

    def to_bytes(self) -> bytes:
        """What the file holds."""
        return self._bytes(whole=True)

    def copy(self) -> bytes:
        """What the package holds: digests instead of the texts of the document."""
        return self._bytes(whole=False)

    @cached_property
    def digest(self) -> str:
        """A sha256 (hex) of what is remembered, however the file is written; empty if nothing is."""
        return "" if self.is_empty else hashlib.sha256(self.to_bytes()).hexdigest()

    def _bytes(self, *, whole: bool) -> bytes:
        return laid_out(
            {
                "format": FORMAT,
                "release": None if self.release is None else self.release.to_json(whole=whole),
                "names": dict(self.names),
                "aliases": list(self.aliases),
                "changelog": list(self.changelog),
            },
            _DEPTH,
        )


def content_digest(digests: Mapping[str, str]) -> str:
    """A sha256 (hex) of the files of a package, given theirs, but for those that say which release it is."""
    content = {path: digest for path, digest in digests.items() if path not in _OF_A_RELEASE}
    return hashlib.sha256(canonical(content)).hexdigest()


COPY: Final = "_state.json"
CHANGELOG: Final = "CHANGELOG.md"
_OF_A_RELEASE = ("_manifest.json", COPY, "_version.py", CHANGELOG)
