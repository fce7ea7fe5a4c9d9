"""Members of a `oneOf` that overlap, and listed values that no value of the declared type can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.listed_values import LISTS, as_read, fits_type
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.instances import Instances, NoInstanceError
from clientsmith.jsonschema.keywords import elements, is_null
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.validators import Schemas

_MOST_MEMBERS = 12
"""A union of more members would have to be tried in too many pairs."""


@dataclass(slots=True)
class ValueRules:
    """Rules that try values; what they make of a schema is kept."""

    resolved: ResolvedDocument
    diagnostics: Diagnostics
    _reader: SchemaReader = field(init=False)
    _schemas: Schemas = field(init=False)
    _instances: Instances = field(init=False)

    def __post_init__(self) -> None:
        self._reader = SchemaReader(self.resolved)
        self._schemas = Schemas(self.resolved)
        self._instances = Instances(self.resolved, self._schemas)

    def check(self, schema: Node) -> None:
        """Report what one Schema Object lists or chooses between in vain."""
        self._listed(schema)
        if "discriminator" not in schema.mapping:
            self._overlapping(schema)

    def _listed(self, schema: Node) -> None:
        if schema.mapping.keys().isdisjoint(LISTS) or self._reader.is_bare_reference(schema):
            return
        shape = self._reader.shape(self._reader.parts(schema))
        if shape.types is None:
            return
        types = [*sorted(shape.types), *(["null"] if shape.nullable else [])]
        for member in _members(schema):
            if not fits_type(member.value, types):
                message = f"{as_read(member)}, which can never match: the type is {' or '.join(types)}"
                hint = "put it in quotes if the text is meant, else correct the type or remove the value"
                self.diagnostics.warning("value-never-matches", message, member.place, hint=hint)

    def _overlapping(self, schema: Node) -> None:
        members = [one for one in elements(schema, "oneOf") if not is_null(self.resolved.deref(one))]
        if not 1 < len(members) <= _MOST_MEMBERS:
            return
        samples = [(member, self._sample(member)) for member in members]
        for (first, one), (second, other) in combinations(samples, 2):
            tried = [*one, *other, *(self._together(first, one, second, other))]
            if any(self._accepts(first, value) and self._accepts(second, value) for value in tried):
                message = "a value can fit two members of this oneOf, which then refuses it"
                hint = "make the members exclude each other, add a discriminator, or use anyOf"
                related = (Related("one member", first.place), Related("the other one", second.place))
                place = schema.child("oneOf").place
                self.diagnostics.warning("overlapping-members", message, place, hint=hint, related=related)
                return

    def _sample(self, member: Node) -> list[Value]:
        """A value of a member; none if none is found."""
        try:
            return [self._instances.make(member, "request")]
        except NoInstanceError:
            return []

    def _together(self, first: Node, one: list[Value], second: Node, other: list[Value]) -> list[Value]:
        """The properties of two objects in one; not those of members that only say what is required."""
        targets = (self._reader.canonical(member)[0] for member in (first, second))
        if not all(self._reader.shape(self._reader.parts(target)).properties for target in targets):
            return []
        pairs = ((left, right) for left in one for right in other)
        return [
            {**left, **right} for left, right in pairs if isinstance(left, dict) and isinstance(right, dict)
        ]

    def _accepts(self, member: Node, value: Value) -> bool:
        known = self._schemas.can_check(member, "request")
        return known and self._schemas.is_valid(member, value, "request")


def _members(schema: Node) -> Iterator[Node]:
    yield from elements(schema, "enum")
    if "const" in schema.mapping:
        yield schema.child("const")
