"""Ways to write a description that mean the same: nothing that they change is on the wire."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from clientsmith.document.grammar import Kind, children
from diff_operators import Object, without
from diff_places import Tree, is_list, is_object, member, replaced


@dataclass(frozen=True, slots=True)
class Writing:
    """What a rewrite may look at: the whole description as it was, and chance; `added` are components that it needs."""

    tree: Object
    chance: random.Random
    added: Object

    @property
    def is_3_0(self) -> bool:
        """Whether schemas are those of OpenAPI 3.0."""
        return str(self.tree.get("openapi")).startswith("3.0")

    def component(self, section: str, value: Tree) -> Object:
        """A reference to a new component."""
        made: Object = self.added.setdefault(section, {})
        name = f"Zz{section.title()}{len(made)}"
        made[name] = value
        return {"$ref": f"#/components/{section}/{name}"}

    def section(self, name: str) -> Object:
        """The components of a section."""
        found: Object = member(member(self.tree, "components"), name)
        return found


Rewrite: TypeAlias = Callable[[Object, Writing], Object]


def transformed(value: Tree, kind: Kind, wanted: Kind, change: Callable[[Object], Tree]) -> Tree:
    """A copy in which every object of a kind is changed, inner ones first; references are objects too."""
    if not is_object(value):
        return value
    for steps, inner, inner_kind in list(children(value, kind)):
        value = replaced(value, steps, transformed(inner, inner_kind, wanted, change))
    return change(value) if kind == wanted else value


def of_each(kind: Kind, change: Rewrite) -> Rewrite:
    """A rewrite of the whole description out of one of the objects of a kind."""

    def rewrite(document: Object, writing: Writing) -> Object:
        made: Object = transformed(document, "document", kind, lambda value: change(value, writing))
        return _with_components(made, writing.added)

    return rewrite


def _with_components(document: Object, added: Object) -> Object:
    if not added:
        return document
    components = dict(member(document, "components"))
    for section, members in added.items():
        components[section] = {**components.get(section, {}), **members}
    return {**document, "components": components}


def rewritten(document: Object, rewrite: Rewrite, chance: random.Random) -> Object:
    """The description in another writing."""
    return rewrite(document, Writing(document, chance, {}))


_MARKS = frozenset({"readOnly", "writeOnly", "default", "deprecated", "x-sunset", "xml", "discriminator"})
"""What a schema says about the place that it is used in."""
_NAMES = frozenset({"$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "id"})
_BOUNDS = ("minimum", "maximum", "multipleOf")
_WORDS = frozenset({"description", "title", "example", "examples"})


def _shuffled(value: Tree, chance: random.Random) -> Tree:
    if is_object(value):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    return [_shuffled(one, chance) for one in value] if is_list(value) else value


def _wrapped(schema: Object, writing: Writing) -> Object:
    return {"allOf": [schema]}


def _within(change: Rewrite) -> Rewrite:
    """A rewrite of the schemas of properties and items: members of unions have names that they are known by."""

    def rewrite(schema: Object, writing: Writing) -> Object:
        made = dict(schema)
        if is_object(schema.get("properties")):
            made["properties"] = {
                name: change(one, writing) if is_object(one) else one
                for name, one in schema["properties"].items()
            }
        for keyword in ("items", "additionalProperties"):
            if is_object(schema.get(keyword)):
                made[keyword] = change(schema[keyword], writing)
        return made

    return rewrite


def _inlined(schema: Object, writing: Writing) -> Object:
    """A reference replaced by what it leads to, if that leads nowhere else."""
    start, _, name = str(schema.get("$ref", "")).rpartition("/")
    target = writing.section("schemas").get(name) if start == "#/components/schemas" else None
    if not is_object(target) or "$ref" in str(target) or "$dynamicRef" in str(target):
        return schema
    if _NAMES & target.keys() or "discriminator" in str(target):
        return schema
    return schema if schema.keys() - {"$ref", "description", "title"} else target


def _extracted(schema: Object, writing: Writing) -> Object:
    if "$ref" in schema or _MARKS & schema.keys() or any(name in str(schema) for name in ("$id", "nchor")):
        return schema
    return writing.component("schemas", schema)


def _by_another_name(schema: Object, writing: Writing) -> Object:
    """A reference to a component that is nothing but a reference."""
    if not str(schema.get("$ref", "")).startswith("#/components/schemas/") or schema.keys() != {"$ref"}:
        return schema
    return writing.component("schemas", schema)


def _only_choice(schema: Object, writing: Writing) -> Object:
    return schema if "$ref" in schema or _MARKS & schema.keys() else {"anyOf": [schema]}


def _listed(schema: Object, writing: Writing) -> Object:
    if "const" in schema and "enum" not in schema:
        return {**without(schema, "const"), "enum": [schema["const"]]}
    values = schema.get("enum")
    if not is_list(values):
        return schema
    if len(values) == 1 and not writing.is_3_0:
        return {**without(schema, "enum"), "const": values[0]}
    return {**schema, "enum": writing.chance.sample(values, len(values))}


def _spelled_out(schema: Object, writing: Writing) -> Object:
    if "$ref" in schema:
        return schema
    defaults: dict[str, Object] = {
        "string": {"minLength": 0},
        "array": {"minItems": 0, "uniqueItems": False},
        "object": {"minProperties": 0, "additionalProperties": True},
    }
    kind = schema.get("type")
    own = dict(defaults.get(kind, {})) if isinstance(kind, str) else {}
    if "unevaluatedProperties" in str(writing.tree) or "patternProperties" in schema:
        own.pop("additionalProperties", None)
    return {**own, "deprecated": False, "readOnly": False, **schema}


def _documented(schema: Object, writing: Writing) -> Object:
    return {**schema, "description": "other words", "title": "Another title", "x-note": [1]}


def _with_null(schema: Object, writing: Writing) -> Object:
    """A list of types as a union."""
    kinds = schema.get("type")
    if not is_list(kinds) or "null" not in kinds or {"enum", "const", "default"} & schema.keys():
        return schema
    others = [kind for kind in kinds if kind != "null"]
    is_plain = not {"anyOf", "oneOf", "allOf", "readOnly", "writeOnly", "deprecated", *_NAMES} & schema.keys()
    return {"anyOf": [{**schema, "type": others}, {"type": "null"}]} if others and is_plain else schema


def _reversed(schema: Object, writing: Writing) -> Object:
    lists = ("required", "type", "anyOf", "oneOf", "allOf")
    return {key: value[::-1] if key in lists and is_list(value) else value for key, value in schema.items()}


def _deaf(schema: Object, writing: Writing) -> Object:
    """Keywords that the declared type does not listen to."""
    foreign: dict[str, Object] = {
        "string": {"minimum": 3, "minItems": 2, "required": ["zz"]},
        "integer": {"maxLength": 3, "pattern": "z", "maxProperties": 1},
        "array": {"minLength": 3, "multipleOf": 7},
        "boolean": {"minLength": 3, "minimum": 7},
    }
    kind = schema.get("type")
    heard = isinstance(kind, str) and "$ref" not in schema
    return {**(foreign.get(str(kind), {}) if heard else {}), **schema}


def _apart(schema: Object, writing: Writing) -> Object:
    """What an object requires, apart from its properties."""
    if schema.keys() - {"type", "properties", "required", *_WORDS} or not schema.get("required"):
        return schema
    return (
        {"allOf": [without(schema, "required"), {"type": "object", "required": schema["required"]}]}
        if schema.get("type") == "object"
        else schema
    )


def _merged(schema: Object, writing: Writing) -> Object:
    """Objects of an `allOf` as one."""
    parts = schema.get("allOf")
    if not is_list(parts) or schema.keys() - {"allOf", "type", *_WORDS}:
        return schema
    known = {"type", "properties", "required", *_WORDS}
    plain = all(is_object(one) and not one.keys() - known and one.get("type") == "object" for one in parts)
    names = [name for one in parts if plain for name in one.get("properties", {})]
    if not plain or len(names) != len(set(names)):
        return schema
    required = sorted({name for one in parts for name in one.get("required", [])})
    properties = {name: inner for one in parts for name, inner in one.get("properties", {}).items()}
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _base64(schema: Object, writing: Writing) -> Object:
    is_byte = schema.get("format") == "byte" and not writing.is_3_0 and "contentEncoding" not in schema
    return {**without(schema, "format"), "contentEncoding": "base64"} if is_byte else schema


def _with_fractions(schema: Object, writing: Writing) -> Object:
    """Whole numbers with a fraction that is zero."""
    return {
        key: float(value) if key in _BOUNDS and type(value) is int and abs(value) < 2**50 else value
        for key, value in schema.items()
    }


def _type_in_a_list(schema: Object, writing: Writing) -> Object:
    is_one = isinstance(schema.get("type"), str) and not writing.is_3_0
    return {**schema, "type": [schema["type"]]} if is_one else schema


def _closed_bounds(schema: Object, writing: Writing) -> Object:
    """Bounds that whole numbers keep either way."""
    least = schema.get("exclusiveMinimum")
    if type(least) is not int or schema.get("type") != "integer" or "minimum" in schema:
        return schema
    return {**without(schema, "exclusiveMinimum"), "minimum": least + 1}


SCHEMA_REWRITES: Mapping[str, Rewrite] = {
    "order-of-keys": lambda document, writing: _shuffled(document, writing.chance),
    "order-of-lists": of_each("schema", _reversed),
    "wrapped-in-all-of": of_each("schema", _wrapped),
    "inline-instead-of-a-reference": of_each("schema", _within(_inlined)),
    "extracted-to-a-component": of_each("schema", _within(_extracted)),
    "reference-to-a-reference": of_each("schema", _within(_by_another_name)),
    "only-member-of-a-union": of_each("schema", _within(_only_choice)),
    "lists-of-values": of_each("schema", _listed),
    "defaults-spelled-out": of_each("schema", _spelled_out),
    "documentation": of_each("schema", _documented),
    "null-by-any-of": of_each("schema", _with_null),
    "keywords-of-other-types": of_each("schema", _deaf),
    "required-in-all-of": of_each("schema", _apart),
    "all-of-merged": of_each("schema", _merged),
    "base64-by-content-encoding": of_each("schema", _base64),
    "spelling-of-numbers": of_each("schema", _with_fractions),
    "type-in-a-list": of_each("schema", _type_in_a_list),
    "exclusive-bounds-of-integers": of_each("schema", _closed_bounds),
}
