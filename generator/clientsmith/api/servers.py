"""Servers: the base URL of the client, and operations that live elsewhere."""

from __future__ import annotations

import re

from clientsmith.document.model import Node

_VARIABLE = re.compile(r"\{([^{}]+)\}")


def server_url(owner: Node) -> str | None:
    """The first server of an object with its variables at their defaults; None where it has no absolute URL."""
    servers = owner.get("servers")
    first = next(servers.elements(), None) if servers is not None else None
    if first is None:
        return None
    variables = first.get("variables")

    def default(match: re.Match[str]) -> str:
        variable = variables.get(match.group(1)) if variables is not None else None
        value = variable.mapping.get("default") if variable is not None else None
        return str(value) if value is not None else match.group(0)

    url = _VARIABLE.sub(default, first.text("url")).rstrip("/")
    return url if re.match(r"https?://[^/{}]+(/[^{}]*)?$", url) else None


def operation_server(path_item: Node, operation: Node, base_url: str | None) -> str | None:
    """The server of an operation where it is not the document's."""
    url = server_url(operation) or server_url(path_item)
    return url if url != base_url else None
