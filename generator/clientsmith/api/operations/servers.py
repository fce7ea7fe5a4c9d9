"""Servers: the base URL of the client, and operations that live elsewhere."""

from __future__ import annotations

import re

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.openapi.server import Server, servers, servers_for

_ABSOLUTE = re.compile(r"https?://[^/{}]+(/[^{}]*)?")
_ROOTED = re.compile(r"/([^/{}][^{}]*)?")


def server_url(owner: Node) -> str | None:
    """The first server of an object with its variables at their defaults; None if it has no absolute URL."""
    url = "".join(map(_trimmed, servers(owner)[:1]))
    return url if _ABSOLUTE.fullmatch(url) else None


def note_relative_server(owner: Node, diagnostics: Diagnostics) -> None:
    """Note that the first server of a document is no address that the client could have as its own."""
    first = next(iter(servers(owner)), None)
    if first is not None and server_url(owner) is None:
        message = f"the server '{first.url}' is not a whole address: the client needs a base_url"
        diagnostics.note("server-without-host", message, first.node.place)


def operation_server(
    path_item: Node, operation: Node, base_url: str | None, diagnostics: Diagnostics
) -> str | None:
    """The server of an operation if it is not the document's: a URL, or a path on the host of the client."""
    first = next(iter(servers_for(operation, path_item)), None)
    if first is None:
        return None
    url = _trimmed(first)
    if _ABSOLUTE.fullmatch(url) or _ROOTED.fullmatch(url):
        return url if url != base_url else None
    diagnostics.warning(
        "server-ignored",
        f"'{first.node.text('url')}' is no address that a client can find; the base URL is taken instead",
        first.node.place,
    )
    return None


def _trimmed(server: Server) -> str:
    return server.url.rstrip("/") or server.url[:1]
