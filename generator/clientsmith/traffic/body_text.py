"""The text in the bytes of a body, whatever the header says of them, so that writing it again gives the same bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from clientsmith.openapi.charsets import codec_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Unicode 16.0, section 23.8; four bytes before two, which they begin with."""
_LEAST_ZEROS = 0.3
_TEXT = re.compile(r"[^\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]*")


@dataclass(frozen=True, slots=True)
class BodyText:
    """A body as text: `mark` are the bytes in front that say how it is encoded."""

    text: str
    charset: str
    mark: bytes = b""

    @property
    def is_readable(self) -> bool:
        """Whether this is text and not some other kind of bytes read as text."""
        return self.charset != "latin-1" and _TEXT.fullmatch(self.text) is not None

    def written(self, text: str) -> bytes:
        """Another text in the same encoding; in UTF-8 if it has characters that this does not have."""
        try:
            return self.mark + text.encode(self.charset)
        except UnicodeError:
            return text.encode("utf-8", "replace")


def body_text(body: bytes, declared: str | None) -> BodyText:
    """The text of a body; a last resort that takes any bytes is Latin-1."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            decoded = _decoded(body[len(mark) :], charset, mark)
            if decoded is not None:
                return decoded
    wide = _wide(body)
    likely = codec_of(declared) if declared else None
    for plausible in (wide, likely, "utf-8"):
        decoded = _decoded(body, plausible, b"") if plausible else None
        if decoded is not None:
            return decoded
    return BodyText(body.decode("latin-1"), "latin-1")


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: where the zeros are in the first characters (RFC 4627, section 3)."""
    sample = body[: min(4096, len(body) - len(body) % 4)]
    if len(sample) < 8 or sample.count(0) < _LEAST_ZEROS * len(sample):
        return None
    zeros = [sample[place::4].count(0) * 4 >= 0.7 * len(sample) for place in range(4)]
    patterns = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }
    return patterns.get((zeros[0], zeros[1], zeros[2], zeros[3]))


def _decoded(body: bytes, charset: str, mark: bytes) -> BodyText | None:
    try:
        text = body.decode(charset)
        is_same = text.encode(charset) == body
    except (LookupError, ValueError):
        return None
    return BodyText(text, charset, mark) if is_same else None
