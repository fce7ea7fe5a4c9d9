"""Which members of an object lead to objects, which are documentation; examples, listed values and `x-` are data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from clientsmith.document.grammar import FIELDS, PATTERNED, Shape
from clientsmith.document.model import JSON, Node, Pointer

_INNER: Mapping[str, Mapping[str, tuple[Shape, str]]] = {
    "document": {"info": ("one", "info"), "servers": ("list", "server")},
    "path-item": {"servers": ("list", "server")},
    "operation": {"servers": ("list", "server")},
    "server": {"variables": ("map", "server-variable")},
    "schema": {"discriminator": ("one", "discriminator"), "xml": ("one", "xml")},
    "security-scheme": {"flows": ("one", "oauth-flows")},
    "oauth-flows": dict.fromkeys(
        ("implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"),
        ("one", "oauth-flow"),
    ),
}
"""What the grammar of references leaves out, because no reference is in it."""
_PATTERNED: Mapping[str, str] = {str(kind): inner for kind, inner in PATTERNED.items()}
_GRAMMAR: Mapping[str, Mapping[str, tuple[Shape, str]]] = {
    str(kind): {**fields} for kind, fields in FIELDS.items()
}
_FIELDS: Mapping[str, Mapping[str, tuple[Shape, str]]] = {
    kind: {**_GRAMMAR.get(kind, {}), **_INNER.get(kind, {})} for kind in (*_GRAMMAR, *_INNER)
}
_MAPS = frozenset(
    key for members in _FIELDS.values() for key, (shape, _) in members.items() if shape == "map"
)
_DOCUMENTATION: Final = frozenset(
    {
        "$comment", "contact", "description", "example", "examples", "externalDocs", "license", "summary",
        "termsOfService",
    }
)  # fmt: skip
_DOCUMENTATION_OF: Mapping[str, frozenset[str]] = {
    "document": frozenset({"tags"}),
    "header": frozenset({"deprecated"}),
    "info": frozenset({"title", "version"}),
    "parameter": frozenset({"deprecated"}),
    "schema": frozenset({"title"}),
    "security-scheme": frozenset({"bearerFormat"}),
    "server": frozenset({"name"}),
}
"""What ends in docstrings and reference pages, or nowhere, and what names are made of."""
_DIALECTS = {("document", "jsonSchemaDialect"), ("schema", "$schema")}
"""The members that name a dialect of JSON Schema."""
_CARRIED_OUT = re.compile(
    r"(https://spec\.openapis\.org/oas/3\.1/dialect/(base|[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"|https://json-schema\.org/draft/2020-12/schema)#?"
)
"""The dialects by which schemas are read anyway (OpenAPI 3.1.1, section 4.8.24.5); dated ones restate `base`."""
_READ_THROUGH = frozenset(
    {"encoding", "media-type", "response", "responses", "paths", "document", "components"}
)


def is_documentation(kind: str, key: str, value: JSON) -> bool:
    """Whether a member is for readers: it decides nothing but names and texts, or says what holds without it."""
    if (kind, key) in _DIALECTS:
        return isinstance(value, str) and _CARRIED_OUT.fullmatch(value) is not None
    return key in _DOCUMENTATION or key in _DOCUMENTATION_OF.get(kind, ())


def is_named_by_others(kind: str) -> bool:
    """Whether the members of an object are chosen by the author: statuses, paths, callbacks."""
    return kind in _PATTERNED


def is_whole(kind: str) -> bool:
    """Whether an object of which nothing is used is left out as one thing, and not member by member."""
    return kind not in _READ_THROUGH


def keyword_of(pointer: Pointer) -> str:
    """The keyword that a place is about: that of a list for its items, that of a map for its members."""
    above, last = ("", *pointer)[-2:]
    return above if last.isdecimal() or above in _MAPS else last


def objects_in(node: Node, kind: str, key: str) -> Iterator[tuple[Node, str]]:
    """The objects that a member holds, each with its kind."""
    member = node.child(key)
    patterned = _PATTERNED.get(kind)
    shape, inner = ("one", patterned) if patterned is not None else _FIELDS.get(kind, {}).get(key, ("", ""))
    value: JSON = member.value
    if isinstance(value, list) and shape in ("list", "one-or-list"):
        yield from ((item, str(inner)) for item in member.elements() if isinstance(item.value, dict))
    elif isinstance(value, dict) and shape == "map":
        yield from ((item, str(inner)) for _, item in member.items() if isinstance(item.value, dict))
    elif isinstance(value, dict) and shape in ("one", "one-or-list"):
        yield member, str(inner)
