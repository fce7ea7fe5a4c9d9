"""Whether the names that a state has can be those of one release: a merge by hand of two may give a name twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from clientsmith.api.names.kept import DamagedNamesError, Kind, Names, Thing, scope_of


def check_names(names: Names, *, is_released: bool) -> None:
    """Raise DamagedNamesError for names that no release can leave."""
    if is_released and not names.of("client", "", "class"):
        raise DamagedNamesError("there is a release, and its names are missing", ("names",))
    holders: dict[tuple[Kind, str, str], Thing] = {}
    for kind, thing, name, pointer in _every(names):
        holder = _holder(kind, thing)
        if holders.setdefault((kind, scope_of(kind, thing), name), holder) != holder:
            raise DamagedNamesError(f"'{name:.80}' is the name of two things", pointer)
        if kind == "classes" and name[0].islower():
            raise DamagedNamesError(f"'{name:.80}' is not the name of a class", pointer)
    _check_aliases(names)


def check_surface(names: Names, surface: Mapping[str, Any]) -> None:
    """Raise DamagedNamesError if a method or class of the released package, whose surface that is, has no name."""
    api = surface.get("api", {})
    methods = [
        f"{resource['name']}.{operation['name']}"
        for resource in _objects(api, "resources")
        for operation in _objects(resource, "operations")
    ]
    classes = [schema["name"] for schema in _objects(api, "schemas")]
    kinds: tuple[tuple[Kind, list[str]], ...] = (("methods", methods), ("classes", classes))
    for kind, released in kinds:
        known = {listed[0] for entries in names.tables.get(kind, {}).values() for listed in entries.values()}
        missing = next((name for name in released if name not in known), None)
        if missing is not None:
            raise DamagedNamesError(
                f"the release has '{missing:.80}', and what has that name is missing", ("names", kind)
            )


def _objects(holder: Mapping[str, Any], member: str) -> Iterable[Mapping[str, Any]]:
    """The named objects that a member lists, as far as it does: a surface that is damaged is reported elsewhere."""
    listed: object = holder.get(member)
    items = cast("list[object]", listed) if isinstance(listed, list) else []
    objects = (cast("Mapping[str, Any]", one) for one in items if isinstance(one, dict))
    return [one for one in objects if "name" in one]


def _check_aliases(names: Names) -> None:
    seen: set[tuple[str, ...]] = set()
    for index, one in enumerate(names.aliases):
        pointer = ("aliases", str(index))
        key = (one.kind, one.base, one.rest, one.name)
        if key in seen:
            raise DamagedNamesError(f"the old name '{one.name:.80}' is listed twice", pointer)
        seen.add(key)
        if one.name not in names.of(one.kind, one.base, one.rest):
            raise DamagedNamesError(
                f"'{one.name:.80}' never was a name of what it is an old name of", pointer
            )


def _every(names: Names) -> Iterator[tuple[Kind, Thing, str, tuple[str, ...]]]:
    """Each name with the thing that has or had it, and its place."""
    for kind, table in names.tables.items():
        for base, entries in table.items():
            for rest, listed in entries.items():
                for index, name in enumerate(listed):
                    yield kind, (base, rest), name, ("names", kind, base, rest, str(index))
    for kind, chosen in names.chosen.items():
        for base, found in chosen.items():
            for rest, name in found.items():
                yield kind, (base, rest), name, ("names", "chosen", kind, base, rest)


def _holder(kind: Kind, thing: Thing) -> Thing:
    """Both halves of a schema that is sent and received may be one class."""
    base, rest = thing
    is_class = kind == "classes"
    return base, rest.removeprefix("request").removeprefix("response") if is_class else rest
