"""Names for constraints and tuples inside other types, such as the items of a list.

Generated models can state constraints on a field or on a named type only, so a constrained type anywhere else becomes
an alias of its own, named after the field it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile

from clientsmith.api.model.expressions import children, has_tuple, members, union, without_null
from clientsmith.api.model.naming import Scope, pascal_case, schema_forms
from clientsmith.api.model.types import (
    NONE,
    ConstrainedType,
    Field,
    ListType,
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
from clientsmith.api.names.keeper import NameKeeper, Wish
from clientsmith.api.names.kept import Thing
from clientsmith.api.schemas.sources import Sources, TypeSource, option

_PLAIN_ITEMS = frozenset({"str", "int", "bool"})


@dataclass(frozen=True, slots=True)
class Owner:
    """What a schema is known by from release to release, and what it was made from."""

    thing: Thing
    source: TypeSource


def hoist(
    schemas: Iterable[Schema],
    scope: Scope,
    owners: Mapping[str, Owner],
    known: Sources,
    keeper: NameKeeper,
) -> list[Schema]:
    """The schemas with every inner constrained type replaced by an alias, and those aliases.

    `owners` are the schemas by name. An alias is known by its owner and its place in there; members of unions count by
    what they are, not by position.
    """
    hoister = _Hoister(scope, owners, known, keeper)
    return [hoister.schema(schema) for schema in schemas] + hoister.made


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the type of a schema: what its name by rule and its lasting name add to that of the schema.

    `keys` are those of the members of unions that lead to it.
    """

    owner: ModelClass | TypeAlias
    rule: str
    lasting: str
    keys: tuple[str, ...]

    def below(self, text: str) -> _Place:
        return replace(self, rule=f"{self.rule}{text}", lasting=f"{self.lasting}{text}")

    def member(self, number: int, keys: tuple[str, ...], kind: str) -> _Place:
        """A member of a union at this place: its position, its keys, and what tells it from others of these."""
        own = keys[len(self.keys) :] if keys[: len(self.keys)] == self.keys else keys
        lasting = "".join(map(option, own or (kind,)))
        return replace(
            self, rule=f"{self.rule}{option(number)}", lasting=f"{self.lasting}{lasting}", keys=keys
        )


@dataclass(slots=True)
class _Hoister:
    scope: Scope
    owners: Mapping[str, Owner]
    known: Sources
    keeper: NameKeeper
    made: list[Schema] = field(default_factory=list[Schema])

    def schema(self, schema: Schema) -> Schema:
        is_sent = schema.direction == "request"
        keys = self.known.choice_keys(self.owners[schema.name].source) if is_sent else ()
        place = _Place(schema, "", "", keys)
        if isinstance(schema, TypeAlias):
            return replace(schema, type=self._outer(schema.type, place))
        fields = tuple(
            replace(item, type=self._field(item, place.below(pascal_case(item.wire, "Field"))))
            for item in schema.fields
        )
        return replace(schema, fields=fields)

    def _field(self, field: Field, place: _Place) -> TypeExpr:
        """A tuple may stay at the top of a field if its items have names."""
        if not has_tuple(field.type) or _is_plain_tuple(field):
            return self._outer(field.type, place)
        alias = self._claim(place)
        kind = self._outer(without_null(field.type), place)
        self.made.append(TypeAlias(alias, place.owner.direction, kind, place.owner.pointer))
        return union([NamedType(alias), *(member for member in members(field.type) if member == NONE)])

    def _claim(self, place: _Place) -> str:
        owner = self.owners[place.owner.name]
        base, rest = owner.thing
        thing = base, f"{rest}+{place.lasting}"
        is_new = self.keeper.is_bound and self.keeper.kept("classes", thing) is None
        name = f"{place.owner.name}{place.lasting if is_new else place.rule}"
        first, *others = schema_forms(name, place.owner.direction)
        label = f"a type of {place.owner.name}"
        return self.keeper.settle_one(
            "classes", Wish(thing, first, label, owner.source.node, others=tuple(others)), self.scope
        )

    def _outer(self, expression: TypeExpr, place: _Place) -> TypeExpr:
        """A constrained type may stay at the top of a field, alone or beside null."""
        plain = [member for member in members(expression) if member != NONE]
        if len(plain) == 1 and isinstance(plain[0], ConstrainedType):
            inner = replace(plain[0], base=self._below(plain[0].base, place))
            if not isinstance(place.owner, TypeAlias) or len(members(expression)) == 1:
                return self._nullable(inner) if NONE in members(expression) else inner
        return self._inner(expression, place)

    def _nullable(self, constrained: ConstrainedType) -> TypeExpr:
        return replace(constrained, base=union([constrained.base, NONE]))

    def _below(self, expression: TypeExpr, place: _Place) -> TypeExpr:
        match expression:
            case ListType(items=items):
                return ListType(self._inner(items, place.below("Item")))
            case TupleType(items=listed):
                numbered = enumerate(listed, start=1)
                return TupleType(
                    tuple(self._below(item, place.below(str(number))) for number, item in numbered)
                )
            case MapType(values=values):
                return MapType(self._inner(values, place.below("Value")))
            case UnionType(members=listed):
                return union(
                    self._inner(member, place.member(number, self._keys(member), _kind(member)))
                    for number, member in enumerate(listed, start=1)
                )
            case _:
                return expression

    def _inner(self, expression: TypeExpr, place: _Place) -> TypeExpr:
        if not isinstance(expression, ConstrainedType):
            return self._below(expression, place)
        alias = self._claim(place)
        kind = replace(expression, base=self._below(expression.base, place))
        self.made.append(TypeAlias(alias, place.owner.direction, kind, place.owner.pointer))
        return NamedType(alias)

    def _keys(self, member: TypeExpr) -> tuple[str, ...]:
        """The keys of the members of unions that all constrained types in a member have in common."""
        every = [self.known.choice_keys(self.known.by_key[one.source]) for one in _constrained(member)]
        return tuple(same[0] for same in takewhile(lambda keys: len({*keys}) == 1, zip(*every, strict=False)))


def _kind(expression: TypeExpr) -> str:
    """A word for the JSON type of the values, as one schema may allow values of several."""
    base = expression.base if isinstance(expression, ConstrainedType) else expression
    return pascal_case(base.name if isinstance(base, ScalarType) else type(base).__name__, "")


def _constrained(expression: TypeExpr) -> Iterator[ConstrainedType]:
    if isinstance(expression, ConstrainedType):
        yield expression
    for child in children(expression):
        yield from _constrained(child)


def _is_plain_tuple(field: Field) -> bool:
    kind = field.type
    return (
        isinstance(kind, TupleType)
        and kind.items != ()
        and all(
            isinstance(item, NamedType) or (isinstance(item, ScalarType) and item.name in _PLAIN_ITEMS)
            for item in kind.items
        )
    )
