"""Security Scheme and Security Requirement Objects: what an operation demands, and where each credential goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument, reference_text

Kind = Literal["basic", "bearer", "authorization", "api-key", "mutual-tls"]
Location = Literal["header", "query", "cookie"]
_LOCATIONS: dict[str, Location] = {"header": "header", "query": "query", "cookie": "cookie"}


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """One security scheme. `kind` is `authorization` for an HTTP scheme that is neither Basic nor Bearer.

    `prefix` is how the header value starts, in lower case: the name of the HTTP scheme and a space.
    """

    key: str
    node: Node
    kind: Kind
    location: Location
    name: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One alternative: all of its schemes together; `unknown` are names that the document does not define."""

    node: Node
    schemes: tuple[SecurityScheme, ...]
    unknown: tuple[str, ...]


def scheme_nodes(resolved: ResolvedDocument) -> dict[str, Node]:
    """The Security Scheme Objects by key, in sorted order, unread and with references not followed."""
    return dict(sorted(resolved.components("securitySchemes").items()))


def read_scheme(key: str, node: Node) -> SecurityScheme:
    """A Security Scheme Object."""
    kind, scheme = node.text("type"), node.text("scheme").lower()
    if kind == "mutualTLS":
        return SecurityScheme(key, node, "mutual-tls", "header", "")
    if kind == "http" and scheme not in ("basic", "bearer"):
        return SecurityScheme(key, node, "authorization", "header", "Authorization", f"{scheme} ")
    if kind in ("http", "oauth2", "openIdConnect"):
        name: Kind = "basic" if kind == "http" and scheme == "basic" else "bearer"
        return SecurityScheme(key, node, name, "header", "Authorization", f"{name} ")
    location = _LOCATIONS.get(node.text("in"), "header")
    return SecurityScheme(key, node, "api-key", location, node.text("name"))


def requirements(operation: Node, resolved: ResolvedDocument) -> tuple[Requirement, ...]:
    """The alternatives of an operation, each of which is enough: its own, else those of the document."""
    node = operation.get("security") or resolved.node().get("security")
    return tuple(_requirement(member, resolved) for member in (node.elements() if node is not None else ()))


def _requirement(alternative: Node, resolved: ResolvedDocument) -> Requirement:
    listed = resolved.components("securitySchemes")
    schemes = {key: resolved.deref(listed[key]) for key, _ in alternative.items() if key in listed}
    known = {key: node for key, node in schemes.items() if reference_text(node) is None}
    return Requirement(
        alternative,
        tuple(read_scheme(key, node) for key, node in known.items()),
        tuple(key for key, _ in alternative.items() if key not in known),
    )


def alternatives(requirements: Iterable[Requirement]) -> tuple[tuple[SecurityScheme, ...], ...]:
    """What a request can carry of each alternative; one with an unknown scheme cannot be satisfied and is left out.

    A client certificate (mutual TLS) is part of the connection, not of a request.
    """
    return tuple(
        tuple(scheme for scheme in requirement.schemes if scheme.kind != "mutual-tls")
        for requirement in requirements
        if not requirement.unknown
    )
