"""Final names of schemas: one class per direction where a schema is used in both, one scope for all of them.

Every schema arrives under a provisional name (direction and identity). A class that is both sent and received becomes
two, because what is sent is checked strictly and what is received is read tolerantly; an alias becomes two only where
the two readings differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from clientsmith.api.expressions import admits_null, members, renamed, schema_types, union
from clientsmith.api.hoisting import hoist
from clientsmith.api.model import ModelClass, NamedType, Schema, TypeAlias, TypeExpr
from clientsmith.api.naming import CLASS_RESERVED, Scope
from clientsmith.api.sources import Source
from clientsmith.diagnostics import Diagnostics, Related

_REQUEST, _RESPONSE = "request:", "response:"


def finalize(
    schemas: Mapping[str, Schema], sources: Mapping[str, Source], diagnostics: Diagnostics
) -> tuple[tuple[Schema, ...], Callable[[str], str]]:
    """The schemas under their final names, sorted by name, and the mapping from provisional to final names."""
    merged = _shared_aliases(schemas)
    kept = {key: schema for key, schema in schemas.items() if key not in merged}
    scope = Scope(set(CLASS_RESERVED))
    final = _names(kept, sources, scope, diagnostics)

    def name_of(key: str) -> str:
        return final[merged.get(key, key)]

    finished = {name_of(key): _finished(schema, schemas, name_of, final, key) for key, schema in kept.items()}
    finished = _without_alias_loops(finished)
    finished = {name: _with_nullability(schema, finished) for name, schema in finished.items()}
    hoisted = hoist((finished[name] for name in sorted(finished)), scope)
    return tuple(sorted(hoisted, key=lambda schema: schema.name)), name_of


def _shared_aliases(schemas: Mapping[str, Schema]) -> dict[str, str]:
    """Request aliases that say the same as their response counterpart, mapped to it."""
    shared = {
        key: _RESPONSE + key.removeprefix(_REQUEST)
        for key, schema in schemas.items()
        if key.startswith(_REQUEST)
        and isinstance(schema, TypeAlias)
        and isinstance(schemas.get(_RESPONSE + key.removeprefix(_REQUEST)), TypeAlias)
    }
    while True:
        differing = [key for key, twin in shared.items() if not _same(schemas[key], schemas[twin], shared)]
        if not differing:
            return shared
        for key in differing:
            del shared[key]


def _same(one: Schema, other: Schema, shared: Mapping[str, str]) -> bool:
    def twin(key: str) -> str:
        return shared.get(key, key)

    return [renamed(kind, twin) for kind in schema_types(one)] == list(schema_types(other))


def _names(
    kept: Mapping[str, Schema], sources: Mapping[str, Source], scope: Scope, diagnostics: Diagnostics
) -> dict[str, str]:
    """Components first, then inline schemas, each by pointer; the request half of a pair last."""

    def rank(key: str) -> tuple[bool, bool, str]:
        source = sources[key.split(":", 1)[1]]
        return (not source.component, key.startswith(_REQUEST) and _twin(key) in kept, source.key)

    final: dict[str, str] = {}
    first: dict[str, Source] = {}
    for key in sorted(kept, key=rank):
        source = sources[key.split(":", 1)[1]]
        twin = key.startswith(_REQUEST) and _twin(key) in kept
        wanted = f"{source.hint}Input" if twin else source.hint
        final[key] = scope.claim(wanted)
        if final[key] != wanted and source.component and wanted in first:
            diagnostics.warning(
                "name-collision",
                f"two schemas ask for the class name '{wanted}'; this one is called '{final[key]}'",
                source.node.place,
                hint="choose names under [names.schemas] in the configuration",
                related=(Related("the other one", first[wanted].node.place),),
            )
        first.setdefault(wanted, source)
    return final


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
        return replace(schema, name=final[key], type=renamed(schema.type, name_of))
    fields = tuple(replace(field, type=renamed(field.type, name_of)) for field in schema.fields)
    twin = final.get(_twin(key)) if key.startswith(_REQUEST) and _twin(key) in schemas else None
    return replace(schema, name=final[key], fields=fields, counterpart=twin)


def _without_alias_loops(schemas: dict[str, Schema]) -> dict[str, Schema]:
    """Spell out the members of an alias that leads back to itself through unions alone: Python has no name for it."""
    finished = dict(schemas)
    for name, schema in schemas.items():
        if isinstance(schema, TypeAlias) and _leads_back(schema.type, name, schemas):
            finished[name] = replace(schema, type=union(_spelt_out(schema.type, name, schemas, {name})))
    return finished


def _spelt_out(
    expression: TypeExpr, name: str, schemas: Mapping[str, Schema], seen: set[str]
) -> Iterator[TypeExpr]:
    for member in members(expression):
        alias = schemas.get(member.name) if isinstance(member, NamedType) else None
        if not isinstance(alias, TypeAlias) or not (
            alias.name == name or _leads_back(alias.type, name, schemas)
        ):
            yield member
        elif alias.name not in seen:
            seen.add(alias.name)
            yield from _spelt_out(alias.type, name, schemas, seen)


def _leads_back(expression: TypeExpr, name: str, schemas: Mapping[str, Schema]) -> bool:
    named = (member.name for member in members(expression) if isinstance(member, NamedType))
    return any(name in _reachable(member, schemas) for member in named)


def _reachable(start: str, schemas: Mapping[str, Schema]) -> set[str]:
    """The aliases that an alias leads to through unions alone."""
    found: set[str] = set()
    pending = [start]
    while pending:
        name = pending.pop()
        schema = schemas.get(name)
        if name in found or not isinstance(schema, TypeAlias):
            continue
        found.add(name)
        pending.extend(member.name for member in members(schema.type) if isinstance(member, NamedType))
    return found


def _with_nullability(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """Whether a field lets null in can only be said once the aliases it names are known."""
    if not isinstance(schema, ModelClass):
        return schema
    return replace(
        schema,
        fields=tuple(replace(field, nullable=admits_null(field.type, schemas)) for field in schema.fields),
    )
