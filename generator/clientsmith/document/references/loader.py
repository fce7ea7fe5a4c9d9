"""Reads the documents that references name: files beside the root, and URLs for users who allowed it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.files.folder import FolderFiles
from clientsmith.document.files.stored import StoredFiles
from clientsmith.document.model import Document, Node
from clientsmith.document.references.targets import is_remote
from clientsmith.document.text.parse import parse
from clientsmith.input_file import MAX_BYTES, InputFileError

if TYPE_CHECKING:
    from clientsmith.document.references.remote import RemoteDocuments


class Report(Protocol):
    """Reports why a reference cannot be followed."""

    def __call__(self, id: str, message: str, node: Node, hint: str | None = None, /) -> None: ...


class Loader:
    """Loads each document once, within one total of bytes; what it cannot load is reported once."""

    def __init__(self, root: Document, diagnostics: Diagnostics, report: Report) -> None:
        self.remote: RemoteDocuments | None = None
        self.documents: dict[str, Document] = {root.uri: root}
        self._files = root.files or FolderFiles.beside(Path(root.uri), root.file)
        self._diagnostics = diagnostics
        self._report = report
        self._unavailable: set[str] = set()
        self._bytes = len(root.text)
        self._is_spent = False

    def load(self, uri: str, node: Node) -> Document | None:
        """The document of that URI, which is not among the `documents` yet; None after reporting why not, once."""
        if uri in self._unavailable or self._is_spent:
            return None
        is_stored = isinstance(self._files, StoredFiles)
        document = (
            self._load_remote(uri, node) if is_remote(uri) and not is_stored else self._load_file(uri, node)
        )
        if document is None:
            self._unavailable.add(uri)
        else:
            self.documents[uri] = document
        return document

    def is_file(self, uri: str) -> bool:
        """Whether a file that may be read is there."""
        return not is_remote(uri) and self._files.has(uri)

    def _load_file(self, uri: str, node: Node) -> Document | None:
        if not self._files.contains(uri):
            message = f"{uri:.200} is outside of {self._files.bounds}"
            hint = "keep every file of the description below one folder, and name it: document.root in the config"
            self._report("reference-outside", message, node, hint)
            return None
        try:
            data = self._files.read(uri)
        except InputFileError as error:
            kind = "too-large" if error.is_too_large else "dangling-reference"
            self._report(kind, f"the file {uri:.200} {error}", node, error.hint)
            return None
        self._bytes += len(data)
        if self._bytes > MAX_BYTES:
            self._spend("too-large", f"all files together are larger than {MAX_BYTES // 1024**2} MiB", node)
            return None
        return parse(data, self._diagnostics, uri=uri, file=self._files.shown(uri), is_root=False)

    def _load_remote(self, uri: str, node: Node) -> Document | None:
        if self.remote is None:
            message = f"{uri:.200}: references to other machines are not followed"
            here = "allow it with --allow-remote-refs, or keep a copy beside the document"
            self._report("remote-reference", message, node, here)
            return None
        from clientsmith.document.references.remote import FetchError, RefusedError, SpentError

        try:
            data = self.remote.fetch(uri)
        except RefusedError as error:
            hint = None if not error.may_be_named else "name its host to allow it: --allow-remote-refs=HOST"
            self._report("remote-reference", f"{uri:.200}: {error}", node, hint)
        except SpentError as error:
            self._spend("remote-limit", f"{uri:.200} is not fetched: {error}", node)
        except FetchError as error:
            self._report("dangling-reference", f"{uri:.200} cannot be fetched: {error}", node)
        else:
            return parse(data, self._diagnostics, uri=uri, file=uri, is_root=False)
        return None

    def _spend(self, id: str, message: str, node: Node) -> None:
        """Report a limit over all documents once; nothing more is loaded after it."""
        self._is_spent = True
        self._report(id, message, node)
