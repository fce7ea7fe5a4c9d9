"""What one schema object says by its own keywords alone; references and `allOf` are followed elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias, cast

from clientsmith.document.listed_values import type_of
from clientsmith.document.model import JSON, Node
from clientsmith.json_values.codec import Value, equality_key
from clientsmith.json_values.decimals import exact

Plain: TypeAlias = "bool | int | float | str | Decimal | list[Plain] | dict[str, Plain] | None"
"""JSON with exact numbers, such as a schema that was translated."""

ALL_OF = "allOf"
CHOICES = ("anyOf", "oneOf")
COMBINATORS = (ALL_OF, *CHOICES)
REFERENCES = ("$ref", "$dynamicRef")

# Keywords that describe a value without constraining it; a schema of these alone adds nothing to a conjunction.
ANNOTATIONS = frozenset(
    {
        "$comment", "$defs", "$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary", "contentEncoding",
        "contentMediaType", "contentSchema", "default", "definitions", "deprecated", "description", "discriminator",
        "example", "examples", "externalDocs", "nullable", "readOnly", "summary", "title", "writeOnly", "xml",
    }
)  # fmt: skip
_IMPLIED = {
    **dict.fromkeys(
        ("properties", "required", "patternProperties", "additionalProperties", "minProperties", "maxProperties",
         "propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedProperties"), "object",
    ),
    **dict.fromkeys(
        ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "unevaluatedItems"), "array",
    ),
}  # fmt: skip
"""The type that a keyword speaks of; a schema without `type` allows every other type too, but nobody means that."""
_OF_TYPE = {
    **_IMPLIED,
    **dict.fromkeys(("minLength", "maxLength", "pattern"), "string"),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number"),
}
"""The type of the values that a keyword speaks of; it says nothing of others."""
FORMAT_KEYWORDS = frozenset({"contentEncoding", "contentMediaType", "format", "type"})
"""What `format_of` depends on, and whether a format speaks of the values at all."""
_RAW = re.compile(
    r"(application/(octet-stream|pdf|zip|gzip)|(image|audio|video)/(?!svg\+xml))", re.IGNORECASE
)


def is_annotation(keyword: str) -> bool:
    """Whether a keyword leaves the set of valid values as it is."""
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def is_about(keyword: str, node: Node) -> bool:
    """Whether a keyword of a schema object says anything about values of the types that it states."""
    kind, stated = _OF_TYPE.get(keyword), stated_types(node)
    return kind is None or not stated or kind in stated or (kind == "number" and "integer" in stated)


def asserts(node: Node, ignoring: Iterable[str] = ()) -> bool:
    """Whether a schema object says anything about the values, apart from the keywords given."""
    if not isinstance(node.value, dict):
        return node.value is False
    skip = set(ignoring)
    is_encoded = "contentEncoding" not in skip and is_base64(
        node
    )  # what bytes are is more than an annotation
    return is_encoded or any(not is_annotation(key) and key not in skip for key in node.value)


def references(node: Node) -> bool:
    """Whether a schema object is a reference."""
    value = node.value
    return isinstance(value, dict) and (
        isinstance(value.get("$ref"), str) or isinstance(value.get("$dynamicRef"), str)
    )


def says_nullable(node: Node) -> bool:
    """Whether the schema object itself, not what it refers to, lets null in (3.0 `nullable`, 3.1 `type`)."""
    return node.mapping.get("nullable") is True or "null" in stated_types(node)


def is_null(node: Node) -> bool:
    """Whether null is the only value of the schema."""
    return stated_types(node) == ["null"] or listed_values(node) == [None]


def stated_types(node: Node) -> list[str]:
    """The names in `type`, as they are written; empty without any."""
    stated = node.mapping.get("type")
    listed = stated if isinstance(stated, list) else [stated]
    return [name for name in listed if isinstance(name, str)]


def listed_values(node: Node) -> list[JSON] | None:
    """The values in `const` and `enum`, of both if a schema has both; None if it has neither."""
    members = node.mapping.get("enum")
    listed = members if isinstance(members, list) and members else None
    if "const" not in node.mapping:
        return listed
    const = node.mapping["const"]
    return [const] if listed is None else common_values([const], listed)


def common_values(values: list[JSON], others: list[JSON]) -> list[JSON]:
    """The values that are also among the others, compared as JSON: 1 is 1.0, and neither is true."""
    allowed = {equality_key(cast("Value", other)) for other in others}
    return [value for value in values if equality_key(cast("Value", value)) in allowed]


def implied_types(node: Node) -> frozenset[str]:
    """The types that a schema object shows without `type`: those that its values have, or its keywords speak of."""
    values = listed_values(node)
    if values is not None:
        return frozenset(type_of(value) for value in values)
    return frozenset(_IMPLIED[keyword] for keyword in node.mapping.keys() & _IMPLIED.keys())


def format_of(node: Node) -> str | None:
    """The `format`; `binary` too for what 3.1 calls raw bytes: a media type that is not text, in no encoding."""
    stated = node.mapping.get("format")
    if isinstance(stated, str):
        return stated
    media = node.mapping.get("contentMediaType")
    encoded = node.mapping.get("contentEncoding") not in (None, "binary")
    is_raw = isinstance(media, str) and not encoded and _RAW.match(media) is not None
    return "binary" if is_raw else None


def required_entries(node: Node) -> dict[str, Node]:
    """The names in `required`, each with a schema that allows every value, at the place of its entry."""
    listed = elements(node, "required")
    return {one.value: Node(one.document, one.pointer, True) for one in listed if isinstance(one.value, str)}


def is_base64(node: Node) -> bool:
    """Whether the values are bytes in base64: `format: byte` of 3.0, `contentEncoding` of 3.1."""
    return node.mapping.get("format") == "byte" or node.mapping.get("contentEncoding") == "base64"


def conditional(node: Node) -> list[Node]:
    """The schemas that hold under a condition: `then`, `else`, and those of `dependentSchemas`."""
    dependent = node.get("dependentSchemas")
    found = [
        node.get("then"),
        node.get("else"),
        *(one for _, one in (dependent.items() if dependent else ())),
    ]
    return [one for one in found if one is not None]


def exact_value(value: JSON) -> Plain:
    """A JSON value with the numbers that its digits say."""
    if isinstance(value, float):
        return exact(value)
    if isinstance(value, list):
        return [exact_value(item) for item in value]
    if isinstance(value, dict):
        return {key: exact_value(member) for key, member in value.items()}
    return value


def elements(node: Node, keyword: str) -> list[Node]:
    """The members of a keyword that holds a list, most often of schemas."""
    listed = node.get(keyword)
    return [] if listed is None else list(listed.elements())
