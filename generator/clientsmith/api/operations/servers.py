"""Servers: the base URL of the client, the other documented ones, and operations that live elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile, zip_longest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.operations import FoundOperation
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.server import Server, servers, servers_for, url_forms

_ABSOLUTE = re.compile(r"https?://[^/{}]+(/[^{}]*)?", re.IGNORECASE)
_DOCUMENTED = re.compile(r"https?://[^/?#\s]+(/[^?#\s]*)?", re.IGNORECASE)
_VARIABLE = re.compile(r"\{[^{}]*\}")
_ROOTED = re.compile(r"/([^/{}][^{}]*)?")


def server_url(owner: Node) -> str | None:
    """The first server of an object with its variables at their defaults; None if it has no absolute URL."""
    url = "".join(map(_trimmed, servers(owner)[:1]))
    return url if _ABSOLUTE.fullmatch(url) else None


def note_relative_server(owner: Node, diagnostics: Diagnostics) -> None:
    """Note that the first server of a document is not an absolute URL, which the client could use by default."""
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


def documented_servers(
    document: ResolvedDocument,
    found: Iterable[FoundOperation],
    base_url: str | None,
    diagnostics: Diagnostics,
) -> tuple[str, ...]:
    """The absolute URLs that the document has beside the base URL, with `{name}` for a variable that can be anything.

    Servers of paths and operations are included for the hosts that they share with the document's servers; others are
    noted.
    """
    own = [url for server in servers(document.node()) for url in url_forms(server)]
    hosts = dict.fromkeys(_host(url) for url in (*own, base_url or ""))
    others: list[str] = []
    for operation in found:
        for number, server in enumerate(servers_for(operation.node, operation.item)):
            urls = [shared for url in url_forms(server) for shared in _on_hosts(url, hosts)]
            others += urls
            if number and not urls:
                message = "the client calls the first server of an operation, and has no argument to choose this one"
                diagnostics.note("server-not-offered", message, server.node.place)
    urls = list(dict.fromkeys(url.rstrip("/") for url in (*own, *others)))
    return tuple(url for url in urls if _DOCUMENTED.fullmatch(url) and url != base_url)


def common_server(servers_of_operations: Iterable[str | None]) -> str | None:
    """The one server of all operations, for a document that names none itself."""
    found = set(servers_of_operations)
    common = found.pop() if len(found) == 1 else None
    return common if common is not None and not common.startswith("/") else None


def common_path(paths: Iterable[str]) -> str:
    """The segments that all paths begin with, up to the first parameter; empty if there are none."""
    columns = zip(*(path.partition("?")[0].strip("/").split("/") for path in paths), strict=False)
    alike = takewhile(lambda column: len(set(column)) == 1 and "{" not in column[0], columns)
    return "".join(f"/{column[0]}" for column in alike).rstrip("/")


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


def _on_hosts(url: str, hosts: Iterable[str]) -> Iterator[str]:
    """Yield the URL with each of the hosts that its own host may be."""
    scheme, _, rest = url.partition("://")
    slash = rest.partition("/")[1:]
    for host in hosts:
        shared = _shared_host(_host(url), host)
        if shared:
            yield "".join((scheme, "://", shared, *slash))


def _shared_host(host: str, other: str) -> str:
    """The host that two templates have in common; a variable is one label or part of one. Empty if there is none."""
    pairs = list(zip_longest(host.split("."), other.split("."), fillvalue=""))
    labels = [other if _may_be(one, other) else one if _may_be(other, one) else "" for one, other in pairs]
    return ".".join(labels) if all(labels) else ""


def _may_be(label: str, other: str) -> bool:
    """Whether the variables of a label have values with which it is the other one."""
    pattern = "[^.:]+".join(map(re.escape, _VARIABLE.split(label)))
    return re.fullmatch(pattern, _VARIABLE.sub("\0", other)) is not None


def _trimmed(server: Server) -> str:
    return server.url.rstrip("/") or server.url[:1]
