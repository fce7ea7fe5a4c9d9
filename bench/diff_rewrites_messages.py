"""Ways to write operations, parameters, bodies and security that mean the same, and documents as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from clientsmith.document.grammar import METHODS
from diff_operators import Object, without
from diff_places import Tree, is_list, is_object, member, resolved
from diff_rewrites import Rewrite, Writing, of_each, transformed

_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_TEMPLATE = re.compile(r"\{([^{}]+)\}")


def _operations(item: Object) -> list[str]:
    return [one for one in METHODS if is_object(item.get(one))]


def _key(parameter: Tree, writing: Writing) -> tuple[str, str]:
    found = resolved(writing.tree, parameter)
    return str(found.get("in")), str(found.get("name"))


def _pushed_down(item: Object, writing: Writing) -> Object:
    """Parameters of a path at each of its operations."""
    shared = item.get("parameters")
    if not is_list(shared) or not shared:
        return item
    made = without(item, "parameters")
    for method in _operations(item):
        own = item[method].get("parameters", [])
        known = {_key(one, writing) for one in own}
        added = [one for one in shared if _key(one, writing) not in known]
        made[method] = {**item[method], "parameters": [*added, *own]}
    return made


def _lifted(item: Object, writing: Writing) -> Object:
    """Parameters that all operations of a path have, at the path."""
    methods = _operations(item)
    if not methods or "parameters" in item:
        return item
    lists = [item[method].get("parameters", []) for method in methods]
    common = [one for one in lists[0] if all(one in other for other in lists)]
    made = dict(item)
    for method in methods:
        kept = [one for one in item[method].get("parameters", []) if one not in common]
        made[method] = {**item[method], "parameters": kept}
    return {**made, "parameters": common} if common else item


def _as_component(section: str) -> Rewrite:
    def rewrite(value: Object, writing: Writing) -> Object:
        return value if "$ref" in value else writing.component(section, value)

    return rewrite


def _parameters_extracted(holder: Object, writing: Writing) -> Object:
    listed = holder.get("parameters")
    if not is_list(listed):
        return holder
    extract = _as_component("parameters")
    return {**holder, "parameters": [extract(one, writing) for one in listed]}


def _body_extracted(operation: Object, writing: Writing) -> Object:
    body = operation.get("requestBody")
    if not is_object(body):
        return operation
    return {**operation, "requestBody": _as_component("requestBodies")(body, writing)}


def _answers_extracted(operation: Object, writing: Writing) -> Object:
    declared = operation.get("responses")
    if not is_object(declared):
        return operation
    extract = _as_component("responses")
    made = {status: extract(one, writing) if is_object(one) else one for status, one in declared.items()}
    return {**operation, "responses": made}


def _body_inlined(operation: Object, writing: Writing) -> Object:
    """Bodies and answers in place of references to them."""
    made = dict(operation)
    if "requestBody" in operation:
        made["requestBody"] = resolved(writing.tree, operation["requestBody"])
    if is_object(operation.get("responses")):
        made["responses"] = {
            status: resolved(writing.tree, one) for status, one in operation["responses"].items()
        }
    return made


def _header_in_capitals(parameter: Object, writing: Writing) -> Object:
    is_header = parameter.get("in") == "header"
    return {**parameter, "name": str(parameter["name"]).upper()} if is_header else parameter


def _headers_in_capitals(response: Object, writing: Writing) -> Object:
    headers = response.get("headers")
    if not is_object(headers):
        return response
    return {**response, "headers": {name.upper(): one for name, one in headers.items()}}


def _media_in_capitals(holder: Object, writing: Writing) -> Object:
    content = holder.get("content")
    if not is_object(content):
        return holder
    named = {}
    for name, one in content.items():
        essence, mark, rest = name.partition(";")
        named[essence.upper() + mark + rest] = one
    return {**holder, "content": named}


def _ignored_headers(operation: Object, writing: Writing) -> Object:
    """Headers that OpenAPI does not read as parameters."""
    names = ("Accept", "Content-Type", "Authorization")
    listed = operation.get("parameters", [])
    known = {_key(one, writing)[1].lower() for one in listed}
    added = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in names
        if name.lower() not in known
    ]
    return {**operation, "parameters": [*listed, *added]}


def _parameter_defaults(parameter: Object, writing: Writing) -> Object:
    place = parameter.get("in")
    if "$ref" in parameter or place not in _STYLES:
        return parameter
    made = {"required": False, "deprecated": False, **parameter}
    if "content" in parameter:
        return made
    style = parameter.get("style", _STYLES[place])
    made = {"style": style, "explode": style in ("form", "cookie"), **made}
    return {"allowReserved": False, "allowEmptyValue": False, **made} if place == "query" else made


def _security_per_operation(document: Object, writing: Writing) -> Object:
    common = document.get("security", [])
    made: Object = transformed(
        without(document, "security"), "document", "operation", lambda one: {"security": common, **one}
    )
    return made


def _security_reordered(document: Object, writing: Writing) -> Object:
    def turned(holder: Object) -> Object:
        listed = holder.get("security")
        return {**holder, "security": listed[::-1]} if is_list(listed) else holder

    made: Object = transformed(document, "document", "operation", turned)
    return turned(made)


def _schemes_renamed(document: Object, writing: Writing) -> Object:
    def renamed(holder: Object) -> Object:
        listed = holder.get("security")
        if not is_list(listed):
            return holder
        return {**holder, "security": [{_renamed(key, known): one[key] for key in one} for one in listed]}

    known = member(member(document, "components"), "securitySchemes")
    made: Object = transformed(document, "document", "operation", renamed)
    if not known or any("$ref" in str(one) for one in known.values()):
        return document
    schemes = {_renamed(key, known): one for key, one in known.items()}
    return renamed({**made, "components": {**made["components"], "securitySchemes": schemes}})


def _renamed(key: str, known: Object) -> str:
    return f"Zz{key}" if key in known else key


def _path_names_exchanged(document: Object, writing: Writing) -> Object:
    """Other names of the parameters of paths, if these are described in the path itself."""
    made: Object = {}
    for path, item in document.get("paths", {}).items():
        names = _TEMPLATE.findall(path)
        owners = [item, *(item[one] for one in _operations(item))] if is_object(item) else []
        listed = [one for owner in owners for one in owner.get("parameters", [])]
        is_plain = all("$ref" not in one and one.get("style") != "matrix" for one in listed)
        if not names or not is_plain or not is_object(item):
            made[path] = item
            continue
        moved = {**item, **{one: _with_names(item[one], names) for one in _operations(item)}}
        made[_TEMPLATE.sub(r"{\1Zz}", path)] = _with_names(moved, names)
    return {**document, "paths": made}


def _with_names(owner: Object, names: Iterable[str]) -> Object:
    listed = owner.get("parameters")
    if not is_list(listed):
        return owner
    made = [
        {**one, "name": f"{one['name']}Zz"} if one.get("in") == "path" and one.get("name") in names else one
        for one in listed
    ]
    return {**owner, "parameters": made}


def _segment_moved(document: Object, writing: Writing) -> Object:
    """The last segment of the only server at the start of all paths."""
    listed = document.get("servers")
    paths: Object = document.get("paths", {})
    owners = [
        one
        for item in paths.values()
        if is_object(item)
        for one in (item, *(item[m] for m in _operations(item)))
    ]
    if not is_list(listed) or len(listed) != 1 or any("servers" in one for one in owners):
        return document
    url = str(listed[0].get("url", "")).rstrip("/")
    start, _, segment = url.rpartition("/")
    if not urlsplit(url).path.strip("/") or "{" in segment or not paths:
        return document
    moved = {f"/{segment}{path}" if path.startswith("/") else path: item for path, item in paths.items()}
    return {**document, "servers": [{**listed[0], "url": start or "/"}], "paths": moved}


def _other_words(document: Object, writing: Writing) -> Object:
    def words(operation: Object) -> Object:
        kept = without(operation, "tags", "operationId", "summary", "externalDocs")
        return {**kept, "description": "other words", "x-note": 1}

    made: Object = transformed(document, "document", "operation", words)
    made = transformed(
        made,
        "document",
        "response",
        lambda one: one if "$ref" in one else {**without(one, "links"), "description": "other"},
    )
    return {
        **without(made, "tags", "externalDocs"),
        "info": {"title": "Other", "version": "9", "contact": {"name": "x"}},
        "x-note": 1,
    }


def _unused(document: Object, writing: Writing) -> Object:
    writing.component("schemas", {"type": "string", "maxLength": 3})
    writing.component("responses", {"description": "unused"})
    writing.component("parameters", {"name": "zz", "in": "query", "required": True, "schema": {}})
    return of_each("example", lambda one, _: one)(document, writing)


def _as_3_1(document: Object, writing: Writing) -> Object:
    """A description of 3.0 as 3.1."""
    if not writing.is_3_0:
        return document
    made: Object = transformed(document, "document", "schema", _schema_of_3_1)
    return {**made, "openapi": "3.1.0"}


def _schema_of_3_1(schema: Object) -> Object:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    made = without(schema, "nullable", "exclusiveMinimum", "exclusiveMaximum")
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        made["type"] = [schema["type"], "null"]
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if schema.get(exclusive) is True and bound in schema:
            made[exclusive] = made.pop(bound)
    if schema.get("format") == "byte":
        made = {**without(made, "format"), "contentEncoding": "base64"}
    if schema.get("format") == "binary":
        made = {**without(made, "format"), "contentMediaType": "application/octet-stream"}
    return made


MESSAGE_REWRITES: Mapping[str, Rewrite] = {
    "parameters-of-the-path-at-operations": of_each("path-item", _pushed_down),
    "parameters-of-operations-at-the-path": of_each("path-item", _lifted),
    "parameters-as-components": of_each("operation", _parameters_extracted),
    "bodies-as-components": of_each("operation", _body_extracted),
    "answers-as-components": of_each("operation", _answers_extracted),
    "bodies-and-answers-in-place": of_each("operation", _body_inlined),
    "headers-in-capitals": of_each("parameter", _header_in_capitals),
    "headers-of-answers-in-capitals": of_each("response", _headers_in_capitals),
    "media-types-of-requests-in-capitals": of_each("request-body", _media_in_capitals),
    "media-types-of-answers-in-capitals": of_each("response", _media_in_capitals),
    "ignored-headers": of_each("operation", _ignored_headers),
    "defaults-of-parameters": of_each("parameter", _parameter_defaults),
    "security-per-operation": _security_per_operation,
    "alternatives-of-security-reordered": _security_reordered,
    "schemes-renamed": _schemes_renamed,
    "names-in-paths-exchanged": _path_names_exchanged,
    "segment-moved-to-the-paths": _segment_moved,
    "words-names-and-links": _other_words,
    "unused-components": _unused,
    "3.0-as-3.1": _as_3_1,
}
