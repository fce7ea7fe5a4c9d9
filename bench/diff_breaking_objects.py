"""Operators that each make one breaking change in objects and unions: members, what is required, who names whom."""

from __future__ import annotations

from diff_limits import less, more, narrowed, only_3_1, states
from diff_operators import BOTH, REQUEST, RESPONSE, Edit, Object, Operator, Setting, without
from diff_places import Tree, is_list, is_object, marks, member, resolved, types_of, value_at

_NEW = "zzNew"


def _closed(schema: Object, setting: Setting) -> Edit | None:
    is_closed = any(schema.get(one) is False for one in ("additionalProperties", "unevaluatedProperties"))
    if not states(schema, "object") or is_closed:
        return None
    return Edit({**schema, "additionalProperties": False}, ("additionalProperties",))


def _required_added(schema: Object, setting: Setting) -> Edit | None:
    others = [schema.get(one, True) for one in ("additionalProperties", "unevaluatedProperties")]
    if not states(schema, "object") or any(is_object(one) and one for one in others):
        return None
    properties = {**schema.get("properties", {}), _NEW: {"type": "string"}}
    required = [*schema.get("required", []), _NEW]
    return Edit({**schema, "properties": properties, "required": required}, ("properties", _NEW))


def _names(schema: Object, setting: Setting, *, required: bool, hidden: str) -> list[str]:
    """Properties that are required or not, those apart that the direction does not have."""
    properties = schema.get("properties")
    if not is_object(properties) or not states(schema, "object"):
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


def _required_beside(setting: Setting) -> set[str]:
    """The names that other parts of the `allOf` around a schema require."""
    pointer = setting.place.pointer
    if pointer[-2:-1] != ("allOf",):
        return set()
    parts = [resolved(setting.tree, one) for one in value_at(setting.tree, pointer[:-1])]
    return {name for one in parts if is_object(one) for name in one.get("required", [])}


def _property_required(schema: Object, setting: Setting) -> Edit | None:
    names = _names(schema, setting, required=False, hidden="readOnly")
    names = [name for name in names if name not in _required_beside(setting)]
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
        if is_object(schema["properties"][one]) and "$ref" not in schema["properties"][one]
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
        if is_object(properties)
        and is_object(properties.get(one))
        and properties[one].get("readOnly") is True
        and not marks(setting.tree, without(properties[one], "readOnly"), "readOnly")
    ]
    if not names or not is_object(properties):
        return None
    name = setting.chance.choice(names)
    inner = without(properties[name], "readOnly")
    return Edit({**schema, "properties": {**properties, name: inner}}, ("properties", name))


def _member(schema: Object) -> str | None:
    return next(
        (one for one in ("oneOf", "anyOf") if is_list(schema.get(one)) and len(schema[one]) > 1),
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


def _lists(tree: Tree, schema: Tree, name: str) -> bool:
    """Whether a schema lists the values of a property itself, here or in an `allOf`: a discriminator adds nothing."""
    found = resolved(tree, schema)
    if not is_object(found):
        return False
    stated = resolved(tree, member(found, "properties").get(name))
    is_listed = is_object(stated) and ("enum" in stated or "const" in stated)
    return is_listed or any(_lists(tree, one, name) for one in found.get("allOf") or ())


def _mapping_changed(schema: Object, setting: Setting) -> Edit | None:
    discriminator = schema.get("discriminator")
    mapping = discriminator.get("mapping") if is_object(discriminator) else None
    if not is_object(discriminator) or not is_object(mapping):
        return None
    tag = str(discriminator.get("propertyName"))
    names = [
        name for name, target in sorted(mapping.items()) if not _lists(setting.tree, {"$ref": target}, tag)
    ]
    if not names:
        return None
    name = setting.chance.choice(names)
    moved = {**without(mapping, name), f"zz-{name}": mapping[name]}
    return Edit({**schema, "discriminator": {**discriminator, "mapping": moved}}, ("discriminator",))


def _discriminator_changed(schema: Object, setting: Setting) -> Edit | None:
    discriminator, keyword = schema.get("discriminator"), _member(schema)
    if not is_object(discriminator) or keyword is None:
        return None
    tag = str(discriminator.get("propertyName"))
    if all(_lists(setting.tree, one, tag) for one in schema[keyword]):
        return None
    return Edit({**schema, "discriminator": {**discriminator, "propertyName": _NEW}}, ("discriminator",))


OBJECT_OPERATORS = (
    Operator(
        "maxProperties less",
        "schema",
        REQUEST,
        narrowed("object", "maxProperties", less("maxProperties", "minProperties", 0)),
    ),
    Operator(
        "minProperties more",
        "schema",
        REQUEST,
        narrowed("object", "minProperties", more("minProperties", "maxProperties")),
    ),
    Operator("object closed", "schema", REQUEST, _closed),
    Operator("required property new", "schema", REQUEST, _required_added),
    Operator("required property gone", "schema", RESPONSE, _property_gone),
    Operator("property refused", "schema", REQUEST, _property_refused),
    Operator("property required", "schema", REQUEST, _property_required),
    Operator("property optional", "schema", RESPONSE, _property_optional, is_wider=True),
    Operator("writeOnly of a required property", "schema", RESPONSE, _write_only_set),
    Operator("readOnly lost", "schema", REQUEST, _read_only_lost),
    Operator("union member gone", "schema", REQUEST, _member_gone),
    Operator("union member new", "schema", RESPONSE, _member_new, is_exact=True),
    Operator("mapping changed", "schema", BOTH, _mapping_changed),
    Operator("discriminator changed", "schema", BOTH, _discriminator_changed),
    Operator(
        "dependentRequired new", "schema", REQUEST, only_3_1("dependentRequired", {"zzA": ["zzB"]}, "object")
    ),
    Operator("propertyNames new", "schema", REQUEST, only_3_1("propertyNames", {"maxLength": 2}, "object")),
)
