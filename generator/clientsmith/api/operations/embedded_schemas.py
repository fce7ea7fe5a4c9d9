"""JSON Schemas that a package carries with it, reduced to what a check needs: one text per schema, by a stable key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from clientsmith.api.model.api import EmbeddedSchema
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node, render_pointer
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.json_values.codec import Value, write
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.dialect import Direction, ExportOptions, JsonSchemaExport
from clientsmith.jsonschema.discriminator import component_key
from clientsmith.jsonschema.keywords import ALL_OF, FORMAT_KEYWORDS, Plain
from clientsmith.jsonschema.pattern_syntax import to_rust
from clientsmith.jsonschema.reader import SchemaReader

_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(slots=True)
class EmbeddedSchemas:
    """Collects the schemas of one direction and all that these refer to."""

    document: ResolvedDocument
    diagnostics: Diagnostics
    direction: Direction
    plain: JsonSchemaExport = field(init=False)
    reader: SchemaReader = field(init=False)
    branches: Branches = field(init=False)

    def __post_init__(self) -> None:
        notation = ExportOptions("{}", key_of, to_rust, self.left_out)
        self.plain = JsonSchemaExport(self.document, self.direction, notation)
        self.reader = SchemaReader(self.document)
        self.branches = Branches(self.reader)

    def target(self, schema: Node) -> Node:
        """The schema that another one means which only refers to it."""
        schema = self.document.own(schema)
        target = self.document.ref_target(schema)
        while target is not None and (self.document.version < (3, 1) or set(schema.mapping) == {"$ref"}):
            self.plain.used.setdefault(schema.identity, set()).update(
                schema.mapping.keys() & {"$ref", "nullable"}
            )
            schema, target = target, self.document.ref_target(target)
        return schema

    def use_format(self, schema: Node) -> None:
        """Count the keywords that state a format as used: they decide how a body is written; no check needs them."""
        for node in self.reader.marks(schema):
            said = node.mapping.keys() & {"$ref", ALL_OF, *FORMAT_KEYWORDS}
            self.plain.used.setdefault(node.identity, set()).update(said)

    def finish(self) -> tuple[EmbeddedSchema, ...]:
        """Every schema asked for and every one that they refer to, by key."""
        return texts(self.plain.finish())

    def used(self) -> Mapping[Identity, set[str]]:
        """The keywords of each schema object that a check, or a type that says as much, is made from."""
        return self.plain.used

    def left_out(self, node: Node) -> None:
        """Note that a keyword cannot be checked."""
        raise NotImplementedError


def texts(schemas: dict[str, Plain]) -> tuple[EmbeddedSchema, ...]:
    """Schemas as compact JSON with all digits of their numbers, keys in alphabetical order."""
    return tuple(EmbeddedSchema(key, write(_sorted(schemas[key]))) for key in sorted(schemas))


def _sorted(value: Plain) -> Value:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def key_of(node: Node) -> str:
    """The name of a component, else the pointer."""
    component = component_key(node)
    if component is not None and _NAME.fullmatch(component):
        return component
    return ("" if node.document.is_root else f"{node.document.uri}#") + render_pointer(node.pointer)
