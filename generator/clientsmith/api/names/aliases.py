"""Puts the old names that still work into the model of an API, beside the names of today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from clientsmith.api.model.api import Api, Renamed, Resource
from clientsmith.api.model.naming import MODULE_RESERVED, Scope, module_name, pascal_case
from clientsmith.api.names.keeper import NameKeeper
from clientsmith.api.names.kept import Alias
from clientsmith.characters import file_name_key


def with_old_names(api: Api, keeper: NameKeeper) -> Api:
    """The same model with its old names."""
    aliases = keeper.aliases()
    if not aliases:
        return api
    api = replace(api, resources=tuple(_with_arguments(one, aliases, keeper) for one in api.resources))
    classes = {schema.name for schema in api.schemas}
    renamed = dict.fromkeys(
        Renamed(one.name, new)
        for one in aliases
        if one.kind == "classes" and (new := keeper.given(one)) in classes and one.name not in classes
    )
    clients = [
        Renamed(f"{prefix}{one.name}", f"{prefix}{api.client_class}")
        for one in aliases
        if one.kind == "client"
        for prefix in ("", "Async")
    ]
    return replace(
        api,
        resources=_with_methods(api, aliases, keeper),
        renamed_classes=tuple(sorted(renamed, key=lambda one: one.old)),
        renamed_clients=tuple(sorted(clients, key=lambda one: one.old)),
    )


def _with_arguments(resource: Resource, aliases: Iterable[Alias], keeper: NameKeeper) -> Resource:
    old: dict[str, list[Renamed]] = {}
    for one in aliases:
        if one.kind == "arguments":
            old.setdefault(one.base, []).append(Renamed(one.name, keeper.given(one)))
    operations = (
        replace(one, renamed=tuple(old.get(keeper.identities.operation(one.id), ())))
        for one in resource.operations
    )
    return replace(resource, operations=tuple(operations))


def _with_methods(api: Api, aliases: Iterable[Alias], keeper: NameKeeper) -> tuple[Resource, ...]:
    """The resources with the old names of methods; one that has nothing else is there for their sake."""
    current = {f"{resource.name}.{one.name}" for resource in api.resources for one in resource.operations}
    methods: dict[str, list[Renamed]] = {}
    for one in aliases:
        if one.kind == "methods" and (new := keeper.given(one)) in current:
            resource, _, name = one.name.partition(".")
            methods.setdefault(resource, []).append(Renamed(name, new))
    found = [replace(one, renamed=tuple(methods.pop(one.name, ()))) for one in api.resources]
    modules = Scope(
        {*map(file_name_key, MODULE_RESERVED), *(file_name_key(one.module) for one in found)}, file_name_key
    )
    classes = Scope({name for one in found for name in (one.class_name, one.async_class_name)})
    for name, renamed in sorted(methods.items()):
        wanted = keeper.kept("resources", ("", name)) or pascal_case(name, "Resource")
        own = classes.claim(wanted, f"{wanted}Resource")
        module = modules.claim(module_name(name), f"{module_name(name)}_")
        found.append(Resource(name, module, own, classes.claim(f"Async{own}"), "", (), tuple(renamed)))
    return tuple(sorted(found, key=lambda one: one.name))
