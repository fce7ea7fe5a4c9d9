"""Files as arguments, read into memory: bytes, open binary files, or either with a file name and a content type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any, cast

from ..results.errors import RequestValidationError
from ..types.files import is_file
from ..values.json_codec import base_value
from ..values.shapes import is_array, is_tuple

RawContent = bytes | IO[bytes]
FileContent = RawContent | tuple[str, RawContent] | tuple[str, RawContent, str]
"""Content, (file name, content), or (file name, content, content type); content is bytes or a file open for reading."""


@dataclass(frozen=True)
class File:
    """A file that has been read."""

    content: bytes
    name: str | None = None
    content_type: str | None = None


def read_file(value: Any, subject: str) -> File | None:
    """Read a file argument; None where the value is no file. Raises RequestValidationError if it cannot be read."""
    if not is_file(value):
        return None
    if is_tuple(value):
        content_type = value[2] if len(value) == 3 else None
        if content_type is not None and not isinstance(content_type, str):
            raise RequestValidationError.because(subject, "the content type of a file must be a str")
        return File(_content(value[1], subject), base_value(value[0]), base_value(content_type))
    return File(_content(value, subject), _base_name(getattr(value, "name", None)))


def _content(value: Any, subject: str) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(cast("bytes | bytearray | memoryview", value))
    return _read(value, subject)


def _read(stream: Any, subject: str) -> bytes:
    try:
        content = stream.read()
    except (OSError, ValueError) as error:
        raise RequestValidationError.because(
            subject, f"the file cannot be read ({type(error).__name__})"
        ) from None
    if not isinstance(content, bytes):
        raise RequestValidationError.because(subject, "the file is not open in binary mode")
    return content


def _base_name(name: object) -> str | None:
    return PurePath(name).name if isinstance(name, str) else None


def take_files(fields: Mapping[str, Any], files: dict[str, list[File]]) -> dict[str, Any]:
    """The fields with every file replaced by its bytes; the files themselves are put into `files` by field name."""
    taken: dict[str, Any] = {}
    for key, value in fields.items():
        subject = f"field {key!r}"
        if is_array(value):
            items = [(item, read_file(item, subject)) for item in value]
            found = [file for _, file in items if file]
            taken[key] = [file.content if file else item for item, file in items]
        else:
            file = read_file(value, subject)
            found = [file] if file else []
            taken[key] = file.content if file else value
        if found:
            files[key] = found
    return taken
