"""Faults of the domain in what is generated for an API: its operations and their methods, and its clients.

Each operator finds its sites by their role in the code, wherever they are; none knows a line, a name or a test.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from power_sites import Change, Edit, File, altered, calls, keyword, swapped, text_of

Operator = Callable[[File], Iterator[Edit]]
_METHODS = ("GET", "POST", "PUT")
_BODIES = {
    "FormBody": ("JsonBody", "body", "application/json"),
    "JsonBody": ("FormBody", "form_body", "application/x-www-form-urlencoded"),
}
"""Classes of bodies: the other class, its module, and the media type that it is for."""
_ELSEWHERE = "https://elsewhere.example"


def operations(file: File) -> Iterator[Edit]:
    """Method, path, host, security, and what the operation says about being repeated."""
    for call in calls(file, "Operation"):
        method = text_of(keyword(call, "method"))
        path = text_of(keyword(call, "path"))
        if method is None or path is None:
            continue
        for other in _METHODS:
            if other != method:
                yield Edit(f"method is {other}", (altered(file, call, method=repr(other)),))
        for name, changed in _paths(path):
            yield Edit(name, (altered(file, call, path=repr(changed)),))
        yield Edit("security lost", (altered(file, call, security=None),))
        yield Edit("security optional", (altered(file, call, security="((),)"),))
        yield Edit("other server", (altered(file, call, server=repr(_ELSEWHERE)),))
        bills = ast.unparse(keyword(call, "bills") or ast.Constant(False)) == "True"
        yield Edit("billing flipped", (altered(file, call, bills=str(not bills)),))
        if method == "POST":
            again = altered(file, call, bills="False", idempotent="True")
            yield Edit("post repeatable", (again,))
        else:
            yield Edit("never repeated", (altered(file, call, idempotent="False"),))


def _paths(path: str) -> Iterator[tuple[str, str]]:
    """Every literal segment altered and dropped, and every parameter in the place of its neighbour."""
    segments = path.split("/")[1:]
    for place, segment in enumerate(segments):
        if not segment.startswith("{"):
            yield (
                "path segment altered",
                "/" + "/".join([*segments[:place], f"{segment}s", *segments[place + 1 :]]),
            )
            yield "path segment dropped", "/" + "/".join(segments[:place] + segments[place + 1 :])
        if segment.startswith("{"):
            moved = [*segments[: place - 1], segment, segments[place - 1], *segments[place + 1 :]]
            yield "path parameter moved", "/" + "/".join(moved)
    yield "slash added to path", f"{path}/"


def parameters(file: File) -> Iterator[Edit]:
    """Where a parameter goes and what it has to be."""
    for call in calls(file, "Parameter"):
        wire, location = text_of(call.args[0]), text_of(call.args[1])
        if wire is None or location is None:
            continue
        yield Edit("parameter renamed", (altered(file, call, {0: repr(f"{wire}X")}),))
        other = "header" if location == "query" else "query"
        yield Edit("parameter elsewhere", (altered(file, call, {1: repr(other)}),))
        yield Edit("parameter written otherwise", (altered(file, call, style="'label'"),))
        yield from _patterns(file, call.args[2])


def _patterns(file: File, annotation: ast.expr) -> Iterator[Edit]:
    for field in calls(file, "Field", annotation):
        for one in field.keywords:
            yield Edit(f"{one.arg} of parameter lost", (altered(file, field, None, **{str(one.arg): None}),))
            pattern = text_of(one.value)
            if one.arg == "pattern" and pattern is not None:
                loose = pattern.rstrip("$")
                yield Edit("pattern without its end", (altered(file, field, pattern=repr(loose)),))
                yield Edit(
                    "pattern without its begin", (altered(file, field, pattern=repr(pattern.lstrip("^"))),)
                )


def bodies(file: File) -> Iterator[Edit]:
    """Media type, codec and encoding of a request body."""
    for kind in _BODIES:
        for call in calls(file, kind):
            yield from _body(file, call, kind)
    for call in calls(file, "Encoding"):
        wire = text_of(call.args[0]) or ""
        yield Edit("encoding of another field", (altered(file, call, {0: repr(f"{wire}X")}),))
        yield Edit("field exploded", (altered(file, call, style="'form'", explode="True"),))
        yield Edit("field as deep object", (altered(file, call, style="'deepObject'", explode="True"),))


def _body(file: File, call: ast.Call, kind: str) -> Iterator[Edit]:
    other, module, media_type = _BODIES[kind]
    yield Edit("body in the other codec", _in_other_codec(file, call, other, module, {0: repr(media_type)}))
    yield Edit(
        "body written in the other codec, labelled as before",
        _in_other_codec(file, call, other, module, {}),
    )
    yield Edit("media type of body wrong", (altered(file, call, {0: repr(media_type)}),))
    yield Edit("media type of body vague", (altered(file, call, {0: "'text/plain'"}),))
    required = ast.unparse(keyword(call, "required") or ast.Constant(False)) == "True"
    yield Edit("body required flipped", (altered(file, call, required=str(not required)),))
    yield Edit("body of any kind", (altered(file, call, {1: "dict"}),))
    if keyword(call, "encodings") is not None:
        yield Edit("encodings lost", (altered(file, call, encodings=None),))


def _in_other_codec(
    file: File, call: ast.Call, kind: str, module: str, positions: dict[int, str]
) -> tuple[Change, Change]:
    """The body as another class, which the file has to import for it."""
    changed = altered(file, call, positions, encodings=None)
    top = next(one for one in file.tree.body if isinstance(one, ast.ImportFrom) and one.level == 2)
    return (
        replace(changed, text=f"{kind}({changed.text.partition('(')[2]}"),
        file.replaced(top, f"{ast.unparse(top)}\nfrom .._runtime.messages.{module} import {kind}"),
    )


def responses(file: File) -> Iterator[Edit]:
    """Which statuses are known, what they hold, and what they say about the request."""
    for operation in calls(file, "Operation"):
        declared = keyword(operation, "responses")
        if not isinstance(declared, ast.Tuple):
            continue
        for place, call in enumerate(declared.elts):
            if isinstance(call, ast.Call):
                kept = [ast.unparse(one) for number, one in enumerate(declared.elts) if number != place]
                text = f"({', '.join(kept)},)" if kept else "()"
                yield Edit("status not declared", (file.replaced(declared, text),))
                yield from _response(file, call)


def _response(file: File, call: ast.Call) -> Iterator[Edit]:
    status = text_of(call.args[0]) or ""
    if status.isdigit():
        yield Edit("other status declared", (altered(file, call, {0: repr(str(int(status) + 1))}),))
    elif status == "default":
        yield Edit("default for one status only", (altered(file, call, {0: "'599'"}),))
    if len(call.args) > 1:
        yield Edit("body of status lost", (altered(file, call, {1: "()"}),))
    else:
        extra = 'Media("application/json", "json", dict)'
        text = f"Response({status!r}, ({extra},))"
        yield Edit("body of status invented", (file.replaced(call, text),))
    if keyword(call, "not_processed") is not None:
        yield Edit("not processed lost", (altered(file, call, not_processed=None),))
    elif status.startswith("5"):
        yield Edit("not processed invented", (altered(file, call, not_processed="True"),))
    if keyword(call, "partial") is not None:
        yield Edit("partial success lost", (altered(file, call, partial=None),))


def media(file: File) -> Iterator[Edit]:
    """What a body of a response is read as."""
    types = [ast.unparse(call.args[2]) for call in calls(file, "Media")]
    for call in calls(file, "Media"):
        own, key = ast.unparse(call.args[2]), text_of(call.args[3]) if len(call.args) > 3 else None
        other = next((one for one in types if one != own), "dict[str, object]")
        yield Edit("wrong model for a status", (altered(file, call, {2: other}),))
        yield Edit("result without a type", (altered(file, call, {2: "dict"}),))
        yield Edit("media type of response wrong", (altered(file, call, {0: "'application/xml'"}),))
        yield Edit("JSON given as text", (altered(file, call, {1: "'text'"}),))
        if key is not None:
            yield Edit("schema of response missing", (altered(file, call, {3: "None"}),))
            yield Edit("schema of another response", (altered(file, call, {3: repr(other.split(".")[-1])}),))


def partials(file: File) -> Iterator[Edit]:
    """How an answer says what became of each item."""
    for call in calls(file, "PartialDeclaration"):
        for name in ("sent", "received", "total"):
            yield Edit(
                f"{name} looked for elsewhere", (altered(file, call, None, **{name: "('elsewhere',)"}),)
            )
        for name in ("accepted", "amount"):
            yield Edit(f"{name} under another name", (altered(file, call, None, **{name: "'elsewhere'"}),))
        match = keyword(call, "match")
        for one in match.elts if isinstance(match, ast.Tuple) and len(match.elts) > 1 else ():
            yield Edit(
                "items matched by one property only", (altered(file, call, match=f"({ast.unparse(one)},)"),)
            )
        yield Edit("total ignored", (altered(file, call, amount=None, total=None),))
        yield Edit("sent items without a type", (altered(file, call, item="dict"),))


def methods(file: File) -> Iterator[Edit]:
    """What a method of one of the two clients passes on; each is a site of its own, so that they diverge."""
    known = [
        one.target.id
        for one in file.tree.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    ]
    for call in calls(file, "_call"):
        if not call.args or not isinstance(call.args[0], ast.Name):
            continue
        own = call.args[0].id
        for other in known:
            if other != own:
                yield Edit("operation of another method", (altered(file, call, {0: other}),))
        yield Edit("options lost", (altered(file, call, options=None),))
        arguments = call.args[1]
        if isinstance(arguments, ast.Tuple) and arguments.elts:
            yield Edit(
                "argument altered",
                (altered(file, call, {1: f"({ast.unparse(arguments.elts[0])}.lower(),)"}),),
            )
        if len(call.args) > 2 and isinstance(call.args[2], ast.Dict):
            yield from _fields(file, call, call.args[2])
    for node in file.nodes():
        if isinstance(node, ast.Return) and node.value is not None and any(calls(file, "_call", node)):
            value = ast.unparse(node.value)
            yield Edit("called twice", (file.replaced(node, f"{value}\nreturn {value}"),))
            yield Edit("result lost", (file.replaced(node, value),))
            yield Edit(
                "errors swallowed",
                (file.replaced(node, f"try:\n    return {value}\nexcept Exception:\n    return None"),),
            )
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            unset = [one for one in node.args.kw_defaults if one is not None and ast.unparse(one) == "UNSET"]
            for default in unset:
                yield Edit("null sent for what was not given", (file.replaced(default, "None"),))


def _fields(file: File, call: ast.Call, fields: ast.Dict) -> Iterator[Edit]:
    pairs = [(key, value) for key, value in zip(fields.keys, fields.values, strict=True) if key is not None]
    for place, (key, _) in enumerate(pairs):
        yield Edit("wire name of property wrong", (file.replaced(key, repr(f"{text_of(key)}X")),))
        kept = [
            f"{ast.unparse(one)}: {ast.unparse(other)}"
            for number, (one, other) in enumerate(pairs)
            if number != place
        ]
        yield Edit("property dropped", (altered(file, call, {2: f"{{{', '.join(kept)}}}"}),))
    for (one, _), (other, _) in pairwise(pairs):
        yield Edit("wire names swapped", swapped(file, one, other))


def clients(file: File) -> Iterator[Edit]:
    """What both clients are configured with."""
    for call in calls(file, "Configuration"):
        yield Edit("base URL wrong", (altered(file, call, base_url=repr(_ELSEWHERE)),))
        yield Edit(
            "base URL with a path",
            (
                altered(
                    file,
                    call,
                    base_url=f"{ast.unparse(keyword(call, 'base_url') or ast.Constant(''))} + '/v1'",
                ),
            ),
        )
        yield Edit("user agent empty", (altered(file, call, user_agent="''"),))
        yield Edit("security schemes lost", (altered(file, call, schemes=None),))
        yield Edit("credentials not demanded", (altered(file, call, requires_credentials=None),))


def schemes(file: File) -> Iterator[Edit]:
    """How credentials are written and where they come from."""
    for call in calls(file, "SecurityScheme"):
        other = "bearer" if text_of(call.args[1]) == "basic" else "basic"
        yield Edit("kind of credentials wrong", (altered(file, call, {1: repr(other)}),))
        yield Edit("scheme under another name", (altered(file, call, {0: "'otherAuth'"}),))
        names = keyword(call, "environment")
        if isinstance(names, ast.Tuple) and len(names.elts) > 1:
            yield Edit("environment in another order", swapped(file, names.elts[0], names.elts[1]))
            yield Edit("environment not read", (altered(file, call, environment=None),))
        if isinstance(names, ast.Tuple):
            for one in names.elts:
                if isinstance(one, ast.Tuple) and len(one.elts) > 1:
                    yield Edit("variables swapped", swapped(file, one.elts[0], one.elts[1]))


def constructors(file: File) -> Iterator[Edit]:
    """What a client passes on to its base, and the resources on it."""
    for node in file.nodes():
        if isinstance(node, ast.Dict) and file.scope(node).endswith(".__init__"):
            for value in node.values:
                if isinstance(value, ast.Tuple) and len(value.elts) > 1:
                    yield Edit("credentials swapped", swapped(file, value.elts[0], value.elts[1]))
        if isinstance(node, ast.Assign) and file.scope(node).endswith(".__init__"):
            yield Edit("resource missing", (file.replaced(node, "pass"),))
    for name in ("Settings", "__init__"):
        for call in calls(file, name):
            for given in call.keywords if file.scope(call).endswith(".__init__") else ():
                if given.arg not in ("configuration", "credentials", "settings"):
                    yield Edit(f"{given.arg} ignored", (altered(file, call, None, **{str(given.arg): None}),))


RESOURCES: tuple[Operator, ...] = (operations, parameters, bodies, responses, media, partials, methods)
CLIENT: tuple[Operator, ...] = (clients, schemes, constructors)
