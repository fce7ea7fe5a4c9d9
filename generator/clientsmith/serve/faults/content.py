"""Faults in what a response says, carried out on the response itself: it still goes out by the rules of HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Pointer
from clientsmith.document.partial_success import NAME, PartialSuccessNode, read_partial_success
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.json_values.decimals import total
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.response import ResponseDeclaration
from clientsmith.serve.faults.kinds import KINDS, Phase
from clientsmith.traffic.message import Fault, HttpResponse


@dataclass(frozen=True, slots=True)
class Declared:
    """What the document has to say about a response that is to be spoilt."""

    operation: DescribedOperation | None
    satisfies: Callable[[Value], bool]
    """Whether a value is what is declared for this response."""
    error: Callable[[int], HttpResponse]
    """The response of a status of this operation."""


class NotPossibleError(ValueError):
    """A fault that cannot be carried out on this response; the message says why."""


def is_content(fault: Fault) -> bool:
    """Whether a fault is one of those that are carried out here."""
    return KINDS[fault.name].phase is Phase.CONTENT


def spoil(fault: Fault, response: HttpResponse, declared: Declared) -> HttpResponse:
    """The response with the fault in it; raises NotPossibleError."""
    number = int(fault.values[0]) if fault.values else 0
    if fault.name == "server-error":
        return declared.error(number)
    if fault.name == "too-many-requests":
        return _with(declared.error(429), "Retry-After", f"{float(fault.values[0]):g}")
    if fault.name == "redirect":
        return _with(HttpResponse(number), "Location", "/__clientsmith/moved")
    if fault.name == "wrong-schema":
        return replace(response, body=_off_schema(_json(response, fault), declared.satisfies))
    if fault.name == "partial":
        return _partial(response, declared.operation, number)
    return _SIMPLE[fault.name](response)


def declares_partial(operation: DescribedOperation) -> bool:
    """Whether some answer of an operation says what became of each item."""
    return any(_partial_node(response) is not None for response in operation.responses.values())


def _with(response: HttpResponse, name: str, value: str) -> HttpResponse:
    """The response with a header set, in place of any of that name."""
    others = tuple(header for header in response.headers if header[0].lower() != name.lower())
    return replace(response, headers=(*others, (name, value)))


def _empty(response: HttpResponse) -> HttpResponse:
    return replace(response, body=b"")


def _malformed(response: HttpResponse) -> HttpResponse:
    half = response.body[: len(response.body) // 2]
    try:
        codec.read(half)
    except codec.JsonError:
        return replace(response, body=half or b"{")
    return replace(response, body=half + b"{")


def _not_utf8(response: HttpResponse) -> HttpResponse:
    before, quote, after = response.body.partition(b'"')
    return replace(response, body=before + quote + b"\xff\xfe" + after)


def _html(response: HttpResponse) -> HttpResponse:
    return _with(response, "Content-Type", "text/html; charset=utf-8")


def _not_gzip(response: HttpResponse) -> HttpResponse:
    return _with(response, "Content-Encoding", "gzip")


_SIMPLE: dict[str, Callable[[HttpResponse], HttpResponse]] = {
    "empty-body": _empty,
    "malformed-json": _malformed,
    "invalid-utf8": _not_utf8,
    "wrong-content-type": _html,
    "wrong-encoding": _not_gzip,
}


def _json(response: HttpResponse, fault: Fault) -> Value:
    try:
        return codec.read(response.body)
    except codec.JsonError as error:
        raise NotPossibleError(f"{fault.name} needs a response with JSON in it: {error}") from None


def _off_schema(value: Value, satisfies: Callable[[Value], bool]) -> bytes:
    """The first change that the schema does not allow: a property of another type, one left out, another whole."""
    for candidate in _variants(value):
        if not satisfies(candidate):
            return codec.write(candidate).encode()
    raise NotPossibleError("wrong-schema: no change that was tried breaks the schema of this response")


def _variants(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield value | {key: _other_type(item)}
        for key in value:
            yield {other: item for other, item in value.items() if other != key}
    yield _other_type(value)
    others: list[Value] = [["unexpected"], {"unexpected": True}, "unexpected", -1, None]
    yield from others


def _other_type(value: Value) -> Value:
    if isinstance(value, str):
        return ["unexpected"]
    return "unexpected" if not isinstance(value, list) else {"unexpected": True}


def _partial_node(response: ResponseDeclaration) -> PartialSuccessNode | None:
    node = response.node.get(NAME)
    return None if node is None else read_partial_success(node, Diagnostics())


def _partial(response: HttpResponse, operation: DescribedOperation | None, items: int) -> HttpResponse:
    """So many accepted items fewer, and the total that goes with the others, in exact decimals."""
    declared = operation.response(response.status) if operation is not None else None
    node = _partial_node(declared) if declared is not None else None
    if node is None:
        raise NotPossibleError(f"partial: the document has no {NAME} for this answer")
    value = _json(response, Fault("partial"))
    received = _at(value, node.received)
    answered = [item for item in received if isinstance(item, dict)] if isinstance(received, list) else []
    accepted = [item for item in answered if item.get(node.accepted) is True]
    if not accepted:
        raise NotPossibleError("partial: no item of this answer is accepted")
    for item in accepted[:items]:
        item[node.accepted] = False
    if node.amount is not None and node.total:
        owner = _at(value, node.total[:-1])
        if isinstance(owner, dict):
            owner[str(node.total[-1])] = _sum(accepted[items:], node.amount)
    return replace(response, body=codec.write(value).encode())


def _sum(items: list[dict[str, Value]], amount: str) -> Decimal:
    numbers = [item.get(amount) for item in items]
    return total(number for number in numbers if isinstance(number, int | Decimal))


def _at(value: Value, pointer: Pointer) -> Value:
    """What is at a place, or None."""
    for step in pointer:
        value = value.get(str(step)) if isinstance(value, dict) else None
    return value
