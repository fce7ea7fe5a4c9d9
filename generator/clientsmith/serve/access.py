"""Who may use the control interface: not a web page of another origin, whether it steers or reads.

The Host has to be an address of the server (DNS rebinding), an Origin has to be its own (RFC 6454), and a request that
changes something has to have a form that a page of another origin cannot send. A link to the page may be on any site:
only the person who followed it sees the page, no script does.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from clientsmith.openapi.media_type import essence
from clientsmith.traffic.message import HttpRequest

HEADER = "X-Clientsmith"
"""With this header, whatever its value, a request without a JSON body may change something."""
_SHOWN = 200


def host_refusal(request: HttpRequest, listens_on: str, *, is_loopback: bool) -> str | None:
    """Why the Host header of a request may be a name that somebody else points at this machine; None if it is not.

    The port may be another one: a container's is often mapped. So may the address, unless only this machine can reach
    the server (`is_loopback`). `listens_on` is the name or address that the server was started with.
    """
    host = request.header("Host")
    if host is None or _is_own(host, listens_on, is_loopback):
        return None
    return f"the Host header names {host[:_SHOWN]!r}, which is not the address of this server"


def _is_own(host: str, listens_on: str, is_loopback: bool) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in ("localhost", listens_on.lower()):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback or not is_loopback
    except ValueError:
        return False


def origin_refusal(request: HttpRequest, *, is_page: bool) -> str | None:
    """Why a request comes from a page of another origin; None if it does not, or if a link led to the page."""
    if is_page and _is_navigation(request):
        return None
    origin = request.header("Origin")
    scheme, _, authority = (origin or "").partition("://")
    own = (request.header("Host") or "").lower()
    if origin is not None and (scheme != "http" or authority.lower() != own):
        return f"a page of {origin[:_SHOWN]} may neither read nor change this server"
    if (request.header("Sec-Fetch-Site") or "none") not in ("same-origin", "none"):
        return "a page of another site may neither read nor change this server"
    return None


def _is_navigation(request: HttpRequest) -> bool:
    """Whether a browser loads the page for its user to look at (Fetch Metadata Request Headers, W3C)."""
    return (
        request.method in ("GET", "HEAD")
        and request.header("Sec-Fetch-Mode") == "navigate"
        and request.header("Sec-Fetch-Dest") == "document"
    )


def simple_refusal(request: HttpRequest) -> str | None:
    """Why a request that changes something could be a form of another origin, which is sent unasked (CORS)."""
    if (
        essence(request.header("Content-Type") or "") == "application/json"
        or request.header(HEADER) is not None
    ):
        return None
    return f"send Content-Type: application/json or the header {HEADER}: 1"
