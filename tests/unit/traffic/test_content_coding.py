"""Content codings are undone within a limit, or not at all."""

from __future__ import annotations

import gzip
import zlib

import pytest

from clientsmith.traffic.content_coding import UnreadableBodyError, decoded


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (None, b"plain"),
        ("identity", b"plain"),
        ("gzip", gzip.compress(b"plain", mtime=0)),
        ("X-GZIP", gzip.compress(b"plain", mtime=0)),
        ("deflate", zlib.compress(b"plain")),
        ("deflate", zlib.compress(b"plain", wbits=-15)),
        ("deflate, gzip", gzip.compress(zlib.compress(b"plain"), mtime=0)),
    ],
)
def test_a_coding_is_undone(coding: str | None, body: bytes) -> None:
    assert decoded(body, coding) == b"plain"


def test_no_bytes_have_no_coding() -> None:
    assert decoded(b"", "br") == b""


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("br", b"\x0b\x02"),
        ("gzip", b"not gzip"),
        ("gzip", gzip.compress(b"cut off", mtime=0)[:-5]),
        ("gzip", gzip.compress(b"one", mtime=0) + gzip.compress(b"two", mtime=0)),
        ("gzip, gzip", gzip.compress(gzip.compress(b"\0" * 1024 * 1024 * 70, 1, mtime=0), mtime=0)),
    ],
)
def test_a_body_that_cannot_be_looked_into_is_refused(coding: str, body: bytes) -> None:
    with pytest.raises(UnreadableBodyError):
        decoded(body, coding)
