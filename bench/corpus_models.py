"""Builds every model class of one generated package from a value of its schema, those that no operation uses too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from clientsmith.api.builder import build
from clientsmith.api.model.expressions import names
from clientsmith.api.model.types import ModelClass, Schema, TypeAlias, UnionType
from clientsmith.config.model import Config
from clientsmith.conform.inputs.arguments import argument
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.drawing.draws import sample
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.run.choices import below, has_choice_below
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
    by_place: dict[tuple[str, Direction], list[Schema]] = defaultdict(list)
    for schema in () if api is None else api.schemas:
        by_place[schema.pointer, schema.direction].append(schema)
    ordered = sorted(by_place.items(), key=lambda item: number_of(item[0][0]))
    for (pointer, direction), schemas in ordered:
        if is_spent():
            return
        classes = [schema.name for schema in schemas if isinstance(schema, ModelClass)]
        aliases = [
            schema.name
            for schema in schemas
            if isinstance(schema, TypeAlias)
            and isinstance(schema.type, UnionType)
            and set(names(schema.type)) & set(classes)
        ]
        try:
            wrong = _wrong(suite, pointer, direction, classes, aliases) if classes else ""
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            yield pointer, f"{', '.join(classes[:5])}: {wrong}"


def _wrong(
    suite: Suite, pointer: str, direction: Direction, class_names: list[str], alias_names: list[str]
) -> str:
    """What is wrong with the classes of one schema.

    A union may have several, each for some of its values; all of them are values of the alias that unites them.
    """
    models = suite.package.submodule("models")
    classes: list[Any] = [getattr(models, name) for name in class_names]
    for made in classes:
        made.model_rebuild()
    types = [getattr(models, name) for name in alias_names] or classes
    if (
        "/allOf/" in pointer
    ):  # the classes are of what all its parts say; values of the whole are tried further out
        return ""
    node = suite.resolved.node(pointer)
    for value in suite.draws.valid(node, direction)[:MOST_VALUES]:
        if isinstance(value, dict):
            given = argument(suite.checker, node, value) if direction == "request" else value
            ends = [
                _end(TypeAdapter(made), given, value, unites=has_choice_below(suite.checker.resolved, node))
                for made in types
            ]
            if all(ends) and not any(
                map(suite.checker.branches.leads_to_itself, below(suite.checker.resolved, node))
            ):
                return ends[0]
    return ""


def _end(adapter: TypeAdapter[Any], given: Value, value: Value, *, unites: bool) -> str:
    """What is wrong, if anything; in a union, a key that only one member knows is a typing mistake in the others."""
    try:
        got = plain(adapter.validate_python(given))
    except ValidationError as error:
        kinds = {one["type"] for one in error.errors()}
        return "" if unites and "extra_forbidden" in kinds else f"{sample(value)} is refused: {error}"
    return "" if same(value, got) else f"{sample(value)} is read as {got!r}"
