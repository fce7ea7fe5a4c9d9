"""JSON values as the arguments that a caller would write, and such arguments as JSON again."""

from __future__ import annotations

import base64
import math
from decimal import Decimal
from typing import cast

from clientsmith.conform.inputs.values import has_format, is_decimal, says
from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.keywords import elements
from clientsmith.traffic.check import MessageChecker

_DEEPEST = 60


def argument(
    checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0, *, files: bool = False
) -> Value:
    """What a caller would pass: a Decimal for an amount or for digits that no float has, bytes for base64 and files.

    With `files`, a body and its fields may be files.
    """
    branches = checker.branches
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {
            key: argument(
                checker, branches.property(schema, key), item, depth + 1, files=files and depth == 0
            )
            for key, item in value.items()
        }
    if isinstance(value, list):
        # Only a list of files is sent as parts; deeper, or in `prefixItems`, a file is text in JSON.
        parts = (
            files and depth <= 1 and not any(elements(part, "prefixItems") for part in branches.of(schema))
        )
        return [
            argument(checker, branches.item(schema, place), item, depth + 1, files=parts)
            for place, item in enumerate(value)
        ]
    if isinstance(value, str):
        return (
            value.encode()
            if files and has_format(checker, schema, "binary")
            else _unwrapped(checker, schema, value)
        )
    if not isinstance(value, Decimal) or is_decimal(checker, schema):
        return value
    if _is_whole(value) and says(checker, schema, "integer"):
        return int(value)
    double = float(value)
    return double if math.isfinite(double) and Decimal(repr(double)) == value else value


def wrapped(value: object) -> object:
    """An argument as it is in JSON: bytes in base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: wrapped(item) for key, item in cast("dict[str, object]", value).items()}
    return [wrapped(item) for item in cast("list[object]", value)] if isinstance(value, list) else value


def _unwrapped(checker: MessageChecker, schema: Node | None, value: str) -> Value:
    """The bytes that a text encodes, if its schema says base64 and encoding them gives the text again."""
    if not has_format(checker, schema, "byte"):
        return value
    try:
        content = base64.b64decode(value, validate=True)
    except ValueError:
        return value
    return content if base64.b64encode(content).decode() == value else value


def _is_whole(value: Decimal) -> bool:
    return abs(value.adjusted()) < 400 and value == value.to_integral_value()
