"""HAR 1.2 files read into exchanges, each with its place in the file; nothing here knows of the document."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

from clientsmith.diagnostics.model import Diagnostics, Place
from clientsmith.document.model import Document, Node, Pointer
from clientsmith.document.text.parse import parse, read_bytes
from clientsmith.openapi import charsets, media_type
from clientsmith.traffic.message import Headers, HttpRequest, HttpResponse

MAX_ENTRIES = 100_000
CUSTOM = "_clientsmith"
_URL = re.compile(r"https?://([^/?#]+)([^#]*)(?:#.*)?", re.IGNORECASE)
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")
_NOT_REPLAYED = frozenset({
    "connection", "content-encoding", "content-length", "keep-alive", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
})  # fmt: skip
"""Headers of the connection, and of the coding that a HAR has undone already."""


class _EntryError(ValueError):
    """An entry is no exchange; says why, and where below the entry."""

    def __init__(self, message: str, *pointer: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.pointer: Pointer = pointer
        self.hint = hint


@dataclass(frozen=True, slots=True)
class HarEntry:
    """One exchange of a HAR; `custom` is what clientsmith noted beside it."""

    document: Document
    index: int
    host: str
    request: HttpRequest
    response: HttpResponse
    custom: Node | None

    @property
    def label(self) -> str:
        """How messages name it: the file and the index of the entry."""
        return f"{Path(self.document.file).name}#{self.index}"

    def place(self, *pointer: str) -> Place:
        """The place of a part of the entry."""
        return self.document.place(("log", "entries", str(self.index), *pointer))


def read_har(path: Path, diagnostics: Diagnostics) -> list[HarEntry] | None:
    """The exchanges of a HAR; None after reporting why there are none, each mistake at its place."""
    shown = path.as_posix()
    data = read_bytes(path, shown, diagnostics)
    if data is None:
        return None
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        said = "the file is empty" if not data.strip() else "this is no HAR: a HAR is one JSON object"
        diagnostics.error("not-har", f"{shown}: {said}", hint="record one with clientsmith record")
        return None
    document = parse(data, diagnostics, uri=path.name, file=shown)
    if document is None:
        return None
    entries = _entries(document, diagnostics)
    if entries is None:
        return None
    read = [_read(document, node, index, diagnostics) for index, node in enumerate(entries)]
    readable = [entry for entry in read if entry is not None]
    return readable if len(readable) == len(read) else None


def _entries(document: Document, diagnostics: Diagnostics) -> list[Node] | None:
    log = document.root.get("log")
    if log is None or not isinstance(log.value, dict):
        diagnostics.error("not-har", "this is no HAR: it has no object 'log'", document.root.place)
        return None
    version = log.mapping.get("version")
    if version not in ("1.1", "1.2"):
        place = (log.get("version") or log).place
        diagnostics.error("not-har", f"the version is {version!r:.40}: HAR 1.2 is read", place)
        return None
    entries = log.get("entries")
    if entries is None or not isinstance(entries.value, list):
        diagnostics.error("not-har", "this is no HAR: 'entries' is no array", log.place)
        return None
    if len(entries.value) > MAX_ENTRIES:
        diagnostics.error("too-large", f"there are more than {MAX_ENTRIES} entries", entries.place)
        return None
    if not entries.value:
        diagnostics.warning("empty-tape", "there is no entry in this tape", entries.place)
    return list(entries.elements())


def _read(document: Document, node: Node, index: int, diagnostics: Diagnostics) -> HarEntry | None:
    try:
        host, request = _request(_member(node, "request"))
        response = _response(_member(node, "response"))
    except _EntryError as error:
        place = document.place((*node.pointer, *error.pointer))
        diagnostics.error("broken-entry", f"entry {index}: {error}", place, hint=error.hint)
        return None
    return HarEntry(document, index, host, request, response, node.get(CUSTOM))


def _member(node: Node, key: str) -> Node:
    member = node.get(key)
    if member is None or not isinstance(member.value, dict):
        raise _EntryError(f"'{key}' is no object")
    return member


def _request(node: Node) -> tuple[str, HttpRequest]:
    method, url = node.text("method"), node.text("url")
    if not _METHOD.fullmatch(method):
        raise _EntryError("the method is missing, or is none", "request", "method")
    parts = _URL.fullmatch(url)
    if parts is None or any(sign <= " " or sign > "~" for sign in url):
        raise _EntryError("the URL is no absolute http or https URL", "request", "url")
    target = parts[2] if parts[2].startswith("/") else "/" + parts[2]
    headers = _headers(node, "request")
    body = _posted(node)
    return parts[1].lower(), HttpRequest(method.upper(), target, headers, body)


def _response(node: Node) -> HttpResponse:
    status = node.mapping.get("status")
    if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status <= 599:
        hint = "remove the entry: the call had no response" if status == 0 else None
        raise _EntryError(f"the status is {status!r:.40}", "response", "status", hint=hint)
    headers = _headers(node, "response")
    content = node.get("content")
    body = b"" if content is None else _content(content, headers)
    kept = tuple(pair for pair in headers if pair[0].lower() not in _NOT_REPLAYED)
    mime = content.text("mimeType") if content is not None else ""
    if body and mime and mime != "x-unknown" and not any(name.lower() == "content-type" for name, _ in kept):
        kept = (*kept, ("Content-Type", mime))
    return HttpResponse(status, kept, body, node.text("statusText"))


def _headers(node: Node, part: str) -> Headers:
    listed = node.get("headers")
    headers: list[tuple[str, str]] = []
    for index, header in enumerate(listed.elements() if listed is not None else ()):
        name, value = header.mapping.get("name"), header.mapping.get("value")
        if not isinstance(name, str) or not isinstance(value, str):
            raise _EntryError("a header has no name or no value", part, "headers", str(index))
        if name.startswith(":"):
            continue  # HTTP/2 writes method, path and status so.
        if not _METHOD.fullmatch(name[:40]) or any(sign in value for sign in "\r\n\0"):
            raise _EntryError("this can be no header", part, "headers", str(index))
        headers.append((name, value))
    return tuple(headers)


def _posted(node: Node) -> bytes:
    posted = node.get("postData")
    if posted is None or posted.value is None:
        return b""
    text = posted.mapping.get("text")
    if isinstance(text, str) and (text or not posted.mapping.get("params")):
        encoding = posted.text("encoding") or posted.text("_encoding")
        charset = media_type.parameter(posted.text("mimeType"), "charset")
        return _decoded(text, encoding, charset, ("request", "postData", "text"))
    pairs = posted.get("params")
    parts: list[str] = []
    for pair in pairs.elements() if pairs is not None else ():
        if pair.get("fileName") is not None:
            raise _EntryError("a file that was sent is not in this HAR", "request", "postData", "params")
        parts.append(f"{quote_plus(pair.text('name'))}={quote_plus(pair.text('value'))}")
    return "&".join(parts).encode()


def _content(content: Node, headers: Headers) -> bytes:
    text = content.mapping.get("text")
    if text is None:
        size = content.mapping.get("size")
        if isinstance(size, int) and size > 0:
            hint = "export the HAR again with its content ('Save all as HAR with content')"
            raise _EntryError("the body of the response is not in this HAR", "response", "content", hint=hint)
        return b""
    if not isinstance(text, str):
        raise _EntryError("the body is no string", "response", "content", "text")
    stated = next(
        (value for name, value in headers if name.lower() == "content-type"), content.text("mimeType")
    )
    charset = media_type.parameter(stated, "charset")
    return _decoded(text, content.text("encoding"), charset, ("response", "content", "text"))


def _decoded(text: str, encoding: str, charset: str | None, pointer: Pointer) -> bytes:
    """The bytes of a body: of base64, or of text in its charset, UTF-8 where that is unknown."""
    if encoding.lower() == "base64":
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise _EntryError("this is not base64", *pointer) from None
    if encoding:
        raise _EntryError(f"the encoding {encoding!r:.40} is unknown: base64 is known", *pointer)
    try:
        return charsets.encoded(text, charset)
    except ValueError:
        return text.encode("utf-8")
