"""Finds the operation that a request line means: path templates below the base paths of the servers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from clientsmith.document.operations import FoundOperation, bare_template, operations, template_names
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.path_templates import PathTemplate, path_template
from clientsmith.openapi.server import Server, base_path, servers, servers_for, without_origin

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=._~-]*")
_IN_PATH = "%/:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class OperationMatch:
    """An operation with the texts that stand for the parameters in the path, still percent-encoded."""

    operation: FoundOperation
    path_texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class NoMethod:
    """A path of the document without an operation for the method; `allowed` are those that it has."""

    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Route:
    template: PathTemplate
    rank: tuple[int, ...]
    """By segment, lower is more concrete: segments that stand for themselves, then those with the most fixed text."""
    operation: FoundOperation


class OperationIndex:
    """Every operation of a document by path and method.

    A request may come below the base path of one of its servers, below that of the document's first server (to which a
    client with a base URL of its own sends everything), or below none; with `base_path`, below that alone. Operations
    whose keys are in `left_out` are not there.
    """

    def __init__(
        self, resolved: ResolvedDocument, base_path: str | None = None, left_out: Collection[str] = ()
    ) -> None:
        self.resolved = resolved
        every = operations(resolved.node(), resolved.deref)
        self.found = [found for found in every if found.key not in left_out]
        self._base_path = base_path
        self.base_path = (self._first_path() if base_path is None else base_path).rstrip("/")
        """Below which every operation is found: the path that was given, else that of the document's first server."""
        self._routes: dict[int, list[_Route]] = {}
        for operation in self.found:
            for base in self._bases(operation):
                route = _route(base, operation)
                self._routes.setdefault(len(route.rank), []).append(route)
        for routes in self._routes.values():
            routes.sort(key=lambda route: route.rank)

    def match(self, method: str, target: str) -> OperationMatch | NoMethod | None:
        """The operation of a request line; `NoMethod` where only its path is known, None where nothing is."""
        path = normalized(split_target(target)[0])
        allowed: list[str] = []
        chosen: tuple[object, ...] | None = None
        for route in self._routes.get(path.count("/"), ()):
            if chosen is not None and route.template.shape != chosen:
                continue
            found = route.template.match(path)
            if found is None:
                continue
            if route.operation.method.upper() == method.upper():
                return OperationMatch(route.operation, found)
            # The most concrete path is the one that is meant, whatever the method (OpenAPI, Paths Object).
            chosen = route.template.shape
            allowed.append(route.operation.method.upper())
        return NoMethod(tuple(sorted(set(allowed)))) if allowed else None

    def addresses(self) -> list[str]:
        """The absolute URLs of the servers of the document, its own before those of paths and operations."""
        return [server.url for server in self._servers() if server.origin]

    def hosts(self) -> frozenset[str]:
        """The hosts of the servers of the document, in lower case."""
        return frozenset(server.host for server in self._servers()) - {""}

    def _servers(self) -> list[Server]:
        paths, own = [found.item for found in self.found], [found.node for found in self.found]
        return [server for owner in (self.resolved.node(), *paths, *own) for server in servers(owner)]

    def _bases(self, operation: FoundOperation) -> list[str]:
        """Base paths in the order in which they are tried, without a slash at the end."""
        if self._base_path is not None:
            return [self.base_path]
        found = servers_for(operation.node, operation.item, self.resolved.node())
        return list(dict.fromkeys([*(base_path(server.url) for server in found), self.base_path, ""]))

    def _first_path(self) -> str:
        """The path that a client takes from the document; empty if that is for its caller to fill in."""
        first = "".join(base_path(server.url) for server in servers(self.resolved.node())[:1])
        return "" if template_names(first) else first


def split_target(target: str) -> tuple[str, str]:
    """Path and query of a request target in origin or absolute form, without a fragment."""
    rest = target.partition("#")[0]
    if not rest.startswith("/"):
        rest = without_origin(rest)
    path, _, query = rest.partition("?")
    return path or "/", query


def normalized(path: str) -> str:
    """A path with its unreserved characters as they are and the others in upper-case escapes (RFC 3986, 6.2.2)."""
    if _PLAIN.fullmatch(path):
        return path
    return _ESCAPE.sub(_unescape, quote(path, safe=_IN_PATH))


def _unescape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _route(base: str, operation: FoundOperation) -> _Route:
    path = base + operation.path.partition("#")[0].partition("?")[0]
    rank = tuple(_rank(segment) for segment in path.split("/")[1:])
    return _Route(path_template(path, normalized), rank, operation)


def _rank(segment: str) -> int:
    return 1000 - min(len(bare_template(segment)), 900) if template_names(segment) else 0
