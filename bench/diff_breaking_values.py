"""Operators that each make one breaking change in what a single value may be."""

from __future__ import annotations

from decimal import Decimal

from diff_limits import LISTS, less, more, narrowed, only_3_1, states
from diff_operators import BOTH, REQUEST, RESPONSE, Edit, Object, Operator, Setting, without
from diff_places import Tree, is_list, is_object, resolved, types_of


def _number(schema: Object, *keywords: str) -> Decimal | None:
    for keyword in keywords:
        value = schema.get(keyword)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return Decimal(str(value))
    return None


def _maximum(schema: Object, setting: Setting) -> Edit | None:
    least, most = _number(schema, "minimum", "exclusiveMinimum"), _number(schema, "maximum")
    limit = (most if most is not None else (least or Decimal(0)) + 1000) - 1
    if (
        not states(schema, "integer", "number")
        or "exclusiveMaximum" in schema
        or limit <= (least or limit - 1)
    ):
        return None
    return Edit({**schema, "maximum": limit}, ("maximum",))


def _minimum(schema: Object, setting: Setting) -> Edit | None:
    least, most = _number(schema, "minimum"), _number(schema, "maximum", "exclusiveMaximum")
    limit = (least if least is not None else (most or Decimal(0)) - 1000) + 1
    if (
        not states(schema, "integer", "number")
        or "exclusiveMinimum" in schema
        or limit >= (most or limit + 1)
    ):
        return None
    return Edit({**schema, "minimum": limit}, ("minimum",))


def _step(schema: Object, setting: Setting) -> Edit | None:
    free = states(schema, "integer", "number") and "multipleOf" not in schema
    return Edit({**schema, "multipleOf": 7}, ("multipleOf",)) if free else None


def _pattern(schema: Object, setting: Setting) -> Edit | None:
    free = states(schema, "string") and "pattern" not in schema
    return Edit({**schema, "pattern": "^[a-z]{3}7$"}, ("pattern",)) if free else None


def _unique(schema: Object, setting: Setting) -> Edit | None:
    free = states(schema, "array") and not schema.get("uniqueItems") and schema.get("maxItems", 2) > 1
    return Edit({**schema, "uniqueItems": True}, ("uniqueItems",)) if free else None


_NAMES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float, Decimal),
}


def _listed(schema: Object) -> list[Tree]:
    """The listed values that the stated type allows."""
    stated = types_of(schema)
    fitting = [_NAMES[one] for one in stated if one in _NAMES]
    values = schema.get("enum")
    values = values if is_list(values) and "const" not in schema else []
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
    if not states(schema, "string") or not is_free or not isinstance(schema["type"], str):
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
    is_inline_member = setting.place.pointer[-2] in ("anyOf", "oneOf")  # it would be another member
    if not states(schema, "string", "integer", "number", "boolean") or is_inline_member:
        return None
    kind = "boolean" if types_of(schema) != ["boolean"] else "integer"
    return Edit(_typed(schema, kind), ("type",))


def _became_array(schema: Object, setting: Setting) -> Edit | None:
    if not states(schema, "string", "integer", "object") or setting.place.pointer[-2] in (
        "allOf",
        "anyOf",
        "oneOf",
    ):
        return None
    return Edit({"type": "array", "items": schema})


def _type_narrowed(schema: Object, setting: Setting) -> Edit | None:
    if not states(schema, "number") or "multipleOf" in schema:
        return None
    return Edit(_typed(schema, "integer"), ("type",))


def _type_widened(schema: Object, setting: Setting) -> Edit | None:
    if not states(schema, "integer") or "multipleOf" in schema:
        return None
    return Edit(_typed(schema, "number"), ("type",))


def _types_gone(schema: Object, setting: Setting) -> Edit | None:
    free = states(schema, "string", "boolean") and not setting.is_3_0
    return Edit(without(schema, "type"), ("type",)) if free else None


def _items_changed(schema: Object, setting: Setting) -> Edit | None:
    items = resolved(setting.tree, schema.get("items"))
    if not states(schema, "array") or not is_object(items) or schema.get("maxItems") == 0:
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
    if not is_list(stated) or "null" not in stated or len(stated) < 2 or "const" in schema:
        return None
    if None not in schema.get("enum", [None]):
        return None
    return Edit({**schema, "type": [one for one in stated if one != "null"]}, ("type",))


def _null_allowed(schema: Object, setting: Setting) -> Edit | None:
    stated = schema.get("type")
    free = isinstance(stated, str) and stated != "null" and not any(one in schema for one in LISTS)
    if not free or schema.get("nullable"):
        return None
    if setting.is_3_0:
        return Edit({**schema, "nullable": True}, ("nullable",))
    return Edit({**schema, "type": [stated, "null"]}, ("type",))


def _encoding(schema: Object, setting: Setting) -> Edit | None:
    if not states(schema, "string") or "contentEncoding" in schema or schema.get("format", "byte") != "byte":
        return None
    if "format" in schema:
        return Edit(without(schema, "format"), ("format",))
    if setting.is_3_0:
        return Edit({**schema, "format": "byte"}, ("format",))
    return Edit({**schema, "contentEncoding": "base64url"}, ("contentEncoding",))


def _negated(schema: Object, setting: Setting) -> Edit | None:
    free = states(schema, "string") and "not" not in schema and "pattern" not in schema
    return Edit({**schema, "not": {"enum": ["zz"]}}, ("not",)) if free else None


VALUE_OPERATORS = (
    Operator(
        "maxLength less",
        "schema",
        REQUEST,
        narrowed("string", "maxLength", less("maxLength", "minLength", 3)),
    ),
    Operator(
        "minLength more", "schema", REQUEST, narrowed("string", "minLength", more("minLength", "maxLength"))
    ),
    Operator(
        "maxItems less", "schema", REQUEST, narrowed("array", "maxItems", less("maxItems", "minItems", 3))
    ),
    Operator("minItems more", "schema", REQUEST, narrowed("array", "minItems", more("minItems", "maxItems"))),
    Operator("maximum less", "schema", REQUEST, _maximum),
    Operator("minimum more", "schema", REQUEST, _minimum),
    Operator("multipleOf new", "schema", REQUEST, _step),
    Operator("pattern new", "schema", REQUEST, _pattern),
    Operator("uniqueItems new", "schema", REQUEST, _unique),
    Operator("not new", "schema", REQUEST, _negated),
    Operator("enum value gone", "schema", REQUEST, _value_gone),
    Operator("enum new", "schema", REQUEST, _values_new),
    Operator("enum values exchanged", "schema", BOTH, _values_exchanged),
    Operator("type changed", "schema", BOTH, _type_changed, is_exact=True, is_wider=True),
    Operator("value becomes array", "schema", BOTH, _became_array, is_exact=True, is_wider=True),
    Operator("number to integer", "schema", REQUEST, _type_narrowed),
    Operator("integer to number", "schema", RESPONSE, _type_widened, is_wider=True),
    Operator("type no longer stated", "schema", RESPONSE, _types_gone, is_exact=True, is_wider=True),
    Operator("items changed", "schema", BOTH, _items_changed, is_exact=True),
    Operator("null forbidden", "schema", REQUEST, _null_forbidden),
    Operator("null allowed", "schema", RESPONSE, _null_allowed, is_exact=True, is_wider=True, is_null=True),
    Operator("encoding changed", "schema", BOTH, _encoding),
    Operator("contains new", "schema", REQUEST, only_3_1("contains", {"const": "zz"}, "array")),
)
