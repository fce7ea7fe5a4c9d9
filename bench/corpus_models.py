"""Builds every model class of one generated package from a value of its schema, those that no operation uses too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from clientsmith.api.builder import build
from clientsmith.api.model.types import ModelClass
from clientsmith.config.model import Config
from clientsmith.conform.inputs.draws import sample
from clientsmith.conform.inputs.values import argument, plain, same
from clientsmith.conform.suite import Suite
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.uses import Direction
from clientsmith.json_values.codec import Value
from corpus_draws import number_of

MOST_VALUES = 3


def wrong_models(suite: Suite, is_spent: Callable[[], bool]) -> Iterator[tuple[str, str]]:
    """The place of each schema whose classes cannot be made or alter a value of it, and how that shows.

    No more once `is_spent`: a class that is completed holds all that it refers to.
    """
    config = Config(unsupported="skip", allow_invalid=suite.settings.policies.allow_invalid)
    api = build(suite.resolved, config, Diagnostics()).api
    by_place: dict[tuple[str, Direction], list[str]] = defaultdict(list)
    for schema in () if api is None else api.schemas:
        if isinstance(schema, ModelClass):
            by_place[schema.pointer, schema.direction].append(schema.name)
    ordered = sorted(by_place.items(), key=lambda item: number_of(item[0][0]))
    for (pointer, direction), names in ordered:
        if is_spent():
            return
        try:
            wrong = _wrong(suite, pointer, direction, names)
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            yield pointer, f"{', '.join(names[:5])}: {wrong}"


def _wrong(suite: Suite, pointer: str, direction: Direction, names: list[str]) -> str:
    """What is wrong with the classes of one schema; a union may have several, each for some of its values."""
    classes: list[Any] = [getattr(suite.package.submodule("models"), name) for name in names]
    for made in classes:
        made.model_rebuild()
    node = suite.resolved.node(pointer)
    for value in suite.draws.valid(node, direction)[:MOST_VALUES]:
        if isinstance(value, dict):
            given = argument(suite.checker, node, value) if direction == "request" else value
            ends = [_end(made, given, value) for made in classes]
            if all(ends):
                return ends[0]
    return ""


def _end(made: Any, given: Value, value: Value) -> str:
    try:
        got = plain(made.model_validate(given))
    except ValueError as error:
        return f"{sample(value)} is refused: {error}"
    return "" if same(value, got) else f"{sample(value)} is read as {got!r}"
