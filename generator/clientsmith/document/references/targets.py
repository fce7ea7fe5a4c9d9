"""What a `$ref` string means: a document, and a place or an anchor in it; which file or URL that is, and no reading."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from clientsmith.document.model import JSON, Pointer, parse_pointer


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference after resolution against its base: the URI of a document, then a pointer or an anchor in it."""

    uri: str
    pointer: Pointer | None
    anchor: str | None = None


def parse_reference(text: str, base: str) -> Reference | None:
    """The meaning of a `$ref` that stands in a document or schema resource of that base; None for nonsense."""
    try:
        target, fragment = urldefrag(text)
        uri = join(base, target)
        urlsplit(uri)
    except ValueError:
        return None
    fragment = unquote(fragment)
    if not fragment or fragment.startswith("/"):
        return Reference(uri, parse_pointer(fragment))
    return Reference(uri, None, fragment)


def join(base: str, target: str) -> str:
    """The URI of a target relative to a base; a relative path may climb, and then starts with `../`."""
    if not target:
        return base
    if is_remote(base) or is_remote(target):
        return urljoin(base, target)
    return local_uri(posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(target))))


def local_uri(path: str) -> str:
    """The URI of a path beside the document: a colon in its first name must not pass for a scheme (RFC 3986 4.2)."""
    return f"./{path}" if is_remote(path) else path


def is_remote(uri: str) -> bool:
    """Whether a URI names a scheme, and so nothing that stands beside the document."""
    return bool(urlsplit(uri).scheme)


def step_into(value: JSON, step: str) -> tuple[bool, JSON]:
    """Whether a value has a member or item of that name, and which."""
    if isinstance(value, dict):
        return step in value, value.get(step)
    if isinstance(value, list) and step.isdecimal() and step.isascii() and len(step) < 10:
        index = int(step)
        if index < len(value) and str(index) == step:
            return True, value[index]
    return False, None
