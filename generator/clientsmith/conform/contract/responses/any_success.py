"""Operations without a described success that do not bill: any 2xx is a result, and so is a described redirect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from clientsmith.conform.contract.responses.response_case import VALIDATIONS, ResponseCase, shown
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.run.status_meaning import gives_redirect
from clientsmith.document.model import Node
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type as media_types
from clientsmith.traffic import writing

_ANY: tuple[Value, ...] = ({"code": 1, "items": [None]}, [1, "x"], "text", 7, None)
_OPAQUE = {"application/pdf": b"%\xff\x00", "application/json": b"{", "image/png": b"x"}
"""Bodies that no client takes apart, by media type."""
_LOCATION = "/conform/elsewhere?x=1"


def check_any_success(case: ResponseCase, contents: Mapping[str, Node]) -> None:
    """JSON comes back as it was, with the type of `default` if that fits, and anything else as bytes."""
    json_like = {name: media.get("schema") for name, media in contents.items() if media_types.is_json(name)}
    for name, schema in json_like.items():
        for value in case.context.draws.valid(schema, "response"):
            _comes_back(case, name, schema, value)
            case.context.tally.message(case.operation.id, "response", case.key, name)
    for value in _ANY:
        _comes_back(case, "application/json", None, value)
    for media_type, body in _OPAQUE.items():
        if media_types.best(contents, media_type) is not None and not media_types.is_json(media_type):
            continue
        response = case.response(media_type, body)
        called = case.call("lenient", response)
        passed = called.error is None and called.result == body
        said = f"a success that is not described, {body!r} as {media_type}, gives {shown(called)}"
        case.check(passed, "undescribed-success", said, response)
    response = case.response(None, b"")
    called = case.call("lenient", response)
    passed = called.error is None and called.result is None
    case.check(passed, "empty-result", f"{case.status} without a body gives {shown(called)}", response)


def _comes_back(case: ResponseCase, media_type: str, schema: Node | None, value: Value) -> None:
    response = case.response(writing.concrete(media_type, None), codec.write(value).encode())
    for validation in VALIDATIONS:
        called = case.call(validation, response)
        passed = called.error is None and same(value, plain(called.result))
        said = f"a success that is not described gives {shown(called)}"
        if case.check(passed, "undescribed-success", said, response, drawn=value):
            case.lossless(schema, value, response, called, is_valid=schema is not None)


def check_redirect(case: ResponseCase) -> None:
    """A described redirect gives its location: a 303 to any method, the others to GET and HEAD."""
    response = case.response(None, b"")
    response = replace(response, headers=(*response.headers, ("Location", _LOCATION)))
    called = case.call("lenient", response)
    if not gives_redirect(case.operation, case.status):
        case.error(response, called, None)
        return
    result = called.result
    facts = getattr(result, "status", None), getattr(result, "location", None)
    passed = isinstance(result, case.context.package.get("Redirect")) and facts == (case.status, _LOCATION)
    case.check(passed, "redirect-lost", f"a described redirect gives {shown(called)}", response)
