"""Which operation of a new description is which of an old one: by method and effective path, never by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeAlias, TypeVar

from clientsmith.document.model import Node
from clientsmith.document.operations import bare_template, operations
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.server import Server, base_path, servers, servers_for, url_forms, without_origin

OperationKey: TypeAlias = tuple[str, str]
_DEFAULT_PORT = re.compile(r"^(https(?=.*:443$)|http(?=.*:80$))(://.*):\d+$")
"""An origin that spells out the port of its scheme (RFC 9110, sections 4.2.1 and 4.2.2)."""


class _WithPath(Protocol):
    """An operation, as a description or a package has it."""

    @property
    def path(self) -> str: ...


OperationT = TypeVar("OperationT", bound=_WithPath)


@dataclass(slots=True)
class MatchedOperations(Generic[OperationT]):
    """The operations that both sides have, and those of one side."""

    both: list[tuple[OperationT, OperationT]] = field(default_factory=list[tuple[OperationT, OperationT]])
    gone: list[OperationT] = field(default_factory=list[OperationT])
    added: list[OperationT] = field(default_factory=list[OperationT])


def match_operations(old: ResolvedDocument, new: ResolvedDocument) -> MatchedOperations[DescribedOperation]:
    """The operations under `paths`. If the path of the server moves for all of them, it does not count."""
    return match(_described(old), _described(new), effective_key, _own_key)


def _described(document: ResolvedDocument) -> list[DescribedOperation]:
    return [DescribedOperation(one, document) for one in operations(document.node(), document.deref)]


def match(
    old: Sequence[OperationT], new: Sequence[OperationT], *keys: Callable[[OperationT], OperationKey]
) -> MatchedOperations[OperationT]:
    """The operations by the first of the keys that any two have in common, else by the last one."""
    found = MatchedOperations[OperationT]()
    for key_of in keys:
        found = _match(old, new, key_of)
        if found.both:
            break
    return found


def _match(
    old: Sequence[OperationT], new: Sequence[OperationT], key_of: Callable[[OperationT], OperationKey]
) -> MatchedOperations[OperationT]:
    """Several operations of one key are taken in the order of their paths, those of the same path first."""
    waiting: dict[OperationKey, list[OperationT]] = {}
    for one in new:
        waiting.setdefault(key_of(one), []).append(one)
    found = MatchedOperations[OperationT]()
    for one in old:
        others = waiting.get(key_of(one), [])
        if not others:
            found.gone.append(one)
            continue
        same = next((other for other in others if other.path == one.path), others[0])
        others.remove(same)
        found.both.append((one, same))
    found.added = [one for one in new if any(one is other for other in waiting.get(key_of(one), ()))]
    return found


def effective_key(operation: DescribedOperation) -> OperationKey:
    """Method and path, the server's path included and the names of parameters left out."""
    return operation.method, effective_path(operation.path, _servers(operation))


def effective_path(path: str, listed: Iterable[Server]) -> str:
    """The path of requests below the first server."""
    first = next((base_path(one.url) for one in listed), "")
    return bare_template(first + path)


def _own_key(operation: DescribedOperation) -> OperationKey:
    return operation.method, bare_template(operation.path)


def _servers(operation: DescribedOperation) -> list[Server]:
    return servers_for(operation.node, operation.found.item, operation.resolved.node())


def server_holder(operation: DescribedOperation) -> Node:
    """What lists the servers of an operation: itself, its path, or the document."""
    owners = operation.node, operation.found.item, operation.resolved.node()
    return next((one for one in owners if servers(one)), operation.resolved.node())


def addresses(operation: DescribedOperation) -> dict[str, str]:
    """The full addresses of an operation, each with that of its server; the first one is that of the usual server."""
    return addresses_of(_servers(operation), operation.path) or {bare_template(operation.path): "/"}


def addresses_of(listed: Iterable[Server], path: str) -> dict[str, str]:
    """The full addresses of a path on each of several servers, with that of the server."""
    found: dict[str, str] = {}
    for server in listed:
        for url in (server.url, *(url_forms(server) or [server.url])):
            origin = _DEFAULT_PORT.sub(r"\1\2", url[: len(url) - len(without_origin(url))].lower())
            found.setdefault(origin + bare_template(base_path(url) + path), url)
    return found
