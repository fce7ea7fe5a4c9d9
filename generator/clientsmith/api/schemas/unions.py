"""Unions: `oneOf` and `anyOf`, and base classes with their subtypes; how a value finds its member."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from clientsmith.api.model.expressions import union, without_null
from clientsmith.api.model.types import ANY, NONE, Choice, NamedType, TypeAlias, TypeExpr
from clientsmith.api.schemas.discriminators import Discriminators
from clientsmith.api.schemas.sources import Sources, TypeSource, option, pointer_of, type_key
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.uses import Direction
from clientsmith.jsonschema.keywords import asserts, is_null
from clientsmith.jsonschema.shape import Group, Part, Shape

_VARIANT_LIMIT = 200


class Lower(Protocol):
    """Gives the type of a source, by name if it is `named` in the document."""

    def __call__(self, source: TypeSource, direction: Direction, *, named: bool) -> TypeExpr: ...


@dataclass(frozen=True, slots=True)
class _Variant:
    """A member of a union, with the source that its type is made from."""

    node: Node
    source: TypeSource
    nullable: bool
    named: bool


@dataclass(slots=True)
class UnionReader:
    """Reads unions; `choices` holds what they say of their members, by provisional name, until the alias takes it."""

    sources: Sources
    diagnostics: Diagnostics
    lower: Lower
    is_class: Callable[[Shape], bool]
    discriminators: Discriminators = field(init=False)
    choices: dict[str, Choice] = field(default_factory=dict[str, Choice])
    alternatives: set[str] = field(default_factory=set[str])
    """The keys of the sources that are objects among others of a union."""
    families: list[tuple[TypeSource, TypeSource, Direction]] = field(
        default_factory=list[tuple[TypeSource, TypeSource, Direction]]
    )
    """The unions of a base class and its subtypes to define: the union's source, the base's, and the direction."""
    subtypes: dict[Direction, list[Node]] = field(default_factory=dict[Direction, list[Node]])
    """The subtypes that values are typed by in each direction; no schema refers to them."""
    _stand_ins: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self.discriminators = Discriminators(self.sources.reader, self.diagnostics)

    def read(self, source: TypeSource, shape: Shape, direction: Direction) -> TypeExpr:
        """`oneOf`/`anyOf`: each member, joined with what is beside the group."""
        group = shape.groups[0]
        beside = [_mask(part, group) for part in source.parts]
        beside = [part for part in beside if asserts(part.node, {"type", *part.masked})]
        if beside and not self._may_multiply(source, shape):
            self.sources.give_up(group.part.node, group.keyword)
            return ANY
        found: list[TypeExpr] = []
        members: list[tuple[Node, str]] = []
        classes: list[tuple[Node, str]] = []
        others = False
        variants = self._possible(self._variants(source, group, beside))
        self._tell_apart(variant.source for variant in variants if variant is not None)
        for variant in variants:
            if variant is None:
                found.append(NONE)
                continue
            expression = self.lower(variant.source, direction, named=variant.named)
            found.append(union([expression, NONE]) if variant.nullable else expression)
            plain = without_null(expression)
            if isinstance(plain, NamedType):
                members.append((variant.node, plain.name))
                if self.is_class(self.sources.shape(variant.source)):
                    classes.append((variant.node, plain.name))
            else:
                others = True
        choice = self._choice(shape, members, classes, direction)
        if choice is not None:
            binding = choice.binding and not (others and direction == "request")
            exclusive = group.keyword == "oneOf"
            choice = replace(choice, binding=binding, exclusive=exclusive)
            self.choices[type_key(source.key, direction)] = choice
        return union(found)

    def _variants(self, source: TypeSource, group: Group, beside: list[Part]) -> Iterator[_Variant | None]:
        """The members of a union, None for null."""
        for index, member in enumerate(group.node.elements()):
            if is_null(member):
                yield None
                continue
            target, nullable, by_reference = self.sources.reader.canonical(member)
            variant = self.sources.of(target)
            named = by_reference or variant.component
            if beside:
                variant, named = self._joined(source, variant, index, group.size, beside), False
            yield _Variant(target, variant, nullable, named)

    def _possible(self, variants: Iterable[_Variant | None]) -> list[_Variant | None]:
        """Those that some value satisfies beside the group; all of them if there is none, which is told of each."""
        every = list(variants)
        possible = [one for one in every if one is None or not self.sources.shape(one.source).is_impossible]
        return possible or every

    def _tell_apart(self, sources: Iterable[TypeSource]) -> None:
        """Have the names of members decide which of several objects is meant."""
        shapes = {source.key: self.sources.shape(source) for source in sources}
        objects = [key for key, shape in shapes.items() if shape.groups or "object" in shape.kinds]
        self.alternatives.update(objects if len(objects) > 1 else ())

    def says_more(self, shape: Shape, direction: Direction) -> bool:
        """Whether a union says more than its members do: which tag names them, or that an object may fit several.

        Such a union needs a name, as its alias is what says so in the package.
        """
        if not shape.groups or shape.values is not None:
            return False
        if shape.discriminator is not None:
            return True
        members = (self.sources.reader.canonical(member)[0] for member in shape.groups[0].node.elements())
        objects = [node for node in members if self._may_be_object(node)]
        if direction == "request":
            return len(objects) > 1
        return self.discriminators.implied([(node, "") for node in objects]) is not None

    def stand_in(self, source: TypeSource, direction: Direction) -> str:
        """The name of what takes a class's place: the union with its subtypes, if the document has any."""
        if source.owner is not None or not self.discriminators.subtypes(source.node):
            return type_key(source.key, direction)
        family = self.sources.derived(source, "any", f"Any{source.hint}", source.parts, source.node)
        key = type_key(family.key, direction)
        if key not in self._stand_ins:
            self._stand_ins.add(key)
            self.families.append((family, source, direction))
        return key

    def family(self, source: TypeSource, base: TypeSource, direction: Direction) -> TypeAlias:
        """The union of a base class and its subtypes; what none of them fits is the base."""
        nodes = self.discriminators.subtypes(base.node)
        self.sources.budget.spend(base.node, len(nodes))
        own = type_key(base.key, direction)
        self.sources.uses.add(base.node.child("discriminator"), direction, "propertyName", "mapping")
        subtypes: list[tuple[Node, str]] = []
        for node in nodes:
            expression = without_null(self.lower(self.sources.of(node), direction, named=True))
            if isinstance(expression, NamedType):
                subtypes.append((node, expression.name))
                self.subtypes.setdefault(direction, []).append(node)
        return TypeAlias(
            name=type_key(source.key, direction),
            direction=direction,
            type=union(NamedType(name) for name in [*(name for _, name in subtypes), own]),
            pointer=pointer_of(base.node),
            description=base.node.text("description"),
            choice=self.discriminators.family(base.node, subtypes, own, direction),
        )

    def _choice(
        self,
        shape: Shape,
        members: list[tuple[Node, str]],
        classes: list[tuple[Node, str]],
        direction: Direction,
    ) -> Choice | None:
        if shape.discriminator is not None:
            self.sources.uses.add(shape.discriminator, direction, "propertyName", "mapping")
            return self.discriminators.choice(shape.discriminator, members, direction)
        return self.discriminators.implied(classes) if direction == "response" else None

    def _may_be_object(self, node: Node) -> bool:
        shape = self.sources.shape(self.sources.of(node))
        return bool(shape.groups) or self.is_class(shape)

    def _may_multiply(self, source: TypeSource, shape: Shape) -> bool:
        variants = math.prod(group.size for group in shape.groups)
        return self.sources.may_grow(source) and source.weight * variants <= _VARIANT_LIMIT

    def _joined(
        self, source: TypeSource, variant: TypeSource, index: int, variants: int, beside: list[Part]
    ) -> TypeSource:
        """A member of a group together with the keywords beside the group."""
        hint = f"{source.hint}{variant.hint if variant.component else option(index + 1)}"
        # A member that leads back to the place of its group would be joined for ever.
        known = {part.node.identity for part in beside}
        parts = [*beside, *(part for part in variant.parts if part.node.identity not in known)]
        return self.sources.derived(source, str(index), hint, parts, source.node, variants)


def _mask(part: Part, group: Group) -> Part:
    return Part(part.node, part.masked | {group.keyword}) if part == group.part else part
