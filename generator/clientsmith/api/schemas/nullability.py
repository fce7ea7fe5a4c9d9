"""Whether null is a value of a schema, whose unions may let it in far down; no type is decided here."""

from __future__ import annotations

from dataclasses import dataclass, field

from clientsmith.api.schemas.sources import Sources, TypeSource
from clientsmith.jsonschema.keywords import is_null


@dataclass(frozen=True, slots=True)
class Nullability:
    """Answers for the sources of one document, each union walked once."""

    sources: Sources
    _known: dict[str, bool] = field(default_factory=dict[str, bool])

    def is_value(self, start: TypeSource) -> bool:
        """Whether null is a value: said by the schema itself or by any member of its unions, however far down."""
        above: dict[str, str | None] = {start.key: None}
        pending = [start]
        while pending:
            source = pending.pop()
            known = self._known.get(source.key)
            if known is False:
                continue
            inner = self._members(source)
            if known or inner is None:
                key: str | None = source.key
                while key is not None:
                    self._known[key] = True
                    key = above[key]
                return True
            for member in inner:
                if member.key not in above:
                    above[member.key] = source.key
                    pending.append(member)
        self._known.update(dict.fromkeys(above, False))
        return False

    def _members(self, source: TypeSource) -> list[TypeSource] | None:
        """The members of the unions of a schema; None where null is among them."""
        shape = self.sources.shape(source)
        if shape.nullable:
            return None
        found: list[TypeSource] = []
        for member in (member for group in shape.groups for member in group.node.elements()):
            target, nullable, _ = self.sources.reader.canonical(member)
            if nullable or is_null(target):
                return None
            found.append(self.sources.of(target))
        return found
