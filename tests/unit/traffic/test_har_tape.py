"""A tape is a whole HAR after every entry, can be continued after a crash, and survives a full disk."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.tapes import har_tape, har_write
from clientsmith.traffic.tapes.har import read_har
from clientsmith.traffic.tapes.har_tape import RecordedExchange, TapeError, open_tape

BASE = "https://api.example"


def exchange(number: int, body: bytes = b"") -> RecordedExchange:
    request = HttpRequest("POST", f"/pets/{number}?q=%7e", (("X-Mark", "\u00fc"),), body)
    response = HttpResponse(200, (("Content-Type", "application/octet-stream"),), body, "Fine")
    return RecordedExchange(
        request, response, 1_800_000_000.5, 0.25, "op", ("request header X",) if number else ()
    )


def numbers(path: Path) -> list[int]:
    entries = json.loads(path.read_bytes())["log"]["entries"]
    return [int(one["request"]["url"].rpartition("/")[2].partition("?")[0]) for one in entries]


def test_a_tape_is_a_whole_har_before_and_after_every_entry(tmp_path: Path) -> None:
    path = tmp_path / "t.har"
    tape = open_tape(str(path), BASE)
    assert numbers(path) == []
    for number in range(3):
        tape.append(exchange(number))
        assert numbers(path) == list(range(number + 1))
    tape.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("body", [b"", b"{}", "ü\u2028 text".encode(), bytes(range(256)), b"x" * 300_000])
def test_what_is_written_is_read_back_byte_for_byte(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "t.har"
    tape = open_tape(str(path), BASE)
    tape.append(exchange(1, body))
    tape.close()
    (entry,) = read_har(path, Diagnostics()) or []
    assert entry.request == exchange(1, body).request
    assert entry.response == exchange(1, body).response


def test_an_existing_tape_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "t.har"
    path.write_text("mine")
    with pytest.raises(TapeError, match="--append"):
        open_tape(str(path), BASE)
    assert path.read_text() == "mine"
    open_tape(str(path), BASE, force=True).close()
    assert numbers(path) == []


def test_appending_goes_on_after_the_last_entry(tmp_path: Path) -> None:
    path = tmp_path / "t.har"
    for number in range(3):
        tape = open_tape(str(path), BASE, append=True)
        assert tape.entries == number
        tape.append(exchange(number))
        tape.close()
    assert numbers(path) == [0, 1, 2]


def test_whatever_a_crash_cuts_off_is_removed_and_every_whole_entry_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "t.har"
    tape = open_tape(str(path), BASE)
    lengths = [path.stat().st_size]
    for number in range(3):
        tape.append(exchange(number))
        lengths.append(path.stat().st_size)
    tape.close()
    whole = path.read_bytes()
    # The tail, `]}}` in a line of its own, is what the next write goes over.
    start, size = lengths[2] - len("\n]}}\n"), len(whole)
    for length in (*range(start, start + 9), *range(start + 9, size - 9, 31), *range(size - 9, size + 1)):
        path.write_bytes(whole[:length])
        torn = open_tape(str(path), BASE, append=True)
        torn.append(exchange(9))
        torn.close()
        kept = [0, 1, 2] if length >= len(whole) - len("\n]}}\n") else [0, 1]
        assert numbers(path) == [*kept, 9], length


def test_a_new_entry_over_the_old_end_that_is_longer_than_what_was_written_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "t.har"
    tape = open_tape(str(path), BASE)
    tape.append(exchange(0))
    end = path.stat().st_size - len("\n]}}\n")
    tape.close()
    with path.open("r+b") as file:
        file.seek(end)
        file.write(b',\n{"cut": "of')
    tape = open_tape(str(path), BASE, append=True)
    tape.append(exchange(1))
    tape.close()
    assert numbers(path) == [0, 1]


def test_a_har_in_another_layout_can_be_continued(tmp_path: Path) -> None:
    path = tmp_path / "t.har"
    tape = open_tape(str(path), BASE)
    tape.append(exchange(0))
    tape.close()
    har = json.loads(path.read_bytes())
    har["log"]["comment"] = "after"
    path.write_text(json.dumps(har, indent=2))
    tape = open_tape(str(path), BASE, append=True)
    tape.append(exchange(1))
    tape.close()
    assert numbers(path) == [0, 1]


@pytest.mark.parametrize("text", ["nothing", "[]", '{"log": {}}', '{"log": {"entries": {}}}', "[" * 100_000])
def test_what_is_no_har_is_never_appended_to(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.har"
    path.write_text(text)
    with pytest.raises(TapeError, match="no HAR"):
        open_tape(str(path), BASE, append=True)
    assert path.read_text() == text


def test_an_empty_file_becomes_a_tape(tmp_path: Path) -> None:
    path = tmp_path / "t.har"
    path.touch()
    open_tape(str(path), BASE, append=True).close()
    assert numbers(path) == []


def test_only_one_recorder_writes_to_a_tape(tmp_path: Path) -> None:
    path = tmp_path / "t.har"
    tape = open_tape(str(path), BASE)
    with pytest.raises(TapeError, match="another recorder"):
        open_tape(str(path), BASE, force=True)
    tape.append(exchange(0))
    tape.close()
    assert numbers(path) == [0]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TapeError, match="no regular file"):
        open_tape(str(tmp_path / "pipe"), BASE, append=True)
    with pytest.raises(IsADirectoryError):
        open_tape(str(tmp_path), BASE, append=True)
    with pytest.raises(FileNotFoundError):
        open_tape(str(tmp_path / "missing" / "t.har"), BASE)


def test_a_full_disk_leaves_the_tape_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.har"
    tape = open_tape(str(path), BASE)
    tape.append(exchange(0))
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", _disk_with(path.stat().st_size + 100, real))
    with pytest.raises(OSError, match="No space"):
        tape.append(exchange(1, b"x" * 1000))
    assert numbers(path) == [0]
    monkeypatch.setattr(os, "pwrite", real)
    tape.append(exchange(2))
    tape.close()
    assert numbers(path) == [0, 2]


def _disk_with(room: int, real: object) -> object:
    """A `pwrite` for a disk that takes so many bytes: less than asked for first, then nothing."""

    def pwrite(descriptor: int, data: bytes, position: int) -> int:
        fitting = max(0, min(len(data), room - position))
        if not fitting:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, bytes(data)[:fitting], position)  # type: ignore[operator,no-any-return]  # os.pwrite

    return pwrite


def test_an_entry_that_cannot_be_synced_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fdatasync(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    path = tmp_path / "t.har"
    tape = open_tape(str(path), BASE)
    tape.append(exchange(0))
    monkeypatch.setattr(os, "fdatasync", fdatasync)
    with pytest.raises(OSError, match="Input/output"):
        tape.append(exchange(1))
    tape.close()
    assert numbers(path) == [0]


def test_a_tape_grows_no_larger_than_what_is_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(har_tape, "MAX_BYTES", 2000)
    path = tmp_path / "t.har"
    tape = open_tape(str(path), BASE)
    tape.append(exchange(0))
    with pytest.raises(OSError, match="start another tape"):
        tape.append(exchange(1, b"x" * 2000))
    tape.close()
    assert numbers(path) == [0]
    assert path.stat().st_size < 2000


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\U0001f600\ud83d"])
def test_half_a_surrogate_pair_is_written_as_an_escape_by_every_writer(text: str) -> None:
    entry = har_write.entry(HttpRequest("GET", f"/{text}"), None, comment=text)
    for written in (har_write.written(har_write.log([entry])), har_write.render(har_write.log([entry]))):
        (read,) = json.loads(written)["log"]["entries"]
        assert read["comment"] == text and read["response"]["status"] == 0
        assert read["request"]["url"].endswith(text)
