"""Which base URLs a client accepts: https, or plain http to this machine; nothing that could leak or mislead."""

from __future__ import annotations

import ipaddress
import re

import httpx

from .errors import ConfigurationError

_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_ADVICE = "pass base_url, such as https://api.example.com/v1"


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
    if not url.is_absolute_url or not _is_host(url):
        raise ConfigurationError(f"base_url is not absolute: {_ADVICE}")
    if url.userinfo:
        raise ConfigurationError("base_url must not hold credentials: pass them as arguments")
    if url.query or url.fragment or "?" in text or "#" in text:
        raise ConfigurationError("base_url must have no query and no fragment")
    if url.scheme not in ("https", "http"):
        raise ConfigurationError("base_url must start with https://")
    if url.scheme == "http" and not is_loopback(url.host):
        raise ConfigurationError("plain http is accepted for loopback addresses only: use https")
    if any(segment in (".", "..") for segment in text.split("/")):
        raise ConfigurationError("base_url must not hold dot segments")
    return str(url).rstrip("/")


def _is_host(url: httpx.URL) -> bool:
    host = url.raw_host.decode("ascii", "replace")
    return bool(_NAME.fullmatch(host) or _is_address(host)) and (url.port is None or 0 < url.port < 65536)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: localhost, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def server_url(server: str, base: str) -> str:
    """The base URL of an operation that names its own server; a relative one is taken from the root of `base`."""
    if server.startswith("/") and not server.startswith("//"):
        return checked_base_url(str(httpx.URL(base).copy_with(raw_path=server.encode())))
    return checked_base_url(server)
