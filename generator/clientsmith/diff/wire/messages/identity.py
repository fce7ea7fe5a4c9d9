"""The operations of two descriptions: those that both have, those of one side, and the addresses of each."""

from __future__ import annotations

import re
from collections.abc import Iterable

from clientsmith.document.model import Node
from clientsmith.document.operations import bare_template, operations
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.identity import MatchedOperations, OperationIdentity, match, servers_of
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.server import Server, base_path, servers, url_forms, without_origin

_DEFAULT_PORT = re.compile(r"^(https(?=.*:443$)|http(?=.*:80$))(://.*):\d+$")
"""An origin that spells out the port of its scheme (RFC 9110, sections 4.2.1 and 4.2.2)."""


def match_operations(old: ResolvedDocument, new: ResolvedDocument) -> MatchedOperations[DescribedOperation]:
    """The operations under `paths`. If the path of the server moves for all of them, it does not count."""
    before, after = _described(old), _described(new)
    return match(
        before,
        after,
        lambda one: OperationIdentity.of(one).key,
        lambda one: OperationIdentity.of(one).own_key,
    )


def _described(document: ResolvedDocument) -> list[DescribedOperation]:
    return [DescribedOperation(one, document) for one in operations(document.node(), document.deref)]


def server_holder(operation: DescribedOperation) -> Node:
    """What lists the servers of an operation: itself, its path, or the document."""
    owners = operation.node, operation.found.item, operation.resolved.node()
    return next((one for one in owners if servers(one)), operation.resolved.node())


def addresses(operation: DescribedOperation) -> dict[str, str]:
    """The full addresses of an operation, each with that of its server; the first one is that of the usual server."""
    return addresses_of(servers_of(operation), operation.path) or {bare_template(operation.path): "/"}


def addresses_of(listed: Iterable[Server], path: str) -> dict[str, str]:
    """The full addresses of a path on each of several servers, with that of the server."""
    found: dict[str, str] = {}
    for server in listed:
        for url in (server.url, *(url_forms(server) or [server.url])):
            origin = _DEFAULT_PORT.sub(r"\1\2", url[: len(url) - len(without_origin(url))].lower())
            found.setdefault(origin + bare_template(base_path(url) + path), url)
    return found
