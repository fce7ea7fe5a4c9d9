"""What one schema object says by its own keywords alone; references and `allOf` are followed elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias, cast

from clientsmith.document import grammar
from clientsmith.document.listed_values import type_of
from clientsmith.document.model import JSON, Node
from clientsmith.json_values.codec import Value, equality_key
from clientsmith.json_values.decimals import exact
from clientsmith.jsonschema.bounds import whole_count

Plain: TypeAlias = "bool | int | float | str | Decimal | list[Plain] | dict[str, Plain] | None"
"""JSON with exact numbers, such as a schema that was translated."""

ALL_OF = grammar.ALL_OF
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
    **dict.fromkeys(("minLength", "maxLength", "pattern", "contentEncoding"), "string"),
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
    """The schemas that hold under a condition: those of `dependentSchemas`, and `then` and `else` beside an `if`."""
    dependent = node.get("dependentSchemas")
    branches = [node.get("then"), node.get("else")] if "if" in node.mapping else []
    found = [*branches, *(one for _, one in (dependent.items() if dependent else ()))]
    return [one for one in found if one is not None]


def assertions(value: dict[str, JSON]) -> dict[str, Plain]:
    """The keywords of a schema object that hold no schemas, patterns left out, as JSON Schema 2020-12 has them."""
    plain: dict[str, Plain] = {}
    kinds = value.get("type")
    names = kinds if isinstance(kinds, list) else [kinds]
    known = sorted({name for name in names if isinstance(name, str)} & _TYPES)
    if known and len(known) == len(names):
        plain["type"] = cast("Plain", known if len(known) > 1 else known[0])
    for keyword, is_usable in _COPIED.items():
        if keyword in value and is_usable(value[keyword]):
            plain[keyword] = exact_value(value[keyword])
    for keyword in _COUNTS:
        count = whole_count(value.get(keyword))
        if count is not None:
            plain[keyword] = count
    if isinstance(required := value.get("required"), list):
        plain["required"] = [name for name in required if isinstance(name, str)]
    for exclusive, limit in EXCLUSIVE:
        stated = value.get(exclusive)
        if _is_number(stated):
            plain[exclusive] = exact_value(stated)
        elif stated is True and limit in plain:
            plain[exclusive] = plain.pop(limit)
    multiple = plain.get("multipleOf")
    if isinstance(multiple, int | Decimal) and multiple <= 0:
        del plain["multipleOf"]
    return plain


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_name_lists(value: JSON) -> bool:
    return isinstance(value, dict) and all(
        isinstance(names, list) and all(isinstance(name, str) for name in names) for names in value.values()
    )


_TYPES = frozenset({"null", "boolean", "object", "array", "number", "integer", "string"})
EXCLUSIVE = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
"""Each keyword that 3.0 has as a flag, and the limit that the flag is about."""
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains",
           "maxContains")  # fmt: skip
_COPIED: Mapping[str, Callable[[JSON], bool]] = {
    **dict.fromkeys(("multipleOf", "minimum", "maximum"), _is_number),
    "uniqueItems": lambda flag: isinstance(flag, bool),
    "const": lambda _: True,
    "enum": lambda members: isinstance(members, list) and bool(members),
    "dependentRequired": _is_name_lists,
}


def text_format(node: Node) -> dict[str, Plain]:
    """The format of a string, by which a package knows what objects are not meant there; it checks no text."""
    stated = node.mapping.get("format")
    return {"format": stated} if isinstance(stated, str) and is_about("contentEncoding", node) else {}


def or_null(value: dict[str, JSON], plain: dict[str, Plain]) -> Plain:
    """The schema, with null allowed if `nullable` says so; vendors write and mean that beside a reference too."""
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain


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
