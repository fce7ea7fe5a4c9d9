"""Operators that each make one breaking change in paths, operations, statuses and security."""

from __future__ import annotations

from clientsmith.document.grammar import METHODS
from diff_operators import BOTH, REQUEST, Change, Edit, Object, Operator, Setting, without
from diff_places import Tree, is_list, is_object, is_success, member, resolved

_TEXT: Object = {"type": "string"}


def _operation_gone(item: Object, setting: Setting) -> Edit | None:
    methods = [one for one in METHODS if one in item]
    if len(methods) < 2 or setting.place.pointer[0] != "paths":
        return None
    method = setting.chance.choice(methods)
    return Edit(without(item, method), (method,))


def _method_exchanged(item: Object, setting: Setting) -> Edit | None:
    methods = [one for one in METHODS if one in item]
    free = [one for one in METHODS[:5] if one not in item]
    if not methods or not free or setting.place.pointer[0] != "paths":
        return None
    method = setting.chance.choice(methods)
    return Edit({**without(item, method), setting.chance.choice(free): item[method]}, (method,))


def _paths(document: Object) -> list[str]:
    """The paths with operations."""
    paths: Object = member(document, "paths")
    return [path for path, item in paths.items() if is_object(item) and any(one in item for one in METHODS)]


def _path_gone(document: Object, setting: Setting) -> Edit | None:
    paths = _paths(document)
    if len(paths) < 2:
        return None
    path = setting.chance.choice(paths)
    return Edit({**document, "paths": without(document["paths"], path)}, ("paths", path))


def _path_renamed(document: Object, setting: Setting) -> Edit | None:
    paths = _paths(document)
    if len(paths) < 2:
        return None
    path = setting.chance.choice(paths)
    moved = {**without(document["paths"], path), f"{path.rstrip('/')}/zz": document["paths"][path]}
    return Edit({**document, "paths": moved}, ("paths", path))


def _map_member_gone(keyword: str) -> Change:
    """Takes away a member of a map of webhooks or callbacks."""

    def change(holder: Object, setting: Setting) -> Edit | None:
        members = holder.get(keyword)
        if not is_object(members) or not members:
            return None
        name = setting.chance.choice(sorted(members))
        return Edit({**holder, keyword: without(members, name)}, (keyword, name))

    return change


def _success(operation: Object, setting: Setting) -> list[str]:
    declared = operation.get("responses")
    if not is_object(declared):
        return []
    return [one for one in declared if one[:1].isdecimal() and is_success(one, declared)]


def _status_gone(operation: Object, setting: Setting) -> Edit | None:
    statuses = _success(operation, setting)
    if not statuses or any(one in operation["responses"] for one in ("2XX", "2xx")):
        return None
    if len(statuses) == 1 and "default" in operation["responses"]:
        return None
    status = setting.chance.choice(statuses)
    return Edit({**operation, "responses": without(operation["responses"], status)}, ("responses", status))


def _status_new(operation: Object, setting: Setting) -> Edit | None:
    statuses = _success(operation, setting)
    bodies = [resolved(setting.tree, operation["responses"][one]) for one in statuses]
    if not any(one.get("content") for one in bodies) or {"2XX", "2xx", "226"} & set(statuses):
        return None
    new = {"description": "new", "content": {"application/json": {"schema": _TEXT}}}
    return Edit({**operation, "responses": {**operation["responses"], "226": new}}, ("responses", "226"))


def _effective(operation: Object, setting: Setting) -> list[Object] | None:
    found = operation.get("security", setting.tree.get("security"))
    return found if is_list(found) else None


def _alternative_gone(operation: Object, setting: Setting) -> Edit | None:
    listed = _effective(operation, setting)
    sent = [{_credential(key, setting) for key in one} for one in listed or ()]
    needed = [
        number
        for number, one in enumerate(sent)
        if not any(other <= one for place, other in enumerate(sent) if place != number)
    ]
    if not listed or len(listed) < 2 or not needed:
        return None
    gone = setting.chance.choice(needed)
    return Edit({**operation, "security": [*listed[:gone], *listed[gone + 1 :]]}, ("security",))


def _credential(key: str, setting: Setting) -> tuple[Tree, ...]:
    """What a request carries, whatever the scheme is called."""
    schemes = member(member(setting.tree, "components"), "securitySchemes")
    scheme = resolved(setting.tree, schemes.get(key))
    if not is_object(scheme):
        return (key,)
    return tuple(str(scheme.get(one)).lower() for one in ("type", "scheme", "in", "name"))


def _credential_due(operation: Object, setting: Setting) -> Edit | None:
    schemes = member(setting.tree, "components").get("securitySchemes")
    if not schemes or _effective(operation, setting) not in (None, [], [{}]):
        return None
    return Edit({**operation, "security": [{setting.chance.choice(sorted(schemes)): []}]}, ("security",))


def _scope_due(operation: Object, setting: Setting) -> Edit | None:
    listed = _effective(operation, setting)
    if not listed or not all(listed):
        return None
    made = [{key: [*scopes, "zz"] for key, scopes in one.items()} for one in listed]
    return Edit({**operation, "security": made}, ("security",))


def _scheme_changed(document: Object, setting: Setting) -> Edit | None:
    components = member(document, "components")
    schemes: Object = member(components, "securitySchemes")
    used = {
        key
        for listed in _requirements(document)
        if len(listed) == 1
        for one in listed
        for key in one
        if is_object(schemes.get(key)) and "$ref" not in schemes[key]
    }
    if not used:
        return None
    key = setting.chance.choice(sorted(used))
    old = schemes[key]
    new = (
        {"type": "http", "scheme": "basic"}
        if old.get("type") != "http" or str(old.get("scheme")).lower() != "basic"
        else {"type": "apiKey", "in": "header", "name": "X-Zz"}
    )
    moved = {**components, "securitySchemes": {**schemes, key: new}}
    return Edit({**document, "components": moved}, ("components", "securitySchemes", key))


def _requirements(document: Object) -> list[list[Object]]:
    """What each operation asks for."""
    common: list[Object] = document.get("security") or []
    return [
        item[method].get("security", common)
        for item in member(document, "paths").values()
        if is_object(item)
        for method in METHODS
        if is_object(item.get(method))
    ]


OPERATION_OPERATORS = (
    Operator("operation gone", "path-item", REQUEST, _operation_gone),
    Operator("method exchanged", "path-item", REQUEST, _method_exchanged),
    Operator("path gone", "document", REQUEST, _path_gone),
    Operator("path renamed", "document", REQUEST, _path_renamed),
    Operator("webhook gone", "document", REQUEST, _map_member_gone("webhooks")),
    Operator("callback gone", "operation", REQUEST, _map_member_gone("callbacks")),
    Operator("success status gone", "operation", BOTH, _status_gone),
    Operator("success status new", "operation", REQUEST, _status_new),
    Operator("alternative of security gone", "operation", REQUEST, _alternative_gone),
    Operator("credential due", "operation", REQUEST, _credential_due),
    Operator("scope due", "operation", REQUEST, _scope_due),
    Operator("scheme changed", "document", REQUEST, _scheme_changed),
)
