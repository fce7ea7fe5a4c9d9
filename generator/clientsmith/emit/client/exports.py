"""The view of a package's `__init__.py` files: what is public; the runtime lists its own names."""

from __future__ import annotations

from collections.abc import Sequence

from clientsmith.api.model.api import Api, Resource
from clientsmith.emit.templates.views import ExportsModule, PackageModule
from clientsmith.emit.text.docstrings import one_line
from clientsmith.emit.text.imports import Imports, exported_key
from clientsmith.emit.text.literals import docstring, paragraphs, string, tuple_of
from clientsmith.runtime_copy.files import public_names, runtime_release

_INTRODUCTION = 12
"""Lines of the description that a package opens with; REFERENCE.md has all of it."""


def package_module(api: Api, features: Sequence[str], *, is_shared: bool) -> PackageModule:
    """The view of the package's root, whose names are imported on first use; `features` are those of its runtime."""
    clients = (api.async_client_class, api.client_class)
    public = public_names(features)
    hidden = {*clients} & {*public}
    return PackageModule(
        docstring=docstring(_introduction(api), ""),
        clients=clients,
        shown=tuple(name for name in public if name not in hidden) if hidden else None,
        release=string(runtime_release()) if is_shared else None,
        features=tuple_of(string(name) for name in features),
        renamed=tuple((one.old, one.new) for one in api.renamed_clients),
    )


def _introduction(api: Api) -> list[str]:
    lines = paragraphs(api.description)
    first = lines[: lines.index("")] if "" in lines else lines
    shown = first if len(first) <= _INTRODUCTION else []
    title = f"Client for {one_line(api.title) or api.package}."
    return [
        title,
        "",
        *shown,
        *([""] if shown else []),
        "REFERENCE.md, beside this file, describes every operation.",
    ]


def resources_module(resources: tuple[Resource, ...]) -> ExportsModule:
    """The view of the resources folder."""
    imports = Imports()
    names: list[str] = []
    for resource in resources:
        for name in (resource.class_name, resource.async_class_name):
            imports.symbol(f".{resource.module}", name)
            names.append(name)
    text = docstring(["The resources of the client."], "")
    return ExportsModule(text, imports.render(), tuple(sorted(names, key=exported_key)))
