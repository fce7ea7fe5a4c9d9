"""Parameter Objects: where a parameter is, in which style, and the defaults of both; values are written elsewhere.

Styles and defaults are those of OpenAPI 3.0.4, 3.1.1 and 3.2.0 (Parameter Object, Style Values).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.media_type import contents

Location = Literal["path", "query", "header", "cookie"]
Style = Literal[
    "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "cookie"
]

STYLES: dict[Location, tuple[Style, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
}
"""The styles of each location, the default first."""
_EXPLODED: frozenset[Style] = frozenset({"form", "cookie"})
_LOCATIONS: dict[str, Location] = {name: name for name in STYLES}
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `media_type` is set if its value is a document of that type instead of having a style.

    `node` is None for a name in the path that no Parameter Object declares. `owner` holds schema and examples: the
    Parameter Object or its Media Type Object. `unknown_style` is a stated style that does not exist for the location;
    the default is taken in its place.
    """

    name: str
    location: Location
    required: bool
    style: Style
    explode: bool
    schema: Node | None
    media_type: str | None
    node: Node | None = None
    owner: Node | None = None
    allow_reserved: bool = False
    allow_empty: bool = False
    unknown_style: str = ""

    @property
    def label(self) -> str:
        """How findings name it."""
        return f"{self.location} parameter '{self.name}'"

    @property
    def is_spread(self) -> bool:
        """Whether the members of an object are pairs of their own, under their own names."""
        return self.media_type is None and self.explode and self.style in _EXPLODED

    @property
    def key(self) -> tuple[Location, str]:
        """Equal for parameters that override each other: names of headers have no case."""
        return self.location, self.name.lower() if self.location == "header" else self.name


def location(node: Node) -> Location | None:
    """The location of a Parameter Object; None for one that is not supported, such as `querystring` of 3.2."""
    return _LOCATIONS.get(node.text("in"))


def known_style(stated: str, where: Location) -> Style | None:
    """A stated style if it exists for the location."""
    for candidate in STYLES[where]:
        if candidate == stated:
            return candidate
    return None


def style(stated: str, where: Location) -> Style:
    """The style of a parameter: what is stated if that exists for the location, else the default."""
    return known_style(stated, where) or STYLES[where][0]


def explode(stated: object, chosen: Style) -> bool:
    """Whether a style is exploded: what is stated, else the default of the style."""
    return stated if isinstance(stated, bool) else chosen in _EXPLODED


def is_ignored(parameter: Parameter) -> bool:
    """Whether OpenAPI gives a header no meaning as a parameter: Accept, Content-Type and Authorization."""
    return parameter.location == "header" and parameter.name.lower() in _IGNORED_HEADERS


def read_parameter(node: Node, resolved: ResolvedDocument) -> Parameter | None:
    """The parameter that a Parameter Object declares; None for one without a name or a known location."""
    name, where = node.text("name"), location(node)
    return None if where is None or not name else _read(node, name, where, resolved)


def read_header(name: str, node: Node, resolved: ResolvedDocument) -> Parameter:
    """A Header Object, which is a Parameter Object whose name and location are given (OpenAPI, Header Object)."""
    return _read(resolved.deref(node), name, "header", resolved)


def _read(node: Node, name: str, where: Location, resolved: ResolvedDocument) -> Parameter:
    media_type, media = next(iter(contents(node, resolved).items()), (None, None))
    owner = node if media is None else media
    stated = node.text("style")
    chosen = style(stated, where)
    return Parameter(
        name,
        where,
        node.mapping.get("required") is True or where == "path",
        chosen,
        explode(node.mapping.get("explode"), chosen),
        owner.get("schema"),
        media_type,
        node,
        owner,
        node.mapping.get("allowReserved") is True,
        node.mapping.get("allowEmptyValue") is True,
        stated if stated not in ("", chosen) else "",
    )


def undeclared(name: str) -> Parameter:
    """A name in the path that no Parameter Object declares: a string."""
    return Parameter(name, "path", True, "simple", False, None, None)


def listed(owners: tuple[Node, ...], resolved: ResolvedDocument) -> list[Node]:
    """The Parameter Objects of a path item and its operation, references followed, as they are listed."""
    lists = (owner.get("parameters") for owner in owners)
    return [resolved.deref(node) for nodes in lists if nodes is not None for node in nodes.elements()]


def merged(owners: tuple[Node, ...], resolved: ResolvedDocument) -> tuple[Parameter, ...]:
    """The parameters of a path item and its operation; one of a later owner overrides one of an earlier owner."""
    by_key: dict[tuple[Location, str], Parameter] = {}
    for node in listed(owners, resolved):
        parameter = read_parameter(node, resolved)
        if parameter is not None:
            by_key[parameter.key] = parameter
    return tuple(by_key.values())
