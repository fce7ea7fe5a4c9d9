"""Reads every file that a command is given: regular files, and pipes that a shell passes; nothing is parsed here.

A file is looked at, then opened without waiting, then looked at again, so that no FIFO, device or socket can hold a
command up. Never more than a limit is read.
"""

from __future__ import annotations

import errno
import os
import re
import select
import stat
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 64 * 1024 * 1024
"""The most bytes that are read of one document, with all files it refers to; the largest known has 13 MB."""

PIPE_SECONDS: Final = 30.0
"""How long a pipe may take from the start of reading to its end."""

_STREAM = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,6})")
_CHUNK = 1024 * 1024
_OTHER_KINDS = (
    (stat.S_ISDIR, "is a directory", "name the file in it"),
    (stat.S_ISFIFO, "is a named pipe, not a regular file", "pass what it holds through /dev/stdin"),
    (stat.S_ISSOCK, "is a socket, not a regular file", None),
    (stat.S_ISCHR, "is a device, not a regular file", None),
    (stat.S_ISBLK, "is a device, not a regular file", None),
)

_kept: dict[tuple[int, int], bytes] = {}
"""What pipes held, by device and inode: a pipe can be read once, and messages quote what was read."""

_named: dict[str, bytes] = {}
"""What was read from elsewhere than files, by the name that messages give it."""


class InputFileError(OSError):
    """A file cannot be read. Its text goes behind the name of the file: `is a directory`, `does not exist`."""

    def __init__(
        self, problem: str, hint: str | None = None, *, is_missing: bool = False, is_too_large: bool = False
    ) -> None:
        super().__init__(problem)
        self.hint = hint
        self.is_missing = is_missing
        self.is_too_large = is_too_large

    def __str__(self) -> str:
        return str(self.args[0])


def read_file(path: str | os.PathLike[str], limit: int = MAX_BYTES) -> bytes:
    """The content of a regular file of at most `limit` bytes; raises InputFileError. Symbolic links are followed."""
    with _reasons(path):
        status = Path(path).stat()
        if _is_null(status):
            return b""
        _demand_regular(status)  # Before it is opened: opening a device may do something.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            return _regular(descriptor, limit)
        finally:
            os.close(descriptor)


def read_descriptor(descriptor: int, limit: int = MAX_BYTES) -> bytes:
    """The content of a regular file that is open, from its start; raises InputFileError."""
    with _reasons(None):
        return _regular(descriptor, limit)


def read_input(path: str | os.PathLike[str], limit: int = MAX_BYTES) -> bytes:
    """As `read_file`; `-`, `/dev/stdin` and `/dev/fd/N` may be pipes, which are read for PIPE_SECONDS at most."""
    number = stream_number(path)
    return read_file(path, limit) if number is None else _stream(path, number, limit, may_wait=True)


def keep_for_quotes(name: str, data: bytes) -> None:
    """Let `read_again` return that for a name that is not the name of a file, such as `HEAD:openapi.yaml`."""
    _named[name] = data


def read_again(path: str | os.PathLike[str], limit: int = MAX_BYTES) -> bytes:
    """What was read under that name before, or the file as it is now; raises InputFileError. Never waits for a pipe."""
    kept = _named.get(os.fspath(path))
    if kept is not None:
        return kept
    number = stream_number(path)
    return read_file(path, limit) if number is None else _stream(path, number, limit, may_wait=False)


def stream_number(path: str | os.PathLike[str]) -> int | None:
    """The descriptor that a path such as `-`, `/dev/stdin` or `/dev/fd/63` stands for; None for any other path."""
    text = os.fspath(path)
    if text in ("-", "/dev/stdin"):
        return 0
    found = _STREAM.fullmatch(text)
    return None if found is None else int(found[1])


def _is_null(status: os.stat_result) -> bool:
    """Whether this is `/dev/null`, the usual name for an empty file."""
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == Path(os.devnull).stat().st_rdev


def _demand_regular(status: os.stat_result) -> None:
    for is_kind, problem, hint in _OTHER_KINDS:
        if is_kind(status.st_mode):
            raise InputFileError(problem, hint)


def _regular(descriptor: int, limit: int) -> bytes:
    status = os.fstat(descriptor)
    _demand_regular(status)
    if status.st_size > limit:
        raise too_large(limit)
    data = bytearray()
    while len(data) <= limit:
        chunk = os.pread(descriptor, min(_CHUNK, limit + 1 - len(data)), len(data))
        if not chunk:
            return bytes(data)
        data += chunk
    raise too_large(limit)


def _stream(path: str | os.PathLike[str], descriptor: int, limit: int, *, may_wait: bool) -> bytes:
    with _reasons(path):
        status = os.fstat(descriptor)
        if _is_null(status):
            return b""
        if os.isatty(descriptor):
            raise InputFileError("is a terminal", "name a file, or pass the content through a pipe")
        if not (stat.S_ISFIFO(status.st_mode) or stat.S_ISSOCK(status.st_mode)):
            return _regular(descriptor, limit)
        key = (status.st_dev, status.st_ino)
        if key not in _kept:
            if not may_wait:
                raise InputFileError("has not been read")
            _kept[key] = _piped(descriptor, limit)
        if len(_kept[key]) > limit:
            raise too_large(limit)
        return _kept[key]


def _piped(descriptor: int, limit: int) -> bytes:
    ready = select.poll()
    ready.register(descriptor, select.POLLIN)
    end = time.monotonic() + PIPE_SECONDS
    data = bytearray()
    while len(data) <= limit:
        if not ready.poll(max(0.0, end - time.monotonic()) * 1000):
            raise InputFileError(f"has not come to its end within {PIPE_SECONDS:g} seconds")
        chunk = os.read(descriptor, min(_CHUNK, limit + 1 - len(data)))
        if not chunk:
            return bytes(data)
        data += chunk
    raise too_large(limit)


def too_large(limit: int) -> InputFileError:
    """The error of what has more bytes than are read."""
    size = f"{limit // 1024**2} MiB" if limit >= 1024**2 else f"{limit // 1024} KiB"
    return InputFileError(f"is larger than {size}", is_too_large=True)


@contextmanager
def _reasons(path: str | os.PathLike[str] | None) -> Generator[None]:
    """Turns what the system refuses into an InputFileError that knows its file."""
    try:
        yield
    except InputFileError as error:
        error.filename = path
        raise
    except (OSError, ValueError) as error:
        made = _unreadable(error)
        made.filename = path
        raise made from error


def _unreadable(error: OSError | ValueError) -> InputFileError:
    if not isinstance(error, OSError):
        return InputFileError(f"cannot be read: {error}")
    if error.errno == errno.ENOENT:
        return InputFileError("does not exist", is_missing=True)
    return InputFileError(f"cannot be read: {error.strerror}")
