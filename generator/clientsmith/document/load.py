"""Bytes of a file to a Document: YAML and JSON told apart by content, every defect of the text with its place."""

from __future__ import annotations

import re
from pathlib import Path

from clientsmith.diagnostics import Diagnostics, Place, Related, Span
from clientsmith.document.json_source import is_json, parse_json
from clientsmith.document.model import JSON, Document, Locator, Pointer, render_pointer
from clientsmith.document.source import decode
from clientsmith.document.yaml_source import parse_yaml
from clientsmith.input_file import InputFileError, read_input, stream_number

_JSON_START = re.compile(r"[ \t\n\r]*[{\[]")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def load(path: str | Path, diagnostics: Diagnostics) -> Document | None:
    """The root document at that path; None after reporting why there is none.

    A document out of a pipe (`-`, `/dev/stdin`, `/dev/fd/N`) refers to files below the working directory.
    """
    is_stream = stream_number(path) is not None
    shown = str(path) if is_stream else Path(path).as_posix()
    data = read_bytes(path, shown, diagnostics)
    if data is None:
        return None
    place = None if is_stream else Path(path)
    return parse(data, diagnostics, uri=Path(path).name, file=shown, path=place)


def read_bytes(path: str | Path, shown: str, diagnostics: Diagnostics) -> bytes | None:
    """What a file or a pipe holds; None after reporting one that is missing, unreadable, no file or too large."""
    try:
        return read_input(path)
    except InputFileError as error:
        kind = "too-large" if error.is_too_large else "unreadable-file"
        place = Place(span=Span(shown, 1, 1))
        diagnostics.error(kind, f"{shown} {error}", place, hint=error.hint)
        return None


def parse(
    data: bytes,
    diagnostics: Diagnostics,
    *,
    uri: str,
    file: str,
    path: Path | None = None,
    is_root: bool = True,
) -> Document | None:
    """The document that those bytes hold; None after reporting why there is none."""
    document = Document(uri, file, data, None, path=path, is_root=is_root)
    try:
        document.source = decode(data)
    except UnicodeDecodeError as error:
        span = Span(file, data[: error.start].count(b"\n") + 1, 1)
        diagnostics.error(
            "not-text",
            f"this is not text in UTF-8: byte {error.start} is 0x{data[error.start]:02x}",
            Place(span=span),
        )
        return None
    if not document.source.strip():
        diagnostics.error(
            "empty-document",
            "the file is empty",
            Place(span=Span(file, 1, 1)),
            hint="write an OpenAPI document into it",
        )
        return None
    parsed = _Reader(document, diagnostics).read()
    if parsed is None:
        return None
    document.tree, document.locator = parsed
    return document


class _Reader:
    """Reads the text of one document and turns what the parsers report into diagnostics."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self.document = document
        self.diagnostics = diagnostics
        self.failed = False

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
        text = render_pointer(pointer) if document.is_root else f"{document.uri}#{render_pointer(pointer)}"
        place = Place(text, document.span_at(offset))
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
            if any("\ud800" <= sign <= "\udfff" for text in texts for sign in text):
                message = "a \\u escape here is half of a pair and stands for no character"
                self.report("not-text", message, (), locator.offset(pointer) or 0)
