"""Character sets by the labels of `charset`: those that turn bytes into text at a cost that is linear in the bytes.

Python's codecs also hold transformations (base64, zlib, rot13) and encodings of names (punycode, IDNA) and of source
text, some of them square or worse in the length. None of them is a character set.
"""

from __future__ import annotations

import codecs
import functools

_NO_CHARACTER_SETS = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf-7"}
)
"""By the names of Python's codecs. UTF-7 is left out as in the Encoding Standard of the WHATWG: it hides markup."""
_LONGEST = 40


@functools.lru_cache(maxsize=256)
def codec_of(label: str) -> str | None:
    """The name of Python's codec for a label, as `charset` gives it; None for what is not a known character set."""
    if len(label) > _LONGEST or not label.isascii() or "\0" in label:
        return None
    try:
        codec = codecs.lookup(label.strip())
    except (LookupError, ValueError):
        return None
    # The attribute is how Python itself keeps `bytes.decode` from the codecs that do not give text.
    is_text = bool(getattr(codec, "_is_text_encoding", False))
    name = codec.name.replace("-", "_")
    is_refused = name in {refused.replace("-", "_") for refused in _NO_CHARACTER_SETS}
    return codec.name if is_text and not is_refused else None


def decoded(body: bytes, label: str | None) -> str:
    """The text of a body in a character set, UTF-8 if there is no label; raises ValueError, which says why not."""
    name = codec_of(label or "utf-8")
    if name is None:
        raise ValueError(f"{label or '':.40} is not a character set that is known here")
    try:
        return body.decode(name)
    except UnicodeError:
        raise ValueError(f"this is not text in {label or 'utf-8':.40}") from None


def is_text(text: str, label: str | None) -> bool:
    """Whether a text can be written in a character set."""
    try:
        encoded(text, label)
    except ValueError:
        return False
    return True


def encoded(text: str, label: str | None) -> bytes:
    """The way back; raises ValueError."""
    name = codec_of(label or "utf-8")
    if name is None:
        raise ValueError(f"{label or '':.40} is not a character set that is known here")
    try:
        return text.encode(name)
    except UnicodeError:
        raise ValueError(f"this text cannot be written in {label or 'utf-8':.40}") from None
