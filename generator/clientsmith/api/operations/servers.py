"""Servers: the base URL of the client, and operations that live elsewhere."""

from __future__ import annotations

import re

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node

_VARIABLE = re.compile(r"\{([^{}]+)\}")
_ABSOLUTE = re.compile(r"https?://[^/{}]+(/[^{}]*)?")
_ROOTED = re.compile(r"/([^/{}][^{}]*)?")


def server_url(owner: Node) -> str | None:
    """The first server of an object with its variables at their defaults; None where it has no absolute URL."""
    first = _first(owner)
    url = _url(first) if first is not None else ""
    return url if _ABSOLUTE.fullmatch(url) else None


def operation_server(
    path_item: Node, operation: Node, base_url: str | None, diagnostics: Diagnostics
) -> str | None:
    """The server of an operation where it is not the document's: a URL, or a path on the host of the client."""
    for owner in (operation, path_item):
        first = _first(owner)
        if first is None:
            continue
        url = _url(first)
        if _ABSOLUTE.fullmatch(url) or _ROOTED.fullmatch(url):
            return url if url != base_url else None
        diagnostics.warning(
            "server-ignored",
            f"'{first.text('url')}' is no address that a client can find; the base URL is taken instead",
            first.place,
        )
        return None
    return None


def _first(owner: Node) -> Node | None:
    servers = owner.get("servers")
    return next(servers.elements(), None) if servers is not None else None


def _url(server: Node) -> str:
    variables = server.get("variables")

    def default(match: re.Match[str]) -> str:
        variable = variables.get(match.group(1)) if variables is not None else None
        value = variable.mapping.get("default") if variable is not None else None
        return str(value) if value is not None else match.group(0)

    url = _VARIABLE.sub(default, server.text("url"))
    return url.rstrip("/") or url[:1]
