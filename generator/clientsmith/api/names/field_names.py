"""The Python names of properties, each decided once for both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clientsmith.api.model.naming import FIELD_RESERVED
from clientsmith.api.names.keeper import NameKeeper, Wish
from clientsmith.api.schemas.properties import PropertyReader
from clientsmith.api.schemas.sources import Sources, TypeSource
from clientsmith.jsonschema.shape import Shape


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Gives properties the names that they had, and names by rule to new ones."""

    sources: Sources
    properties: PropertyReader
    keeper: NameKeeper
    _known: dict[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])

    def of(self, source: TypeSource, shape: Shape) -> Mapping[str, str]:
        """The name of each property of a source, by wire name."""
        known = self._known.get(source.key)
        if known is None:
            base, way = self.sources.thing(source)
            by_rule, collisions = self.properties.names(shape)
            wishes = [
                Wish((base, f"{way}#{wire}"), name, f"the property '{wire:.80}'", shape.properties[wire][0])
                for wire, name in by_rule.items()
            ]
            names = self.keeper.settle("fields", wishes, reserved=FIELD_RESERVED)
            known = self._known[source.key] = dict(zip(by_rule, names, strict=True))
            for collision in collisions:
                self.properties.report(shape, collision, known)
        return known
