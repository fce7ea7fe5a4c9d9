"""The JSON Schemas that a client checks requests against: those that say more than its models do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clientsmith.api.operations.embedded_schemas import EmbeddedSchemas, key_of
from clientsmith.api.schemas.rest import Rests
from clientsmith.api.schemas.sources import Sources
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.jsonschema.dialect import Direction, ExportOptions, JsonSchemaExport


@dataclass(slots=True)
class RequestSchemas(EmbeddedSchemas):
    """Collects the schemas of bodies and parameters; which of them have a rest is known once all types are made."""

    direction: Direction = "request"
    _asked: dict[str, Node] = field(default_factory=dict[str, Node])

    def key(self, schema: Node) -> str:
        """The key of a schema, to be kept only if `keep` says so."""
        target = self.target(schema)
        key = key_of(target)
        self._asked[key] = target
        return key

    def keep(self, sources: Sources) -> frozenset[str]:
        """The keys of the schemas that have a rest, which alone are carried."""
        rests = Rests(sources)
        for node in rests.out_of_reach(self._asked.values()):
            self.left_out(node)
        kept = frozenset(key for key, schema in self._asked.items() if rests.has(schema))
        for key in kept:
            self.plain.key(self._asked[key])
        return kept

    def used(self) -> Mapping[Identity, set[str]]:
        """Those of schemas without a rest too: their models say all that a check would."""
        whole = JsonSchemaExport(self.document, "request", ExportOptions(pattern=lambda pattern: pattern))
        whole.used |= self.plain.used
        for schema in self._asked.values():
            whole.key(schema)
        whole.finish()
        return whole.used

    def left_out(self, node: Node) -> None:
        """Note that a keyword cannot be checked."""
        self.diagnostics.note(
            "keyword-not-enforced",
            "the client does not check this before it sends, as it cannot be checked safely; the server will",
            node.place,
        )
