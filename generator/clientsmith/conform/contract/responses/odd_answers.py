"""Answers that a document does not describe: other statuses, wrong labels, bodies that are broken."""

from __future__ import annotations

from itertools import islice

from clientsmith.conform.client.calls import Called
from clientsmith.conform.client.scripted import always
from clientsmith.conform.contract.responses.any_success import check_any_success
from clientsmith.conform.contract.responses.response_case import VALIDATIONS, ResponseCase, brief, shown
from clientsmith.conform.run.status_meaning import takes_any_success
from clientsmith.document.model import Node
from clientsmith.json_values import codec
from clientsmith.json_values.codec import JsonError, Value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic import writing
from clientsmith.traffic.message import HttpResponse

UNDESCRIBED = (200, 299, 304, 418, 599)
"""Statuses that few documents mention: what becomes of an answer that nothing is said of."""
_SHOWN = 3
"""Places that the message of an unreadable answer names one by one."""

_SURROGATE = b'"\\ud800"'
_BODIES = (b"", b'{"a":', b"\xff\xfe\x00", b"[" * 5_000, b"NaN", b'{"a": NaN}', _SURROGATE)
"""Bodies that are not JSON, or hold what is not text."""
_MISLABELLED: dict[str | None, bytes] = {"text/html": b"<h1>busy</h1>", None: b"<html>"}


def is_described(operation: DescribedOperation, status: int) -> bool:
    """Whether the document describes a status. `default` covers errors if a success is described, and never 304."""
    stated = operation.responses
    has_success = any(one.startswith("2") for one in stated)
    by_default = "default" in stated and status != 304 and not (status < 300 and has_success)
    return str(status) in stated or f"{status // 100}XX" in stated or by_default


def check_undescribed(case: ResponseCase) -> None:
    """An answer that nothing is said of is an error, and its body has no type."""
    value: Value = {"code": 1, "message": "text", "items": [None]}
    response = case.response("application/json", codec.write(value).encode())
    if case.is_success and takes_any_success(case.operation) and case.operation.method != "HEAD":
        check_any_success(case, {})
        return
    for validation in VALIDATIONS:
        called = case.call(validation, response)
        if not case.is_success:
            case.error(response, called, (None, value))
            body = getattr(called.error, "body", None)
            said = f"the body is {brief(body)}"
            case.check(case.status == 304 or type(body) is dict, "undescribed-is-typed", said, response)
        elif successes := [one for key, one in case.operation.responses.items() if key.startswith("2")]:
            _undescribed_success(case, response, called, gives=any(one.contents for one in successes))


def _undescribed_success(case: ResponseCase, response: HttpResponse, called: Called, *, gives: bool) -> None:
    """If every described success has no body, assume the same of others; otherwise their content is unknown."""
    error = called.error
    is_refused = isinstance(error, case.context.package.get("ResponseDecodeError"))
    expected = is_refused and str(getattr(error, "outcome", None)) == "unknown"
    if not gives:
        expected = error is None and called.result is None
    said = f"a success that is not described gives {shown(called)}"
    case.check(expected, "undescribed-success", said, response)


def check_labels(case: ResponseCase, media_type: str, schema: Node | None) -> None:
    """JSON without a Content-Type is read, under a type that the document lacks it is not; a call may be strict."""
    for value in case.context.draws.valid(schema, "response")[:1]:
        body = codec.write(value).encode()
        response = case.response(None, body)
        called = case.call("lenient", response)
        said = f"JSON without a Content-Type gives {shown(called)}"
        if case.check(called.error is None, "unlabelled-refused", said, response):
            case.lossless(schema, value, response, called, is_valid=True)
        for other in ("text/html", "application/pdf"):
            response = case.response(other, body)
            called = case.call("lenient", response)
            passed = isinstance(called.error, case.context.package.get("ResponseDecodeError"))
            case.check(passed, "mislabelled-accepted", f"JSON as {other} gives {shown(called)}", response)
    invalid = case.context.draws.invalid(schema, "response")
    refused = (value for value in invalid if case.context.promised.refuses(schema, value, "response"))
    for value in islice(refused, 1):
        _check_warnings(case, media_type, value)
        response = case.response(writing.concrete(media_type, None), codec.write(value).encode())
        lenient = case.caller("lenient")
        strict = lenient.call(case.operation.id, case.inputs, always(response), validation="strict")
        passed = isinstance(strict.error, case.context.package.get("InvalidResponseError"))
        said = f"a call in strict mode ends in {shown(strict)}"
        case.check(passed, "validation-of-call-ignored", said, response, drawn=value)


def _check_warnings(case: ResponseCase, media_type: str, value: Value) -> None:
    """What a warning says to a machine."""
    response = case.response(writing.concrete(media_type, None), codec.write(value).encode())
    case.call("warn", response)
    found = [vars(one) for one in case.caller("warn").records.found if one.levelname == "WARNING"]
    names = ("operation", "method", "path", "status", "request_id")
    request_id = response.headers[0][1]
    expected = (case.operation.id, case.operation.method, case.operation.path, case.status, request_id)
    got = {tuple(one.get(name) for name in names) for one in found if "status" in one or "attempt" not in one}
    said = f"the records of warnings say {got}, not {expected}"
    case.check(got == {expected}, "not-warned", said, response, drawn=value)


def check_words(case: ResponseCase, schema: Node | None) -> None:
    """Errors report what cannot be read in one line: the first places, and how many more there are."""
    branches = case.context.checker.branches
    is_object = branches.types(schema) == frozenset({"object"}) and not branches.has_choice(schema)
    required = set[str]()
    for part in branches.of(schema) if schema is not None else ():
        names = part.mapping.get("required")
        required |= set(map(str, names)) if isinstance(names, list) else set()
    texts = [name for name, one in branches.properties(schema).items() if name and _is_plain_text(case, one)]
    for number in (_SHOWN, _SHOWN + 1, _SHOWN + 3):
        given = texts[:number]
        if len(given) < number or not is_object or not required <= set(given):
            return
        value: dict[str, Value] = {name: [[]] for name in given}
        response = case.response("application/json", codec.write(value).encode())
        text, more = str(case.call("lenient", response).error), number - _SHOWN
        passed = (f"; and {more} more (" in text) is (more > 0)
        passed = passed and sum(f" {one}: " in text for one in given) == _SHOWN
        said = f"{number} members of the wrong type are reported as {text:.300}"
        case.check(passed, "error-says-nothing", said, response, drawn=value)


def _is_plain_text(case: ResponseCase, schema: Node) -> bool:
    stated = case.context.checker.resolved.deref(schema).mapping
    kind = stated.get("type")
    kinds = set(map(str, kind if isinstance(kind, list) else [kind]))
    return (
        "string" in kinds
        and stated.get("writeOnly") is not True
        and kinds <= {"string", "null"}
        and stated.keys().isdisjoint({"enum", "const", "allOf", "anyOf", "oneOf"})
    )


def check_broken(case: ResponseCase, media_type: str) -> None:
    """Answers that no schema describes: empty, cut off, mislabelled, not text at all."""
    concrete = writing.concrete(media_type, None)
    is_json = media_types.is_json(media_type)
    for stated, body in (*((concrete, body) for body in _BODIES), *_MISLABELLED.items()):
        response = case.response(stated, body)
        called = case.call("lenient", response)
        if not case.is_success:
            case.error(response, called, None)
            continue
        error = called.error
        is_typed = error is None or isinstance(error, case.context.package.get("ResponseDecodeError"))
        is_other = not media_types.is_json(stated or concrete) and _is_stated(case, stated)
        is_refused = error is not None or not is_json or is_other or body == _SURROGATE
        said = f"{body[:20]!r} as {stated} gives {shown(called)}"
        case.check(is_typed and (is_refused or _reads(body)), "broken-response-accepted", said, response)
        if error is not None and is_typed:
            known = str(getattr(error, "outcome", None))
            case.check(known == "unknown", "wrong-outcome", f"an unreadable success is {known}", response)


def _is_stated(case: ResponseCase, media_type: str | None) -> bool:
    declared = case.operation.response(case.status)
    return declared is not None and media_types.best(declared.contents, media_type or "") is not None


def _reads(body: bytes) -> bool:
    try:
        codec.read(body)
    except JsonError:
        return False
    return True
