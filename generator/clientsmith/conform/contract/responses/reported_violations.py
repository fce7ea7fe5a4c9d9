"""What strict mode says of an answer that breaks its schema, and what warn mode logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from clientsmith.conform.client.calls import Called
from clientsmith.conform.contract.responses.response_case import ResponseCase, shown
from clientsmith.conform.run.choices import has_choice_below
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.traffic.message import HttpResponse

_PLAIN = frozenset(
    {"type", "required", "enum", "const", "pattern", "minimum", "maximum", "minLength", "maxLength"}
)
"""Keywords whose violations have one place, whatever validator names it."""
_MOST_LOGGED = 20
_SHOWN, _LONGEST = 3, 60
"""Violations that a message names one by one, and characters of a member's name that it shows."""


def check_violations(
    case: ResponseCase, schema: Node, value: Value, response: HttpResponse, strict: Called, warned: Called
) -> None:
    """Strict mode names every place that our own validator names; warn mode logs as many, up to its limit."""
    error = strict.error
    is_refused = isinstance(error, case.context.package.get("InvalidResponseError"))
    said = f"strict mode ends in {shown(strict)}"
    if not case.check(is_refused, "invalid-response-accepted", said, response, drawn=value):
        return
    violations = cast("tuple[Any, ...]", getattr(error, "violations", ()))
    _check_words(case, value, response, str(error), violations)
    facts = (getattr(error, "operation", ""), getattr(error, "status", 0), str(getattr(error, "outcome", "")))
    said = f"operation, status, outcome of the error are {facts}"
    passed = facts == (case.operation.id, case.status, "unknown")
    case.check(passed, "error-says-nothing", said, response, drawn=value)
    named, expected = {_steps(one.path) for one in violations}, _expected(case, schema, value)
    said = f"strict mode names {sorted(named)}, wrong are {sorted(expected)}"
    case.check(expected <= named, "violation-not-named", said, response, drawn=value)
    if warned.error is None:
        number, logged = len(violations), len(warned.warnings)
        said = f"{number} violations gave {logged} warnings"
        case.check(logged == min(number, _MOST_LOGGED + 1), "not-warned", said, response, drawn=value)


def _check_words(
    case: ResponseCase, value: Value, response: HttpResponse, words: str, violations: Sequence[Any]
) -> None:
    """Each violation as text is its place and its reason; the error lists the first, and how many more there are."""
    texts = [str(one) for one in violations]
    passed = all(
        text.startswith(f"{_shown_place(one.path)} ") and text.endswith(one.reason)
        for text, one in zip(texts, violations, strict=True)
    )
    said = f"places are reported as {texts[:3]}"
    case.check(passed, "violation-not-named", said, response, drawn=value)
    more = f"; and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    listed = f": {'; '.join(texts[:_SHOWN])}{more} ("
    said = f"strict mode says {words:.300}"
    case.check(listed in words, "error-says-nothing", said, response, drawn=value)


def _expected(case: ResponseCase, schema: Node, value: Value) -> set[tuple[str, ...]]:
    """The places that have to be named; none in a union: which alternative is meant is for each validator to say."""
    if has_choice_below(case.context.checker.resolved, schema):
        return set()
    wrong = case.context.promised.check(schema, value, "response")
    return {_steps(one.pointer) for one in wrong if one.keyword in _PLAIN}


def _shown_place(path: Sequence[object]) -> str:
    """A place as a JSON pointer (RFC 6901); long or unprintable names are shortened and escaped."""
    steps = [str(step) for step in path]
    short = [one if len(one) <= _LONGEST else f"{one[: _LONGEST - 3]}..." for one in steps]
    printable = [one if one.isprintable() else ascii(one)[1:-1] for one in short]
    return "".join(f"/{one.replace('~', '~0').replace('/', '~1')}" for one in printable) or "the body"


def _steps(path: Iterable[object]) -> tuple[str, ...]:
    """A place as text; validators disagree on whether an empty member name is a step."""
    return tuple(str(step) for step in path if step != "")
