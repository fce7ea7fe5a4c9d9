"""Final names of schemas: one class per direction if a schema is used in both, one scope for all of them.

Every schema arrives under a provisional name (direction and identity). A class that is both sent and received becomes
two, because what is sent is checked strictly and what is received is read tolerantly; an alias becomes two only where
the two readings differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from clientsmith.api.model.expressions import admits_null, members, names, renamed, schema_types
from clientsmith.api.model.naming import CLASS_RESERVED, Scope, schema_forms
from clientsmith.api.model.types import Choice, ModelClass, NamedType, Positions, Schema, TypeAlias
from clientsmith.api.names.contest import Collision, uncontested
from clientsmith.api.names.keeper import NameKeeper, Wish
from clientsmith.api.names.kept import Thing
from clientsmith.api.schemas.alias_loops import without_alias_loops
from clientsmith.api.schemas.hoisting import Owner, hoist
from clientsmith.api.schemas.sources import Sources, TypeSource
from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.uses import Direction

_HINT = "choose names under [names.schemas] in the configuration"
_REQUEST, _RESPONSE = "request:", "response:"


def final_names(
    schemas: Mapping[str, Schema], known: Sources, keeper: NameKeeper, diagnostics: Diagnostics
) -> tuple[tuple[Schema, ...], Callable[[str], str]]:
    """The schemas under their final names, sorted by name, and the mapping from provisional to final names."""
    merged = _shared_aliases(schemas)
    kept = {key: schema for key, schema in schemas.items() if key not in merged}
    scope = Scope(set(CLASS_RESERVED))
    by_rule, collisions = _names(kept, known.by_key, scope, diagnostics)
    final = _kept_names(by_rule, merged, known, keeper)
    for collision in collisions:
        _report(collision.settled(final), final, known.by_key, diagnostics)
    scope.taken.update(final.values())

    def name_of(key: str) -> str:
        return final[merged.get(key, key)]

    finished = {name_of(key): _finished(schema, schemas, name_of, final, key) for key, schema in kept.items()}
    finished = without_alias_loops(finished)
    finished = {name: _with_nullability(schema, finished) for name, schema in finished.items()}
    finished = {name: _with_overlaps(schema, finished) for name, schema in finished.items()}
    owners = {final[key]: Owner(_thing(key, known), _source(key, known.by_key)) for key in final}
    hoisted = hoist((finished[name] for name in sorted(finished)), scope, owners, known, keeper)
    return tuple(sorted(hoisted, key=lambda schema: schema.name)), name_of


def _kept_names(
    final: Mapping[str, str], merged: Mapping[str, str], known: Sources, keeper: NameKeeper
) -> dict[str, str]:
    """The names that the schemas had, and those by rule of new ones; each half of a pair is a thing of its own."""
    twins = {other: key for key, other in merged.items()}
    wishes: list[Wish] = []
    for key, by_rule in final.items():
        source, thing = _source(key, known.by_key), _thing(key, known)
        twin = twins.get(key)
        if twin is not None and keeper.kept("classes", thing) is None:
            before = _thing(twin, known)
            thing = before if keeper.kept("classes", before) is not None else thing
        is_new = keeper.is_bound and keeper.kept("classes", thing) is None
        lasting = known.lasting_hint(source) if is_new else source.hint
        name = by_rule if lasting == source.hint else _forms(key, lasting, final)[0]
        others = (f"{name}Output",) if key.startswith(_RESPONSE) else ()
        wishes.append(Wish(thing, name, "this schema", source.node, source.chosen, others))
    names = dict(zip(final, keeper.settle("classes", wishes, reserved=CLASS_RESERVED), strict=True))
    for key, other in merged.items():
        for half in (key, other):
            keeper.record("classes", _thing(half, known), names[other])
    return names


def _thing(key: str, known: Sources) -> Thing:
    direction, _, source = key.partition(":")
    base, way = known.thing(known.by_key[source])
    return base, f"{direction}{way}"


def _shared_aliases(schemas: Mapping[str, Schema]) -> dict[str, str]:
    """Request aliases that say the same as their response counterpart, mapped to it."""
    shared = {
        key: _RESPONSE + key.removeprefix(_REQUEST)
        for key, schema in schemas.items()
        if key.startswith(_REQUEST)
        and isinstance(schema, TypeAlias)
        and schema.choice is None
        and not schema.by_name
        and isinstance(schemas.get(_RESPONSE + key.removeprefix(_REQUEST)), TypeAlias)
    }
    users: dict[str, list[str]] = {}
    for key in shared:
        for kind in schema_types(schemas[key]):
            for name in names(kind):
                users.setdefault(name, []).append(key)
    pending = list(shared)
    while pending:
        key = pending.pop()
        if key in shared and not _same(schemas[key], schemas[shared[key]], shared):
            del shared[key]
            pending += users.get(key, ())
    return shared


def _same(one: Schema, other: Schema, shared: Mapping[str, str]) -> bool:
    def twin(key: str) -> str:
        return shared.get(key, key)

    return [renamed(kind, twin) for kind in schema_types(one)] == list(schema_types(other))


def _names(
    kept: Mapping[str, Schema], sources: Mapping[str, TypeSource], scope: Scope, diagnostics: Diagnostics
) -> tuple[dict[str, str], list[Collision[str]]]:
    """Configured names, then components, then inline schemas, each by pointer; the request half of a pair last."""

    def rank(key: str) -> tuple[bool, bool, bool, str]:
        source, twin = _source(key, sources), _is_twin(key, kept)
        return (twin or not source.chosen, not source.component, twin, source.key)

    final: dict[str, str] = {}
    first: dict[str, str] = {}
    collisions: list[Collision[str]] = []
    pairs: set[str] = set()
    short = _short_names(kept, sources)
    for key in sorted(kept, key=rank):
        source, twin, wanted = _source(key, sources), _is_twin(key, kept), short[key]
        final[key] = scope.claim(wanted)
        if source.chosen and not twin:
            other = _source(first[wanted], sources) if wanted in first else None
            _check_chosen(source, final[key], other, diagnostics)
        elif final[key] != wanted and wanted in first and wanted not in pairs:
            collisions.append(Collision(wanted, key, first[wanted]))
        if wanted not in first and twin:
            pairs.add(wanted)  # the other two halves of these pairs were reported under their own name
        first.setdefault(wanted, key)
    return final, collisions


def _short_names(kept: Mapping[str, Schema], sources: Mapping[str, TypeSource]) -> dict[str, str]:
    """The name that each schema asks for; if it is too long, a shorter form that no other schema asks for."""
    forms: list[tuple[str, ...]] = []
    for key in kept:
        source = _source(key, sources)
        forms.append(_forms(key, source.hint, kept, is_chosen=source.chosen))
    return dict(zip(kept, uncontested([[(name, 0) for name in listed] for listed in forms]), strict=True))


def _forms(key: str, hint: str, kept: Mapping[str, object], *, is_chosen: bool = False) -> tuple[str, ...]:
    """The names that a schema can have for its hint, the best first."""
    wanted = f"{hint}Input" if _is_twin(key, kept) else hint
    direction: Direction = "request" if key.startswith(_REQUEST) else "response"
    return (wanted,) if is_chosen else schema_forms(wanted, direction)


def _report(
    collision: Collision[str],
    names: Mapping[str, str],
    sources: Mapping[str, TypeSource],
    diagnostics: Diagnostics,
) -> None:
    """Two names that somebody wrote: keys of components, and what the places in different files suggest."""
    source, other = _source(collision.one, sources), _source(collision.first, sources)
    is_elsewhere = not (source.node.document.is_root and other.node.document.is_root)
    if source.component or (source.owner is None and is_elsewhere):
        diagnostics.warning(
            "name-collision",
            f"two schemas ask for the class name '{collision.name}'; "
            f"this one is called '{names[collision.one]}'",
            source.node.place,
            hint=_HINT if source.component or other.component else None,
            related=(Related("the other one", other.node.place),),
            values=(collision.name,),
        )


def _check_chosen(source: TypeSource, final: str, other: TypeSource | None, diagnostics: Diagnostics) -> None:
    """A name that the configuration chose is used as it is or not at all."""
    if other is not None:
        diagnostics.error(
            "name-collision",
            f"the configuration gives two schemas the class name '{source.hint}'",
            source.node.place,
            related=(Related("the other one", other.node.place),),
        )
    elif final != source.hint or not final[0].isupper():
        diagnostics.error(
            "reserved-name",
            f"'{source.hint}' cannot be the name of a class: the module of the models has another use for it",
            source.node.place,
            hint="choose a name that starts with a capital and is no type of Python or pydantic",
        )


def _source(key: str, sources: Mapping[str, TypeSource]) -> TypeSource:
    return sources[key.split(":", 1)[1]]


def _is_twin(key: str, kept: Mapping[str, object]) -> bool:
    return key.startswith(_REQUEST) and _twin(key) in kept


def _twin(key: str) -> str:
    return _RESPONSE + key.removeprefix(_REQUEST)


def _finished(
    schema: Schema,
    schemas: Mapping[str, Schema],
    name_of: Callable[[str], str],
    final: Mapping[str, str],
    key: str,
) -> Schema:
    if isinstance(schema, TypeAlias):
        choice = None if schema.choice is None else _renamed_choice(schema.choice, name_of)
        positions = None if schema.positions is None else _renamed_positions(schema.positions, name_of)
        by_name = tuple(replace(one, type=renamed(one.type, name_of)) for one in schema.by_name)
        kind = renamed(schema.type, name_of)
        return replace(
            schema, name=final[key], type=kind, choice=choice, positions=positions, by_name=by_name
        )
    fields = tuple(replace(field, type=renamed(field.type, name_of)) for field in schema.fields)
    twin = final.get(_twin(key)) if key.startswith(_REQUEST) and _twin(key) in schemas else None
    return replace(schema, name=final[key], fields=fields, counterpart=twin)


def _renamed_choice(choice: Choice, name_of: Callable[[str], str]) -> Choice:
    members = tuple((value, name_of(name)) for value, name in choice.members)
    return replace(choice, members=members, base=None if choice.base is None else name_of(choice.base))


def _renamed_positions(positions: Positions, name_of: Callable[[str], str]) -> Positions:
    first = tuple(renamed(kind, name_of) for kind in positions.first)
    return Positions(first, renamed(positions.others, name_of))


def _with_overlaps(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """A union of objects to send, with the classes that take properties of each other.

    If one member alone may be meant and a tag names it, it does not take the properties of the others.
    """
    if not isinstance(schema, TypeAlias) or schema.direction == "response":
        return schema
    choice = schema.choice or Choice()
    classes = list(_classes(schema, schemas))
    overlapping = tuple(sorted(one.name for one in classes if not (one.open or one.closed)))
    if len(classes) < 2 or not overlapping or choice.base is not None or (choice.tag and choice.exclusive):
        return schema
    return replace(schema, choice=replace(choice, overlapping=overlapping))


def _classes(alias: TypeAlias, schemas: Mapping[str, Schema]) -> Iterator[ModelClass]:
    """The classes that the members of a union come down to."""
    pending, seen = [alias], {alias.name}
    while pending:
        for member in members(pending.pop().type):
            inner = schemas.get(member.name) if isinstance(member, NamedType) else None
            if inner is None or inner.name in seen:
                continue
            seen.add(inner.name)
            if isinstance(inner, ModelClass):
                yield inner
            else:
                pending.append(inner)


def _with_nullability(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """Whether a field lets null in can only be said once the aliases it names are known."""
    if not isinstance(schema, ModelClass):
        return schema
    return replace(
        schema,
        fields=tuple(replace(field, nullable=admits_null(field.type, schemas)) for field in schema.fields),
    )
