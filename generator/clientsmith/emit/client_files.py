"""Renders everything of a client package that depends on the API, models excepted: an `Api` in, file texts out."""

from __future__ import annotations

from clientsmith.api.model.api import Api
from clientsmith.api.model.expressions import children, schema_types
from clientsmith.api.model.types import ScalarType
from clientsmith.emit.client.client_module import client_module
from clientsmith.emit.client.embedded_schemas import REQUESTS, RESPONSES, schemas_module
from clientsmith.emit.client.exports import package_module, resources_module
from clientsmith.emit.client.inputs import inputs_module
from clientsmith.emit.client.resources import resource_module
from clientsmith.emit.reference.page import reference_page
from clientsmith.emit.templates.environment import Templates, environment, fill
from clientsmith.emit.text.type_text import Catalog
from clientsmith.runtime_copy.features import with_needs
from clientsmith.runtime_copy.files import used_features


def type_features(api: Api) -> tuple[str, ...]:
    """The features that callers may need for the types of an API, whether its package uses them itself or not."""
    waiting = [expression for schema in api.schemas for expression in schema_types(schema)]
    for operation in (operation for resource in api.resources for operation in resource.operations):
        waiting += [parameter.type for parameter in operation.parameters]
        waiting += [media.type for response in operation.responses for media in response.media]
    while waiting:
        expression = waiting.pop()
        if expression in (ScalarType("Base64"), ScalarType("str", "bytes")):
            return ("base64",)
        waiting += children(expression)
    return ()


def render_client(api: Api, templates: Templates, *, is_shared: bool = False) -> dict[str, str]:
    """File texts by path inside the package, Python not yet formatted; `is_shared` if its runtime is another package's.

    Raises `jinja2.TemplateError` where a template is wrong.
    """
    catalog = Catalog.of(api.schemas)
    jinja = environment(templates)
    files = {
        "_client.py": fill(jinja, "client.py.j2", module=client_module(api)),
        "inputs.py": fill(jinja, "inputs.py.j2", module=inputs_module(api, catalog)),
        "resources/__init__.py": fill(jinja, "exports.py.j2", module=resources_module(api.resources)),
        "REFERENCE.md": fill(jinja, "REFERENCE.md.j2", page=reference_page(api, catalog)),
    }
    if api.response_schemas:
        files["_response_schemas.py"] = schemas_module(api.response_schemas, RESPONSES)
    if api.request_schemas:
        files["_request_schemas.py"] = schemas_module(api.request_schemas, REQUESTS)
    methods = {
        f"{resource.name}.{one.name}": one for resource in api.resources for one in resource.operations
    }
    for resource in api.resources:
        module = resource_module(resource, catalog, methods)
        files[f"resources/{resource.module}.py"] = fill(jinja, "resource.py.j2", module=module)
    features = with_needs((*used_features(files), *type_features(api)))
    package = package_module(api, features, is_shared=is_shared)
    return {"__init__.py": fill(jinja, "package.py.j2", module=package)} | files
