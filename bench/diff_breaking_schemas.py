"""Operators that each make one breaking change in a schema."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from diff_operators import BOTH, REQUEST, RESPONSE, Edit, Object, Operator, Setting, without
from diff_places import Tree, marks, resolved, types_of

_LISTS = ("enum", "const")
_NEW = "zzNew"


def _is(schema: Object, *kinds: str) -> bool:
    """Whether a schema states one of some types and no other, and lists no values."""
    stated = types_of(schema)
    return len(stated) == 1 and stated[0] in kinds and not any(one in schema for one in _LISTS)


def _narrowed(
    kind: str, keyword: str, limit: Callable[[Object], int | None]
) -> Callable[[Object, Setting], Edit | None]:
    """Gives a keyword of a type the limit that is worked out, unless there is none."""

    def change(schema: Object, setting: Setting) -> Edit | None:
        found = limit(schema) if _is(schema, kind) and "pattern" not in schema else None
        return None if found is None else Edit({**schema, keyword: found}, (keyword,))

    return change


def _count(schema: Object, keyword: str, default: int) -> int:
    value = schema.get(keyword, default)
    return value if isinstance(value, int) else default


def _less(most: str, least: str, usual: int) -> Callable[[Object], int | None]:
    """One less than the most that there may be."""

    def limit(schema: Object) -> int | None:
        found = _count(schema, most, usual + 1) - 1
        return found if found >= _count(schema, least, 0) else None

    return limit


def _more(least: str, most: str) -> Callable[[Object], int | None]:
    """One more than the least that there has to be."""

    def limit(schema: Object) -> int | None:
        found = _count(schema, least, 0) + 1
        return found if most not in schema or found <= _count(schema, most, 0) else None

    return limit


def _number(schema: Object, *keywords: str) -> Decimal | None:
    for keyword in keywords:
        value = schema.get(keyword)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return Decimal(str(value))
    return None


def _maximum(schema: Object, setting: Setting) -> Edit | None:
    least, most = _number(schema, "minimum", "exclusiveMinimum"), _number(schema, "maximum")
    limit = (most if most is not None else (least or Decimal(0)) + 1000) - 1
    if not _is(schema, "integer", "number") or "exclusiveMaximum" in schema or limit <= (least or limit - 1):
        return None
    return Edit({**schema, "maximum": limit}, ("maximum",))


def _minimum(schema: Object, setting: Setting) -> Edit | None:
    least, most = _number(schema, "minimum"), _number(schema, "maximum", "exclusiveMaximum")
    limit = (least if least is not None else (most or Decimal(0)) - 1000) + 1
    if not _is(schema, "integer", "number") or "exclusiveMinimum" in schema or limit >= (most or limit + 1):
        return None
    return Edit({**schema, "minimum": limit}, ("minimum",))


def _step(schema: Object, setting: Setting) -> Edit | None:
    free = _is(schema, "integer", "number") and "multipleOf" not in schema
    return Edit({**schema, "multipleOf": 7}, ("multipleOf",)) if free else None


def _pattern(schema: Object, setting: Setting) -> Edit | None:
    free = _is(schema, "string") and "pattern" not in schema
    return Edit({**schema, "pattern": "^[a-z]{3}7$"}, ("pattern",)) if free else None


def _unique(schema: Object, setting: Setting) -> Edit | None:
    free = _is(schema, "array") and not schema.get("uniqueItems") and schema.get("maxItems", 2) > 1
    return Edit({**schema, "uniqueItems": True}, ("uniqueItems",)) if free else None


_NAMES = {"string": str, "boolean": bool, "integer": int, "number": (int, float, Decimal)}


def _listed(schema: Object) -> list[Tree]:
    """The listed values that the stated type allows."""
    stated = types_of(schema)
    fitting = tuple(_NAMES[one] for one in stated if one in _NAMES)
    values = schema.get("enum")
    values = values if isinstance(values, list) and "const" not in schema else []
    if not stated:
        return values
    return [
        one
        for one in values
        if any(isinstance(one, kind) for kind in fitting)
        and (not isinstance(one, bool) or "boolean" in stated)
    ]


def _value_gone(schema: Object, setting: Setting) -> Edit | None:
    values = _listed(schema)
    if len(values) < 2:
        return None
    gone = setting.chance.choice(values)
    return Edit({**schema, "enum": [one for one in schema["enum"] if one is not gone]}, ("enum",))


def _values_new(schema: Object, setting: Setting) -> Edit | None:
    is_free = not {"pattern", "maxLength", "minLength", "nullable"} & schema.keys()
    if not _is(schema, "string") or not is_free or not isinstance(schema["type"], str):
        return None
    return Edit({**schema, "enum": ["one", "two"]}, ("enum",))


def _values_exchanged(schema: Object, setting: Setting) -> Edit | None:
    if not _listed(schema) or types_of(schema) != ["string"]:
        return None
    kept = [None] if None in schema["enum"] else []
    return Edit({**schema, "enum": [*kept, "zz-one", "zz-two"]}, ("enum",))


def _typed(schema: Object, kind: str) -> Object:
    stated = schema["type"]
    return {
        **schema,
        "type": kind if isinstance(stated, str) else [kind, *(["null"] if "null" in stated else [])],
    }


def _type_changed(schema: Object, setting: Setting) -> Edit | None:
    if not _is(schema, "string", "integer", "number", "boolean"):
        return None
    kind = "boolean" if types_of(schema) != ["boolean"] else "integer"
    return Edit(_typed(schema, kind), ("type",))


def _became_array(schema: Object, setting: Setting) -> Edit | None:
    if not _is(schema, "string", "integer", "object") or setting.place.pointer[-2] in (
        "allOf",
        "anyOf",
        "oneOf",
    ):
        return None
    return Edit({"type": "array", "items": schema})


def _type_narrowed(schema: Object, setting: Setting) -> Edit | None:
    if not _is(schema, "number") or "multipleOf" in schema:
        return None
    return Edit(_typed(schema, "integer"), ("type",))


def _type_widened(schema: Object, setting: Setting) -> Edit | None:
    if not _is(schema, "integer") or "multipleOf" in schema:
        return None
    return Edit(_typed(schema, "number"), ("type",))


def _types_gone(schema: Object, setting: Setting) -> Edit | None:
    free = _is(schema, "string", "boolean") and not setting.is_3_0
    return Edit(without(schema, "type"), ("type",)) if free else None


def _items_changed(schema: Object, setting: Setting) -> Edit | None:
    items = resolved(setting.tree, schema.get("items"))
    if not _is(schema, "array") or not isinstance(items, dict) or schema.get("maxItems") == 0:
        return None
    if not types_of(items) or "array" in types_of(items):
        return None
    return Edit({**schema, "items": {"type": "array", "items": {"type": "array"}}}, ("items",))


def _null_forbidden(schema: Object, setting: Setting) -> Edit | None:
    stated = schema.get("type")
    if setting.is_3_0:
        lists = schema.get("enum", [None])
        is_null = schema.get("nullable") is True and isinstance(stated, str) and None in lists
        return Edit(without(schema, "nullable"), ("nullable",)) if is_null else None
    if not isinstance(stated, list) or "null" not in stated or len(stated) < 2 or "const" in schema:
        return None
    if None not in schema.get("enum", [None]):
        return None
    return Edit({**schema, "type": [one for one in stated if one != "null"]}, ("type",))


def _null_allowed(schema: Object, setting: Setting) -> Edit | None:
    stated = schema.get("type")
    free = isinstance(stated, str) and stated != "null" and not any(one in schema for one in _LISTS)
    if not free or schema.get("nullable"):
        return None
    if setting.is_3_0:
        return Edit({**schema, "nullable": True}, ("nullable",))
    return Edit({**schema, "type": [stated, "null"]}, ("type",))


def _encoding(schema: Object, setting: Setting) -> Edit | None:
    if not _is(schema, "string") or "contentEncoding" in schema or schema.get("format", "byte") != "byte":
        return None
    if "format" in schema:
        return Edit(without(schema, "format"), ("format",))
    if setting.is_3_0:
        return Edit({**schema, "format": "byte"}, ("format",))
    return Edit({**schema, "contentEncoding": "base64url"}, ("contentEncoding",))


def _closed(schema: Object, setting: Setting) -> Edit | None:
    is_closed = any(schema.get(one) is False for one in ("additionalProperties", "unevaluatedProperties"))
    if not _is(schema, "object") or is_closed:
        return None
    return Edit({**schema, "additionalProperties": False}, ("additionalProperties",))


def _required_added(schema: Object, setting: Setting) -> Edit | None:
    others = [schema.get(one, True) for one in ("additionalProperties", "unevaluatedProperties")]
    if not _is(schema, "object") or any(isinstance(one, dict) and one for one in others):
        return None
    properties = {**schema.get("properties", {}), _NEW: {"type": "string"}}
    required = [*schema.get("required", []), _NEW]
    return Edit({**schema, "properties": properties, "required": required}, ("properties", _NEW))


def _names(schema: Object, setting: Setting, *, required: bool, hidden: str) -> list[str]:
    """Properties that are required or not, those apart that the direction does not have."""
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not _is(schema, "object"):
        return []
    listed = schema.get("required", [])
    return [
        name
        for name, inner in properties.items()
        if (name in listed) is required and inner is not False and not marks(setting.tree, inner, hidden)
    ]


def _property_gone(schema: Object, setting: Setting) -> Edit | None:
    names = _names(schema, setting, required=True, hidden="writeOnly")
    if not names or schema.get("additionalProperties", True) not in (True, {}):
        return None
    name = setting.chance.choice(names)
    return Edit(_less_property(schema, name), ("properties", name))


def _less_property(schema: Object, name: str) -> Object:
    required = [one for one in schema.get("required", []) if one != name]
    made = {**without(schema, "required"), "properties": without(schema["properties"], name)}
    return {**made, "required": required} if required else made


def _property_refused(schema: Object, setting: Setting) -> Edit | None:
    names = _names(schema, setting, required=False, hidden="readOnly")
    names += _names(schema, setting, required=True, hidden="readOnly")
    if not names or schema.get("additionalProperties") is not False or "patternProperties" in schema:
        return None
    name = setting.chance.choice(names)
    return Edit(_less_property(schema, name), ("properties", name))


def _property_required(schema: Object, setting: Setting) -> Edit | None:
    names = _names(schema, setting, required=False, hidden="readOnly")
    if not names:
        return None
    name = setting.chance.choice(names)
    return Edit({**schema, "required": [*schema.get("required", []), name]})


def _property_optional(schema: Object, setting: Setting) -> Edit | None:
    names = _names(schema, setting, required=True, hidden="writeOnly")
    if not names:
        return None
    name = setting.chance.choice(names)
    return Edit({**schema, "required": [one for one in schema["required"] if one != name]})


def _inline(schema: Object, names: list[str]) -> list[str]:
    return [
        one
        for one in names
        if isinstance(schema["properties"][one], dict) and "$ref" not in schema["properties"][one]
    ]


def _write_only_set(schema: Object, setting: Setting) -> Edit | None:
    names = _inline(schema, _names(schema, setting, required=True, hidden="writeOnly"))
    if not names:
        return None
    name = setting.chance.choice(names)
    inner = {**schema["properties"][name], "writeOnly": True}
    return Edit({**schema, "properties": {**schema["properties"], name: inner}}, ("properties", name))


def _read_only_lost(schema: Object, setting: Setting) -> Edit | None:
    properties = schema.get("properties")
    names = [
        one
        for one in schema.get("required", [])
        if isinstance(properties, dict)
        and isinstance(properties.get(one), dict)
        and properties[one].get("readOnly") is True
        and not marks(setting.tree, without(properties[one], "readOnly"), "readOnly")
    ]
    if not names or not isinstance(properties, dict):
        return None
    name = setting.chance.choice(names)
    inner = without(properties[name], "readOnly")
    return Edit({**schema, "properties": {**properties, name: inner}}, ("properties", name))


def _member(schema: Object) -> str | None:
    return next(
        (one for one in ("oneOf", "anyOf") if isinstance(schema.get(one), list) and len(schema[one]) > 1),
        None,
    )


def _member_gone(schema: Object, setting: Setting) -> Edit | None:
    keyword = _member(schema)
    if keyword is None:
        return None
    gone = setting.chance.randrange(len(schema[keyword]))
    return Edit({**schema, keyword: [*schema[keyword][:gone], *schema[keyword][gone + 1 :]]}, (keyword,))


def _member_new(schema: Object, setting: Setting) -> Edit | None:
    keyword = _member(schema)
    if keyword is None or types_of(schema):
        return None
    new = {"type": "object", "title": "Zz", "required": [_NEW], "properties": {_NEW: {"type": "string"}}}
    return Edit({**schema, keyword: [*schema[keyword], new]}, (keyword,))


def _negated(schema: Object, setting: Setting) -> Edit | None:
    free = _is(schema, "string") and "not" not in schema and "pattern" not in schema
    return Edit({**schema, "not": {"enum": ["zz"]}}, ("not",)) if free else None


def _mapping_changed(schema: Object, setting: Setting) -> Edit | None:
    discriminator = schema.get("discriminator")
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    if not isinstance(mapping, dict) or not mapping:
        return None
    name = setting.chance.choice(sorted(mapping))
    moved = {**without(mapping, name), f"zz-{name}": mapping[name]}
    return Edit({**schema, "discriminator": {**discriminator, "mapping": moved}}, ("discriminator",))


def _discriminator_changed(schema: Object, setting: Setting) -> Edit | None:
    discriminator = schema.get("discriminator")
    if not isinstance(discriminator, dict) or _member(schema) is None:
        return None
    return Edit({**schema, "discriminator": {**discriminator, "propertyName": _NEW}}, ("discriminator",))


def _only_3_1(keyword: str, value: Tree, *kinds: str) -> Callable[[Object, Setting], Edit | None]:
    """Adds a keyword that only OpenAPI 3.1 has."""

    def change(schema: Object, setting: Setting) -> Edit | None:
        if setting.is_3_0 or keyword in schema or not _is(schema, *kinds):
            return None
        return Edit({**schema, keyword: value}, (keyword,))

    return change


SCHEMA_OPERATORS = (
    Operator("maxLength less", "schema", REQUEST, _narrowed("string", "maxLength", _less("maxLength", "minLength", 3))),
    Operator("minLength more", "schema", REQUEST, _narrowed("string", "minLength", _more("minLength", "maxLength"))),
    Operator("maxItems less", "schema", REQUEST, _narrowed("array", "maxItems", _less("maxItems", "minItems", 3))),
    Operator("minItems more", "schema", REQUEST, _narrowed("array", "minItems", _more("minItems", "maxItems"))),
    Operator("maxProperties less", "schema", REQUEST, _narrowed("object", "maxProperties", _less("maxProperties", "minProperties", 0))),
    Operator("minProperties more", "schema", REQUEST, _narrowed("object", "minProperties", _more("minProperties", "maxProperties"))),
    Operator("maximum less", "schema", REQUEST, _maximum),
    Operator("minimum more", "schema", REQUEST, _minimum),
    Operator("multipleOf new", "schema", REQUEST, _step),
    Operator("pattern new", "schema", REQUEST, _pattern),
    Operator("uniqueItems new", "schema", REQUEST, _unique),
    Operator("not new", "schema", REQUEST, _negated),
    Operator("enum value gone", "schema", REQUEST, _value_gone),
    Operator("enum new", "schema", REQUEST, _values_new),
    Operator("enum values exchanged", "schema", BOTH, _values_exchanged),
    Operator("type changed", "schema", BOTH, _type_changed, is_exact=True),
    Operator("value becomes array", "schema", BOTH, _became_array, is_exact=True),
    Operator("number to integer", "schema", REQUEST, _type_narrowed),
    Operator("integer to number", "schema", RESPONSE, _type_widened),
    Operator("type no longer stated", "schema", RESPONSE, _types_gone, is_exact=True),
    Operator("items changed", "schema", BOTH, _items_changed, is_exact=True),
    Operator("null forbidden", "schema", REQUEST, _null_forbidden),
    Operator("null allowed", "schema", RESPONSE, _null_allowed, is_exact=True),
    Operator("encoding changed", "schema", BOTH, _encoding),
    Operator("object closed", "schema", REQUEST, _closed),
    Operator("required property new", "schema", REQUEST, _required_added),
    Operator("required property gone", "schema", RESPONSE, _property_gone),
    Operator("property refused", "schema", REQUEST, _property_refused),
    Operator("property required", "schema", REQUEST, _property_required),
    Operator("property optional", "schema", RESPONSE, _property_optional),
    Operator("writeOnly of a required property", "schema", RESPONSE, _write_only_set),
    Operator("readOnly lost", "schema", REQUEST, _read_only_lost),
    Operator("union member gone", "schema", REQUEST, _member_gone),
    Operator("union member new", "schema", RESPONSE, _member_new, is_exact=True),
    Operator("mapping changed", "schema", BOTH, _mapping_changed),
    Operator("discriminator changed", "schema", BOTH, _discriminator_changed),
    Operator("dependentRequired new", "schema", REQUEST, _only_3_1("dependentRequired", {"zzA": ["zzB"]}, "object")),
    Operator("propertyNames new", "schema", REQUEST, _only_3_1("propertyNames", {"maxLength": 2}, "object")),
    Operator("contains new", "schema", REQUEST, _only_3_1("contains", {"const": "zz"}, "array")),
)  # fmt: skip
