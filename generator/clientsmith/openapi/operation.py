"""What a document declares about one operation, with references followed: parameters, body, responses, credentials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from clientsmith.document.model import Node
from clientsmith.document.operations import FoundOperation, template_names
from clientsmith.document.resolved import ResolvedDocument

Location = Literal["path", "query", "header", "cookie"]
_LOCATIONS: dict[str, Location] = {"path": "path", "query": "query", "header": "header", "cookie": "cookie"}
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_NOT_PARAMETERS = frozenset({"accept", "content-type", "authorization"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `media_type` where its value is a document of that type instead of having a style."""

    name: str
    location: Location
    required: bool
    style: str
    explode: bool
    schema: Node | None
    media_type: str | None

    @property
    def label(self) -> str:
        """How findings name it."""
        return f"{self.location} parameter '{self.name}'"


@dataclass(frozen=True, slots=True)
class ResponseDeclaration:
    """One declared response; `key` is a status, a range such as `4XX`, or `default`."""

    key: str
    node: Node
    contents: dict[str, Node]
    """Media Type Objects by media type, in the order of the document."""


@dataclass(frozen=True, slots=True)
class Credential:
    """One security scheme that a request has to satisfy: where its credential stands, and how it starts."""

    location: Location | None
    """None for mutual TLS, which no request shows."""
    name: str
    prefix: str


class DescribedOperation:
    """One operation as the document declares it; everything is read when it is first asked for."""

    def __init__(self, found: FoundOperation, resolved: ResolvedDocument) -> None:
        self.found = found
        self.resolved = resolved
        self.id = found.key
        self.method = found.method.upper()
        self.path = found.path
        self.node = found.node

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Path-level and operation-level parameters merged; names in the template that nobody declares are strings."""
        declared: dict[tuple[str, str], Parameter] = {}
        for owner in (self.found.item, self.node):
            listed = owner.get("parameters")
            for reference in listed.elements() if listed is not None else ():
                read = self._parameter(self.resolved.deref(reference))
                if read is not None:
                    declared[read.location, _key(read.name, read.location)] = read
        template = template_names(self.path)
        for name in template:
            declared.setdefault(("path", name), Parameter(name, "path", True, "simple", False, None, None))
        return tuple(one for one in declared.values() if one.location != "path" or one.name in template)

    def _parameter(self, node: Node) -> Parameter | None:
        location, name = _LOCATIONS.get(node.text("in")), node.text("name")
        if location is None or (location == "header" and name.lower() in _NOT_PARAMETERS):
            return None
        content = node.get("content")
        media = next(iter(content.mapping), None) if content is not None else None
        owner = (
            self.resolved.deref(content.child(media)) if content is not None and media is not None else node
        )
        style = node.text("style") or _STYLES[location]
        explode = node.mapping.get("explode")
        return Parameter(
            name,
            location,
            location == "path" or node.mapping.get("required") is True,
            style,
            explode if isinstance(explode, bool) else style in ("form", "cookie"),
            owner.get("schema"),
            media,
        )

    @cached_property
    def body(self) -> Node | None:
        """The Request Body Object."""
        node = self.node.get("requestBody")
        return self.resolved.deref(node) if node is not None else None

    @cached_property
    def body_contents(self) -> dict[str, Node]:
        """The Media Type Objects of the request body by media type."""
        return self.contents(self.body) if self.body is not None else {}

    @cached_property
    def responses(self) -> dict[str, ResponseDeclaration]:
        """By status, range or `default`, in the order of the document."""
        responses = self.node.get("responses")
        declared: dict[str, ResponseDeclaration] = {}
        for key in responses.mapping if responses is not None else ():
            if responses is None or key.startswith("x-"):
                continue
            node = self.resolved.deref(responses.child(key))
            declared[key.upper() if key != "default" else key] = ResponseDeclaration(
                key, node, self.contents(node)
            )
        return declared

    def response(self, status: int) -> ResponseDeclaration | None:
        """What the document says about a status: the status itself, its range, or `default`."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self.responses:
                return self.responses[key]
        return None

    def contents(self, owner: Node) -> dict[str, Node]:
        """The members of `content` with references followed, in the order of the document."""
        content = owner.get("content")
        if content is None:
            return {}
        return {key: self.resolved.deref(content.child(key)) for key in content.mapping}

    @cached_property
    def security(self) -> tuple[tuple[Credential, ...], ...]:
        """The alternatives, each of which is enough; none, or an empty one, where no credentials are needed."""
        requirement = self.node.get("security") or self.resolved.node().get("security")
        components = self.resolved.node().get("components")
        schemes = components.get("securitySchemes") if components is not None else None
        alternatives: list[tuple[Credential, ...]] = []
        for alternative in requirement.elements() if requirement is not None else ():
            nodes = [schemes.get(key) if schemes is not None else None for key in alternative.mapping]
            known = [self.resolved.deref(node) for node in nodes if node is not None]
            if len(known) == len(nodes):
                alternatives.append(tuple(one for one in map(_credential, known) if one.location is not None))
        return tuple(alternatives)


def _key(name: str, location: str) -> str:
    return name.lower() if location == "header" else name


def _credential(scheme: Node) -> Credential:
    kind = scheme.text("type")
    if kind == "apiKey":
        return Credential(_LOCATIONS.get(scheme.text("in")), scheme.text("name"), "")
    if kind == "mutualTLS":
        return Credential(None, "", "")
    prefix = scheme.text("scheme") if kind == "http" else "bearer"
    return Credential("header", "authorization", prefix.lower() + " ")
