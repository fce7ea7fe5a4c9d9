"""How deep aliases lie in each other: what is made of them takes time by depth, as each is looked through anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clientsmith.api.model.expressions import names
from clientsmith.api.model.types import Schema, TypeAlias


def alias_depths(schemas: Mapping[str, Schema]) -> dict[str, int]:
    """For each alias the number of aliases below it, one in the other; what leads back to itself counts once."""
    aliases = {name: schema for name, schema in schemas.items() if isinstance(schema, TypeAlias)}
    depths: dict[str, int] = {}
    for start in aliases:
        if start in depths:
            continue
        depths[start] = 0
        work = [(start, _inner(start, aliases))]
        while work:
            name, inner = work[-1]
            following = next(inner, None)
            if following is None:
                work.pop()
                if work:
                    above = work[-1][0]
                    depths[above] = max(depths[above], depths[name] + 1)
            elif following in depths:
                depths[name] = max(depths[name], depths[following] + 1)
            else:
                depths[following] = 0
                work.append((following, _inner(following, aliases)))
    return depths


def _inner(name: str, aliases: Mapping[str, TypeAlias]) -> Iterator[str]:
    return (inner for inner in names(aliases[name].type) if inner in aliases)
