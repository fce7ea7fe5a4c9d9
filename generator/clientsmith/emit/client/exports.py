"""The view of a package's `__init__.py` files: what is public, named once; where it comes from is not decided here."""

from __future__ import annotations

import ast

from clientsmith.api.model.api import Api, Resource
from clientsmith.emit.client.runtime_copy import runtime_files
from clientsmith.emit.templates.views import ExportsModule, PackageModule
from clientsmith.emit.text.docstrings import one_line
from clientsmith.emit.text.imports import Imports, exported_key
from clientsmith.emit.text.literals import docstring, paragraphs, string, tuple_of

# What generated code alone needs of the runtime; every other public name of it is public in the package too.
_MACHINERY = frozenset(
    {
        "AsyncClient", "AsyncResource", "Body", "Configuration", "Encoding", "Media", "OpenRequestModel", "Operation",
        "Parameter", "PartialDeclaration", "RequestModel", "Resource", "Response", "ResponseModel", "SecurityScheme",
        "Settings", "SyncClient",
    }
)  # fmt: skip


def runtime_exports() -> list[str]:
    """The names of the runtime that users meet, read from its `__all__`."""
    for statement in ast.parse(runtime_files()["__init__.py"]).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            names: list[str] = ast.literal_eval(statement.value)
            return [name for name in names if name not in _MACHINERY]
    raise ValueError("the runtime has no __all__")


def package_module(api: Api) -> PackageModule:
    """The view of the package's root, whose names are imported on first use."""
    imports = Imports()
    submodules = ("inputs", "models")
    clients = (api.client_class, api.async_client_class)
    origins = dict.fromkeys(clients, "._client")
    origins |= {name: "._runtime" for name in runtime_exports() if name not in {*clients, *submodules}}
    for name in submodules:
        imports.symbol(".", name)
    for name, module in origins.items():
        imports.symbol(module, name)
    lines = [f"Client for {one_line(api.title) or api.package}.", "", *paragraphs(api.description)]
    return PackageModule(
        docstring=docstring(lines, ""),
        imports=imports.render(),
        exported=tuple(sorted([*submodules, *origins], key=exported_key)),
        submodules=tuple_of(string(name) for name in submodules),
        origins=tuple((name, origins[name]) for name in sorted(origins, key=exported_key)),
    )


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
