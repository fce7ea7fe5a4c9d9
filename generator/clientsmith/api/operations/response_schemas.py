"""The JSON Schemas that a client holds responses against where it is asked to: one text per schema, by a stable key."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from clientsmith.api.model.api import ResponseSchema
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node, render_pointer
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.jsonschema.dialect import ExportOptions, JsonSchemaExport, Plain
from clientsmith.jsonschema.pattern_syntax import to_rust

_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(slots=True)
class ResponseSchemas:
    """Collects the schemas of JSON responses and all that these refer to."""

    document: ResolvedDocument
    diagnostics: Diagnostics
    _plain: JsonSchemaExport = field(init=False)
    _combined: dict[str, Plain] = field(default_factory=dict[str, "Plain"])

    def __post_init__(self) -> None:
        notation = ExportOptions("{}", _key, to_rust, self._not_checked)
        self._plain = JsonSchemaExport(self.document, "response", notation)

    def key(self, schema: Node) -> str:
        """The key of a response's schema: the name of the component where it only refers to one, else the pointer."""
        schema = self.document.own(schema)
        target = self.document.ref_target(schema)
        while target is not None and (self.document.version < (3, 1) or set(schema.mapping) == {"$ref"}):
            self._plain.used.setdefault(schema.identity, {"$ref"})
            schema, target = target, self.document.ref_target(target)
        return self._plain.key(schema)

    def either(self, first: str | None, second: str | None) -> str | None:
        """The key of what fits one of two schemas or both; without a schema everything fits."""
        if first is None or second is None or first == second:
            return first and second
        key = f"{first} {second}"
        self._combined[key] = {"anyOf": [{"$ref": first}, {"$ref": second}]}
        return key

    def finish(self) -> tuple[ResponseSchema, ...]:
        """Every schema asked for and every one that they refer to, by key."""
        every = self._plain.finish() | self._combined
        return tuple(ResponseSchema(key, _text(every[key])) for key in sorted(every))

    @property
    def used(self) -> Mapping[Identity, set[str]]:
        """The keywords of each schema object that came out, after `finish`."""
        return self._plain.used

    def _not_checked(self, node: Node) -> None:
        self.diagnostics.note(
            "keyword-not-checked",
            "no validation mode checks this of a response: it cannot be checked safely",
            node.place,
        )


def _key(node: Node) -> str:
    pointer, is_root = node.pointer, node.document.is_root
    is_component = is_root and len(pointer) == 3 and pointer[:2] == ("components", "schemas")
    if is_component and _NAME.fullmatch(node.key):
        return node.key
    return ("" if is_root else f"{node.document.uri}#") + render_pointer(pointer)


def _text(schema: Plain) -> str:
    """Compact JSON; a Decimal has the digits of a float here, and so is written like one."""
    return json.dumps(schema, separators=(",", ":"), sort_keys=True, allow_nan=False, default=float)
