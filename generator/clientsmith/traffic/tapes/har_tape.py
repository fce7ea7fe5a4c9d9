"""The tape that a recorder writes: a HAR file that is whole after every entry, is locked, and can be continued.

Each entry goes over the end of the file, `]}}`, together with a new end, in one write, and is synced. A process killed
in the middle of that write leaves at worst a last entry that is cut off, which continuing the tape removes.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import stat
from dataclasses import dataclass
from typing import Any, cast

from clientsmith import __version__
from clientsmith.input_file import MAX_BYTES, InputFileError, read_descriptor
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.tapes import har_write

_HEAD = har_write.written(har_write.log([], version=__version__)).removesuffix(b"]}}")
_TAIL = b"\n]}}\n"


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """An exchange without secrets, as it goes on tape; `started` in seconds since the epoch, `duration` in seconds."""

    request: HttpRequest
    response: HttpResponse
    started: float
    duration: float
    operation: str | None
    redacted: tuple[str, ...]


class TapeError(Exception):
    """A tape cannot be written to; the message says why and what to do."""


class HarTape:
    """A HAR file open for appending; for one thread."""

    def __init__(self, descriptor: int, end: int, entries: int, base_url: str) -> None:
        """`end` is where the last entry ends, and where what follows may be overwritten."""
        self._descriptor = descriptor
        self._end = end
        self._base_url = base_url
        self.entries = entries

    def append(self, exchange: RecordedExchange) -> None:
        """Write one recorded exchange and sync it; raises OSError, and the file is as before."""
        self.append_entry(tape_entry(exchange, self._base_url))

    def append_entry(self, entry: dict[str, har_write.Json]) -> None:
        """Write one entry and sync it; raises OSError, and the file is as before."""
        piece = (b",\n" if self.entries else b"\n") + har_write.written(entry)
        if self._end + len(piece) + len(_TAIL) > MAX_BYTES:
            raise OSError(
                errno.EFBIG, f"no more than {MAX_BYTES // 1024**2} MiB are read back; start another tape"
            )
        try:
            _write(self._descriptor, piece + _TAIL, self._end)
            os.fdatasync(self._descriptor)
        except OSError:
            self._restore()
            raise
        self._end += len(piece)
        self.entries += 1

    def _restore(self) -> None:
        """Back to the last entry that is whole; the bytes of the end were there before, so there is room for them."""
        with contextlib.suppress(OSError):
            _write(self._descriptor, _TAIL, self._end)
            os.ftruncate(self._descriptor, self._end + len(_TAIL))

    def close(self) -> None:
        """Close the file and give up its lock."""
        os.close(self._descriptor)


def tape_entry(exchange: RecordedExchange, base_url: str) -> dict[str, har_write.Json]:
    """The entry of a recorded exchange; `base_url` is what the targets of requests are put behind."""
    custom: dict[str, har_write.Json] = {"source": "recording"}
    if exchange.redacted:
        custom["redacted"] = list(exchange.redacted)
    return har_write.entry(
        exchange.request,
        exchange.response,
        base_url=base_url,
        started=exchange.started,
        duration=exchange.duration,
        custom=custom,
    )


def open_tape(path: str, base_url: str, *, append: bool = False, force: bool = False) -> HarTape:
    """A new tape, or an existing one to go on with or to replace; raises TapeError or OSError.

    `base_url` is what the targets of requests are put behind.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(path, flags | (0 if append or force else os.O_EXCL), 0o600)
    except FileExistsError:
        raise TapeError("it exists; --append goes on with it, --force replaces it") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise TapeError("it is a symbolic link; name the file that it leads to") from None
        raise
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise TapeError("it is no regular file")
        _lock(descriptor)
        end, entries = _continued(descriptor) if append else (0, 0)
        if end == 0:
            _replace(descriptor, _HEAD)
            end = len(_HEAD)
        _write(descriptor, _TAIL, end)
        os.ftruncate(descriptor, end + len(_TAIL))
        os.fsync(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return HarTape(descriptor, end, entries, base_url)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise TapeError("another recorder is writing to it") from None


def _continued(descriptor: int) -> tuple[int, int]:
    """Where the last whole entry of an existing tape ends, and how many there are; 0 for an empty file."""
    try:
        data = read_descriptor(descriptor)
    except InputFileError as error:
        raise TapeError(f"it {error}; start another one" if error.is_too_large else f"it {error}") from None
    if not data.strip():
        return 0, 0
    lines = data.split(b"\n")
    if lines[0].startswith(b'{"log": ') and lines[0].endswith(b'"entries": ['):
        return _whole_entries(lines)
    entries = _entries(data)
    joined = b",".join(b"\n" + har_write.written(entry) for entry in entries)
    _replace(descriptor, _HEAD + joined)
    return len(_HEAD + joined), len(entries)


def _whole_entries(lines: list[bytes]) -> tuple[int, int]:
    """Of a tape in our own layout, one entry a line: what comes before the end or before an entry that is cut off."""
    end, count = len(lines[0]), 0
    for line in lines[1:]:
        text = line.removesuffix(b",")
        try:
            if not isinstance(json.loads(text), dict):
                break
        except (ValueError, RecursionError):
            break
        # The comma of a line belongs to the entry after it, which may not be there.
        end += 1 + len(text) + (count > 0)
        count += 1
    return end, count


def _entries(data: bytes) -> list[dict[str, Any]]:
    """The entries of a HAR in any layout."""
    entries: Any = None
    with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
        entries = json.loads(data)["log"]["entries"]
    if not isinstance(entries, list):
        raise TapeError("it is no HAR, so nothing can be appended to it")
    return cast("list[dict[str, Any]]", entries)


def _replace(descriptor: int, data: bytes) -> None:
    os.ftruncate(descriptor, 0)
    _write(descriptor, data, 0)


def _write(descriptor: int, data: bytes, position: int) -> None:
    """All of the bytes at a position: one call, unless the system takes less at a time."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, position)
        position += written
        view = view[written:]
