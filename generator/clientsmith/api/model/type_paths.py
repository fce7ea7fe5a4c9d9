"""Walking through types by wire names: what stands at a place in a body, and what its values can be; no reporting."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from typing import TypeAlias as Alias

from clientsmith.api.model.expressions import union
from clientsmith.api.model.types import (
    ANY,
    NONE,
    ConstrainedType,
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

Kind: Alias = Literal["text", "number", "boolean"]
_KINDS: dict[str, Kind] = {
    "str": "text", "bytes": "text", "Base64": "text", "datetime": "text", "date": "text",
    "int": "number", "float": "number", "Decimal": "number", "ExactNumber": "number", "bool": "boolean",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypePaths:
    """Answers for the schemas of an API, by their final names."""

    schemas: Mapping[str, Schema]

    def step(self, expression: TypeExpr, step: str) -> TypeExpr | None:
        """The type of a property or an item, where at least one alternative has it."""
        found: list[TypeExpr] = []
        for plain in self.alternatives(expression):
            made = self.class_of(plain)
            if made is not None:
                found += [field.type for field in made.fields if field.wire == step]
            elif isinstance(plain, MapType):
                found.append(plain.values)
            elif isinstance(plain, ListType) and step.isascii() and step.isdigit():
                found.append(plain.items)
            elif isinstance(plain, TupleType) and step.isascii() and step.isdigit():
                found += plain.items[int(step[:9]) :][:1]
        return union(found) if found else None

    def items(self, expression: TypeExpr) -> TypeExpr | None:
        """The type of the items, where at least one alternative is an array."""
        found: list[TypeExpr] = []
        for plain in self.alternatives(expression):
            if isinstance(plain, ListType):
                found.append(plain.items)
            elif isinstance(plain, TupleType):
                found += plain.items
        return union(found) if found else None

    def is_object(self, expression: TypeExpr) -> bool:
        """Whether all alternatives but null are objects with declared properties."""
        return all(plain == NONE or self.class_of(plain) for plain in self.alternatives(expression))

    def kinds(self, expression: TypeExpr) -> set[Kind]:
        """What the values can be, as far as that can be compared."""
        found: set[Kind] = set()
        for plain in self.alternatives(expression):
            if plain == ANY:
                found |= set(_KINDS.values())
            elif isinstance(plain, LiteralType):
                found |= {_KINDS[type(value).__name__] for value in plain.values}
            elif isinstance(plain, ScalarType) and plain != NONE:
                found.add(_KINDS[plain.name])
        return found

    def by_pattern(self, expression: TypeExpr) -> TypeExpr | None:
        """The type of the members that have one by a pattern, if some alternative tells its members apart by name."""
        aliases = (one for one in self._opened(expression) if isinstance(one, TypeAlias))
        found = [member.type for alias in aliases for member in alias.by_name if member.type != ANY]
        return union(found) if found else None

    def alternatives(self, expression: TypeExpr) -> Iterator[TypeExpr]:
        """The members of a type behind aliases, unions and constraints; classes stay names."""
        return (one for one in self._opened(expression) if not isinstance(one, TypeAlias))

    def _opened(self, expression: TypeExpr) -> Iterator[TypeExpr | TypeAlias]:
        """The members of a type, and the aliases that they are behind."""
        seen: set[str] = set()
        pending = [expression]
        while pending:
            current = pending.pop()
            if isinstance(current, UnionType):
                pending += reversed(current.members)
            elif isinstance(current, ConstrainedType):
                pending.append(current.base)
            elif isinstance(current, NamedType) and self.class_of(current) is None:
                alias = self.schemas[current.name]
                if not isinstance(alias, ModelClass) and alias.name not in seen:
                    seen.add(alias.name)
                    pending.append(alias.type)
                    yield alias
            else:
                yield current

    def class_of(self, expression: TypeExpr) -> ModelClass | None:
        """The class that a name stands for."""
        schema = self.schemas.get(expression.name) if isinstance(expression, NamedType) else None
        return schema if isinstance(schema, ModelClass) else None

    def hint(self, expression: TypeExpr, wanted: str) -> str:
        """What may have been meant by a property that is not there."""
        classes = [made for it in self.alternatives(expression) if (made := self.class_of(it)) is not None]
        known = sorted({field.wire for made in classes for field in made.fields})
        close = difflib.get_close_matches(wanted, known, 1)
        if close:
            return f"did you mean {close[0]!r:.80}?"
        listed = ", ".join(f"{name:.80}" for name in known[:10])
        return f"its properties are {listed}" if known else "no properties are declared there"
