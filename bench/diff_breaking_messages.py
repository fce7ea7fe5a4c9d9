"""Operators that each make one breaking change in parameters, headers, bodies and the parts of forms."""

from __future__ import annotations

from diff_operators import BOTH, REQUEST, RESPONSE, Change, Edit, Object, Operator, Setting, without
from diff_places import IGNORED_HEADERS, Tree, is_object, resolved

_NEW = "zzNew"
_TEXT: Object = {"type": "string"}
_EXPLODED = {"form": True, "cookie": True}
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def _added(location: str) -> Change:
    """Adds a required parameter."""

    def change(operation: Object, setting: Setting) -> Edit | None:
        new = {"name": _NEW, "in": location, "required": True, "schema": _TEXT}
        return Edit({**operation, "parameters": [*operation.get("parameters", []), new]})

    return change


def _parameter_gone(operation: Object, setting: Setting) -> Edit | None:
    """In a webhook and in a callback, what a receiver was promised."""
    listed = [
        one
        for one in operation.get("parameters", [])
        if resolved(setting.tree, one).get("required") is True
        and not _is_ignored(resolved(setting.tree, one))
    ]
    if not listed or not any(use.direction == "response" for use in setting.place.uses):
        return None
    gone = setting.chance.choice(listed)
    kept = [one for one in operation["parameters"] if one is not gone]
    return Edit({**operation, "parameters": kept}, ("parameters",))


def _is_ignored(parameter: Object) -> bool:
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() in IGNORED_HEADERS


def _required(parameter: Object, setting: Setting) -> Edit | None:
    return None if parameter.get("required") else Edit({**parameter, "required": True}, ("required",))


def _schema(parameter: Object, setting: Setting) -> Object | None:
    found = resolved(setting.tree, parameter.get("schema"))
    return found if is_object(found) else None


def _moved(parameter: Object, setting: Setting) -> Edit | None:
    other = {"query": "header", "header": "query"}.get(str(parameter.get("in")))
    return None if other is None else Edit({**without(parameter, "style", "explode"), "in": other}, ("in",))


def _exploded(parameter: Object, setting: Setting) -> Edit | None:
    """One pair instead of several, or the reverse; in a path and in a header only objects show it."""
    schema, place = _schema(parameter, setting), str(parameter.get("in", "header"))
    kind = None if schema is None else schema.get("type")
    if kind not in ("array", "object") or (kind == "array" and place in ("path", "header")):
        return None
    style = parameter.get("style", _STYLES[place])
    if style == "deepObject":
        return None
    is_exploded = parameter.get("explode", _EXPLODED.get(style, False))
    return Edit({**parameter, "explode": not is_exploded}, ("explode",))


def _restyled(parameter: Object, setting: Setting) -> Edit | None:
    schema, place = _schema(parameter, setting), parameter.get("in")
    if schema is None or "style" in parameter:
        return None
    kind = schema.get("type")
    if place == "path" and kind in ("string", "integer", "number", "boolean"):
        return Edit({**parameter, "style": setting.chance.choice(["label", "matrix"])}, ("style",))
    if place == "query" and kind == "object":
        return Edit({**parameter, "style": "deepObject", "explode": True}, ("style",))
    if place == "query" and kind == "array":
        style = setting.chance.choice(["spaceDelimited", "pipeDelimited"])
        return Edit({**parameter, "style": style, "explode": False}, ("style",))
    return None


def _became_document(parameter: Object, setting: Setting) -> Edit | None:
    """A text with quotes around it, or pairs as an object of JSON."""
    schema = _schema(parameter, setting)
    if schema is None or schema.get("type") not in ("string", "object", "array"):
        return None
    made = without(parameter, "schema", "style", "explode", "allowReserved", "example", "examples")
    return Edit({**made, "content": {"application/json": {"schema": parameter["schema"]}}})


def _empty_refused(parameter: Object, setting: Setting) -> Edit | None:
    is_allowed = parameter.get("in") == "query" and parameter.get("allowEmptyValue") is True
    return Edit(without(parameter, "allowEmptyValue")) if is_allowed else None


def _body_added(operation: Object, setting: Setting) -> Edit | None:
    if "requestBody" in operation:
        return None
    body = {"required": True, "content": {"application/json": {"schema": _TEXT}}}
    return Edit({**operation, "requestBody": body}, ("requestBody",))


def _body_gone(operation: Object, setting: Setting) -> Edit | None:
    body = resolved(setting.tree, operation.get("requestBody"))
    has_content = is_object(body) and bool(body.get("content"))
    return Edit(without(operation, "requestBody"), ("requestBody",)) if has_content else None


def _body_required(body: Object, setting: Setting) -> Edit | None:
    if body.get("required") or not body.get("content"):
        return None
    return Edit({**body, "required": True}, ("required",))


def _body_optional(body: Object, setting: Setting) -> Edit | None:
    free = body.get("required") is True and body.get("content")
    return Edit(without(body, "required"), ("required",)) if free else None


def _media_type_gone(holder: Object, setting: Setting) -> Edit | None:
    content = holder.get("content")
    if not is_object(content) or len(content) < 2 or any("*" in one for one in content):
        return None
    essences = [one.partition(";")[0].strip().lower() for one in content]
    names = [one for one, essence in zip(content, essences, strict=True) if essences.count(essence) == 1]
    if not names:
        return None
    name = setting.chance.choice(names)
    return Edit({**holder, "content": without(content, name)}, ("content", name))


def _media_type_exchanged(holder: Object, setting: Setting) -> Edit | None:
    content = holder.get("content")
    if not is_object(content) or not content or any("*" in one for one in content):
        return None
    name = setting.chance.choice(sorted(content))
    media = {"schema": _TEXT}
    return Edit(
        {**holder, "content": {**without(content, name), "application/x-zz": media}}, ("content", name)
    )


def _content_gone(response: Object, setting: Setting) -> Edit | None:
    return Edit(without(response, "content"), ("content",)) if response.get("content") else None


def _header_gone(response: Object, setting: Setting) -> Edit | None:
    names = _headers(response, setting)
    if not names:
        return None
    name = setting.chance.choice(names)
    return Edit({**response, "headers": without(response["headers"], name)}, ("headers", name))


def _headers(response: Object, setting: Setting) -> list[str]:
    headers = response.get("headers")
    return [
        name
        for name, one in (headers.items() if is_object(headers) else ())
        if name.lower() not in IGNORED_HEADERS and resolved(setting.tree, one).get("required") is True
    ]


def _header_optional(header: Object, setting: Setting) -> Edit | None:
    return Edit(without(header, "required"), ("required",)) if header.get("required") is True else None


def _part_encoding(media: Object, setting: Setting) -> Edit | None:
    """Another content type for a part of a multipart body."""
    name = setting.place.pointer[-1].lower()
    schema = resolved(setting.tree, media.get("schema"))
    properties = schema.get("properties") if is_object(schema) else None
    if not name.startswith("multipart/form-data") or not is_object(properties) or not properties:
        return None
    readable = [one for one, inner in properties.items() if not _is_read_only(inner, setting)]
    if not readable:
        return None
    part = setting.chance.choice(readable)
    encodings = {**media.get("encoding", {}), part: {"contentType": "application/x-zz"}}
    return Edit({**media, "encoding": encodings}, ("encoding", part))


def _is_read_only(schema: Tree, setting: Setting) -> bool:
    found = resolved(setting.tree, schema)
    return not is_object(found) or found.get("readOnly") is True


MESSAGE_OPERATORS = (
    Operator("query parameter due", "operation", REQUEST, _added("query")),
    Operator("header due", "operation", REQUEST, _added("header")),
    Operator("parameter gone", "operation", RESPONSE, _parameter_gone),
    Operator("parameter required", "parameter", REQUEST, _required),
    Operator("parameter moved", "parameter", BOTH, _moved),
    Operator("explode changed", "parameter", BOTH, _exploded),
    Operator("explode of a header changed", "header", BOTH, _exploded),
    Operator("style changed", "parameter", BOTH, _restyled),
    Operator("parameter becomes JSON", "parameter", BOTH, _became_document),
    Operator("empty value refused", "parameter", REQUEST, _empty_refused),
    Operator("body new", "operation", REQUEST, _body_added),
    Operator("body gone", "operation", BOTH, _body_gone),
    Operator("body required", "request-body", REQUEST, _body_required),
    Operator("body optional", "request-body", RESPONSE, _body_optional),
    Operator("media type of a request gone", "request-body", BOTH, _media_type_gone),
    Operator("media type of an answer gone", "response", RESPONSE, _media_type_gone),
    Operator("media type of a request exchanged", "request-body", BOTH, _media_type_exchanged),
    Operator("media type of an answer exchanged", "response", BOTH, _media_type_exchanged),
    Operator("body of an answer gone", "response", BOTH, _content_gone),
    Operator("required header gone", "response", RESPONSE, _header_gone),
    Operator("header optional", "header", RESPONSE, _header_optional),
    Operator("encoding of a part changed", "media-type", BOTH, _part_encoding),
)
