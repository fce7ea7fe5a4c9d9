"""Server Objects: the URLs of a document, a path or an operation, with variables at their defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import prod

from clientsmith.document.model import Node

_VARIABLE = re.compile(r"\{([^{}]+)\}")
_MOST_HOSTS = 100
_USUAL_PORTS = {"http": ":80", "https": ":443"}
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


@dataclass(frozen=True, slots=True)
class Server:
    """One Server Object."""

    node: Node

    @property
    def url(self) -> str:
        """The URL with variables at their defaults; one without a default keeps its braces."""
        return _url(self.node)

    @property
    def origin(self) -> str:
        """Scheme and authority; empty for a relative URL."""
        return _origin(self.url)

    @property
    def host(self) -> str:
        """The authority in lower case, without the usual port; empty for a relative URL."""
        return host_of(self.url)


def servers(owner: Node) -> list[Server]:
    """The servers of a document, a path item or an operation."""
    listed = owner.get("servers")
    return list(map(Server, listed.elements())) if listed is not None else []


def url_forms(server: Server) -> list[str]:
    """The URLs of a server: each host that its variables can have, and variables in the path as `{name}`.

    A variable of the host without listed values has its default and `{name}`; of many hosts the usual one is given, and
    one with all variables as `{name}`.
    """
    written, variables = server.node.text("url"), server.node.get("variables")
    origin = _ORIGIN.match(written)
    if origin is None:
        return []
    names = list(dict.fromkeys(_VARIABLE.findall(origin[0])))
    choices = [_values(variables, name) for name in names]
    combined: Iterable[tuple[str, ...]] = product(*choices)
    if prod(map(len, choices)) > _MOST_HOSTS:
        combined = [tuple(values[0] for values in choices), tuple(map(_any, names))]
    rest = written[origin.end() :]
    chosen = [dict(zip(names, values, strict=True)) for values in combined]
    return [_VARIABLE.sub(partial(_chosen, values), origin[0]) + rest for values in chosen]


def _chosen(values: dict[str, str], variable: re.Match[str]) -> str:
    return values[variable[1]]


def _values(variables: Node | None, name: str) -> list[str]:
    """What a variable can be, its default first, and itself if that is anything."""
    variable = variables.get(name) if variables is not None else None
    if variable is None:
        return [_any(name)]
    listed = variable.get("enum")
    others = [_any(name)] if listed is None else [one.value for one in listed.elements()]
    values = [variable.mapping.get("default"), *others]
    return list(dict.fromkeys(str(value) for value in values if value is not None))


def _any(name: str) -> str:
    return f"{{{name}}}"


def servers_for(*owners: Node) -> list[Server]:
    """The servers of the first owner that has any: the operation's, else the path's, else the document's."""
    return next((found for owner in owners if (found := servers(owner))), list[Server]())


def _origin(url: str) -> str:
    found = _ORIGIN.match(url)
    return "" if found is None else found[0]


def host_of(url: str) -> str:
    """The authority of a URL in lower case, without the port that its scheme implies; empty for a relative URL."""
    scheme, _, authority = _origin(url).lower().partition("://")
    return authority.removesuffix(_USUAL_PORTS.get(scheme, ""))


def without_origin(url: str) -> str:
    """A URL without its scheme and authority."""
    return _ORIGIN.sub("", url, count=1)


def base_path(url: str) -> str:
    """The path of a server URL without its slash at the end; a relative URL counts from the root."""
    rest = without_origin(url).partition("?")[0].partition("#")[0]
    return ("/" + rest.strip("/")).rstrip("/")


def _url(server: Node) -> str:
    variables = server.get("variables")

    def default(match: re.Match[str]) -> str:
        variable = variables.get(match[1]) if variables is not None else None
        value = variable.mapping.get("default") if variable is not None else None
        return str(value) if value is not None else match[0]

    return _VARIABLE.sub(default, server.text("url"))
