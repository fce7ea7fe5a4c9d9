"""How a package is called, as JSON in its manifest: clients, credentials, methods and their arguments by wire name.

Whoever tests a package reads the names from here and not from its code, so that code with a wrong name is found out.
"""

from __future__ import annotations

from clientsmith.api.model.api import Api, Operation
from clientsmith.api.signatures import arguments_of
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.operations import label


def surface_of(api: Api, diagnostics: Diagnostics) -> dict[str, object]:
    """What a caller of the package sees, as plain JSON.

    - `client`, `async_client`: the names of the classes
    - `allow_http`: whether a client takes addresses without encryption unless it is told otherwise
    - `credentials`: constructor arguments by the key of the security scheme
    - `environment`: by that key the environment variables for them, alternatives in order
    - `operations`: by method and path (`GET /pets`), `id`, `method` (`resource.method`), `media_type` of the body, and
      `arguments`: place (`path`, `query`, `header`, `cookie`, `body`) -> wire name -> argument; the wire name of a body
      that is one argument is empty; `renamed`: the old names of arguments, if there are any, and those of now
    - `renamed`: if there are any, the old names of methods, and those of now
    - `left_out`: places of operations that the package was generated without
    - `not_enforced`, `not_checked`: places of keywords that the client does not check requests, or responses, for
    """
    return {
        "client": api.client_class,
        "async_client": api.async_client_class,
        "allow_http": api.allow_http,
        "credentials": {scheme.key: list(scheme.arguments) for scheme in api.security_schemes},
        "environment": {
            scheme.key: [list(names) for names in scheme.environment] for scheme in api.security_schemes
        },
        "operations": {
            label(operation.method, operation.path): {
                "id": operation.id,
                "method": f"{resource.name}.{operation.name}",
                "media_type": operation.body.media_type if operation.body is not None else None,
                "arguments": _arguments(operation),
                **_if_any("renamed", {one.old: one.new for one in operation.renamed}),
            }
            for resource in api.resources
            for operation in resource.operations
        },
        **_if_any("renamed", _old_methods(api)),
        "left_out": _pointers(diagnostics, "operation-skipped"),
        "not_enforced": _pointers(diagnostics, "keyword-not-enforced"),
        "not_checked": _pointers(diagnostics, "keyword-not-checked"),
    }


def _old_methods(api: Api) -> dict[str, str]:
    return {f"{resource.name}.{one.old}": one.new for resource in api.resources for one in resource.renamed}


def _if_any(name: str, renamed: dict[str, str]) -> dict[str, object]:
    return {name: renamed} if renamed else {}


def _arguments(operation: Operation) -> dict[str, dict[str, str]]:
    places: dict[str, dict[str, str]] = {}
    for argument in arguments_of(operation):
        places.setdefault(argument.place, {})[argument.wire] = argument.name
    return places


def _pointers(diagnostics: Diagnostics, id: str) -> list[str]:
    return sorted({found.place.pointer or "" for found in diagnostics if found.id == id})
