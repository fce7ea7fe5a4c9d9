"""Classes and aliases of two packages: which is which, and what changed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from clientsmith.api.model.api import Api
from clientsmith.api.model.expressions import names, schema_types
from clientsmith.api.model.types import Field, ModelClass, Schema, TypeAlias, TypeExpr
from clientsmith.api.signatures import arguments_of
from clientsmith.diff.model import Level
from clientsmith.diff.python.finding import PythonFinding, Spot, renaming
from clientsmith.diff.python.types import Face, Fit, Package, shown
from clientsmith.document.uses import Direction


def by_name(api: Api) -> dict[str, Schema]:
    """The schemas of a package."""
    return {schema.name: schema for schema in api.schemas}


def sent_aliases(api: Api) -> frozenset[str]:
    """The aliases that are listed with answers, and that requests name as well."""
    schemas = by_name(api)
    kinds = [kind for schema in api.schemas if schema.direction == "request" for kind in schema_types(schema)]
    for resource in api.resources:
        kinds += [one.type for operation in resource.operations for one in arguments_of(operation)]
    waiting = [name for kind in kinds for name in names(kind)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        schema = schemas.get(name)
        if name not in found and isinstance(schema, TypeAlias) and schema.direction == "response":
            found.add(name)
            waiting += names(schema.type)
    return frozenset(found)


@dataclass(frozen=True)
class Classes:
    """The schemas of both packages."""

    old: Mapping[str, Schema]
    new: Mapping[str, Schema]
    pairs: Mapping[str, str]
    sent: frozenset[str]
    """The aliases of OLD that requests name as well, though answers brought them."""
    old_names: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
    """The old names that each side still takes, with those of now."""

    @cached_property
    def _back(self) -> Mapping[str, str]:
        return {name: own for own, name in self.pairs.items()}

    def fit(self, face: Face) -> tuple[Fit, Fit]:
        """Whether values of OLD fit NEW, and whether values of NEW fit OLD, as a caller meets them."""
        before, after = Package(self.old), Package(self.new)
        return Fit(before, after, self.pairs, face), Fit(after, before, self._back, face)

    def findings(self) -> Iterator[PythonFinding]:
        """What changed, schema by schema."""
        for name, schema in sorted(self.old.items()):
            other = self.pairs.get(name)
            if other is None:
                yield _gone(schema)
            else:
                yield from self._changed(schema, self.new[other])
        known = set(self.pairs.values())
        for name, schema in sorted(self.new.items()):
            if name not in known:
                text = f"class {name} is new"
                yield PythonFinding("class-added", Level.INFO, text, "", Spot("", schema.pointer), (name,))

    def _changed(self, old: Schema, new: Schema) -> Iterator[PythonFinding]:
        spot = Spot(old.pointer, new.pointer, schema=old.name)
        if old.name != new.name:
            level, still = renaming(self.old_names[1].get(old.name) == new.name)
            text, hint = (
                f"class {old.name} is now {new.name}{still}",
                f"import {new.name} instead of {old.name}",
            )
            yield PythonFinding("class-renamed", level, text, hint, spot, (old.name, new.name))
        for name, of in self.old_names[0].items():
            if of == old.name and name not in self.old_names[1] and name != new.name:
                text, hint = f"class {new.name} cannot be imported as {name} any more", f"import {new.name}"
                yield PythonFinding("old-name-removed", Level.BREAKING, text, hint, spot, (name, new.name))
        if isinstance(old, ModelClass) and isinstance(new, ModelClass):
            yield from self._fields(old, new)
        elif isinstance(old, TypeAlias) and isinstance(new, TypeAlias):
            yield from self._alias(old, new)
        else:
            kinds = ("a class" if isinstance(one, ModelClass) else "a type alias" for one in (old, new))
            text = f"{old.name} was {next(kinds)} and is {next(kinds)}"
            hint = f"adapt what constructs {old.name} or reads its attributes"
            yield PythonFinding("class-kind-changed", Level.BREAKING, text, hint, spot, (old.name,))

    def _alias(self, old: TypeAlias, new: TypeAlias) -> Iterator[PythonFinding]:
        level = self._type_level(old.type, new.type, old.direction)
        if old.name in self.sent:
            level = max(level, self._type_level(old.type, new.type, "request"))
        if level is not Level.NONE:
            values = (shown(old.type), shown(new.type))
            text = f"the type {new.name} was {values[0]} and is {values[1]}"
            yield PythonFinding(
                "class-type-changed",
                level,
                text,
                _adapt(level, new.name),
                Spot(old.pointer, new.pointer, schema=old.name),
                values,
                was=(old.type,),
                now=(new.type,),
            )

    def _type_level(self, old: TypeExpr, new: TypeExpr, direction: Direction) -> Level:
        faces: tuple[Face, ...] = ("argument", "field") if direction == "request" else ("result",)
        pairs = [self.fit(face) for face in faces]
        fits, covers = (
            all(onward(old, new) for onward, _ in pairs),
            all(back(new, old) for _, back in pairs),
        )
        if fits and covers:
            return Level.NONE
        return Level.INFO if (fits if direction == "request" else covers) else Level.BREAKING

    def _fields(self, old: ModelClass, new: ModelClass) -> Iterator[PythonFinding]:
        known = {field.wire: field for field in new.fields}
        for field in old.fields:
            other = known.pop(field.wire, None)
            spot = Spot(old.pointer, new.pointer, field.wire, old.name)
            if other is None:
                text = f"{old.name}.{field.name} is gone"
                hint = f"remove what {'passes' if old.direction == 'request' else 'reads'} {field.name}"
                yield PythonFinding(
                    "field-removed", Level.BREAKING, text, hint, spot, (field.name,), was=(field.type,)
                )
            else:
                yield from self._field(old, new, field, other, spot)
        for field in known.values():
            yield _new_field(new, field, Spot(old.pointer, new.pointer, field.wire, old.name))

    def _field(
        self, owner: ModelClass, new: ModelClass, old: Field, field: Field, spot: Spot
    ) -> Iterator[PythonFinding]:
        name = f"{new.name}.{field.name}"
        if old.name != field.name:
            text, hint = (
                f"{owner.name}.{old.name} is now {field.name}",
                f"write {field.name} instead of {old.name}",
            )
            yield PythonFinding("field-renamed", Level.BREAKING, text, hint, spot, (old.name, field.name))
        if old.required != field.required:
            is_breaking = field.required == (owner.direction == "request")
            level = Level.BREAKING if is_breaking else Level.INFO
            word = "required" if field.required else "optional"
            hint = ("pass it" if field.required else "it can be None: handle that") if is_breaking else ""
            yield PythonFinding(f"field-{word}", level, f"{name} is {word} now", hint, spot, (word,))
        level = self._type_level(old.type, field.type, owner.direction)
        if level is not Level.NONE:
            values = (shown(old.type), shown(field.type))
            text = f"{name} was {values[0]} and is {values[1]}"
            yield PythonFinding(
                "field-type-changed",
                level,
                text,
                _adapt(level, name),
                spot,
                values,
                was=(old.type,),
                now=(field.type,),
            )


def _gone(schema: Schema) -> PythonFinding:
    text, hint = f"class {schema.name} is gone", f"remove what uses {schema.name}"
    return PythonFinding(
        "class-removed", Level.BREAKING, text, hint, Spot(schema.pointer, schema=schema.name), (schema.name,)
    )


def _new_field(owner: ModelClass, field: Field, spot: Spot) -> PythonFinding:
    is_due = field.required and owner.direction == "request"
    level = Level.BREAKING if is_due else Level.INFO
    text = f"{owner.name}.{field.name} is new{' and required' if is_due else ''}"
    hint = "pass it" if is_due else ""
    return PythonFinding("field-added", level, text, hint, spot, (field.name,), now=(field.type,))


def _adapt(level: Level, name: str) -> str:
    return f"adapt what uses {name}" if level is Level.BREAKING else ""
