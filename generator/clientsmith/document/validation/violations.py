"""From errors of a JSON Schema validator to findings: which branch of a choice was meant, and one line about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import jsonschema_rs

from clientsmith.document.model import Pointer

MAX_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong: the keyword that says so, where, a sentence, and the property the keyword is about."""

    keyword: str
    pointer: Pointer
    message: str
    property: str | None = None


def violations(errors: Iterable[jsonschema_rs.ValidationError]) -> list[Violation]:
    """Every violation that is not merely the echo of another one, in a stable order."""
    found = {violation for error in errors for violation in _explain(error)}
    causes = {one.pointer for one in found if not _is_echo_keyword(one)}
    prefixes = {pointer[:end] for pointer in causes for end in range(len(pointer) + 1)}
    kept = [one for one in found if not (_is_echo_keyword(one) and one.pointer[:-1] in prefixes)]
    mistyped = {one.pointer for one in kept if one.keyword == "type"}
    kept = [one for one in kept if one.keyword == "type" or one.pointer not in mistyped]
    return sorted(kept, key=lambda one: (one.pointer, one.keyword, one.message))


def _is_echo_keyword(violation: Violation) -> bool:
    """A value that fails below is "unevaluated" above: that complaint says nothing of its own."""
    return violation.keyword in ("unevaluatedProperties", "unevaluatedItems")


def _explain(error: jsonschema_rs.ValidationError) -> Iterator[Violation]:
    """The violations of an error; for a choice those of the branch that was most likely meant."""
    kind = error.kind
    if isinstance(
        kind, jsonschema_rs.ValidationErrorKind.OneOfNotValid | jsonschema_rs.ValidationErrorKind.AnyOf
    ):
        branches = [list(branch) for branch in kind.context]
        branches = [branch for branch in branches if branch]
        if branches:
            for inner in min(branches, key=lambda branch: _distance(branch, error)):
                yield from _explain(inner)
            return
    yield from _plain(error)


def _distance(
    branch: list[jsonschema_rs.ValidationError], choice: jsonschema_rs.ValidationError
) -> tuple[int, int]:
    """How far a value is from a branch: one that fails on what tells branches apart was hardly meant."""
    depth = len(choice.instance_path)
    telling = 0
    for error in branch:
        own = len(error.instance_path) - depth
        kind = error.kind
        if (
            isinstance(kind, jsonschema_rs.ValidationErrorKind.Required)
            and own == 0
            and kind.property == "$ref"
        ):
            telling += 3
        elif (kind.name == "type" and own == 0) or (kind.name in ("const", "enum") and own <= 1):
            telling += 2
    return telling, len(branch)


def _plain(error: jsonschema_rs.ValidationError) -> Iterator[Violation]:
    pointer = tuple(str(step) for step in error.instance_path)
    kind = error.kind
    kinds = jsonschema_rs.ValidationErrorKind
    if isinstance(kind, kinds.BacktrackLimitExceeded | kinds.RegexEngineFailure):
        return  # whether the text matches is not known
    if isinstance(kind, kinds.Required):
        name = str(kind.property)
        yield Violation("required", pointer, f"the field {name!r} is missing", name)
    elif isinstance(kind, kinds.AdditionalProperties | kinds.UnevaluatedProperties):
        for name in kind.unexpected:
            yield Violation(kind.name, (*pointer, name), f"{name!r:.80} is not a field of this object", name)
    elif isinstance(kind, kinds.FalseSchema):
        in_object = str(error.schema_path[-1]) == "additionalProperties"
        yield Violation(kind.name, pointer, f"no {'property' if in_object else 'value'} is allowed here")
    elif isinstance(kind, kinds.Type):
        types = " or ".join(kind.types)
        yield Violation("type", pointer, f"the value is {_article(error.instance)}, not of type {types}")
    else:
        yield Violation(kind.name, pointer, shorten(error.message))


def _article(value: object) -> str:
    """What a reader calls a JSON value, with the value itself where it is short."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return f"the string {value!r:.60}" if isinstance(value, str) else f"the number {value!r:.40}"


def shorten(text: str, limit: int = MAX_MESSAGE) -> str:
    """One line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
