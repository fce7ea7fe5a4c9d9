# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Which base URLs a client accepts: https, or plain http that is local or allowed; nothing that leaks or misleads.

The paths that follow them are filled in here too.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

import httpx

from ..results.errors import ConfigurationError, RequestValidationError
from .loopback import is_loopback

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_ADVICE: Final = "pass base_url, such as https://api.example.com/v1"
_VARIABLE: Final = re.compile(r"\{[^{}]*\}")
_LETTER: Final = re.compile(r"[a-z]")
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_TEMPLATE_SAFE: Final = "/?:@!$&'()*+,;=%"
_BETWEEN_SEGMENTS: Final = re.compile(r"[/\\]")


def checked_base_url(text: str | None, *, allow_http: bool = False) -> str:
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
    if url.scheme == "http" and not allow_http and not is_loopback(url.host):
        raise ConfigurationError(
            "plain http is accepted for loopback addresses only: use https, or pass allow_http=True to send all of it, "
            "credentials included, unencrypted"
        )
    if has_dot_segment(text):
        raise ConfigurationError("base_url must not hold dot segments, percent-encoded ones included")
    return str(url).rstrip("/")


def refuse_misleading(url: str, servers: Iterable[str], common_path: str) -> None:
    """Raise ConfigurationError for a base URL on the host of a documented server under which no operation is.

    That is a URL that lacks the path of that server, or repeats what all paths begin with: the service would answer
    404 to every call, which reads like a resource that does not exist. `servers` are the documented URLs, the usual
    one first, with `{...}` for any one label of a host or segment of a path; none of them is refused. `common_path` is
    what all paths begin with.
    """
    given = httpx.URL(url)
    here = [right for one in servers if (right := _on_host_of(given, one))]
    below = [(path, _below(path, given.path.rstrip("/"))) for path in map(_path, here)]
    rests = [(path, rest) for path, rest in below if rest is not None]
    if not here or any(rest == "" for _, rest in rests):
        return
    if not rests:
        raise ConfigurationError(f"base_url lacks the path of the documented server: pass {here[0]}")
    if all(rest == path or _repeats(rest, common_path) for path, rest in rests):
        raise ConfigurationError(f"base_url repeats what the path of every call begins with: pass {here[0]}")


def _on_host_of(url: httpx.URL, server: str) -> str:
    """The documented server, its variables filled in, if it is on the host and the port of a URL; else nothing.

    A host that is nothing but variables may be any host, such as that of a gateway, and is not documented.
    """
    scheme, _, rest = server.partition("://")
    authority, slash, path = rest.partition("/")
    host = _host(url)
    literals = _VARIABLE.split(authority.lower())
    if len(literals) > 1:
        pattern = "[^.:]+".join(map(re.escape, literals))
        is_here = bool(_LETTER.search("".join(literals)) and re.fullmatch(pattern, host))
        return f"{scheme}://{host}{slash}{path}" if is_here else ""
    try:
        return server if host == _host(httpx.URL(f"{scheme}://{authority}")) else ""
    except (httpx.InvalidURL, ValueError):
        return ""


def _host(url: httpx.URL) -> str:
    """Host and port; with a dot at its end a host is the same one."""
    return url.netloc.decode("ascii").replace(".:", ":").rstrip(".")


def _path(server: str) -> str:
    return httpx.URL(server).path.rstrip("/")


def _below(path: str, given: str) -> str | None:
    """What a path has beyond another one; None if it does not begin with that."""
    pattern = "[^/]+".join(map(re.escape, _VARIABLE.split(path)))
    found = re.fullmatch(f"{pattern}((?:/.*)?)", given, re.DOTALL)
    return None if found is None else found[1]


def _repeats(rest: str, beginning: str) -> bool:
    """Whether a path ends with a part of what comes after it."""
    ends, begins = rest.split("/")[1:], beginning.split("/")[1:]
    return any(ends[-count:] == begins[:count] for count in range(1, len(begins) + 1))


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


def server_url(server: str, base: str, *, allow_http: bool = False) -> str:
    """The base URL of an operation that names its own server; a relative one is taken from the root of `base`."""
    if has_dot_segment(server):  # of a relative one, httpx would resolve them
        raise ConfigurationError("the server of this operation must not hold dot segments")
    if server.startswith("/") and not server.startswith("//"):
        server = str(httpx.URL(base).copy_with(raw_path=server.encode()))
    return checked_base_url(server, allow_http=allow_http)


def filled_path(template: str, values: dict[str, str]) -> str:
    """The path with its values; a segment that a server would resolve away is refused (RFC 3986 section 5.2.4)."""
    pieces = list(_pieces(template))
    for place in range(1, len(pieces), 2):
        name = pieces[place]
        if name not in values:
            raise RequestValidationError.because(f"path parameter {name!r}", "is required")
        pieces[place] = values[name]
    path = "".join(pieces)
    if values and any(is_dot_segment(segment) for segment in path.partition("?")[0].split("/")):
        raise RequestValidationError.because("path", "a segment of only dots would change the path")
    return path


@lru_cache(maxsize=4096)
def _pieces(template: str) -> tuple[str, ...]:
    """Literal text, already encoded, and placeholder names in turn."""
    rooted = template if template.startswith("/") else f"/{template}"
    pieces = _PLACEHOLDER.split(rooted)
    return tuple(
        piece if place % 2 else quote(piece, safe=_TEMPLATE_SAFE) for place, piece in enumerate(pieces)
    )
