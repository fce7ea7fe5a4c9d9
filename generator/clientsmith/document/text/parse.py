"""Bytes of a file to a Document: YAML and JSON are distinguished by content, and every defect has its place."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics, Place, Related, Span
from clientsmith.document.files.folder import Files, FolderFiles
from clientsmith.document.files.revision import RevisionFiles, RevisionPath
from clientsmith.document.files.stored import StoredFiles
from clientsmith.document.model import JSON, Document, Locator, Pointer
from clientsmith.document.references.targets import local_uri
from clientsmith.document.text.json_source import is_json, parse_json
from clientsmith.document.text.source import decode
from clientsmith.document.text.yaml_source import parse_yaml
from clientsmith.input_file import InputFileError, read_input, stream_number

_JSON_START = re.compile(r"[ \t\n\r]*[{\[]")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile(r"[\ud800-\udfff]")
_URL = re.compile(r"(?:.*/)?(https?|ftp|file):/{1,3}", re.IGNORECASE)
"""A URL, also one whose slashes were taken for those of a path."""
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)

_MAX_FINDINGS = 1000
"""How many findings in the text of one document are reported; after them it is not read any further."""


def load(path: str | Path, diagnostics: Diagnostics) -> Document | None:
    """The root document at that path; None after reporting why there is none.

    A document out of a pipe (`-`, `/dev/stdin`, `/dev/fd/N`) refers to files below the working directory.
    """
    is_stream = stream_number(path) is not None
    shown = str(path) if is_stream else Path(path).as_posix()
    data = read_bytes(path, shown, diagnostics)
    if data is None:
        return None
    files = FolderFiles.beside(Path() / "stream" if is_stream else Path(path), shown)
    return parse(data, diagnostics, uri=local_uri(Path(path).name), file=shown, files=files)


def load_revision(named: RevisionPath, folder: Path, diagnostics: Diagnostics) -> Document | None:
    """The root document at a path of a git revision; None after reporting why there is none.

    The repository is the one that `folder` is in.
    """
    try:
        files, uri = RevisionFiles.open(named, folder)
        data = files.read(uri)
    except InputFileError as error:
        _report(error, str(named), diagnostics)
        return None
    return parse(data, diagnostics, uri=local_uri(uri), file=files.shown(uri), files=files)


def load_stored(files: StoredFiles, uri: str, diagnostics: Diagnostics) -> Document | None:
    """The root document of that URI as it was released; None after reporting why there is none."""
    return parse(files.read(uri), diagnostics, uri=uri, file=files.shown(uri), files=files)


def is_url(text: str) -> bool:
    """Whether a name is the URL of something that is not on this machine, or was meant so."""
    return _URL.match(text) is not None


def read_bytes(path: str | Path, shown: str, diagnostics: Diagnostics) -> bytes | None:
    """What a file or a pipe holds; None after reporting one that is missing, unreadable, no file or too large."""
    try:
        return read_input(path)
    except InputFileError as error:
        _report(error, shown, diagnostics)
        return None


def _report(error: InputFileError, shown: str, diagnostics: Diagnostics) -> None:
    kind = "too-large" if error.is_too_large else "unreadable-file"
    place = Place(span=Span(shown, 1, 1))
    url = _URL.match(shown) if error.is_missing else None
    if url is not None:
        address = f"{url[1]}://{shown[url.end() :]}"
        hint = (
            f"fetch it first: curl -fL -o openapi.yaml {address}; or pass it through a pipe to the document -"
        )
        diagnostics.error(kind, f"{address:.200} is a URL; a document is read from a file", hint=hint)
    else:
        diagnostics.error(kind, f"{shown:.200} {error}", place, hint=error.hint)


def parse(
    data: bytes,
    diagnostics: Diagnostics,
    *,
    uri: str,
    file: str,
    files: Files | None = None,
    is_root: bool = True,
) -> Document | None:
    """The document that those bytes hold; None after reporting why there is none."""
    document = Document(uri, file, data, None, files=files, is_root=is_root)
    try:
        document.source = decode(data)
    except UnicodeDecodeError as error:
        span = Span(file, data.count(b"\n", 0, error.start) + 1, 1)
        name = "UTF-16" if error.encoding.startswith("utf-16") else "UTF-8"
        message = f"this is not text in {name}: byte {error.start} is 0x{data[error.start]:02x}"
        hint = "save it in UTF-8" if data.startswith(_UTF_32) else None
        diagnostics.error("not-text", message, Place(span=span), hint=hint)
        return None
    if not document.source.strip():
        diagnostics.error(
            "empty-document",
            "the file is empty",
            Place(span=Span(file, 1, 1)),
            hint="write an OpenAPI document into it",
        )
        return None
    try:
        parsed = _Reader(document, diagnostics).read()
    except _TooManyFindingsError:
        return None
    if parsed is None:
        return None
    document.tree, document.locator = parsed
    return document


class _TooManyFindingsError(Exception):
    """Reading goes no further; everything so far has been reported."""


class _Reader:
    """Reads the text of one document and turns what the parsers report into diagnostics."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self.document = document
        self.diagnostics = diagnostics
        self.failed = False
        self.findings = 0

    def read(self) -> tuple[JSON, Locator] | None:
        source = self.document.source
        parsed: tuple[JSON, Locator] | None
        if _JSON_START.match(source) and (not self._is_named_yaml() or is_json(source)):
            parsed = parse_json(source, self.report)
        else:
            marks = parse_yaml(source, self.report)
            parsed = (marks.tree, marks) if marks is not None else None
        if parsed is not None and not self.failed and _SURROGATE.search(source):
            self._refuse_surrogates(parsed[0], parsed[1])
        return None if self.failed else parsed

    def _is_named_yaml(self) -> bool:
        return self.document.uri.endswith((".yaml", ".yml"))

    def report(
        self,
        id: str,
        message: str,
        pointer: Pointer,
        offset: int,
        hint: str | None = None,
        first: int | None = None,
    ) -> None:
        self.failed = True
        document = self.document
        related: tuple[Related, ...] = ()
        if first is not None:
            related = (Related("first here", Place(None, document.span_at(first))),)
        place = Place(document.shown_pointer(pointer), document.span_at(offset))
        self.findings += 1
        if self.findings > _MAX_FINDINGS:
            message = f"there are more than {_MAX_FINDINGS} findings; the rest of the text was not read"
            self.diagnostics.error("too-many-findings", message, place)
            raise _TooManyFindingsError
        self.diagnostics.error(id, message, place, hint=hint, related=related)

    def _refuse_surrogates(self, tree: JSON, locator: Locator) -> None:
        """Escapes such as `\\ud800` without their second half are text that no encoding can write."""
        stack: list[tuple[Pointer, JSON]] = [((), tree)]
        while stack:
            pointer, value = stack.pop()
            members = (
                value.items()
                if isinstance(value, dict)
                else enumerate(value)
                if isinstance(value, list)
                else ()
            )
            for key, inner in members:
                stack.append(((*pointer, str(key)), inner))
            texts = [value] if isinstance(value, str) else list(value) if isinstance(value, dict) else []
            if any(map(_HALF.search, texts)):
                message = "a \\u escape here is half of a pair and stands for no character"
                self.report("not-text", message, (), locator.offset(pointer) or 0)
