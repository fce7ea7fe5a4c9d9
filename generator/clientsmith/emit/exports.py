"""The view of a package's `__init__.py` files: what is public, named once; where it comes from is not decided here."""

from __future__ import annotations

import ast

from clientsmith.api.model import Api, Resource
from clientsmith.emit.docstrings import one_line
from clientsmith.emit.imports import Imports, member_key
from clientsmith.emit.literals import docstring, paragraphs
from clientsmith.emit.runtime_copy import runtime_files
from clientsmith.emit.views import ExportsModule

# What generated code alone needs of the runtime; every other public name of it is public in the package too.
_MACHINERY = frozenset(
    {
        "AsyncClient", "AsyncResource", "Body", "Configuration", "Encoding", "Media", "OpenRequestModel", "Operation",
        "Parameter", "RequestModel", "Resource", "Response", "ResponseModel", "SecurityScheme", "Settings",
        "SyncClient",
    }
)  # fmt: skip


def runtime_exports() -> list[str]:
    """The names of the runtime that users meet, read from its `__all__`."""
    for statement in ast.parse(runtime_files()["__init__.py"]).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            names: list[str] = ast.literal_eval(statement.value)
            return [name for name in names if name not in _MACHINERY]
    raise ValueError("the runtime has no __all__")


def package_module(api: Api) -> ExportsModule:
    """The view of the package's root."""
    imports = Imports()
    own = {api.client_class, api.async_client_class, "inputs", "models"}
    for name in ("inputs", "models"):
        imports.symbol(".", name)
    for name in (api.client_class, api.async_client_class):
        imports.symbol("._client", name)
    shared = [name for name in runtime_exports() if name not in own]
    for name in shared:
        imports.symbol("._runtime", name)
    lines = [f"Client for {one_line(api.title) or api.package}.", "", *paragraphs(api.description)]
    return ExportsModule(
        docstring(lines, ""), imports.render(), tuple(sorted([*own, *shared], key=member_key))
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
    return ExportsModule(text, imports.render(), tuple(sorted(names, key=member_key)))
