"""Fetching a referenced document over the network, for users who allowed it; nothing else here opens a connection."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from clientsmith.document.load import MAX_BYTES

TIMEOUT_SECONDS = 20.0


class FetchError(Exception):
    """A remote document that could not be had; the text says why."""


def fetch(url: str) -> bytes:
    """The body at an https URL, or at an http URL of this machine; raises FetchError. Redirects are not followed."""
    if not is_fetchable(url):
        raise FetchError("only https URLs are fetched")
    import httpx

    try:
        with httpx.stream("GET", url, timeout=TIMEOUT_SECONDS, follow_redirects=False) as response:
            if response.status_code != 200:
                raise FetchError(f"the server answered {response.status_code}")
            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise FetchError(f"the document is larger than {MAX_BYTES // 1024**2} MiB")
            return bytes(data)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchError(str(error) or type(error).__name__) from error


def is_fetchable(url: str) -> bool:
    """Whether a URL is https, or http to the loopback interface."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme != "http" or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
