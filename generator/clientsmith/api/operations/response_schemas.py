"""The JSON Schemas that a client checks responses against if it is asked to."""

from __future__ import annotations

from dataclasses import dataclass, field

from clientsmith.api.model.api import EmbeddedSchema
from clientsmith.api.operations.embedded_schemas import EmbeddedSchemas, texts
from clientsmith.document.model import Node
from clientsmith.jsonschema.dialect import Direction
from clientsmith.jsonschema.keywords import Plain


@dataclass(slots=True)
class ResponseSchemas(EmbeddedSchemas):
    """Collects the schemas of JSON responses and all that these refer to."""

    direction: Direction = "response"
    _combined: dict[str, Plain] = field(default_factory=dict[str, "Plain"])

    def key(self, schema: Node) -> str:
        """The key of a response's schema: the name of the component if it only refers to one, else the pointer."""
        return self.plain.key(self.target(schema))

    def either(self, first: str | None, second: str | None) -> str | None:
        """The key of what fits one of two schemas or both; without a schema everything fits."""
        if first is None or second is None or first == second:
            return first and second
        key = f"{first} {second}"
        self._combined[key] = {"anyOf": [{"$ref": first}, {"$ref": second}]}
        return key

    def finish(self) -> tuple[EmbeddedSchema, ...]:
        """Every schema asked for and every one that they refer to, by key."""
        return texts(self.plain.finish() | self._combined)

    def left_out(self, node: Node) -> None:
        """Note that a keyword cannot be checked."""
        self.diagnostics.note(
            "keyword-not-checked",
            "no validation mode checks this of a response: it cannot be checked safely",
            node.place,
        )
