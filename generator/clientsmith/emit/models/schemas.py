"""The API's schemas as a plain document for datamodel-code-generator: every name final, nothing left for it to decide.

Only constructs whose output is known are used: object, array, map, union, literal, scalar, reference. Nothing of the
original document but names, values and descriptions comes through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clientsmith.api.model.expressions import without_null
from clientsmith.api.model.types import (
    ConstrainedType,
    Constraints,
    Field,
    ListType,
    LiteralType,
    MapType,
    ModelClass,
    NamedType,
    ScalarType,
    Schema,
    TupleType,
    TypeAlias,
    TypeExpr,
    UnionType,
)
from clientsmith.emit.models.models_worker import RUNTIME
from clientsmith.emit.models.own_aliases import own_aliases
from clientsmith.emit.text.literals import paragraphs
from clientsmith.emit.text.objects_for_text import TEXTS

_SCALARS: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "Decimal": {"type": "number", "format": "decimal"},
    "ExactNumber": {"type": "number", "customTypePath": f"{RUNTIME}.ExactNumber"},
    "bool": {"type": "boolean"},
    # Files of multipart bodies come in several Python forms; the runtime knows them, the model lets them through.
    "bytes": {},
    "Base64": {"type": "string", "format": "byte"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "None": {"type": "null"},
    "Any": {},
}
_CONSTRAINTS = {
    "minimum": "minimum", "maximum": "maximum", "exclusive_minimum": "exclusiveMinimum",
    "exclusive_maximum": "exclusiveMaximum", "multiple_of": "multipleOf", "min_length": "minLength",
    "max_length": "maxLength", "pattern": "pattern", "min_items": "minItems", "max_items": "maxItems",
}  # fmt: skip
_TOKENS = frozenset({"minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "multiple_of"})
_STAND_IN: dict[str, Any] = {"type": "string"}
"""What the library gets instead of an alias that it cannot spell."""

BASE_CLASSES = {("request", False): "RequestModel", ("request", True): "OpenRequestModel"}
RESPONSE_BASE = "ResponseModel"


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What the models process needs: the document, a base class per class, and the Python name per property."""

    schemas: dict[str, Any]
    bases: dict[str, str]
    aliases: dict[str, str]

    def to_json(self) -> str:
        """The request on the wire."""
        return json.dumps({"schemas": self.schemas, "bases": self.bases, "aliases": self.aliases})


def model_request(schemas: Iterable[Schema]) -> ModelRequest:
    """The request for all schemas of an API."""
    listed = list(schemas)
    classes = [schema for schema in listed if isinstance(schema, ModelClass)]
    stand_ins = {
        name: _described(_STAND_IN, alias.description) for name, alias in own_aliases(listed).items()
    }
    return ModelRequest(
        schemas={schema.name: _definition(schema) for schema in listed} | stand_ins,
        bases={schema.name: base_class(schema) for schema in classes},
        aliases={
            f"{schema.name}.{field.wire}": field.name
            for schema in classes
            for field in schema.fields
            if field.wire != field.name
        },
    )


def base_class(schema: ModelClass) -> str:
    """The runtime class that a model derives from."""
    return RESPONSE_BASE if schema.direction == "response" else BASE_CLASSES["request", schema.open]


def class_extra(schema: ModelClass) -> dict[str, Any]:
    """What a class says to the runtime's base classes."""
    extra: dict[str, Any] = {"x-closed": True} if schema.closed else {}
    extra |= {"x-decimals": True} if schema.decimals else {}
    return extra | ({"x-read-only": list(schema.read_only)} if schema.read_only else {})


def _definition(schema: Schema) -> dict[str, Any]:
    if isinstance(schema, TypeAlias):
        return _described(_schema(schema.type), schema.description)
    definition: dict[str, Any] = {
        "type": "object",
        "properties": {field.wire: _property(field, schema) for field in schema.fields},
        "required": [field.wire for field in schema.fields if field.required],
    }
    definition |= class_extra(schema)
    return _described(definition, schema.description)


def _property(field: Field, owner: ModelClass) -> dict[str, Any]:
    # A field that may be left out comes out as `T | None` whether null is in its type or not.
    kind = field.type if field.required else without_null(field.type)
    definition = _described(_schema(kind), field.description)
    if field.deprecated:
        definition["deprecated"] = True
    if owner.direction == "request" and field.nullable and not field.required:
        definition["x-nullable"] = True
    if _is_file(field.type) and not (field.nullable and field.required):
        definition["x-file"] = True
    return definition


def _is_file(expression: TypeExpr) -> bool:
    """Whether a field takes files, which its annotation does not say."""
    match expression:
        case ListType(items=inner) | ConstrainedType(base=inner):
            return _is_file(inner)
        case UnionType(members=(inner, ScalarType(name="None"))):
            return _is_file(inner)
        case _:
            return expression == ScalarType("bytes")


def _described(definition: dict[str, Any], description: str) -> dict[str, Any]:
    text = "\n".join(paragraphs(description))
    if not text:
        return dict(definition)
    return {**definition, "description": text}


def _schema(expression: TypeExpr) -> dict[str, Any]:
    match expression:
        case ScalarType(stands_for=kind) if kind in TEXTS:
            return {"type": "string", "customTypePath": f"{RUNTIME}.{TEXTS[kind]}"}
        case ScalarType(name=name):
            return dict(_SCALARS[name])
        case LiteralType(values=values):
            return {"enum": list(values)}
        case ListType(items=items):
            return {"type": "array", "items": _schema(items)}
        case TupleType(items=listed):
            count = len(listed)
            prefix = [_schema(item) for item in listed]
            return {"type": "array", "prefixItems": prefix, "minItems": count, "maxItems": count}
        case MapType(values=values):
            return {"type": "object", "additionalProperties": _schema(values)}
        case UnionType(members=members):
            texts = dict.fromkeys(json.dumps(_schema(member)) for member in members)
            return {"anyOf": [json.loads(text) for text in texts]}
        case NamedType(name=name):
            return {"$ref": f"#/components/schemas/{name}"}
        case ConstrainedType(
            base=UnionType(members=(base, ScalarType(name="None"))), constraints=constraints
        ):
            # Beside `anyOf` the bounds would become a type of their own; beside a list of types they stay on the field.
            definition = _schema(base)
            return {**definition, "type": [definition["type"], "null"], **_keywords(constraints)}
        case ConstrainedType(base=base, constraints=constraints):
            return {**_schema(base), **_keywords(constraints)}


def _keywords(constraints: Constraints) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for attribute, keyword in _CONSTRAINTS.items():
        value = getattr(constraints, attribute)
        if value is not None:
            found[keyword] = _number(value) if attribute in _TOKENS else value
    return found


def _number(token: str) -> int | float:
    """A number as Python writes it digit by digit: 1e+30 is an integer, and no float."""
    number = Decimal(token)
    return int(number) if number == number.to_integral_value() else float(number)
