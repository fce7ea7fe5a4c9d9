"""Which base URLs a client accepts: https, or plain http to this machine; nothing that could leak or mislead."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import unquote

import httpx

from ..results.errors import ConfigurationError
from .loopback import is_loopback

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_ADVICE: Final = "pass base_url, such as https://api.example.com/v1"
_BETWEEN_SEGMENTS: Final = re.compile(r"[/\\]")


def checked_base_url(text: str | None) -> str:
    """The base URL without a trailing slash. Raises ConfigurationError, in words that show no part of the URL."""
    if not text:
        raise ConfigurationError(f"this API has no absolute base URL: {_ADVICE}")
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError("base_url must be a str")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise ConfigurationError(f"base_url is not a URL: {_ADVICE}") from None
    if not url.is_absolute_url or not is_host(url):
        raise ConfigurationError(f"base_url is not absolute: {_ADVICE}")
    if url.userinfo:
        raise ConfigurationError("base_url must not hold credentials: pass them as arguments")
    if url.query or url.fragment or "?" in text or "#" in text:
        raise ConfigurationError("base_url must have no query and no fragment")
    if url.scheme not in ("https", "http"):
        raise ConfigurationError("base_url must start with https://")
    if url.scheme == "http" and not is_loopback(url.host):
        raise ConfigurationError("plain http is accepted for loopback addresses only: use https")
    if has_dot_segment(text):
        raise ConfigurationError("base_url must not hold dot segments, percent-encoded ones included")
    return str(url).rstrip("/")


def has_dot_segment(path: str) -> bool:
    """Whether a server or a hop before it could take a segment for `.` or `..` (RFC 3986 section 5.2.4).

    Hops differ in how often they decode a path, in whether they take a backslash or an encoded slash for a slash, and
    in whether `;` ends a segment. One that does is enough to lead the request elsewhere.
    """
    return any(map(_is_dots, _BETWEEN_SEGMENTS.split(_decoded(path))))


def is_dot_segment(segment: str) -> bool:
    """Whether a segment that is encoded once, with any slash in it, could be taken for `.` or `..`."""
    return _is_dots(unquote(segment))


def _decoded(text: str) -> str:
    """The text with no percent-encoding left in it, `%25` included; each step makes it shorter."""
    while "%" in text and (decoded := unquote(text)) != text:
        text = decoded
    return text


def _is_dots(segment: str) -> bool:
    return segment.partition(";")[0] in (".", "..")


def is_host(url: httpx.URL) -> bool:
    """Whether a URL leads to a host name or an address, at a port that exists."""
    host = url.raw_host.decode("ascii", "replace")
    return bool(_NAME.fullmatch(host) or _is_address(host)) and (url.port is None or 0 < url.port < 65536)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def server_url(server: str, base: str) -> str:
    """The base URL of an operation that names its own server; a relative one is taken from the root of `base`."""
    if has_dot_segment(server):  # of a relative one, httpx would resolve them
        raise ConfigurationError("the server of this operation must not hold dot segments")
    if server.startswith("/") and not server.startswith("//"):
        return checked_base_url(str(httpx.URL(base).copy_with(raw_path=server.encode())))
    return checked_base_url(server)
