"""Remembers the secrets that were met and finds them again in text, in whatever spelling; where they come from is not
decided here.

Finding takes time linear in the text however many secrets there are: each is filed under one window of eight characters
that few others have, and a text is looked up window by window. A secret of more than 512 characters is found in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.traffic.redaction.secret_words import TOO_COMMON
from clientsmith.traffic.redaction.spellings import places, spellings, views
from clientsmith.traffic.redaction.substitutes import REDACTED

WINDOW = 8
"""In characters: a shorter value is too likely to be a part of something else."""
LONGEST_PIECE = 512
MOST_BYTES = 256 * 1024 * 1024
"""What all spellings together may take, in bytes."""
_OVERHEAD = 300
"""About what an entry takes beside its characters, in bytes."""
_CROWDED = 16
"""No window has more entries, so that a text costs no more than that many comparisons a character."""
_CHUNK = 256 * 1024
_OVERLAP = 24 * LONGEST_PIECE
"""A piece takes twice its length in hexadecimal, and each of its characters up to twelve signs of escapes."""


class TooManySecretsError(Exception):
    """More secrets were met than can be looked for; what comes after must not be written."""


class KnownSecrets:
    """The values that were redacted, so that they are found wherever else they turn up."""

    def __init__(self) -> None:
        self._most_bytes = MOST_BYTES
        self._bytes = 0
        self._known: set[str] = set()
        self._by_window: dict[str, list[tuple[int, str]]] = {}
        """Offset of the window in the spelling, and the spelling."""

    def __len__(self) -> int:
        return len(self._known)

    def remember(self, value: str, *, shortest: int = WINDOW) -> None:
        """Keep a secret of at least that many characters; raises TooManySecretsError when there is no room for it."""
        if len(value) < shortest or REDACTED in value or value.lower() in TOO_COMMON:
            return
        starts = range(0, max(1, len(value) - WINDOW + 1), LONGEST_PIECE)
        for start in starts:
            end = None if start == starts[-1] else start + LONGEST_PIECE
            self._remember_piece(value[start:end])

    def _remember_piece(self, piece: str) -> None:
        if piece in self._known:
            return
        written = sorted(spelling for spelling in spellings(piece) if len(spelling) >= WINDOW)
        self._bytes += sum(_OVERHEAD + len(spelling) for spelling in (piece, *written))
        if self._bytes > self._most_bytes:
            raise TooManySecretsError(
                f"the secrets that were met take more than {self._most_bytes // 1024**2} MiB"
            )
        for spelling in written:
            self._file(spelling)
        self._known.add(piece)

    def _file(self, spelling: str) -> None:
        """Under the window that has the fewest entries; the last ones first, since many tokens begin alike."""
        fewest, best = _CROWDED, -1
        for offset in range(len(spelling) - WINDOW, -1, -1):
            entries = self._by_window.get(spelling[offset : offset + WINDOW], ())
            if any(spelling == other for _, other in entries):
                return
            if len(entries) < fewest:
                fewest, best = len(entries), offset
                if not fewest:
                    break
        if best < 0:
            raise TooManySecretsError("too many of the secrets that were met are all but equal")
        self._by_window.setdefault(spelling[best : best + WINDOW], []).append((best, spelling))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The spans of secrets in a text, in its order; no two touch each other."""
        if not self._by_window or len(text) < WINDOW:
            return []
        spans: list[tuple[int, int]] = []
        for start in range(0, len(text), _CHUNK):
            chunk = text[start : start + _CHUNK + _OVERLAP]
            spans += ((start + first, start + last) for first, last in self._in_chunk(chunk))
        return merged(spans)

    def _in_chunk(self, chunk: str) -> Iterator[tuple[int, int]]:
        for view, is_unescaped in views(chunk):
            matches = self._matches(view)
            if matches:
                starts, ends = places(chunk, is_unescaped=is_unescaped)
                yield from ((starts[first], ends[last - 1]) for first, last in matches)

    def _matches(self, view: str) -> list[tuple[int, int]]:
        windows = self._by_window
        hits = [at for at in range(len(view) - WINDOW + 1) if view[at : at + WINDOW] in windows]
        return [
            (at - offset, at - offset + len(spelling))
            for at in hits
            for offset, spelling in windows[view[at : at + WINDOW]]
            if at >= offset and view.startswith(spelling, at - offset)
        ]

    def redact(self, text: str) -> str:
        """The text without secrets that were met before."""
        return replaced(text, self.spans(text))


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap or touch made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def replaced(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with the substitute for each span."""
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += (text[done:start], REDACTED)
        done = end
    return "".join((*parts, text[done:])) if parts else text
